"""Stored sections are what the measures give now, and none is taken for another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from parity.ask.standing import Standing, standing
from parity.brief import stored
from parity.brief._gap import gaps
from parity.brief._goal import goal_section, target
from parity.brief._measures import lag
from parity.brief._record import claims
from parity.brief._trade import trade_section
from parity.brief.blocs import bloc_section, ties_section
from parity.brief.compose import year_before
from parity.brief.model import GoalSection, Section, TiesSection
from parity.catalogue import derived_table, snapshot_date

# Stored numbers are rounded to nine digits; processors differ in the last ones.
RELATIVE = 1e-6
STALE = "stale: run `python -m tools.brief_sections` with the name of the section"


@pytest.fixture(scope="module")
def found() -> Standing:
    return standing()


def makers(found: Standing) -> dict[str, tuple[str, Callable[[str], Section]]]:
    return {
        "lag": ("FRA", lambda unit: lag(unit, year_before(snapshot_date()))),
        "gap": ("NGA", lambda unit: gaps(found, unit)),
        "goal": ("KEN", lambda unit: goal_section(found, unit)),
        "bloc": ("VNM", lambda unit: bloc_section(found, unit, "ASEAN")),
        "ties": ("KAZ", ties_section),
        "trade": ("LUX", trade_section),
        "claims": ("IND", claims),
    }


@pytest.mark.parametrize("name", list(stored.KINDS))
def test_stored_is_what_is_made(found: Standing, name: str) -> None:
    unit, make = makers(found)[name]
    spec = found.index.spec.to_toml()
    kept: Section = stored.section(
        name, unit=unit, spec=spec, make=lambda: pytest.fail("not stored for these data")
    )
    made = make(unit)
    assert numbers(flat(kept)) == pytest.approx(numbers(flat(made)), rel=RELATIVE, abs=RELATIVE), STALE
    assert words(flat(kept)) == words(flat(made)), STALE


def numbers(leaves: dict[str, object]) -> dict[str, float]:
    return {path: leaf for path, leaf in leaves.items() if isinstance(leaf, int | float)}


def words(leaves: dict[str, object]) -> dict[str, object]:
    return {path: leaf for path, leaf in leaves.items() if not isinstance(leaf, int | float)}


def flat(value: object, path: str = "") -> dict[str, object]:
    """Return every leaf by its path."""
    if isinstance(value, Section):
        return flat(value.model_dump(mode="json"), path)
    if isinstance(value, dict):
        return {k: v for key, item in value.items() for k, v in flat(item, f"{path}.{key}").items()}
    if isinstance(value, list):
        return {k: v for n, item in enumerate(value) for k, v in flat(item, f"{path}.{n}").items()}
    return {path: value}


def test_every_ranked_country_is_stored(found: Standing) -> None:
    rows = derived_table(stored.STORED)
    for name in stored.KINDS:
        digest = stored.digest(name, found.index.spec.to_toml())
        units = rows.filter(section=name, digest=digest)["id"].to_list()
        assert sorted(units) == sorted(map(str, found.index.units)), name


def test_another_spec_is_made_anew(found: Standing) -> None:
    told: list[str] = []
    made = stored.section("goal", unit="KEN", spec="other", make=lambda: "made", tell=told.append)
    assert (made, told) == ("made", ["goal"])


def test_the_goal_lies_above_the_interval(found: Standing) -> None:
    section = stored.section(
        "goal", unit="RUS", spec=found.index.spec.to_toml(), make=lambda: goal_section(found, "RUS")
    )
    assert isinstance(section, GoalSection)
    assert section.rank == target(found, "RUS", section.rank_now) < section.rank_now
    assert section.moves == sorted(section.moves, key=lambda move: -move.spreads)


def test_a_tie_without_a_clear_break_has_none() -> None:
    found = ties_section("KAZ")
    assert isinstance(found, TiesSection)
    for one in found.partners:
        assert (one.period is None) == (one.change is None)
        assert one.q is None or (one.q <= 0.05) == (one.period is not None)


def test_the_table_is_sorted_and_whole() -> None:
    rows = stored.table([("b", "x", "d", "{}"), ("a", "y", "d", "{}")])
    assert rows["section"].to_list() == ["a", "b"]
    assert rows.schema == dict.fromkeys(("section", "id", "digest", "json"), pl.String)


def test_a_leap_day_has_a_year_before() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
