"""The page of error rates: every p value and interval that answers print stands in it, with a basis."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from parity import questions
from parity.ask.serialise import schema
from tests.golden.cases import CASES, FOLDER
from tools.calibration import audit, trade
from tools.calibration.__main__ import PAGE, PARTS, of_page
from tools.calibration.printed import BASES, PRINTED
from tools.calibration.rows import Row

P = re.compile(r"^(p|q)$|^p_|_p$")
END = re.compile(r"^(?:(.+)_)?(?:low|high)\d*$")
ESTIMATE = {"value", "low", "high", "level", "unit"}
# In answers to questions with people's labels, with facts, or for a mixed model, of which none is kept.
ASKED_FOR = {"ppi", "corrected", "p_same_population", "stated", "mixed.difference"}
# Keyed by what the data name, not by what the program does.
MAPS = {"pillars", "pillar_ranges", "nodes", "forms"}


def of_keys(held: dict[str, Any], around: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield what p values and ends of intervals among the keys are called, with what holds them."""
    for key in held:
        if P.search(key):
            yield name, key
        elif end := END.match(key):
            yield (name, end[1]) if end[1] else (around, name)


def of_schema(
    part: dict[str, Any], parts: dict[str, Any], around: str, name: str, seen: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Yield the p values and intervals that the type of an answer holds."""
    target = part.get("$ref", "").rsplit("/", 1)[-1]
    if target == "Estimate":
        yield around, name
    elif target and target not in seen:
        yield from of_schema(parts[target], parts, around, name, seen | {target})
    inner = part.get("additionalProperties")
    for option in (*part.get("anyOf", ()), part.get("items"), inner):
        if isinstance(option, dict):
            yield from of_schema(option, parts, around, name, seen)
    yield from of_keys(part.get("properties", {}), around, name)
    for key, held in part.get("properties", {}).items():
        yield from of_schema(held, parts, name, key, seen)


def of_answer(held: Any, around: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the p values and intervals in an answer that was given: tables have no types."""
    if isinstance(held, list):
        for row in held:
            yield from of_answer(row, around, name)
    elif isinstance(held, dict):
        if set(held) >= ESTIMATE:
            yield around, name
            return
        yield from of_keys(held, around, name)
        for key, inner in held.items():
            yield from of_answer(inner, *((around, name) if name in MAPS else (name, key)))


@cache
def printed() -> dict[str, set[tuple[str, str]]]:
    """Return what every question's answers print: of their types, and of the answers kept as goldens."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for question in questions.every():
        made = schema(*question.results())
        found[question.verb] |= set(of_schema(made, made["$defs"], "", ""))
    for case in CASES:
        verb = max((verb for verb in found if case.command.startswith(verb)), key=len, default="")
        file = FOLDER / f"{case.name}.json"
        text = file.read_text(encoding="utf-8") if verb and file.exists() else ""
        if text.startswith("{"):
            answer, _ = json.JSONDecoder().raw_decode(text)  # the exit status may follow
            found[verb] |= {one for one in of_answer(answer, "", "") if one[1] not in ("", "command")}
    return found


@pytest.mark.parametrize("verb", [verb for verb in questions.QUESTIONS if verb != "brief"])
def test_everything_printed_has_a_basis(verb: str) -> None:
    listed = {key for name, keys, _ in PRINTED if name == verb for key in keys}
    missing = {
        (around, key)
        for around, key in printed()[verb]
        if not {key, f"{around}.{key}"} & listed and key.removesuffix("_level") == key
    }
    assert not missing
    known = {name for around, key in printed()[verb] for name in (key, f"{around}.{key}")}
    assert not listed - known - ASKED_FOR, "listed, and not printed any more"


def test_the_page_holds_the_list_and_every_part() -> None:
    rows = of_page("printed")[1]
    assert [row.split("|")[1].strip(" `") for row in rows] == [verb for verb, _, _ in PRINTED]
    parts = {row.split("|")[1].strip() for row in of_page("simulated")[1]}
    assert parts == set(PARTS)
    simulated = {text.rsplit(": ", 1)[1] for text in BASES.values() if "simulated: " in text}
    assert simulated <= parts
    assert {basis for _, _, basis in PRINTED} == set(BASES)


def test_what_is_off_by_more_than_a_third_is_explained() -> None:
    known = PAGE.read_text(encoding="utf-8").partition("## What is off")[2].lower()
    above = {row.split("|")[2].strip() for row in of_page("simulated")[1] if "**above**" in row}
    assert all(what.split(",")[0] in known for what in above)


def test_a_row_has_a_seed_of_its_own() -> None:
    first, again = (next(audit.rates()) for _ in range(2))
    assert first == again
    assert first.found < 0.06
    rows = list(trade.trends())
    assert np.max([row.found for row in rows]) < 0.2
    assert "**above**" in Row("a", "b", 0.05, 0.2, 100).markdown("c")
    assert "**above**" not in Row("a", "b", 0.05, 0.09, 40).markdown("c")
