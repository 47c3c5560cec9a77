"""What changed since a day."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from parity.ask.years import rank_ranges
from parity.brief.compose import compose
from parity.brief.model import FrontierSection, PledgesSection
from parity.catalogue import load_table, snapshot_date
from parity.errors import ParityError

START = date(2024, 6, 1)


def test_nothing_is_older_than_the_day() -> None:
    section = compose("RUS", start=START).sections.since
    assert section.since == START
    assert section.until == snapshot_date()
    assert section.models
    assert section.rules
    days = [model.released for model in section.models] + [rule.day for rule in section.rules]
    assert min(days) >= START
    assert all(START <= line.due <= section.until for line in section.pledges)
    assert all(tie.period >= "2024Q2" for tie in section.breaks)


def test_models_are_those_of_the_table() -> None:
    section = compose("JPN", start=START).sections.since
    mine = load_table("models").filter(pl.col("country") == "JPN", pl.col("date") >= START)
    assert {model.name for model in section.models} >= set(mine["model"])


def test_ranks_are_those_of_the_editions() -> None:
    section = compose("IND", start=START).sections.since
    assert [each.year for each in section.ranks] == [2023, 2025], "in June 2024 the last full year is 2023"
    assert section.ranks[0].rank == rank_ranges(2023)["IND"]


def test_the_lag_then_is_of_that_day() -> None:
    earlier = compose("CHN", start=date(2024, 3, 1)).sections
    later = compose("CHN", start=date(2026, 3, 1)).sections
    assert isinstance(earlier.lag, FrontierSection)
    assert earlier.since.lag_now == later.since.lag_now == earlier.lag.standing
    assert earlier.since.lag_then != later.since.lag_then


def test_pledges_fell_due() -> None:
    sections = compose("RUS", start=date(2025, 1, 1)).sections
    assert isinstance(sections.pledges, PledgesSection)
    due = [line.id for line in sections.since.pledges]
    assert "rus-china-ai-cooperation" in due
    assert set(due) <= {line.id for line in sections.pledges.pledges}


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(ParityError, match="lies after the data"):
        compose("RUS", start=date(2100, 1, 1))
