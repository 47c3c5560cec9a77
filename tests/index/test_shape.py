"""Tables of other shapes: long ones, years as columns, one year of several."""

from __future__ import annotations

import polars as pl
import pytest

from parity.errors import ParityError
from parity.index import IndexSpec, shaped

LONG = pl.DataFrame(
    {
        "geo": ["FR", "FR", "FR", "DE", "DE"],
        "year": [2020, 2020, 2021, 2020, 2021],
        "what": ["a", "b", "a", "a", "b"],
        "value": [1.5, 2.0, 3.0, 4.0, 5.0],
        "area": ["w", "w", "w", "c", "c"],
    }
)
WIDE = pl.DataFrame(
    {"geo": ["FR", "DE"], "what": ["a", "a"], "2020 [YR2020]": [1.5, 4.0], "X2021": [3.0, None]}
)


def spec(lines: str, codes: str = "ab") -> IndexSpec:
    indicators = "".join(f'[[indicator]]\ncode = "{code}"\n' for code in codes)
    return IndexSpec.from_toml(f'[index]\nid = "x"\nid_column = "geo"\n{lines}\n{indicators}')


def test_a_long_table_becomes_a_panel_with_what_is_said_of_units() -> None:
    rules = 'indicator_column = "what"\nvalue_column = "value"\nyear_column = "year"'
    _, table, _ = shaped(spec(rules), LONG)
    assert table.select("geo", "year", "a", "b", "area").rows() == [
        ("FR", 2020, 1.5, 2.0, "w"), ("FR", 2021, 3.0, None, "w"),
        ("DE", 2020, 4.0, None, "c"), ("DE", 2021, None, 5.0, "c"),
    ]  # fmt: skip


def test_the_latest_value_of_each_indicator_and_one_year_alone() -> None:
    rules = 'indicator_column = "what"\nvalue_column = "value"\nyear_column = "year"\n'
    single, table, told = shaped(spec(rules + 'year = "latest"'), LONG)
    assert single.index.year_column is None
    assert table.select("geo", "a", "b").rows() == [("DE", 4.0, 5.0), ("FR", 3.0, 2.0)]
    assert "2020 to 2021" in told[-1]
    _, table, _ = shaped(spec(rules + "year = 2021"), LONG)
    assert table.select("geo", "a", "b").rows() == [("FR", 3.0, None), ("DE", None, 5.0)]
    with pytest.raises(ParityError, match="no row is of that year; the last ones are 2020, 2021"):
        shaped(spec(rules + "year = 2019"), LONG)


def test_years_as_columns_are_a_panel_of_the_indicators_in_rows_or_of_the_only_one() -> None:
    made, table, _ = shaped(spec('indicator_column = "what"\nyear_columns = true', "a"), WIDE)
    assert made.index.year_column == "year"
    rows = [("FR", 2020, 1.5), ("DE", 2020, 4.0), ("FR", 2021, 3.0), ("DE", 2021, None)]
    assert table.select("geo", "year", "a").rows() == rows
    _, table, _ = shaped(spec("year_columns = true", "a"), WIDE.drop("what"))
    assert table.select("geo", "year", "a").rows() == rows


@pytest.mark.parametrize(
    ("lines", "table", "message"),
    [
        ("", LONG, 'indicators in rows; add to [index]: indicator_column = "what"'),
        ("", WIDE, 'year_columns = true; indicator_column = "what"'),
        ("year_columns = true", WIDE, "give indicator_column"),
        ('indicator_column = "what"', LONG, "say value_column"),
        ('indicator_column = "what"\nvalue_column = "value"', LONG, "two rows are for"),
    ],
)
def test_another_shape_is_told_with_the_line_to_add(lines: str, table: pl.DataFrame, message: str) -> None:
    with pytest.raises(ParityError) as caught:
        shaped(spec(lines), table)
    assert message in str(caught.value)
