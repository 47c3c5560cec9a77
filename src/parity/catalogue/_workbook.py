"""Excel workbooks: unpacked under guard, read as one table."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import polars as pl

from parity.catalogue._layout import HEAD_ROWS, headings
from parity.catalogue._typed import Dialect, Reading, Wanted, typed
from parity.errors import ParityError, one_of

Cell = Any  # text, float, bool, date, time or duration

# What a workbook may unpack to, and how many cells the rectangle around its cells may span.
MAX_UNPACKED_BYTES = 500 << 20
DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)
"""What an archive raises that cannot be unpacked."""
MAX_PARTS = 5_000
MAX_CELLS = 20_000_000
CHUNK = 1 << 20
CELL = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
CELL_OVERLAP = 256
# Floats above this are not exact to one.
_WHOLE = 2**53


def read(path: Path, dialect: Dialect, wanted: Wanted | None = None) -> Reading:
    """Return one sheet of a workbook; parameters and errors as in `files.read`.

    Without a name, the sheet with most of the wanted columns; of equal ones the first that holds a table.
    """
    held = list(grids(path))
    names = [name for name, _ in held]
    if not held:
        raise ParityError(f"{path}: has no sheet with cells")
    if dialect.sheet is not None and dialect.sheet not in names:
        raise ParityError(f"{path}: has no sheet '{dialect.sheet}'; its sheets are {one_of(names)}")
    if dialect.sheet is not None:
        name, rows = held[names.index(dialect.sheet)]
    else:
        tables = [each for each in held if _is_table(each[1])] or held
        name, rows = max(tables, key=lambda each: _wanted(each[1], dialect, wanted))
    if not any(cell != "" for row in rows for cell in row):
        which = "first sheet" if name == names[0] else f"sheet '{name}'"
        raise ParityError(f"{path}: the {which} is empty")
    found = _table(rows, str(path), dialect, wanted)
    if len(names) == 1:
        return found
    others = one_of(other for other in names if other != name)
    return replace(found, told=(f"sheet '{name}' (beside it: {others})", *found.told))


def _wanted(rows: list[list[Cell]], dialect: Dialect, wanted: Wanted | None) -> int:
    """Return how many wanted columns a sheet has."""
    try:
        text = [[_text(cell) for cell in row] for row in rows[:HEAD_ROWS]]
        return len(wanted(headings(text, dialect.header, "").names)) if wanted else 0
    except ParityError:
        return 0


def every(path: Path, dialect: Dialect) -> dict[str, pl.DataFrame]:
    """Return the tables of all sheets that hold one, by name."""
    return {
        name: _table(rows, f"{path}, sheet '{name}'", dialect).frame
        for name, rows in grids(path)
        if _is_table(rows)
    }


def _table(rows: list[list[Cell]], name: str, dialect: Dialect, wanted: Wanted | None = None) -> Reading:
    text = [[_text(cell) for cell in row] for row in rows[:HEAD_ROWS]]
    heads = headings(text, dialect.header, name)
    below = rows[heads.last + 1 :]
    cells = {heading: [row[place] for row in below] for place, heading in enumerate(heads.names)}
    body = pl.DataFrame(
        {heading: [_text(cell) for cell in some] for heading, some in cells.items()},
        dict.fromkeys(heads.names, pl.String),
    )
    known = {
        heading: pl.Series([cell if type(cell) is float else None for cell in some], dtype=pl.Float64)
        for heading, some in cells.items()
    }
    return typed(body, heads, name, dialect, usual=None, known=known, wanted=wanted)


def sheets(path: Path) -> Iterator[pl.DataFrame]:
    """Yield the cells of every sheet as text, without headings and blank edges."""
    for _, rows in grids(path):
        columns = {
            f"column_{place}": [_text(row[place]) for row in rows]
            for place in range(len(rows[0]) if rows else 0)
        }
        yield pl.DataFrame(columns, dict.fromkeys(columns, pl.String))


def grids(path: Path) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Yield name and cells of every sheet that is one of cells."""
    import python_calamine

    _inspect(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for sheet in workbook.sheets_metadata:
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
                yield sheet.name, workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError) as problem:
        raise ParityError(f"{path}: cannot be read as Excel: {str(problem).splitlines()[0]}") from None


def _is_table(rows: list[list[Cell]]) -> bool:
    return len([row for row in rows[:HEAD_ROWS] if len([cell for cell in row if cell != ""]) > 1]) > 1


def _text(cell: Cell) -> str:
    """Return a cell as the reader of text files would find it."""
    if type(cell) is float:
        return str(int(cell)) if cell.is_integer() and abs(cell) < _WHOLE else repr(cell)
    if type(cell) is bool:
        return str(cell).lower()
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def _inspect(path: Path) -> None:
    """Unpack every part once, counting: sizes that a bomb declares are not to be believed."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise ParityError(f"{path}: {len(parts)} parts inside; a workbook has at most {MAX_PARTS}")
            left = MAX_UNPACKED_BYTES
            for part in parts:
                part.file_size = left + CHUNK  # read to the end of the stream, whatever was declared
                with archive.open(part) as stream:
                    left -= _unpacked(stream, path, left)
    except (*DAMAGED, ValueError) as problem:
        raise ParityError(f"{path}: is not an Excel workbook or is damaged ({problem})") from None


def _unpacked(stream: IO[bytes], path: Path, allowed: int) -> int:
    total, rows, columns, tail = 0, 0, 0, b""
    while chunk := stream.read(CHUNK):
        total += len(chunk)
        if total > allowed:
            raise ParityError(
                f"{path}: unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB (a zip bomb?); "
                "save the sheet as CSV or Parquet"
            )
        for letters, digits in CELL.findall(tail + chunk):
            rows, columns = max(rows, int(digits)), max(columns, _column(letters))
        if rows * columns > MAX_CELLS:
            raise ParityError(
                f"{path}: a sheet spans {rows:,} rows by {columns:,} columns; "
                "delete stray cells far from the table"
            )
        tail = chunk[-CELL_OVERLAP:]
    return total


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
