"""From rows to a matrix: unions counted once, whole years, holes, the period of the change."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from parity.errors import NoAnswerError, ParityError
from parity.trade import period_range
from parity.trade._panel import annual, months_after, of_reporter, panel, split
from tests.trade.worlds import blocs, flows, snapshot

# The two files of the publisher were downloaded at different times: small revisions.
REVISIONS = 1e-3
BILLION = 1e9


def test_exports_of_the_union_to_russia_in_2019_are_counted_once() -> None:
    rows = snapshot().filter((pl.col("partner") == "RUS") & (pl.col("hs") == "TOTAL"))
    year = annual(of_reporter(rows, "EU", blocs().union)).filter(pl.col("period") == "2019")
    assert year["value"].sum() * 0.8933 / BILLION == pytest.approx(87.8, abs=0.1)


def test_months_of_the_member_states_add_up_to_the_years_of_the_union() -> None:
    rows = snapshot().filter(pl.col("hs") == "TOTAL", pl.col("flow") == "export")
    states = annual(rows.filter(pl.col("reporter").is_in(blocs().union)))
    both = (
        states.group_by("partner", "period")
        .agg(summed=pl.col("value").sum())
        .join(rows.filter(pl.col("reporter") == "EU27"), on=["partner", "period"])
    )
    assert both.height == 6 * 5
    off = both.select((pl.col("summed") / pl.col("value") - 1).abs().max()).item()
    assert off < REVISIONS


def test_a_union_hides_its_states_in_the_periods_in_which_it_reports() -> None:
    rows = flows(
        ("EU27", "RUS", "export", "TOTAL", "2019", 100.0),
        ("DEU", "RUS", "export", "TOTAL", "2019", 60.0),
        ("DEU", "RUS", "export", "TOTAL", "2020", 50.0),
        ("FRA", "RUS", "export", "TOTAL", "2020", 20.0),
        ("USA", "RUS", "export", "TOTAL", "2020", 7.0),
    )
    found = panel(of_reporter(rows, "EU", ("DEU", "FRA")), "year")
    assert found.column("RUS").tolist() == [100.0, 70.0]


def test_a_year_is_summed_from_months_only_when_its_reporter_has_all_twelve() -> None:
    months = [("AAA", "BBB", "export", "85", f"2020-{m:02d}", 1.0) for m in range(1, 13)]
    begun = [("AAA", "BBB", "export", "85", f"2021-{m:02d}", 1.0) for m in range(1, 8)]
    seldom = [("AAA", "CCC", "export", "85", "2020-05", 9.0)]
    found = annual(flows(*months, *begun, *seldom)).sort("partner")
    assert found.select("partner", "period", "value").rows() == [("BBB", "2020", 12.0), ("CCC", "2020", 9.0)]


def test_a_code_without_trade_in_some_months_counts_in_its_year() -> None:
    often = [("AAA", "BBB", "export", "854231", f"2020-{m:02d}", 1.0) for m in range(1, 13)]
    seldom = [("AAA", "BBB", "export", "854232", f"2020-{m:02d}", 5.0) for m in (3, 4)]
    assert panel(flows(*often, *seldom), "year").column("BBB").tolist() == [22.0]


def test_a_hole_in_the_periods_is_named() -> None:
    rows = flows(*(("AAA", "BBB", "export", "85", str(y), 1.0) for y in (2015, 2016, 2019)))
    with pytest.raises(ParityError, match="nothing is reported for 2017, 2018"):
        panel(rows, "year")


def test_no_rows_of_a_frequency_is_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="by month"):
        panel(flows(("AAA", "BBB", "export", "85", "2020", 1.0)), "month")


@pytest.mark.parametrize(
    ("period", "months"),
    [("2021", 0), ("2023", 12), ("2022", 10 + 5 / 28), ("2022-02", 5 / 28), ("2022-03", 1), ("2022-01", 0)],
)
def test_months_after_a_date(period: str, months: float) -> None:
    assert months_after(period, date(2022, 2, 24)) == pytest.approx(months)


def test_a_year_that_the_date_merely_touches_is_left_out() -> None:
    rows = flows(*(("AAA", "BBB", "export", "85", str(y), 1.0) for y in range(2015, 2025)))
    kept, n_before, months = split(panel(rows, "year"), date(2022, 11, 1), None)
    assert "2022" not in kept.periods
    assert (n_before, months) == (7, 24)
    kept, n_before, months = split(panel(rows, "year"), date(2022, 3, 1), "2022-12")
    assert (kept.periods[-1], n_before, months) == ("2022", 7, 10)


def test_lists_of_periods() -> None:
    assert period_range("2018..2020,2022") == ("2018", "2019", "2020", "2022")
    assert period_range("2021-11..2022-02") == ("2021-11", "2021-12", "2022-01", "2022-02")
    with pytest.raises(ParityError, match="'2022-13' is no period"):
        period_range("2022-13")
