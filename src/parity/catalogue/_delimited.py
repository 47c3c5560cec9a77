"""CSV and TSV: text in, typed columns out."""

from __future__ import annotations

import io

import polars as pl

from parity.errors import ParityError

# A cell above this is a mistake or an attack (an unclosed quote swallows the rest of a file).
MAX_CELL_CHARACTERS = 1_000_000
SEPARATORS = (",", "\t", ";")
# Marks of a missing number. In a column of text they are left alone: NA is Namibia.
MISSING_NUMBERS = ("", "NA", "N/A", "n/a", "NaN", "nan")


def parse(text: str, name: str) -> pl.DataFrame:
    """Return the table that a delimited text holds.

    Parameters
    ----------
    text
        Content of the file.
    name
        What to call it in messages.

    Returns
    -------
    polars.DataFrame
        Columns of integers, floats or text.

    Raises
    ------
    ParityError
        If there is no header, a heading is empty or used twice, rows have more cells than the
        header, or a cell is too large.
    """
    if not text.strip():
        raise ParityError(f"{name}: the file is empty")
    separator = _separator(text)
    return from_cells(_cells(text, separator, name), name, decimal_comma=separator == ";")


def from_cells(cells: pl.DataFrame, name: str, *, decimal_comma: bool = False) -> pl.DataFrame:
    """Return the table that rows of text cells hold, the first row naming the columns.

    Parameters
    ----------
    cells
        Columns of text.
    name
        What to call the file in messages.
    decimal_comma
        Whether ``3,14`` is a number, as in the semicolon-separated files of continental Europe.

    Returns
    -------
    polars.DataFrame
        Columns of integers, floats or text.

    Raises
    ------
    ParityError
        If a heading is empty or used twice, or a cell is too large.
    """
    headings = ["" if cell is None else cell.strip() for cell in cells.row(0)]
    _check_headings(headings, name)
    body = cells.slice(1).rename(dict(zip(cells.columns, headings, strict=True)))
    _check_cells(body, name)
    return body.with_columns(_typed(column, decimal_comma) for column in body.iter_columns())


def _check_headings(headings: list[str], name: str) -> None:
    seen: set[str] = set()
    for position, heading in enumerate(headings, start=1):
        if not heading:
            raise ParityError(f"{name}: column {position} has no name; give every column a heading")
        if heading in seen:
            raise ParityError(f"{name}: column '{heading}' appears twice; keep one or rename it")
        seen.add(heading)


def _typed(column: pl.Series, decimal_comma: bool) -> pl.Series:
    cells = column.str.strip_chars()
    known = cells.set(cells.is_in(MISSING_NUMBERS), None)
    if decimal_comma:
        known = known.str.replace(",", ".", literal=True)
    if known.null_count() < len(known):
        for dtype in (pl.Int64, pl.Float64):
            numbers = known.cast(dtype, strict=False)
            if numbers.null_count() == known.null_count():
                return numbers
    return cells.set(cells == "", None)


def _separator(text: str) -> str:
    header = text.lstrip().split("\n", 1)[0]
    return max(SEPARATORS, key=header.count)


def _cells(text: str, separator: str, name: str) -> pl.DataFrame:
    try:
        return pl.read_csv(
            io.BytesIO(text.encode()), separator=separator, has_header=False, infer_schema=False
        )
    except pl.exceptions.PolarsError as problem:
        reason = str(problem).splitlines()[0]
        raise ParityError(f"{name}: is not a regular table: {reason}") from None


def _check_cells(frame: pl.DataFrame, name: str) -> None:
    for column in frame.iter_columns():
        longest = column.str.len_chars().max()
        if isinstance(longest, int) and longest > MAX_CELL_CHARACTERS:
            raise ParityError(
                f"{name}: a cell of column '{column.name}' has {longest:,} characters, above the limit of "
                f"{MAX_CELL_CHARACTERS:,}; is a quote left open?"
            )
