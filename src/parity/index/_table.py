"""The user's table as arrays, checked cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from parity import numbers as numbers_reader
from parity.errors import ParityError, did_you_mean
from parity.index._options import Scope
from parity.index.spec import IndexSpec
from parity.stats import FloatArray, IntArray

_MOST_NAMED = 5
_LAST_YEAR = 999_999

TextArray = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Units by indicators, with what else the table says about the units."""

    # Code and name of the unit of each row, shape (n,).
    ids: TextArray
    names: TextArray
    years: IntArray | None  # year of each row, shape (n,); ``None`` without a year column
    values: FloatArray  # Indicators, shape (n, k); NaN is missing
    table: pl.DataFrame  # the whole table, n rows: denominators and groups are looked up there

    def take(self, rows: IntArray) -> Self:
        """Return these rows alone."""
        return replace(
            self,
            ids=self.ids[rows],
            names=self.names[rows],
            years=None if self.years is None else self.years[rows],
            values=self.values[rows],
            table=self.table[rows],
        )

    def with_values(self, values: FloatArray) -> Self:
        """Return the same units with other values."""
        return replace(self, values=values)

    def slabs(self, scope: Scope) -> list[tuple[int | None, IntArray]]:
        """Return the rows of each year with the year; all rows at once with ``None`` for scope all."""
        if scope == "all" or self.years is None:
            return [(None, np.arange(len(self.ids)))]
        return [(int(year), np.flatnonzero(self.years == year)) for year in np.unique(self.years)]

    def row_name(self, row: int) -> str:
        """Return the unit of a row, with its year in a panel."""
        return str(self.ids[row]) if self.years is None else f"{self.ids[row]} {self.years[row]}"


def read_block(spec: IndexSpec, table: pl.DataFrame) -> Block:
    """Return a table's indicators as arrays.

    ``table``: one row per unit, or per unit and year; wide.
    """
    if table.height == 0:
        raise ParityError("the data have no rows")
    id_column = spec.index.id_column
    _require(table, [id_column, *spec.codes])
    ids = _texts(table, id_column)
    if not all(ids):
        raise ParityError(
            f"column '{id_column}': row {list(map(bool, ids)).index(False) + 1} has no identifier"
        )
    names = ids if spec.index.name_column is None else _names(table, spec.index.name_column, ids)
    years = None if spec.index.year_column is None else _years(table, spec.index.year_column)
    block = Block(ids, names, years, np.empty((len(ids), 0)), table)
    _unique(block)
    values = np.column_stack([numbers(block, code, spec.index.missing) for code in spec.codes])
    block = block.with_values(values)
    _within_bounds(block, spec)
    return block


def numbers(block: Block, column: str, missing: tuple[str, ...]) -> FloatArray:
    """Return a column as finite numbers with NaN for missing, shape (n,)."""
    return number_column(block.table, column, missing, block.row_name)


def number_column(
    table: pl.DataFrame,
    column: str,
    missing: tuple[str, ...] = ("", "NA", "NaN"),
    row_name: Callable[[int], str] | None = None,
) -> FloatArray:
    """Return a column of a table as finite numbers with NaN for missing, shape (n,)."""
    _require(table, [column])
    series = table[column]
    if series.dtype == pl.Null:
        return np.full(len(series), np.nan)
    wrong = np.zeros(len(series), dtype=bool)
    if series.dtype == pl.String:
        stripped = series.str.strip_chars()
        blank = stripped.is_null() | stripped.is_in(list(missing))
        parsed = stripped.cast(pl.Float64, strict=False)
        wrong = (~blank & parsed.is_null()).to_numpy()
        cells = numbers_reader.look(series, numbers_reader.Rules(missing=missing))
        if cells.either().any() and not cells.proofs():
            raise ParityError(
                f"column '{column}' is text, and {cells.text.filter(cells.either())[0]} may be two numbers: "
                "make it numbers"
            )
        series = parsed.set(blank, None)
    elif not (series.dtype.is_numeric() or series.dtype == pl.Boolean):
        raise ParityError(f"column '{column}' holds {series.dtype}, not numbers")
    found = np.array(series.cast(pl.Float64).to_numpy())
    endless = np.isinf(found)
    for rows, what in ((wrong, "is not a number"), (endless, "is infinite")):
        if rows.any():
            row = int(np.flatnonzero(rows)[0])
            whose = f" ({row_name(row)})" if row_name else ""
            more = f"; and {rows.sum() - 1} more in this column" if rows.sum() > 1 else ""
            raise ParityError(
                f"column '{column}', row {row + 1}{whose}: {_short(table[column][row])} {what}{more}"
            )
    return found


def labels(block: Block, column: str) -> TextArray:
    """Return a column as text with ``None`` for missing, shape (n,)."""
    _require(block.table, [column])
    return _texts(block.table, column)


def _require(table: pl.DataFrame, columns: list[str]) -> None:
    absent = [column for column in columns if column not in table.columns]
    if absent:
        more = f" and {len(absent) - _MOST_NAMED} more" if len(absent) > _MOST_NAMED else ""
        raise ParityError(
            f"the data lack the column{'s' if len(absent) > 1 else ''} "
            f"{', '.join(repr(name) for name in absent[:_MOST_NAMED])}{more}."
            f"{did_you_mean(absent[0], table.columns) or ' Columns: ' + ', '.join(table.columns[:20]) + '.'}"
        )


def _texts(table: pl.DataFrame, column: str) -> TextArray:
    series = table[column]
    text = series if series.dtype == pl.String else series.cast(pl.String)
    return np.array([value or None for value in text.to_list()], dtype=object)


def _names(table: pl.DataFrame, column: str, ids: TextArray) -> TextArray:
    _require(table, [column])
    return np.array(
        [name or code for name, code in zip(_texts(table, column), ids, strict=True)], dtype=object
    )


def _years(table: pl.DataFrame, column: str) -> IntArray:
    _require(table, [column])
    series = table[column]
    years = series.dt.year() if series.dtype.is_temporal() else series
    found = years.cast(pl.Float64, strict=False).to_numpy()
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(found) <= _LAST_YEAR) | (found != np.floor(found))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ParityError(
            f"column '{column}': every row needs a whole year; row {row + 1} has {_short(series[row])}"
        )
    return found.astype(np.intp)


def _unique(block: Block) -> None:
    keys = {"id": list(block.ids)} if block.years is None else {"id": list(block.ids), "year": block.years}
    doubled = pl.DataFrame(keys).is_duplicated()
    if doubled.any():
        rows = doubled.arg_true().to_list()
        first = [row for row in rows if block.row_name(row) == block.row_name(rows[0])]
        hint = " (name the column of years in year_column)" if block.years is None else ""
        raise ParityError(
            f"{block.row_name(rows[0])} stands more than once, in rows "
            f"{', '.join(str(row + 1) for row in first[:_MOST_NAMED])}{hint}"
        )


def _short(cell: object) -> str:
    text = repr(cell)
    return text if len(text) <= 60 else f"{text[:57]}...'"


def _within_bounds(block: Block, spec: IndexSpec) -> None:
    for column, indicator in enumerate(spec.indicators):
        if indicator.bounds is None:
            continue
        low, high = indicator.bounds
        values = block.values[:, column]
        outside = np.flatnonzero((values < low) | (values > high))
        if len(outside):
            row = int(outside[0])
            raise ParityError(
                f"column '{indicator.code}', row {row + 1} ({block.row_name(row)}): {values[row]:g} is "
                f"outside the bounds {low:g} to {high:g} that the spec gives"
            )
