"""Excel workbooks: unpacked under guard, read as one table."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import polars as pl

from parity.catalogue._delimited import from_cells
from parity.errors import ParityError

# What a workbook may unpack to, and how many cells the rectangle around its cells may span.
MAX_UNPACKED_BYTES = 500 << 20
MAX_PARTS = 5_000
MAX_CELLS = 20_000_000
CHUNK = 1 << 20
CELL = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
CELL_OVERLAP = 256


def read(path: Path) -> pl.DataFrame:
    """Return the first sheet of a workbook.

    Parameters
    ----------
    path
        An ``.xlsx`` or ``.xlsm`` file.

    Returns
    -------
    polars.DataFrame
        Columns named by the first row.

    Raises
    ------
    ParityError
        If the file is not a workbook, would unpack to too much (a zip bomb), or its first
        sheet is empty or not a regular table.
    """
    cells = next(sheets(path))
    if cells.height == 0:
        raise ParityError(f"{path}: the first sheet is empty")
    return from_cells(cells, str(path))


def sheets(path: Path) -> Iterator[pl.DataFrame]:
    """Yield the cells of every sheet as text, without headings; see `read`."""
    import fastexcel

    _inspect(path)
    try:
        workbook = fastexcel.read_excel(str(path))
        for name in workbook.sheet_names:
            yield workbook.load_sheet(name, header_row=None, dtypes="string").to_polars()
    except fastexcel.FastExcelError as problem:
        raise ParityError(f"{path}: cannot be read as Excel: {str(problem).splitlines()[0]}") from None


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
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as problem:
        raise ParityError(f"{path}: is not an Excel workbook or is damaged ({problem})") from None
    except zipfile.zlib.error as problem:  # type: ignore[attr-defined]
        raise ParityError(f"{path}: is a damaged Excel workbook ({problem})") from None


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
