"""Diversion on what is known to have happened, on what is known not to, and on planted cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest

from parity.catalogue import load_table
from parity.errors import NoAnswerError, ParityError
from parity.trade import Diversion, DiversionSpec, check, diversion
from parity.trade.defaults import candidates, window
from tests.trade.simulation import CODES, START, World, simulate, study
from tests.trade.worlds import ALL, blocs, flows, goods, snapshot

NEIGHBOURS = ("ARM", "GEO", "KAZ", "KGZ", "UZB")
INVASION = date(2022, 2, 24)
# A placebo test at 5 % in 40 worlds of 5 countries: three standard errors, countries of a world correlated.
FALSE_ALARMS = 0.12


@cache
def union(start: date = INVASION, until: str | None = None) -> Diversion:
    spec = DiversionSpec(
        sanctioned="RUS",
        start=start,
        reporter="EU",
        states=blocs().union,
        candidates=NEIGHBOURS,
        exclude=blocs().excluded("RUS"),
        until=until,
    )
    return diversion(snapshot(), ALL, spec)


def test_direct_exports_of_the_union_to_russia_fell() -> None:
    direct = union().direct
    assert direct is not None
    assert direct.p_placebo < 0.01
    assert (direct.excess.high or 0) < 0
    assert direct.actual[-1] < 0.5 * direct.expected[-1]


def test_all_five_neighbours_rose_beyond_their_counterfactual() -> None:
    answer = union()
    assert set(answer.found("clear")) == set(NEIGHBOURS)
    for one in answer.partners:
        assert (one.excess.low or 0) > 0
        assert one.p_adjusted is not None
        assert one.p_placebo <= one.p_adjusted < 0.05


def test_a_hole_in_the_months_leaves_the_years_and_says_so() -> None:
    spec = union().spec
    monthly = pl.col("period").str.len_chars() == 7
    # The years stand by themselves; a month of everybody's is lost.
    years = snapshot().filter(~monthly & (pl.col("hs") == "TOTAL") & (pl.col("flow") == "export"))
    months = pl.concat(
        years.with_columns(period=pl.col("period") + f"-{month:02d}", value=pl.col("value") / 12)
        for month in range(1, 13)
    )
    whole = diversion(pl.concat([years, months]), ALL, spec)
    assert (whole.frequency, whole.note) == ("month", "")
    holed = diversion(pl.concat([years, months.filter(pl.col("period") != "2019-05")]), ALL, spec)
    assert holed.frequency == "year"
    assert "nothing is reported for 2019-05" in holed.verdict
    with pytest.raises(ParityError, match="by year: the flows have a hole: nothing is reported for 2019"):
        diversion(months.filter(pl.col("period") != "2019-05"), ALL, spec)


def test_the_same_test_at_a_false_date_finds_nothing() -> None:
    answer = union(date(2021, 3, 1), "2021")
    assert answer.found("none") == tuple(one.iso3 for one in answer.partners)
    assert min(one.p_placebo for one in answer.partners) > 0.1
    assert answer.direct is not None
    assert answer.direct.p_placebo > 0.1


def test_a_date_before_the_first_known_control_sees_only_the_time_before_it() -> None:
    timeline = load_table("timeline")
    assert window(timeline, "RUS", date(2021, 3, 1)).until == "2021"
    assert "2022-02-24" in window(timeline, "RUS", date(2021, 3, 1)).note
    assert window(timeline, "RUS", INVASION).until is None
    assert window(timeline, "URY", date(2021, 3, 1)).until is None


def test_the_excess_is_what_was_reported_less_what_was_expected() -> None:
    answer = union()
    assert answer.months == pytest.approx(22 + 5 / 28)
    for one in answer.partners:
        excess = (one.actual - one.expected)[len(answer.before) :].sum()
        assert one.total.value == pytest.approx(excess)
        assert one.excess.value == pytest.approx(excess / answer.months)
        assert one.excess.unit == "USD per month"


def test_other_donors_and_periods_find_the_same_and_a_year_too_early_nothing() -> None:
    answer = check(union(), snapshot())
    assert answer.skipped == {}
    assert {one.iso3 for one in answer.partners} == set(NEIGHBOURS)
    for one in answer.partners:
        assert [each.verdict != "none" for each in one.checks] == [True] * 5
        assert one.checks[0].excess == one.excess.value
        assert one.p_false_date is not None
        assert one.p_false_date > 0.1


def test_chips_from_taiwan_to_russia_fell_from_25_3_to_0_6_million() -> None:
    rows = snapshot().filter((pl.col("reporter") == "TWN") & (pl.col("partner") == "RUS"))
    by_year = dict(rows.group_by("period").agg(pl.col("value").sum() / 1e6).rows())
    assert by_year["2020"] == pytest.approx(25.337, abs=5e-4)
    assert by_year["2024"] == pytest.approx(0.619, abs=5e-4)
    assert "2025" not in by_year
    spec = DiversionSpec(sanctioned="RUS", start=INVASION, reporter="TWN", candidates=("KAZ",))
    answer = diversion(snapshot(), goods("chips"), spec)
    assert answer.direct is not None
    assert answer.direct.p_placebo < 0.05
    assert answer.found() == ()


def test_a_planted_diversion_is_found_where_it_was_planted() -> None:
    table, planted = simulate(World(donors=40, rise=0.6), np.random.default_rng(7))
    names = tuple(f"C{n:02d}" for n in range(5))
    spec = DiversionSpec(sanctioned="RUS", start=START, reporter="EXP", candidates=(*names, "D00"))
    answer = diversion(table, CODES, spec)
    found = {one.iso3: one for one in answer.partners}
    assert "D00" not in answer.found()
    held = [
        (found[n].excess.low or 0) <= x <= (found[n].excess.high or 0)
        for n, x in zip(names, planted, strict=True)
    ]
    assert sum(held) >= 4
    assert len(set(answer.found()) & set(names)) >= 4


def test_bias_coverage_and_false_alarms_in_simulated_worlds() -> None:
    nothing = study(World(donors=30, rise=0.0), 40, 1)
    assert nothing.rejected < FALSE_ALARMS
    assert nothing.any_clear < FALSE_ALARMS
    planted = study(World(donors=30, rise=0.5), 40, 1)
    assert abs(planted.bias) < 0.05
    assert planted.coverage == pytest.approx(0.9, abs=0.07)
    assert planted.found > 0.8


def test_the_same_seed_gives_the_same_worlds() -> None:
    one, two = (simulate(World(), np.random.default_rng(3)) for _ in range(2))
    assert one[0].equals(two[0])
    assert one[1] == pytest.approx(two[1])


def test_months_are_used_where_there_are_enough_of_them() -> None:
    rng = np.random.default_rng(0)
    months = [f"{y}-{m:02d}" for y in range(2019, 2023) for m in range(1, 13)]
    names = ["CAN", *(f"D{n:02d}" for n in range(14))]
    level = np.exp(18 + rng.normal(0, 0.05, (48, 15)).cumsum(axis=0) * 0.3 + rng.normal(0, 0.03, (48, 15)))
    level[38:, 0] *= 2
    rows = [
        ("EXP", name, "export", "TOTAL", month, float(level[i, j]))
        for i, month in enumerate(months)
        for j, name in enumerate(names)
    ]
    spec = DiversionSpec(sanctioned="RUS", start=INVASION, reporter="EXP", candidates=("CAN",))
    answer = diversion(flows(*rows), ALL, spec)
    assert answer.frequency == "month"
    assert "2022-02" not in (*answer.before, *answer.after)
    assert (answer.before[-1], answer.after[0], answer.months) == ("2022-01", "2022-03", 10)
    assert answer.partners[0].rise.value == pytest.approx(100, abs=30)
    assert answer.partners[0].p_placebo == pytest.approx(answer.smallest_p)


def test_candidates_are_those_that_the_months_were_collected_for() -> None:
    assert candidates(snapshot(), blocs(), "RUS", "EU") == NEIGHBOURS
    with pytest.raises(NoAnswerError, match="no third countries"):
        candidates(snapshot(), blocs(), "CHN", "EU")
    assert set(candidates(snapshot(), blocs(), "RUS", "TWN")) >= {"ARM", "BLR", "KAZ"}
    with pytest.raises(NoAnswerError, match="--candidates"):
        candidates(snapshot(), blocs(), "URY", "TWN")


def test_too_little_to_go_by_is_said() -> None:
    few = snapshot().filter(pl.col("partner").is_in(["RUS", "KAZ", "BRA", "CHN"]))
    spec = DiversionSpec(
        sanctioned="RUS", start=INVASION, reporter="EU", states=blocs().union, candidates=("KAZ",)
    )
    with pytest.raises(NoAnswerError, match="countries can stand for what would have been; 10 needed"):
        diversion(few, ALL, spec)
    early = replace(spec, start=date(2012, 1, 1))
    with pytest.raises(NoAnswerError, match="2 periods before"):
        diversion(snapshot(), ALL, early)
    with pytest.raises(NoAnswerError, match="no exports of EU of 'chpl1'"):
        diversion(snapshot(), goods("chpl1"), spec)


def test_a_country_without_trade_in_some_period_is_named_and_not_judged() -> None:
    spec = DiversionSpec(
        sanctioned="RUS", start=INVASION, reporter="TWN", candidates=("KAZ", "KGZ", "TKM"), exclude=("ARM",)
    )
    answer = diversion(snapshot(), goods("chips"), spec)
    assert [one.iso3 for one in answer.partners] == ["KAZ"]
    assert "no trade in some period" in answer.dropped["KGZ"]
    assert "not traded with at all" in answer.dropped["TKM"]
    assert not {"ARM", "KAZ", "RUS"} & set(answer.donors)


def test_a_country_that_was_rising_before_is_said_to_have_been() -> None:
    """Uzbekistan's imports from the Union were a third above expectation at false dates, too."""
    answer = union()
    assert [one.iso3 for one in answer.partners if one.rose_before] == ["UZB"]
    by = {one.iso3: dict(one.false) for one in answer.partners}
    assert by["UZB"]["2018"] == pytest.approx(33, abs=1)
    assert "UZB was rising before: false dates give" in answer.verdict
    # A fall of 57 % is not one that nearly every country had.
    assert answer.direct is not None
    assert answer.direct.study.p_mean < 0.05
