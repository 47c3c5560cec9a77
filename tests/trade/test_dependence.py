"""Dependence: shares, concentration and what hubs and missing reports leave open."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import theilslopes

from parity.errors import NoAnswerError
from parity.trade import HUBS, CodeList, Dependence, dependence
from parity.trade.dependence import herfindahl
from tests.trade.worlds import ALL, blocs, flows, goods, snapshot

CHIPS = CodeList("chips", ("8542",))


def ask(table: pl.DataFrame, country: str, codes: CodeList = CHIPS, **options: object) -> Dependence:
    settings: dict[str, object] = {"coalition": ("USA", "JPN"), "hubs": ("HKG",)} | options
    return dependence(table, codes, country, **settings)  # type: ignore[arg-type]


def bought(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return flows(*(("AAA", origin, "import", "854231", year, value) for origin, year, value in rows))


def test_shares_and_bounds_worked_by_hand() -> None:
    table = bought(("USA", "2020", 50.0), ("CHN", "2020", 30.0), ("HKG", "2020", 20.0))
    (year,) = ask(table, "AAA").years
    assert year.total == 100
    assert (year.coalition.value, year.coalition.low, year.coalition.high) == pytest.approx((0.5, 0.5, 0.7))
    # Least: hub's part from countless origins, 0.5^2 + 0.3^2. Most: all from the largest, 0.7^2 + 0.3^2.
    expected = (0.25 + 0.09 + 0.04, 0.34, 0.58)
    assert (year.herfindahl.value, year.herfindahl.low, year.herfindahl.high) == pytest.approx(expected)
    assert year.largest == (("USA", 0.5), ("CHN", 0.3), ("HKG", 0.2))


def test_bounds_of_the_herfindahl_index_hold_whatever_the_hubs_hide() -> None:
    rng = np.random.default_rng(0)
    shares = np.array([0.4, 0.25, 0.15, 0.2])
    hub = np.array([False, False, False, True])
    bounds = herfindahl(shares, hub)
    for _ in range(200):
        hidden = 0.2 * rng.dirichlet(np.full(8, 0.3))
        true = np.concatenate([shares[:3] + hidden[:3], hidden[3:]])
        assert (bounds.low or 0) - 1e-12 <= np.square(true).sum() <= (bounds.high or 0) + 1e-12


def test_one_supplier_and_a_hub_that_is_the_only_one() -> None:
    assert herfindahl(np.array([1.0]), np.array([False])).value == 1
    alone = herfindahl(np.array([1.0]), np.array([True]))
    assert (alone.low, alone.high) == (0.0, 1.0)


def test_the_trend_is_the_median_slope_with_its_interval() -> None:
    rng = np.random.default_rng(1)
    share = np.clip(0.8 - 0.03 * np.arange(10) + rng.normal(0, 0.02, 10), 0, 1)
    rows = [
        row
        for n, part in enumerate(share)
        for row in (("USA", str(2014 + n), part), ("CHN", str(2014 + n), 1 - part))
    ]
    trend = ask(bought(*rows), "AAA").trend
    reference = theilslopes(share, np.arange(10), 0.9)
    assert trend.value == pytest.approx(reference.slope)
    # As wide as that of independent years or wider: a share resembles last year's.
    assert trend.low is not None
    assert trend.high is not None
    assert trend.low < reference.low_slope
    assert trend.high - trend.low > reference.high_slope - reference.low_slope


def test_a_short_series_has_no_trend_and_says_so() -> None:
    trend = ask(bought(("USA", "2020", 1.0), ("USA", "2021", 1.0)), "AAA").trend
    assert trend.value is None
    assert trend.reason == "2 years; 4 needed"


def test_own_reports_are_preferred_and_suppliers_can_be_asked_for() -> None:
    table = pl.concat([bought(("USA", "2020", 10.0)), flows(("CHN", "AAA", "export", "854231", "2020", 7.0))])
    assert ask(table, "AAA").supply.side == "import"
    suppliers = ask(table, "AAA", side="export")
    assert suppliers.supply.rows["origin"].to_list() == ["CHN"]
    assert "only CHN" in suppliers.supply.partial


def test_shares_are_not_given_where_only_some_suppliers_report() -> None:
    answer = ask(snapshot(), "RUS", goods("chpl1"), coalition=blocs().coalition, states=blocs().union)
    assert "only TWN" in answer.supply.partial
    assert all(year.coalition.value is None and year.coalition.reason for year in answer.years)
    assert answer.table()["share"].null_count() == answer.table().height
    totals = {year.year: year.total / 1e6 for year in answer.years}
    assert totals["2013"] > 30
    assert totals["2024"] == 0
    assert "Shares are not known" in answer.verdict


def test_a_union_and_its_states_are_one_supplier_and_counted_once() -> None:
    answer = ask(snapshot(), "RUS", ALL, coalition=blocs().coalition, states=blocs().union)
    assert "EU27" in answer.supply.partial
    by_year = {year.year: year.total / 1e9 for year in answer.years}
    # 87.8 thousand million euros of the Union and 3.0 of the United Kingdom at 0.8933 euros per dollar.
    assert by_year["2019"] == pytest.approx(90.75 / 0.8933, rel=0.005)


def test_kazakhstan_s_own_reports_show_where_its_supply_comes_from() -> None:
    answer = ask(snapshot(), "KAZ", ALL, coalition=blocs().coalition, states=blocs().union, hubs=HUBS)
    last = answer.years[-1]
    assert [origin for origin, _ in last.largest[:2]] == ["RUS", "CHN"]
    assert 0.2 < (last.coalition.value or 0) < 0.4
    assert "28 %" in answer.verdict
    assert "all goods together, not chips" in answer.verdict


def test_alternatives_are_sellers_of_the_same_goods_to_others() -> None:
    sold = [("USA", f"P{n:02d}", "export", "854231", "2020", 4.0) for n in range(60)]
    few = [("JPN", "BBB", "export", "854231", "2020", 900.0)]
    table = pl.concat([bought(("CHN", "2020", 20.0)), flows(*sold, *few)])
    found = ask(table, "AAA").replacements
    assert found.rows() == [("CHN", "USA", 12.0, 12.0, 12.0)]


def test_nobody_reports() -> None:
    with pytest.raises(NoAnswerError, match="nobody reports trade of ZZZ in 'chips'"):
        ask(bought(("USA", "2020", 1.0)), "ZZZ")
