"""Installed compute by certainty, on clusters that can be added up by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from parity import chips
from parity.catalogue import load_table

END = date(2024, 12, 31)
SHARE_TOLERANCE = 1e-12
TOTALS = pl.DataFrame(
    {
        "as_of": [date(2023, 12, 31), END],
        "value": [500.0, 1000.0],
        "low": [250.0, 500.0],
        "high": [1000.0, 2000.0],
        "world": [True, True],
        "total": [True, True],
    }
)


def clusters(*rows: dict[str, object]) -> pl.DataFrame:
    usual = {
        "cluster": "C", "country": "RUS", "status": "existing", "certainty": "confirmed", "duplicate": False,
        "h100_equivalents": 100.0, "operational": date(2020, 1, 1), "until": None,
    }  # fmt: skip
    return pl.DataFrame(
        [{**usual, **row} for row in rows], schema_overrides={"until": pl.Date, "operational": pl.Date}
    )


def on(day: date, *rows: dict[str, object], country: str = "RUS") -> chips.Installed:
    return chips.installed(clusters(*rows), country, [day], TOTALS)[0]


def test_certainty_is_the_interval() -> None:
    found = on(
        END,
        {},
        {"certainty": "likely"},
        {"certainty": "unlikely"},
        {"duplicate": True},
        {"status": "planned"},
    )
    assert (found.h100e.low, found.h100e.value, found.h100e.high) == (100.0, 200.0, 400.0)


def test_a_phase_gives_way_to_the_next() -> None:
    first = {"until": date(2022, 1, 1)}
    second = {"operational": date(2022, 1, 1), "h100_equivalents": 300.0}
    assert on(date(2021, 12, 31), first, second).h100e.value == 100.0
    assert on(date(2022, 1, 1), first, second).h100e.value == 300.0


def test_gone_without_a_date_never_counts() -> None:
    assert on(END, {}, {"status": "decommissioned"}).h100e.value == 100.0


def test_without_a_date_counts_at_the_end_of_the_data() -> None:
    rows = ({"operational": date(2024, 6, 1)}, {"operational": None})
    assert on(date(2024, 5, 31), *rows).h100e.value == 0.0
    assert on(date(2024, 6, 1), *rows).h100e.value == 200.0


def test_share_is_of_the_published_total() -> None:
    """Known clusters are no world: their sum says nothing of a share."""
    found = on(END, {}, {"certainty": "likely"}, {"country": "USA", "h100_equivalents": 300.0})
    assert found.share.value == pytest.approx(200 / 1000, abs=SHARE_TOLERANCE)
    assert found.share.low == pytest.approx(100 / 2000, abs=SHARE_TOLERANCE)
    assert found.share.high == pytest.approx(200 / 500, abs=SHARE_TOLERANCE)
    before = on(date(2023, 12, 30), {})
    assert (before.share.value, "no total of the world" in before.share.reason) == (None, True)


def test_between_two_totals_the_world_grows_at_one_rate() -> None:
    middle = chips.world_total(TOTALS, date(2024, 7, 1))
    assert middle.value == pytest.approx(500 * 2 ** (183 / 366), rel=1e-9)


def test_what_is_published_stands_beside_what_is_known() -> None:
    india = chips.published_of(load_table("compute_published"), "IND")
    told = india.filter(pl.col("unit") == "GPUs").row(0, named=True)
    assert (told["value"], told["basis"], told["checked"]) == (38000.0, "background", None)


def test_growth_over_a_year() -> None:
    found = on(END, {}, {"operational": date(2024, 3, 1), "h100_equivalents": 50.0})
    assert found.growth.value == 1.5
    fresh = on(END, {"operational": date(2024, 3, 1)})
    assert fresh.growth.value is None
    assert "year before" in fresh.growth.reason


def test_a_leap_day_has_a_day_a_year_before() -> None:
    assert on(date(2024, 2, 29), {}).growth.value == 1.0


def test_a_country_without_clusters_has_none_known() -> None:
    found = on(END, {}, country="BRA")
    assert (found.h100e.value, found.share.value) == (0.0, 0.0)


def test_on_the_catalogue() -> None:
    table = load_table("clusters")
    days = chips.year_ends(table, 2019)
    for country in ("RUS", "CHN", "USA", "ARE"):
        for found in chips.installed(table, country, days, load_table("compute_published")):
            assert found.h100e.low <= found.h100e.value <= found.h100e.high
            if found.share.value is None:
                assert "no total of the world" in found.share.reason
                continue
            assert 0.0 <= found.share.low <= found.share.value <= found.share.high <= 1.0
    # Three phases of one machine, each holding the one before: counted once.
    phases = table.filter(pl.col("cluster").str.starts_with("xAI Colossus Memphis"))
    last = chips.installed(phases, "USA", [days[-1]], load_table("compute_published"))[0]
    assert last.h100e.value == phases["h100_equivalents"].max()


def test_purchases_of_china() -> None:
    found = chips.purchases(load_table("chip_supply"), "CHN")
    assert found["quarter"].is_sorted()
    assert (found["h100e_low"] <= found["h100e"]).all()
    assert chips.purchases(load_table("chip_supply"), "RUS").is_empty()
