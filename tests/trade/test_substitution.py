"""Substitution: the parts of a change add up, and known moves come out."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from parity.errors import NoAnswerError
from parity.trade import CodeList, Substitution, substitution
from parity.trade._supply import supply
from parity.trade.substitution import _decompose
from tests.trade.worlds import ALL, blocs, flows, snapshot

START = date(2022, 2, 24)
CHIPS = CodeList("chips", ("8542",))
GROUPS = {"coalition": ("USA",), "China": ("CHN",), "hubs": ("HKG",)}
money = st.floats(1.0, 1e9)


@given(arrays(float, (3, 4), elements=money), arrays(float, (2, 4), elements=money))
def test_size_and_shift_add_up_to_the_change(old: np.ndarray, new: np.ndarray) -> None:
    change, size, shift = _decompose(old, new)
    scale = max(old.max(), new.max())
    assert size + shift == pytest.approx(change, abs=1e-9 * scale)
    assert size.sum() == pytest.approx(change.sum(), abs=1e-9 * scale)
    assert shift.sum() == pytest.approx(0, abs=1e-9 * scale)


def moved(values: dict[str, tuple[float, float]], **options: object) -> Substitution:
    rows = [
        ("AAA", origin, "import", "854231", str(year), before if year < 2022 else after)
        for origin, (before, after) in values.items()
        for year in range(2019, 2024)
    ]
    return substitution(flows(*rows), CHIPS, "AAA", START, GROUPS, **options)  # type: ignore[arg-type]


def test_a_move_from_the_coalition_to_a_hub_with_the_market_as_it_was() -> None:
    answer = moved({"USA": (60.0, 10.0), "CHN": (30.0, 30.0), "HKG": (5.0, 55.0), "BRA": (5.0, 5.0)})
    by = {one.group: one for one in answer.moved}
    assert list(by) == ["coalition", "China", "hubs", "other"]
    assert by["coalition"].shift.value == pytest.approx(-50)
    assert by["hubs"].shift.value == pytest.approx(50)
    assert all(one.size.value == pytest.approx(0) for one in answer.moved)
    assert (answer.before, answer.after) == (("2019", "2020", "2021"), ("2022", "2023"))
    # The years on either side are alike.
    assert by["coalition"].change.low == pytest.approx(-50)


def test_a_market_that_doubles_moves_nobody() -> None:
    answer = moved({"USA": (60.0, 120.0), "CHN": (40.0, 80.0)})
    assert all(one.shift.value == pytest.approx(0) for one in answer.moved)
    assert sum(one.size.value or 0 for one in answer.moved) == pytest.approx(100)


def test_years_without_any_trade_move_nobody() -> None:
    rows = [("USA", "2018", 30.0), ("CHN", "2018", 10.0), ("USA", "2023", 60.0), ("CHN", "2023", 20.0)]
    world = flows(*(("AAA", origin, "import", "854231", year, value) for origin, year, value in rows))
    others = flows(*(("BBB", "USA", "import", "854231", str(year), 1.0) for year in range(2018, 2024)))
    answer = substitution(pl.concat([world, others]), CHIPS, "AAA", date(2019, 2, 24), GROUPS)
    assert all(one.shift.value == pytest.approx(0, abs=1e-9) for one in answer.moved)
    change, size, shift = _decompose(np.zeros((2, 2)), np.array([[30.0, 10.0]]))
    assert size == pytest.approx(change)
    assert shift == pytest.approx([0.0, 0.0])


def test_one_year_on_a_side_has_no_interval_and_says_so() -> None:
    rows = [("AAA", "USA", "import", "854231", str(year), 1.0 + year % 3) for year in (2021, 2022)]
    answer = substitution(flows(*rows), CHIPS, "AAA", START, GROUPS)
    assert answer.moved[0].change.low is None
    assert "one year" in answer.moved[0].change.reason


def test_no_years_after_is_no_answer() -> None:
    rows = [("AAA", "USA", "import", "854231", str(year), 1.0) for year in (2019, 2020)]
    with pytest.raises(NoAnswerError, match="none after 2022-02-24"):
        substitution(flows(*rows), CHIPS, "AAA", START, GROUPS)


def test_low_and_high_are_those_of_single_years() -> None:
    value = {2020: 4.0, 2021: 6.0, 2022: 9.0, 2023: 15.0}
    rows = [("AAA", "USA", "import", "854231", str(year), v) for year, v in value.items()]
    (one,) = substitution(flows(*rows), CHIPS, "AAA", START, GROUPS).moved
    assert (one.change.value, one.change.low, one.change.high) == pytest.approx((7, 3, 11))
    assert one.change.level is None


def test_kazakhstan_s_supply_moved_towards_china() -> None:
    answer = substitution(snapshot(), ALL, "KAZ", START, blocs().groups("KAZ"), states=blocs().union)
    by = {one.group: one for one in answer.moved}
    assert (by["China"].shift.low or 0) > 0
    assert "China" in answer.verdict
    assert "Domestic supply is not trade" in answer.verdict


def test_chips_of_taiwan_are_neither_the_coalition_s_nor_other() -> None:
    groups = blocs().groups("RUS")
    answer = substitution(snapshot(), CHIPS, "RUS", START, groups, states=blocs().union)
    assert [one.group for one in answer.moved] == ["Taiwan"]
    assert "TWN" not in blocs().coalition
    assert "Taiwan (TWN) is not in it" in blocs().coalition_in_words


def test_a_supplier_that_stops_reporting_has_not_stopped_selling() -> None:
    rows = [("USA", "AAA", "export", "854231", str(year), 10.0) for year in range(2019, 2024)]
    rows += [("GBR", "AAA", "export", "854231", str(year), 5.0) for year in range(2019, 2022)]
    answer = substitution(flows(*rows), CHIPS, "AAA", START, {"coalition": ("USA", "GBR")})
    assert answer.left_out == ("GBR",)
    assert answer.moved[0].change.value == 0
    assert "GBR" in answer.verdict
    # It reports its trade with others: then nothing is what it sold.
    rows += [("GBR", "BBB", "export", "854231", str(year), 5.0) for year in range(2022, 2024)]
    answer = substitution(flows(*rows), CHIPS, "AAA", START, {"coalition": ("USA", "GBR")})
    assert answer.left_out == ()
    assert answer.moved[0].change.value == -5


def test_member_states_are_added_up_where_the_union_reports_as_one() -> None:
    rows = [("EU27", "AAA", "export", "854231", str(year), 10.0) for year in range(2019, 2022)]
    rows += [(one, "AAA", "export", "854231", str(y), 4.0) for one in ("DEU", "FRA") for y in (2022, 2023)]
    answer = substitution(flows(*rows), CHIPS, "AAA", START, None, states=("DEU", "FRA"))
    assert [(one.group, one.change.value) for one in answer.moved] == [("EU27", -2.0)]


def test_one_state_that_reports_takes_its_own_part_of_the_union_and_no_more() -> None:
    years = range(2019, 2024)
    rows = [("EU27", "AAA", "export", "854231", str(year), 10.0) for year in years]
    rows += [("DEU", "AAA", "export", "854231", str(year), 4.0) for year in years if year != 2020]
    found = supply(flows(*rows), CHIPS, "AAA", unions=("DEU", "FRA"))
    assert found.rows.filter(year="2020").select("origin", "value").rows() == [("EU27", 10.0)]
    assert found.rows.filter(year="2021").select("origin", "value").rows() == [("DEU", 4.0), ("EU27", 6.0)]
    # All of them together are the union: rounding is no origin.
    rows += [("FRA", "AAA", "export", "854231", str(year), 5.995) for year in years]
    found = supply(flows(*rows), CHIPS, "AAA", unions=("DEU", "FRA"))
    assert found.rows.filter(year="2021")["origin"].to_list() == ["DEU", "FRA"]
    one = substitution(flows(*rows), CHIPS, "AAA", START, None, states=("DEU", "FRA")).moved[0]
    assert (one.group, one.after) == ("EU27", pytest.approx(9.995))


def test_every_origin_by_itself_adds_up_to_the_union() -> None:
    options = {"states": blocs().union}
    apart = substitution(snapshot(), ALL, "RUS", START, None, **options)  # type: ignore[arg-type]
    whole = substitution(snapshot(), ALL, "RUS", START, blocs().groups("RUS"), **options)  # type: ignore[arg-type]
    assert len(apart.moved) == 27
    changes = sum(one.change.value or 0 for one in apart.moved)
    assert changes == pytest.approx(whole.moved[0].change.value)
    assert whole.left_out == ("GBR",)


def test_a_month_without_trade_with_one_partner_is_no_year_without_reports() -> None:
    months = [f"{year}-{month:02d}" for year in range(2020, 2024) for month in range(1, 13)]
    rows = [("USA", "BBB", "export", "854231", month, 1.0) for month in months]
    rows += [("USA", "AAA", "export", "854231", month, 1.0) for month in months if month != "2021-07"]
    (one,) = substitution(flows(*rows), CHIPS, "AAA", START, None).moved
    assert (one.before, one.after) == (11.5, 12.0)


def test_a_union_counts_for_countries_that_its_states_do_not_report_by_themselves() -> None:
    answer = substitution(snapshot(), ALL, "USA", START, blocs().groups("USA"), states=blocs().union)
    assert [one.group for one in answer.moved] == ["coalition"]
    assert answer.left_out == ()


def stopped(suppliers: int) -> pl.DataFrame:
    """Return a country whose own reports stop in 2021, and suppliers whose reports go on, all but one."""
    names = [f"X{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(suppliers)]
    own = [("AAA", name, "import", "854231", str(year), 9.0) for name in names for year in range(2018, 2022)]
    theirs = [
        (name, "AAA", "export", "854231", str(year), 5.0)
        for name in names
        for year in range(2018, 2024)
        if name != names[1] or year < 2023
    ]
    return flows(*own, *theirs)


def test_a_country_that_stops_reporting_is_seen_by_its_suppliers_and_said() -> None:
    table = stopped(25)
    auto = supply(table, CHIPS, "AAA")
    assert (auto.side, auto.years[-1]) == ("export", "2023")
    assert "AAA itself reports until 2021, its suppliers until 2023" in auto.note
    assert "their reports are taken" in auto.note
    assert "no longer reported, which is no end of trade: XAB after 2022" in auto.note
    own = supply(table, CHIPS, "AAA", side="import")
    assert own.years[-1] == "2021"
    assert "--side export" in own.note
    after = substitution(table, CHIPS, "AAA", START, None)
    assert after.after == ("2022", "2023")
    assert "Reports stop: AAA itself" in after.verdict
    with pytest.raises(NoAnswerError, match="none after 2022-02-24; AAA itself reports until 2021"):
        substitution(table, CHIPS, "AAA", START, None, side="import")


@pytest.mark.parametrize(("others", "side"), [(0.0, "export"), (2.9, "export"), (27.0, "import")])
def test_a_few_suppliers_will_do_where_they_sold_nearly_all_of_it(others: float, side: str) -> None:
    """Three sold 27 a year; what others sold, who do not report, decides."""
    more = [("AAA", "ZZZ", "import", "854231", str(year), others) for year in range(2018, 2022) if others]
    table = stopped(3)
    found = supply(pl.concat([table, flows(*more)]) if more else table, CHIPS, "AAA")
    assert found.side == side
    assert found.partial == ""
    assert f"sold {100 * 27 / (27 + others):.0f} % of what it reported for 2021" in found.note
