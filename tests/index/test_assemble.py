"""From observations to the table an index is built on."""

from __future__ import annotations

import polars as pl
import pytest

from parity.errors import ParityError
from parity.index._assemble import Assembly, assemble
from parity.index.spec import IndexSpec

COUNTRIES = pl.DataFrame(
    {
        "iso3": ["AAA", "BBB", "CCC"],
        "name": ["A", "B", "C"],
        "income_group": ["High income", "High income", "Low income"],
        "region": ["R", "R", "S"],
    }
)


def observations(*rows: tuple[str, str, int, float, float | None]) -> pl.DataFrame:
    people = [
        (iso3, "population", 2018, people, None)
        for iso3, people in [("AAA", 10.0), ("BBB", 20.0), ("CCC", 2.0)]
    ]
    frame = pl.DataFrame([*people, *rows], schema=["iso3", "indicator", "year", "value", "se"], orient="row")
    return frame.with_columns(pl.col("se").cast(pl.Float64), source=pl.lit("test"), flag=pl.lit("observed"))


def spec(select: str, units: str = "") -> IndexSpec:
    indicator = f"[[indicator]]\ncode = 'x'\nselect = {{ indicator = 'deals', {select} }}"
    return IndexSpec.from_toml(f"[index]\nid = 't'\n[index.units]\n{units}\n{indicator}")


DEALS = observations(
    ("AAA", "deals", 2018, 1.0, 0.1),
    ("AAA", "deals", 2019, 2.0, 0.2),
    ("AAA", "deals", 2020, 4.0, 0.4),
    ("BBB", "deals", 2019, 8.0, None),
)


def values(found: Assembly) -> list[float | None]:
    return found.table["x"].to_list()


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("years = [2018, 2020]", [4.0, 8.0, None]),
        ("years = [2018, 2020], reduce = 'sum'", [7.0, 8.0, None]),
        ("years = [2019, 2020], reduce = 'mean'", [3.0, 8.0, None]),
        ("years = [2018, 2020], absent = 'zero'", [4.0, 8.0, 0.0]),
        ("years = [2018, 2020], absent = 'zero', never_zero = ['CCC']", [4.0, 8.0, None]),
        ("years = [2018, 2020], times = 'population'", [40.0, 160.0, None]),
        ("years = [2020, 2020]", [4.0, None, None]),
    ],
)
def test_reduces_years(select: str, expected: list[float | None]) -> None:
    assert values(assemble(spec(select), DEALS, COUNTRIES)) == expected


def test_every_cell_tells_its_origin() -> None:
    cells = assemble(
        spec("years = [2018, 2020], absent = 'zero', never_zero = ['CCC']"), DEALS, COUNTRIES
    ).cells
    assert cells.select("iso3", "year", "se", "flag").rows() == [
        ("AAA", 2020, 0.4, "observed"),
        ("BBB", 2019, None, "observed"),
        ("CCC", None, None, "missing"),
    ]


def test_an_earlier_year_moves_the_window_and_keeps_its_length() -> None:
    found = assemble(spec("years = [2019, 2020], reduce = 'sum'"), DEALS, COUNTRIES, year=2019)
    assert values(found) == [3.0, 8.0, None]
    assert found.year == 2019


def test_small_countries_stay_out_unless_named() -> None:
    rule = "min_population = 15\ninclude = ['CCC']"
    assert assemble(spec("years = [2018, 2020]", rule), DEALS, COUNTRIES).table["iso3"].to_list() == [
        "BBB",
        "CCC",
    ]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[index]\nid = 't'\n[[indicator]]\ncode = 'x'", r"no 'select' for x; give --data FILE"),
        (
            "[index]\nid = 't'\n[[indicator]]\ncode = 'x'\nselect = {indicator = 'deal'}",
            r"'deal', which the catalogue",
        ),
        (
            "[index]\nid = 't'\nunits = {min_population = 99}\n"
            "[[indicator]]\ncode = 'x'\nselect = {indicator = 'deals'}",
            r"no country has the 99 people",
        ),
    ],
)
def test_says_what_is_wrong(toml: str, message: str) -> None:
    with pytest.raises(ParityError, match=message):
        assemble(IndexSpec.from_toml(toml), DEALS, COUNTRIES)
