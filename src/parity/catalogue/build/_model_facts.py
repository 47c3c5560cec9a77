"""The judgements of ``models.toml``: one name per model, open weights, foreign base weights."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("models.toml")
# How much a reasoning model may think: part of the version, not of the family.
EFFORT = re.compile(
    r"(_(none|unknown|minimal|low|medium|high|xhigh|max|thinking|\d+[kK])| \(\d+K thinking\)"
    r"| \((non-)?(reasoning|thinking)\)| \((low|medium|high|xhigh|max)\))$"
)


def without_host(version: str) -> str:
    """Drop the name of the host that served a model."""
    for prefix in _document()["hosts"]["prefixes"]:
        version = version.removeprefix(prefix)
    return version.strip()


def family_of(model: str) -> str:
    """Return the model's name without its effort: versions of one family share their weights."""
    return EFFORT.sub("", model)


def spelling(model: str) -> str:
    """Reduce a name to letters, digits and points, for comparing spellings."""
    bare = model.lower().removeprefix("meta-").removesuffix("-hf").removesuffix("-hf ")
    return re.sub(r"[^a-z0-9.()+]", "", bare)


class ModelNames:
    """Name in any source -> the one name used in every table."""

    def __init__(self, hub: Iterable[str], others: Iterable[str]) -> None:
        """Learn the hub's versions, then other sources' names, which join them where the spelling agrees."""
        self._same: Mapping[str, str] = _document()["same"]
        self._known: dict[str, str] = {}
        # A version without its host's name first: it is the spelling that stays.
        for name in (
            *sorted(hub, key=lambda version: (without_host(version) != version, version)),
            *sorted(others),
        ):
            self.one(name)

    def one(self, model: str) -> str:
        """Return the one name; a model that is new keeps its spelling."""
        name = self._same.get(model.strip()) or without_host(model)
        name = self._same.get(name, name)
        return self._known.setdefault(spelling(name), name)


def open_weights(model: str) -> bool | None:
    """Say whether a model's weights are open, where no raw file does; ``None`` if unknown."""
    listed = _document()["weights"]
    prefixes = [(prefix, True) for prefix in listed["open"]] + [
        (prefix, False) for prefix in listed["closed"]
    ]
    found = [(len(prefix), is_open) for prefix, is_open in prefixes if model.lower().startswith(prefix)]
    return max(found)[1] if found else None


def base_of(model: str) -> str | None:
    """Return the family of weights that a model started from, if it is an adaptation."""
    document = _document()
    stated = re.search(r"\((?:.*, )?(\w+?)[\d.-]*[-\w.]* based\)", model)
    if stated and (family := _family(stated[1], document["base_country"])):
        return family
    found = [p for p in document["base"] if model.lower().startswith(p.lower())]
    return document["base"][max(found, key=len)] if found else None


def _family(text: str, families: Iterable[str]) -> str | None:
    return next((family for family in families if text.lower().startswith(family.lower())), None)


def lead_country(model: str) -> str | None:
    """Return the lead developer's country, where a source's order of countries is not its developers'."""
    listed: Mapping[str, str] = _document()["lead_country"]
    return next((iso3 for prefix, iso3 in listed.items() if model.startswith(prefix)), None)


def base_country(base: str | None) -> str | None:
    """Return the country whose developer made a family of weights."""
    country: str | None = _document()["base_country"].get(base)
    return country


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(FACTS.read_text(encoding="utf-8"))
