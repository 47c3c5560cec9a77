"""Months: dates of departure that are known, and none where nothing happened."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from parity.trade import DiversionSpec, diversion
from tests.trade.test_diversion import NEIGHBOURS, union
from tests.trade.worlds import ALL

# A counterfactual of whole years spread over months adds up to it again.
SUM = 1e-9


def test_russia_s_direct_exports_fall_from_march_2022_on_and_neighbours_follow() -> None:
    since = {one.iso3: one.since for one in union().monthly}
    assert since["RUS"] == "2022-03"
    assert set(since) == {"RUS", *NEIGHBOURS}
    assert all(month is not None and month > "2022-03" for iso3, month in since.items() if iso3 != "RUS")


def test_nothing_departs_after_a_false_date() -> None:
    assert [one.since for one in union(date(2021, 3, 1), "2021").monthly] == [None] * 6


def test_months_add_up_to_the_counterfactual_of_their_year_and_end_with_the_donors() -> None:
    answer = union()
    table = pl.concat(one.path.with_columns(iso3=pl.lit(one.iso3)) for one in answer.monthly)
    for one in (answer.direct, *answer.partners):
        assert one is not None
        mine = table.filter((pl.col("iso3") == one.iso3) & pl.col("period").str.starts_with("2023"))
        assert mine["expected"].sum() == pytest.approx(one.expected[-1], rel=SUM)
        assert (mine["low"] < mine["expected"]).all()
        assert (mine["expected"] < mine["high"]).all()
    later = table.filter(pl.col("period") > "2023-12")
    assert later.height
    assert later["expected"].null_count() == later.height
    assert table.filter(pl.col("period") < "2022-01")["low"].null_count() == 36 * 6


def world(rise: float) -> pl.DataFrame:
    """Return donors by year, and one country by month that rises in July 2022; all of them restless."""
    rng = np.random.default_rng(5)
    years = range(2010, 2024)
    path = np.cumsum(rng.normal(0, 0.05, len(years)))
    rows = [
        ("AAA", f"D{n:02d}", str(year), 1e9 * np.exp(path[t] + rng.normal(0, 0.03)))
        for n in range(20)
        for t, year in enumerate(years)
    ]
    for t, year in enumerate(years):
        months = 1e8 * np.exp(path[t] + 0.2 * np.sin(np.arange(12)) + rng.normal(0, 0.04, 12))
        if year >= 2022:
            months[6 if year == 2022 else 0 :] *= 1 + rise
        rows.append(("AAA", "CCC", str(year), months.sum()))
        rows += [("AAA", "CCC", f"{year}-{m + 1:02d}", months[m]) for m in range(12) if year >= 2019]
    table = pl.DataFrame(rows, schema=["reporter", "partner", "period", "value"], orient="row")
    return table.with_columns(flow=pl.lit("export"), hs=pl.lit("TOTAL"))


@pytest.mark.parametrize(("rise", "since"), [(1.0, "2022-07"), (0.0, None)])
def test_a_planted_rise_is_dated_to_its_month(rise: float, since: str | None) -> None:
    spec = DiversionSpec(sanctioned="RUS", start=date(2022, 2, 24), reporter="AAA", candidates=("CCC",))
    (one,) = diversion(world(rise), ALL, spec).monthly
    assert one.since == since


def test_without_months_nothing_is_dated_by_month() -> None:
    only_years = world(0.0).filter(pl.col("period").str.len_chars() == 4)
    spec = DiversionSpec(sanctioned="RUS", start=date(2022, 2, 24), reporter="AAA", candidates=("CCC",))
    assert diversion(only_years, ALL, spec).monthly == ()
