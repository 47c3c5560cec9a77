"""Reach and lag: on invented parts whose answers can be worked out by hand, then on the catalogue."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from parity import chips
from parity.ask import chips as ask
from parity.chips._reach import DAYS_A_MONTH, month_ends
from parity.errors import ParityError

# Days are turned into months of equal length.
MONTHS_TOLERANCE = 1e-9
COUNTRIES = ("RUS", "CHN", "IND", "ARE", "DEU")


def parts(*rows: dict[str, object]) -> pl.DataFrame:
    """Return accelerators: data-centre parts of a US maker with slow links, unless said otherwise."""
    usual = {
        "aliases": None, "maker": "NVIDIA", "maker_country": "USA", "sale": "merchant", "data_center": True,
        "die_area": 800.0, "io_bandwidth": 100.0, "memory_bandwidth": 500.0, "price": None, "kind": "card",
        "production_stopped": None,
    }  # fmt: skip
    filled = [
        {**usual, "tpp_at_least": row.get("tpp"), "available_from": row.get("available_by"), **row}
        for row in rows
    ]
    types = {"price": pl.Float64, "die_area": pl.Float64, "tpp": pl.Float64, "tpp_at_least": pl.Float64}
    types |= {"production_stopped": pl.Date}
    return pl.DataFrame(filled, schema_overrides=types)


def one_month(
    table: pl.DataFrame, country: str, month: date, **more: object
) -> tuple[dict[str, object], object]:
    found = chips.reach(ask.rulebook(), table, country, month, month, **more)  # type: ignore[arg-type]
    return found.months.row(0, named=True), found.lags[0]


OLD = {"name": "Old", "tpp": 1000.0, "available_by": date(2020, 1, 1)}
MID = {"name": "Mid", "tpp": 3000.0, "available_by": date(2021, 1, 1)}
NEW = {"name": "New", "tpp": 9000.0, "available_by": date(2022, 1, 1)}
END = date(2024, 6, 30)


def months_between(start: date, end: date) -> float:
    return (end - start).days / DAYS_A_MONTH


class TestLag:
    def test_is_zero_at_the_frontier(self) -> None:
        row, lag = one_month(parts(OLD, MID, NEW), "DEU", END)
        assert row["best_free"] == row["world"] == "New"
        assert (lag.value, lag.low, lag.high) == (0.0, 0.0, 0.0)

    def test_counts_from_the_day_the_world_first_had_the_level(self) -> None:
        # 3A090.b: an exception for Mid (3000 TPP, 3.75 a mm2), denial for New.
        row, lag = one_month(parts(OLD, MID, NEW), "CHN", END)
        assert (row["best_free"], row["best_exception"], row["world"]) == ("Old", "Mid", "New")
        assert lag.value == pytest.approx(months_between(date(2021, 1, 1), END), abs=MONTHS_TOLERANCE)

    def test_terms_that_count_can_be_chosen(self) -> None:
        _, lag = one_month(parts(OLD, MID, NEW), "CHN", END, counting=("free",))
        assert lag.value == pytest.approx(months_between(date(2020, 1, 1), END), abs=MONTHS_TOLERANCE)
        _, approved = one_month(parts(OLD, MID, NEW), "ARE", END, counting=("free", "approval"))
        assert approved.value == 0.0

    def test_what_is_open_makes_a_range(self) -> None:
        unknown = {"name": "Unmeasured", "tpp": 4000.0, "available_by": date(2021, 6, 1), "die_area": None}
        row, lag = one_month(parts(OLD, unknown, NEW), "CHN", END, counting=("free",))
        assert row["best_free"] == "Old"
        assert (
            lag.high
            == lag.value
            == pytest.approx(months_between(date(2020, 1, 1), END), abs=MONTHS_TOLERANCE)
        )
        assert lag.low == pytest.approx(months_between(date(2021, 6, 1), END), abs=MONTHS_TOLERANCE)

    def test_an_uncertain_release_makes_a_range(self) -> None:
        perhaps = {
            "name": "Perhaps",
            "tpp": 1500.0,
            "available_from": date(2024, 1, 1),
            "available_by": date(2025, 1, 1),
        }
        row, lag = one_month(parts(OLD, perhaps, NEW), "CHN", END)
        assert row["best_free"] == "Old"
        assert lag.low == pytest.approx(months_between(date(2022, 1, 1), END), abs=MONTHS_TOLERANCE)
        assert lag.value == pytest.approx(months_between(date(2020, 1, 1), END), abs=MONTHS_TOLERANCE)

    def test_nothing_for_certain_is_said_to_be_so(self) -> None:
        row, lag = one_month(parts(OLD, NEW), "RUS", END)
        assert row["best_free"] is None
        assert (lag.value, lag.high) == (None, None)
        assert lag.low == pytest.approx(months_between(date(2020, 1, 1), END), abs=MONTHS_TOLERANCE)
        assert "can be had for certain" in lag.reason

    def test_parts_designed_elsewhere_are_open(self) -> None:
        other = {
            "name": "Other",
            "tpp": 3000.0,
            "maker": "Huawei",
            "maker_country": "CHN",
            "available_by": date(2021, 1, 1),
        }
        _, lag = one_month(parts(OLD, other, NEW), "RUS", END)
        assert lag.value is None
        assert lag.low == pytest.approx(months_between(date(2021, 1, 1), END), abs=MONTHS_TOLERANCE)
        row, at_home = one_month(parts(OLD, other, NEW), "CHN", END)
        assert row["best_domestic"] == "Other"
        assert at_home.value == pytest.approx(months_between(date(2021, 1, 1), END), abs=MONTHS_TOLERANCE)

    def test_parts_that_are_not_sold_do_not_count(self) -> None:
        own = {"name": "Own", "tpp": 99_000.0, "sale": "captive", "available_by": date(2021, 1, 1)}
        row, lag = one_month(parts(OLD, MID, NEW, own), "DEU", END)
        assert row["world"] == "New"
        assert lag.value == 0.0

    def test_an_own_part_that_is_no_longer_made_may_still_be_had(self) -> None:
        ended = {**MID, "production_stopped": date(2023, 1, 1), "maker_country": "DEU"}
        row, lag = one_month(parts(OLD, ended), "DEU", END)
        assert (row["best_free"], row["best_domestic"]) == ("Old", None)
        assert lag.low == 0.0 < lag.value

    def test_computers_and_memory_are_no_accelerators(self) -> None:
        rack = {**NEW, "name": "Rack", "tpp": 99_000.0, "kind": "system"}
        row, _ = one_month(parts(OLD, NEW, rack), "DEU", END)
        assert row["world"] == "New"

    def test_before_the_first_part(self) -> None:
        _, lag = one_month(parts(OLD), "DEU", date(2019, 1, 31))
        assert lag.value is None
        assert "before the first accelerator" in lag.reason


class TestMetrics:
    def test_memory_bandwidth(self) -> None:
        wide = {"name": "Wide", "tpp": 500.0, "memory_bandwidth": 900.0, "available_by": date(2021, 1, 1)}
        row, _ = one_month(parts(OLD, wide), "DEU", END, metric="memory_bandwidth")
        assert (row["world"], row["world_level"]) == ("Wide", 900.0)

    def test_price_performance_where_known(self) -> None:
        cheap = {"name": "Cheap", "tpp": 500.0, "price": 100.0, "available_by": date(2021, 1, 1)}
        row, _ = one_month(parts(OLD, MID, cheap), "DEU", END, metric="price_performance")
        assert (row["world"], row["world_level"]) == ("Cheap", 5.0)

    def test_unknown_metric(self) -> None:
        with pytest.raises(ParityError, match="no metric 'flops'; allowed are 'tpp'"):
            one_month(parts(OLD), "DEU", END, metric="flops")


def test_month_ends() -> None:
    assert month_ends(date(2023, 12, 15), date(2024, 3, 30)) == (
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
    )
    with pytest.raises(ParityError, match="no month lies between"):
        chips.reach(ask.rulebook(), parts(OLD), "DEU", date(2024, 1, 1), date(2023, 1, 1))


@pytest.mark.parametrize("country", COUNTRIES)
def test_on_the_catalogue(country: str, book: chips.RuleBook, accelerators: pl.DataFrame) -> None:
    found = chips.reach(book, accelerators, country, date(2019, 1, 1), chips.last_month(book))
    assert found.months.height == 93
    assert found.months["world_level"].is_sorted()
    level = found.months.drop_nulls("level")
    assert (level["level"] <= level["world_level"]).all()
    assert (level["level"] <= level["level_high"]).all()
    for lag in found.lags:
        assert lag.value is not None or lag.reason
        assert lag.low is not None
        assert lag.low >= 0.0
    assert found.table().height == 93


def test_the_catalogue_in_words(book: chips.RuleBook, accelerators: pl.DataFrame) -> None:
    """Free countries keep pace; covered ones fall behind from the month their rule began."""
    found = {
        country: chips.reach(book, accelerators, country, date(2019, 1, 1), chips.last_month(book))
        for country in COUNTRIES
    }
    months = found["DEU"].months["month"].to_list()
    for country in ("DEU", "IND"):
        assert {lag.value for lag in found[country].lags} == {0.0}
    behind = {
        country: next(
            month
            for month, lag in zip(months, one.lags, strict=True)
            if lag.value != 0.0 and month > date(2021, 12, 31)
        )
        for country, one in found.items()
        if country not in ("DEU", "IND")
    }
    assert behind["RUS"] == date(2022, 2, 28)
    assert behind["ARE"] == date(2023, 10, 31)
    # The first H100 boards came in volume in the month of the rule of 2022.
    assert behind["CHN"] == date(2022, 10, 31)
    assert found["IND"].lags[-1].value == 0.0
    codified = chips.reach(book, accelerators, "IND", date(2025, 9, 1), date(2025, 9, 30), codified=True)
    assert codified.months["best_exception"][0] is not None


def test_by_memory_bandwidth_the_best_is_the_best_by_it(
    book: chips.RuleBook, accelerators: pl.DataFrame
) -> None:
    """Days of delivery give 6.0 months in June 2024; days of reports gave 3.7 in November 2023, or 10.8.

    China's best by bandwidth is the H20 (4,000 GB/s). It was reported on 2023-11-09 and came in volume in
    the second quarter of 2024; the world had as much from the end of 2023 (MI300A). Counted from reports and
    announcements the world's first was the GH200 shown on 2023-08-08: 3.7 months on 2023-11-30. The 10.8
    came from a day on which the MI300A was only shown.
    """
    metric = "memory_bandwidth"

    def at(day: date, devices: pl.DataFrame) -> tuple[str, float]:
        found = chips.reach(book, devices, "CHN", day.replace(day=1), day, metric)
        row = found.months.row(0, named=True)
        return row["best_free"], round(found.lags[0].value or 0.0, 1)

    assert at(date(2024, 6, 30), accelerators) == ("NVIDIA H20 SXM 96GB", 6.0)
    assert at(date(2023, 11, 30), accelerators)[0] != "NVIDIA H20 SXM 96GB"

    def dated(devices: pl.DataFrame, name: str, day: date) -> pl.DataFrame:
        columns = ("released_from", "released_by", "available_from", "available_by")
        of_device = pl.col("name") == name
        return devices.with_columns(
            pl.when(of_device).then(pl.lit(day)).otherwise(pl.col(column)).alias(column) for column in columns
        )

    reported = dated(accelerators, "NVIDIA H20 SXM 96GB", date(2023, 11, 9))
    reported = dated(reported, "NVIDIA GH200 144GB", date(2023, 8, 8))
    assert at(date(2023, 11, 30), reported) == ("NVIDIA H20 SXM 96GB", 3.7)
    shown = dated(reported, "AMD Instinct MI300A", date(2023, 1, 4))
    assert at(date(2023, 11, 30), shown) == ("NVIDIA H20 SXM 96GB", 10.8)
