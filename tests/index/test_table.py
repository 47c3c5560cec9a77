"""The user's table: every cell that cannot be used is named."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.errors import ParityError
from parity.index import IndexSpec, build
from parity.index._table import read_block

SPEC = IndexSpec.from_toml('[index]\nid = "x"\n[[indicator]]\ncode = "a"\nbounds = [0, 100]\n')
PANEL = IndexSpec.from_toml('[index]\nid = "x"\nyear_column = "year"\n[[indicator]]\ncode = "a"\n')


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"id": [], "a": []}, "no rows"),
        ({"id": ["x"], "b": [1]}, "lack the column 'a'"),
        ({"code": ["x"], "a": [1]}, "lack the column 'id'"),
        ({"id": ["x", None], "a": [1, 2]}, "row 2 has no identifier"),
        ({"id": ["x", "y", "x"], "a": [1, 2, 3]}, "x stands more than once, in rows 1, 3"),
        ({"id": ["x", "y"], "a": ["1", "abc"]}, "column 'a', row 2 (y): 'abc' is not a number"),
        ({"id": ["x", "y", "z"], "a": ["n/a", "-", "3"]}, "'n/a' is not a number; and 1 more"),
        ({"id": ["x", "y"], "a": [1.0, float("inf")]}, "row 2 (y): inf is infinite"),
        ({"id": ["x", "y"], "a": ["1", "-inf"]}, "'-inf' is infinite"),
        ({"id": ["x", "y"], "a": [1.0, 101.0]}, "101 is outside the bounds 0 to 100"),
        ({"id": ["x"], "a": [[1]]}, "not numbers"),
        ({"id": ["x"], "a": ["x" * 300]}, "...' is not a number"),
    ],
)
def test_a_bad_cell_is_named(table: dict[str, list[object]], message: str) -> None:
    with pytest.raises(ParityError) as caught:
        build(SPEC, pl.DataFrame(table, strict=False))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("years", "message"),
    [
        ([2018, None], "every row needs a whole year; row 2 has None"),
        (["2018", "2018-19"], "row 2 has '2018-19'"),
        ([2018.0, 2018.5], "row 2 has 2018.5"),
        (["2018", "2018"], "x 2018 stands more than once"),
    ],
)
def test_mixed_years_are_refused(years: list[object], message: str) -> None:
    with pytest.raises(ParityError) as caught:
        build(PANEL, pl.DataFrame({"id": ["x", "x"], "year": years, "a": [1, 2]}, strict=False))
    assert message in str(caught.value)


def test_missing_marks_and_spaces() -> None:
    table = pl.DataFrame({"id": ["NA", "y", "z", "w"], "a": [" 1.5 ", "NA", "", None]})
    block = read_block(SPEC, table)
    assert list(block.ids) == ["NA", "y", "z", "w"]  # Namibia keeps its code
    assert block.values[0, 0] == 1.5
    assert pl.Series(block.values[1:, 0]).is_nan().all()


def test_marks_can_be_given() -> None:
    spec = IndexSpec.from_toml('[index]\nid = "x"\nmissing = [".."]\n[[indicator]]\ncode = "a"\n')
    assert read_block(spec, pl.DataFrame({"id": ["x", "y"], "a": ["..", "2"]})).values[1, 0] == 2


def test_numbers_can_be_any_number_type() -> None:
    table = pl.DataFrame({"id": [1, 2, 3], "a": [True, False, None]})
    block = read_block(SPEC, table)
    assert list(block.ids) == ["1", "2", "3"]
    assert block.values[:2, 0].tolist() == [1.0, 0.0]


_CELL = st.none() | st.integers(-3, 3) | st.floats() | st.text(max_size=5) | st.booleans()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_CELL, _CELL, _CELL), max_size=6), st.booleans())
def test_any_table_is_built_or_refused_in_words(rows: list[tuple[object, ...]], panel: bool) -> None:
    table = pl.DataFrame(
        {
            name: pl.Series([row[i] for row in rows], strict=False)
            for i, name in enumerate(("id", "year", "a"))
        }
    )
    try:
        rows_built = len(build(PANEL if panel else SPEC, table).units)
    except ParityError as problem:
        rows_built = len(rows) if str(problem) else 0
    assert rows_built == len(rows)
