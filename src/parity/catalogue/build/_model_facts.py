"""What is known of models beside their sources: names (``models.toml``) and facts with their pages."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from parity.catalogue._facts import UNVERIFIED

FACTS = Path(__file__).with_name("models.toml")
SOURCED = Path(__file__).with_name("model_facts.toml")
# How much a reasoning model may think: part of the version, not of the family.
EFFORT = re.compile(
    r"(_(none|unknown|minimal|low|medium|high|xhigh|max|(pro)?(max|xhigh|unknown)|thinking|\d+[kK])"
    r"| \(\d+K thinking\)"
    r"| \((non-)?(reasoning|thinking)\)| \((low|medium|high|xhigh|max)\))$",
    re.I,
)

# Words of other sources for the hub's.
_EFFORT_WORDS = {"reasoning": "thinking", "non-reasoning": "none", "non-thinking": "none"}
_STRENGTH = {
    "none": -1,
    "minimal": 1,
    "low": 2,
    "medium": 3,
    "thinking": 3.5,
    "high": 4,
    "xhigh": 5,
    "max": 6,
}
# The day of a snapshot at the end of a name.
SNAPSHOT = re.compile(r"[-_ ]\(?(20\d\d)-?([01]\d)-?([0-3]\d)\)?$")
# A day that a reader of rows added, for want of one in the name.
_GIVEN_DAY = re.compile(r" \(20\d\d-\d\d-\d\d\)$")
# A snapshot's release may precede the day in its name by so much: the product came before its API.
NEAR = dt.timedelta(days=31)


def without_host(version: str) -> str:
    """Drop the name of the host that served a model."""
    for prefix in _document()["hosts"]["prefixes"]:
        version = version.removeprefix(prefix)
    return version.strip()


def family_of(model: str) -> str:
    """Return the model's name without its effort: versions of one family share their weights."""
    return EFFORT.sub("", model)


def families(models: Iterable[str]) -> list[str]:
    """Return the family of each version, spelled one way however its versions are."""
    spelled: dict[str, str] = {}
    return [spelled.setdefault(loose(model), family_of(model)) for model in models]


def snapshot_of(model: str) -> dt.date | None:
    """Return the day in the name of a version; ``None`` without one."""
    found = SNAPSHOT.search(family_of(model))
    return dt.date(*map(int, found.groups())) if found else None


def effort_of(model: str) -> str:
    """Return the effort that a version's name ends in, in the hub's words; empty without one."""
    if (stated := EFFORT.search(model)) is None:
        return ""
    found = stated[0].strip(" _()").removesuffix(" thinking").lower()
    return _EFFORT_WORDS.get(found, found)


def _strength(model: str) -> float:
    """Return how much effort a version's name states; a budget of thoughts lies above high."""
    effort = effort_of(model)
    if effort[:-1].isdigit():
        return 4 + int(effort[:-1]) / 1000
    return float(_STRENGTH.get(effort, 0))


def spelling(model: str) -> str:
    """Reduce a name to letters, digits and points, for comparing spellings."""
    bare = model.lower().removeprefix("meta-").removesuffix("-hf").removesuffix("-hf ")
    return re.sub(r"[^a-z0-9.()+]", "", bare)


def loose(model: str, *, dated: bool = True) -> str:
    """Reduce a version to its family however it is spelled: 4-7 is 4.7, hosts and marks do not count."""
    bare = family_of(without_host(model)).lower().removeprefix("meta-").replace("(latest)", "").strip()
    day = snapshot_of(bare)
    bare = SNAPSHOT.sub(f" {day:%Y%m%d}" if dated and day else "", bare)
    bare = re.sub(r"(?<=\d)[-_ ](?=\d)", ".", bare)
    return re.sub(r"[^a-z0-9.+]", "", bare)


class ModelNames:
    """Name in any source -> the one name used in every table."""

    def __init__(self, hub: Iterable[str], others: Iterable[str], known: Iterable[str] = ()) -> None:
        """Learn names in use, the hub's versions, then other sources' names, which join them."""
        self._same: Mapping[str, str] = _document()["same"]
        self._known: dict[str, str] = {}
        # Family without the day of its snapshot -> the versions met, by their families.
        self._versions: dict[str, dict[str, list[str]]] = {}
        for name in sorted(known):
            self._meet(self._known.setdefault(spelling(name), name))
        # A version without its host's name first: it is the spelling that stays.
        for name in sorted(hub, key=lambda version: (without_host(version) != version, version)):
            self._meet(self._spelled(name))
        for name in sorted(others):
            self.one(name)

    def one(self, model: str) -> str:
        """Return the one name; a model that is new keeps its spelling.

        A name that says no effort means the version with the most effort (a maker prints its best
        figure); one that says no day means the only snapshot there is, or nothing known if there are several;
        one that says a day the snapshot nearest to it, within a month.
        """
        name = self._stated(model)
        if spelling(name) in self._known:
            return self._known[spelling(name)]
        versions = self._snapshot(name)
        alike = [version for version in versions if effort_of(version) == effort_of(name)]
        if not alike and versions and not effort_of(name):
            alike = [max(versions, key=_strength)]
        if alike:
            return self._known.setdefault(spelling(name), alike[0])
        if (plain := _GIVEN_DAY.sub("", name)) != name:
            return self._known.setdefault(spelling(name), self.one(plain))
        return self._meet(self._spelled(name))

    def _snapshot(self, name: str) -> list[str]:
        """Return the versions of the snapshot that a name means: its own, the nearest or the only one."""
        snapshots = self._versions.get(loose(name, dated=False), {})
        if loose(name) in snapshots:
            return snapshots[loose(name)]
        day = snapshot_of(name)
        if day is None:
            return next(iter(snapshots.values())) if len(snapshots) == 1 else []
        apart = {
            abs(day - other): versions
            for versions in snapshots.values()
            if (other := snapshot_of(versions[0]))
        }
        return apart[min(apart)] if apart and min(apart) <= NEAR else []

    def _stated(self, model: str) -> str:
        name = self._same.get(model.strip()) or without_host(model)
        return self._same.get(name, name)

    def _spelled(self, model: str) -> str:
        name = self._stated(model)
        return self._known.setdefault(spelling(name), name)

    def _meet(self, name: str) -> str:
        versions = self._versions.setdefault(loose(name, dated=False), {}).setdefault(loose(name), [])
        if name not in versions:
            versions.append(name)
        return name


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
    stated = re.search(r"\((?:.*, )?(\w+?)[\d.-]*[-\w.]* based\)", model)
    if stated and (family := _family(stated[1], facts()["base_country"])):
        return family
    return _told("base", model)


def _family(text: str, families: Iterable[str]) -> str | None:
    return next((family for family in families if text.lower().startswith(family.lower())), None)


def _told(fact: str, model: str) -> str | None:
    """Return a fact about a model: that of the longest prefix of its name."""
    listed = facts()[fact]
    found = [prefix for prefix in listed if model.lower().startswith(prefix.lower())]
    return listed[max(found, key=len)] if found else None


def orchestrates(model: str) -> bool:
    """Say whether what goes by a model's name calls models of others, and so is none itself."""
    return _told("orchestrates", model) is not None


def dates() -> dict[str, dt.date]:
    """Return the release dates that a source has wrong: model -> day."""
    return {model: dt.date.fromisoformat(day) for model, day in facts()["date"].items()}


def judged() -> dict[str, str]:
    """Return what the check of identities finds and is as it should be: name -> why."""
    found: dict[str, str] = _document()["judged"]
    return found


def lead_country(model: str) -> str | None:
    """Return the lead developer's country, where a source's order of countries is not its developers'."""
    return _told("lead_country", model)


def base_country(base: str | None) -> str | None:
    """Return the country whose developer made a family of weights."""
    return facts()["base_country"].get(base or "")


@cache
def facts() -> dict[str, dict[str, str]]:
    """Return the facts of ``model_facts.toml``: kind -> name -> what is so."""
    found: dict[str, dict[str, str]] = {}
    for row in listed_facts():
        found.setdefault(row["fact"], {})[row["model"]] = row["value"]
    return found


def listed_facts() -> Iterator[dict[str, Any]]:
    """Yield the rows of the table ``model_facts``."""
    document = tomllib.loads(SOURCED.read_text(encoding="utf-8"))
    checked = document.pop("checked")
    for fact, entries in document.items():
        for model, entry in entries.items():
            row = {"fact": fact, "model": model, "value": entry.pop("is"), "basis": "read", **entry}
            yield {**row, "checked": None if row["basis"] == UNVERIFIED else checked}


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(FACTS.read_text(encoding="utf-8"))
