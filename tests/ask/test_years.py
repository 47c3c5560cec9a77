"""Ranks as of a year, in the open AI index or its history, and claims held against their intervals."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from parity.ask.intervals import stored_intervals
from parity.ask.standing import standing
from parity.ask.years import (
    FIRST_YEAR,
    HISTORY,
    INDEX,
    LAST_YEAR,
    STORED,
    VARIANT,
    digest,
    made,
    rank_ranges,
    year_known,
)
from parity.catalogue import derived_table
from parity.claims import Verdict, check
from parity.errors import NoAnswerError, ParityError
from parity.index import builtin_spec

# Ends of an interval from few and from many draws differ by so many places at most.
PLACES = 3


def test_stored_for_every_year_of_what_ships() -> None:
    stored = derived_table(STORED).select("index", "year", "digest").unique()
    editions = [*((HISTORY, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)), (INDEX, LAST_YEAR)]
    wanted = {(index, year, digest(builtin_spec(index, VARIANT), year)) for index, year in editions}
    assert set(stored.rows()) == wanted, "the spec or the data have changed: run `make snapshot`"


def test_stored_intervals_are_those_of_rebuilds_on_the_spot() -> None:
    fresh = made(builtin_spec(HISTORY, VARIANT), 2023, 500)
    both = fresh.join(derived_table(STORED).filter(year=2023), on="id", suffix="_stored")
    assert both.height == fresh.height
    assert (both["rank"] == both["rank_stored"]).all()
    for end in ("rank_low", "rank_high"):
        assert (both[end] - both[f"{end}_stored"]).abs().quantile(0.95) <= PLACES


def test_the_history_is_another_index_with_another_name() -> None:
    assert rank_ranges(LAST_YEAR) == rank_ranges(LAST_YEAR, INDEX)
    assert rank_ranges(2023) == rank_ranges(2023, HISTORY)
    history, index = (builtin_spec(name, VARIANT) for name in (HISTORY, INDEX))
    assert {group.title for group in history.groups}.isdisjoint(group.title for group in index.groups)


def test_no_year_stands_for_one_before_the_first() -> None:
    with pytest.raises(NoAnswerError, match=f"built from {FIRST_YEAR} on, not as of {FIRST_YEAR - 1}"):
        rank_ranges(FIRST_YEAR - 1)


def test_last_year_is_what_the_ranking_shows() -> None:
    stored = stored_intervals(standing())
    assert stored is not None
    shown = stored.filter(node="index").select("id", "rank_low", "rank_high").rows()
    ranks = rank_ranges(LAST_YEAR)
    off = [max(abs(ranks[unit].low - low), abs(ranks[unit].high - high)) for unit, low, high in shown]
    assert pl.Series(off).quantile(0.95) <= PLACES


@pytest.mark.parametrize(
    ("day", "year"),
    [("2025-01-01", 2024), ("2024-12-31", 2024), ("2024-12-30", 2023), ("2030-06-01", LAST_YEAR)],
)
def test_year_that_was_over(day: str, year: int) -> None:
    assert year_known(dt.date.fromisoformat(day)) == year


def test_days_before_the_first_year_are_refused() -> None:
    with pytest.raises(ParityError, match=str(FIRST_YEAR)):
        year_known(dt.date(2019, 6, 1))


def verdict(text: str, day: str = "2025-06-01") -> Verdict:
    (found,) = check(text, dt.date.fromisoformat(day)).checked
    return found.judgement.verdict


def test_a_rank_holds_anywhere_in_its_interval_and_a_denial_outside() -> None:
    found = rank_ranges(2024)["RUS"]
    assert found.low is not None
    assert found.high is not None
    ours = "in the Open AI Index."
    assert verdict(f"Russia ranks {found.high:.0f}th {ours}") is Verdict.SUPPORTED
    # A place that the form by size or per person has is no contradiction; one beyond all three is.
    assert verdict(f"Russia ranks {found.high + 9:.0f}th {ours}") is Verdict.DEPENDS
    assert verdict(f"Russia ranks {found.high + 41:.0f}th {ours}") is Verdict.CONTRADICTED
    # What may lie on either side of a bound is neither asserted nor denied wrongly.
    assert verdict(f"Russia is in the top {found.low:.0f} {ours}") is Verdict.SUPPORTED
    assert verdict(f"Russia is not in the top {found.low:.0f} {ours}") is Verdict.SUPPORTED
    assert verdict(f"Russia is not in the top {found.high + 41:.0f} {ours}") is Verdict.CONTRADICTED
    # Where no index is named our own is one line among others, and contradicts nobody.
    assert verdict(f"Russia ranks {found.high + 9:.0f}th in AI.") is Verdict.DEPENDS


def test_an_order_is_open_where_intervals_overlap() -> None:
    assert verdict("Russia is behind the United States in the Open AI Index.") is Verdict.SUPPORTED
    assert verdict("Russia is ahead of the United States in the Open AI Index.") is Verdict.CONTRADICTED
    assert verdict("Russia is ahead of the United States in AI.") is Verdict.DEPENDS
    # Germany stands before France by size, and behind it per person.
    assert verdict("Germany is ahead of France in the Open AI Index.") is Verdict.DEPENDS


def test_a_ranking_that_is_not_carried_is_not_contradicted() -> None:
    assert verdict("Nigeria ranks 5th in the Global AI Index.") is Verdict.CANNOT
    assert verdict("Nigeria is ahead of Russia in the Global AI Index.") is Verdict.CANNOT
    assert (
        verdict("India ranks fourth in Stanford's Global AI Vibrancy Tool.", "2025-02-01")
        is Verdict.SUPPORTED
    )
