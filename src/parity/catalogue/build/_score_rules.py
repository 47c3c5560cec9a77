"""The rules of ``benchmarks.toml`` and its two neighbours: which scores count as the same test."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from parity.errors import ParityError

RULES = [Path(__file__).with_name(f"benchmarks{part}.toml") for part in ("", "_published", "_recent")]
# Lists of rules that decide a source's scores, the first that fits: `benchmarks_recent.toml` has the others'.
PUBLISHED = ("published",)
HUB_RECENT = ("hub_recent",)
COMPILED_RECENT = ("compiled_recent", "published")
NOT_STATED = "?"
DOMAINS = ("mathematics", "coding", "reasoning and knowledge", "agentic", "language")


@dataclass(frozen=True, slots=True)
class HubFile:
    """How to read one file of the benchmarking hub; the fields are explained in ``benchmarks.toml``."""

    file: str
    score: str
    test: str
    domain: str
    per: float = 1.0
    options: int | None = None
    dated: str | None = None
    setting: str | None = None
    pooled: tuple[str, ...] = ()
    apart: Mapping[str, str] | None = None
    why: str = ""

    def test_of(self, setting: str) -> str | None:
        """Return the test that a setting belongs to; ``None`` where it counts as none."""
        if self.setting is None or setting in self.pooled:
            return self.test
        return (self.apart or {}).get(setting)

    @property
    def tests(self) -> tuple[str, ...]:
        """Every test that the file feeds."""
        return (self.test, *(self.apart or {}).values())


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule for published scores: what it fits, and the test or the reason to leave a score out."""

    benchmark: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    setting: re.Pattern[str] | None = None
    title: re.Pattern[str] | None = None
    test: str | None = None
    left_out: str | None = None

    def fits(self, benchmark: str, setting: str, title: str, model: str) -> bool:
        """Say whether the rule is about a score."""
        return (
            (not self.benchmark or benchmark in self.benchmark)
            and (not self.model or model in self.model)
            and (self.setting is None or self.setting.search(setting) is not None)
            and (self.title is None or self.title.search(title) is not None)
        )


def hub_files() -> tuple[HubFile, ...]:
    """Return the hub's files in the order of the rules."""
    return tuple(
        HubFile(**{**entry, "pooled": tuple(entry.get("pooled", ()))}) for entry in _document()["epoch"]
    )


def published(
    benchmark: str, setting: str, title: str, model: str = "", lists: tuple[str, ...] = PUBLISHED
) -> tuple[str | None, str | None]:
    """Return a score's test, or the reason why it belongs to none.

    ``benchmark, setting``: as the source prints them; an empty setting where none is stated. Returns: the
    test and ``None``, or ``None`` and the reason.
    """
    for rule in _rules(lists):
        if rule.fits(benchmark, setting, title, model):
            return (rule.test.format(benchmark) if rule.test else None), rule.left_out
    raise ParityError(f"benchmarks.toml: no rule fits a score on '{benchmark}'")


@cache
def _rules(lists: tuple[str, ...]) -> tuple[Rule, ...]:
    rules = []
    for entry in (entry for name in lists for entry in _document()[name]):
        patterns = {key: re.compile(entry[key]) for key in ("setting", "title") if key in entry}
        names = {key: tuple(entry.get(key, ())) for key in ("benchmark", "model")}
        rules.append(Rule(**{**entry, **patterns, **names}))
    if any((rule.test is None) == (rule.left_out is None) for rule in rules):
        raise ParityError("benchmarks.toml: a rule names either a test or why a score is left out")
    return tuple(rules)


def domain_of(benchmark: str) -> str | None:
    """Return the domain of a benchmark that only published scores know."""
    found = [domain for domain, names in _document()["domains"].items() if benchmark in names]
    return found[0] if found else None


def options_of(benchmark: str) -> int | None:
    """Return the number of answers of a benchmark that only published scores know."""
    options: int | None = _document()["options"].get(benchmark)
    return options


@cache
def _document() -> dict[str, Any]:
    parts = [tomllib.loads(path.read_text(encoding="utf-8")) for path in RULES]
    return {key: value for part in parts for key, value in part.items()}
