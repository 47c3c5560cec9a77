"""What countries have between them, against its members one by one."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from parity import chips
from parity.catalogue import load_table
from parity.errors import ParityError

EXACT = 1e-9
START, END = date(2023, 1, 1), date(2024, 12, 31)
THREE = ["IND", "CHN", "RUS"]
DAYS = [date(2023, 12, 31), date(2024, 12, 31)]


@pytest.fixture(scope="module")
def three(book: chips.RuleBook, accelerators: pl.DataFrame) -> chips.PooledReach:
    return chips.pooled_reach(book, accelerators, THREE, START, END, {"IND": 1.0, "CHN": 3.0, "RUS": 0.0})


def test_one_country_is_that_country(book: chips.RuleBook, accelerators: pl.DataFrame) -> None:
    alone = chips.reach(book, accelerators, "CHN", START, END)
    pooled = chips.pooled_reach(book, accelerators, ["CHN"], START, END)
    for series in (pooled.freest, pooled.mean, pooled.least):
        assert [(lag.value, lag.low) for lag in series] == [(lag.value, lag.low) for lag in alone.lags]
    assert set(pooled.even) == {1.0}


def test_the_mean_is_that_of_the_members_with_a_weight(three: chips.PooledReach) -> None:
    india, china, russia = three.members
    for month, mean in enumerate(three.mean):
        one, other = india.lags[month], china.lags[month]
        if one.value is not None and other.value is not None:
            assert mean.value == pytest.approx(0.25 * one.value + 0.75 * other.value, abs=EXACT)
    # Russia can have nothing for certain, and has no weight: the mean is sure, the least free is not.
    assert russia.lags[-1].value is None
    assert three.mean[-1].value is not None
    assert three.least[-1].value is None
    assert three.least[-1].low is not None
    assert three.last[-1] == "RUS"


def test_the_others_lag_more_than_the_freest_who_is_not_named(three: chips.PooledReach) -> None:
    for month, freest in enumerate(three.freest):
        sure = [one.lags[month].value for one in three.members if one.lags[month].value is not None]
        assert freest.value == min(sure)  # type: ignore[type-var]
        assert three.members[THREE.index(three.last[month])].lags[month].value != freest.value
    assert "leader" not in three.table().columns
    assert three.even[-1] == pytest.approx(0.25, abs=EXACT)


def test_the_order_of_members_changes_no_lag(
    book: chips.RuleBook, accelerators: pl.DataFrame, three: chips.PooledReach
) -> None:
    weights = {"IND": 1.0, "CHN": 3.0}
    other = chips.pooled_reach(book, accelerators, THREE[::-1], START, END, weights)
    numbers = [
        "month",
        "even",
        *(f"{name}{end}" for name in ("freest", "mean", "least") for end in ("", "_low")),
    ]
    for name in numbers[1:]:
        one, two = (found.table()[name].to_list() for found in (three, other))
        assert one == pytest.approx(two, abs=EXACT)


TOTALS = load_table("compute_published")


def test_compute_adds_up_and_so_does_its_share() -> None:
    clusters = load_table("clusters")
    whole = chips.pooled_compute(clusters, THREE, DAYS, TOTALS)
    for row, day in enumerate(DAYS):
        parts = [chips.installed(clusters, code, [day], TOTALS)[0] for code in THREE]
        for end in ("value", "low", "high"):
            total = sum(getattr(one.h100e, end) for one in parts)
            assert getattr(whole[row].h100e, end) == pytest.approx(total, abs=EXACT)
        if whole[row].share.value is None:
            continue
        assert whole[row].share.value == pytest.approx(sum(one.share.value or 0 for one in parts), abs=EXACT)


def test_table(three: chips.PooledReach) -> None:
    assert three.table().height == len(three.months) == 24


def test_mistakes(book: chips.RuleBook, accelerators: pl.DataFrame) -> None:
    with pytest.raises(ParityError, match="without members"):
        chips.pooled_reach(book, accelerators, [], START, END)
    with pytest.raises(ParityError, match="none of the members has a weight"):
        chips.pooled_reach(book, accelerators, ["CHN"], START, END, {"IND": 1.0})
