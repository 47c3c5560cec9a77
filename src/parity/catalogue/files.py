"""Read the user's files, guarded; writing them is `parity.writing`, whose functions are here too.

A reader refuses what would exhaust the machine or mislead silently, and says so in one message.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue import _delimited, _workbook
from parity.catalogue._typed import Dialect, Reading, Wanted, named
from parity.catalogue._workbook import DAMAGED
from parity.errors import ParityError, one_of
from parity.writing import TABLES as WRITABLE
from parity.writing import check_place, escape_formulas, replacing, write_bytes, write_table, write_text

__all__ = [
    "DAMAGED",
    "READABLE",
    "WRITABLE",
    "Dialect",
    "Reading",
    "check_place",
    "decode",
    "escape_formulas",
    "read",
    "read_bytes",
    "read_cells",
    "read_sheets",
    "read_table",
    "read_text",
    "replacing",
    "write_bytes",
    "write_table",
    "write_text",
]

# A text file above this is refused: our largest tables are a hundred times smaller.
MAX_TEXT_BYTES = 1 << 30
# A Parquet file may hold a billion repeated values in a kilobyte; what matters is what it unpacks to.
MAX_CELLS = 200_000_000

_log = logging.getLogger("parity.reading")
_USUAL = Dialect()

READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet")


def read_text(path: str | os.PathLike[str], *, encoding: str = "utf-8-sig") -> str:
    """Return a file's text.

    Parameters
    ----------
    path
        File to read.
    encoding
        How its characters are written; the default is UTF-8 with or without a byte order mark.

    Raises
    ------
    ParityError
        If the file is absent, a folder, not readable, larger than ``MAX_TEXT_BYTES`` or in
        another encoding.
    """
    return decode(read_bytes(path), str(path), encoding)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return what a file holds.

    Parameters
    ----------
    path
        File to read.

    Raises
    ------
    ParityError
        If the file is absent, a folder, not readable or larger than ``MAX_TEXT_BYTES``.
    """
    path = _existing(path)
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise ParityError(f"{path}: larger than {MAX_TEXT_BYTES >> 20} MB; split it or use Parquet")
    with _told(path):
        return path.read_bytes()


def decode(content: bytes, name: str, encoding: str = "utf-8-sig") -> str:
    """Decode bytes, or say where they stop being text.

    Parameters
    ----------
    content
        Bytes of the file.
    name
        What to call it in a message.
    encoding
        Encoding to expect.

    Raises
    ------
    ParityError
        If the bytes are not text in that encoding.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"  # Excel's "Unicode text" says so itself, by its byte order mark
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        called = encoding.upper().removesuffix("-SIG")
        raise ParityError(
            f"{name}: byte {content[problem.start]:#04x} in line {line} is not {called} text; "
            f"save the file as UTF-8{_in_excel(name)}"
        ) from None
    if "\0" in text:
        raise ParityError(f"{name}: holds binary data, not text; save it as plain text in UTF-8")
    return text


def _in_excel(name: str) -> str:
    """Return how Excel saves a table as UTF-8; nothing for files that are no tables."""
    return " (in Excel: 'CSV UTF-8')" if Path(name).suffix.lower() in (".csv", ".tsv", ".txt", "") else ""


def read_table(path: str | os.PathLike[str]) -> pl.DataFrame:
    """Return a table from CSV, TSV, Excel or Parquet; what was understood of it goes to the log.

    Parameters
    ----------
    path
        File, maybe with settings after its name: see `read`.

    Raises
    ------
    ParityError
        As in `read`.
    """
    found = read(path)
    for told in found.told:
        _log.info("%s: %s", Path(path).name, told)
    return found.frame


def read(path: str | os.PathLike[str], dialect: Dialect = _USUAL, *, wanted: Wanted | None = None) -> Reading:
    """Return a table from CSV, TSV, Excel or Parquet, and what was understood of it.

    Text columns whose cells are all numbers become numbers. In such a column an empty cell, ``NA``, ``N/A``,
    ``..`` and the like are missing; in a text column ``NA`` stays what it is (Namibia's code), and so does
    007. Titles above the headings and lines below the table are no data.

    Parameters
    ----------
    path
        File; its ending names the format. Settings may follow its name: ``own.xlsx::sheet=Data::header=2,3``,
        ``own.csv::decimal=,::missing=-,x::footnotes=drop``.
    dialect
        How it is read where it leaves that open.
    wanted
        Tells of the columns' names those that have to be numbers; by default none has to, and one that is not
        all numbers stays text.

    Returns
    -------
    Reading
        One column per header cell, in the file's order, and what was understood, in words.

    Raises
    ------
    ParityError
        If the file is absent, a folder, empty, damaged, in another format or encoding, has a column without
        a name or two of the same name, a cell above the size limit, or would unpack to more than the machine
        can hold.
        If numbers may be read in two ways (``1.234``), or a wanted column holds cells that are none: the
        message names all of them, and the line to add.
    """
    path, dialect = named(path, dialect)
    path = _existing(path)
    kind = path.suffix.lower()
    if kind not in READABLE:
        raise ParityError(f"{path}: cannot read '{kind}' as a table; allowed are {one_of(READABLE)}")
    if path.stat().st_size == 0:
        raise ParityError(f"{path}: the file is empty")
    with _told(path):
        if kind == ".parquet":
            return Reading(_read_parquet(path), ())
        if kind in (".xlsx", ".xlsm"):
            return _workbook.read(path, dialect, wanted)
    try:
        text = read_text(path, encoding=dialect.encoding or "utf-8-sig")
    except LookupError:
        raise ParityError(
            f"{path}: there is no encoding '{dialect.encoding}'; usual are utf-8, cp1252"
        ) from None
    except ParityError as problem:
        if "is not" not in str(problem) or dialect.encoding is not None:
            raise
        line = dialect.add({"encoding": '"cp1252"'}, str(path))
        raise ParityError(f"{problem}; or, if Excel of western Europe wrote it, {line}") from None
    return _delimited.parse(text, str(path), dialect, wanted)


def read_sheets(path: str | os.PathLike[str]) -> dict[str, pl.DataFrame]:
    """Return every sheet of a workbook that holds a table, by name.

    Raises
    ------
    ParityError
        As in `read`, or if the file is no workbook.
    """
    with _told(Path(path)):
        return _workbook.every(_workbook_at(path), _USUAL)


def read_cells(path: str | os.PathLike[str]) -> dict[str, list[list[Any]]]:
    """Return the cells of every sheet of a workbook as they are, by name; an empty cell is an empty text.

    Raises
    ------
    ParityError
        If the file is absent, damaged or no workbook.
    """
    with _told(Path(path)):
        return dict(_workbook.grids(_workbook_at(path)))


def _workbook_at(path: str | os.PathLike[str]) -> Path:
    path = _existing(path)
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise ParityError(f"{path}: is no Excel workbook (.xlsx, .xlsm)")
    return path


def scanned(path: Path) -> pl.LazyFrame:
    """Return the rows of a Parquet file.

    Raises
    ------
    ParityError
        If the file is absent or damaged, or a column holds lists or structures and not plain cells.
    """
    if not path.is_file():
        raise ParityError(f"{path}: no such file")
    with _told(path):
        rows = pl.scan_parquet(path)
        nested = {name: kind for name, kind in rows.collect_schema().items() if kind.is_nested()}
    for name, kind in nested.items():
        raise ParityError(f"{path}: column '{name}' holds {kind}; a cell is one text, number or date")
    return rows


def _read_parquet(path: Path) -> pl.DataFrame:
    scan = scanned(path)
    rows = int(scan.select(pl.len()).collect().item())
    columns = len(scan.collect_schema())
    if rows * columns > MAX_CELLS:
        raise ParityError(f"{path}: {rows:,} rows of {columns} columns are above {MAX_CELLS:,} cells")
    return scan.collect()


def _existing(path: str | os.PathLike[str]) -> Path:
    path = Path(path)
    if path.is_dir():
        raise ParityError(f"{path}: is a folder; give the name of a file")
    if not path.exists():
        raise ParityError(f"{path}: no such file")
    return path


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system or a parser says about a file into one message."""
    try:
        yield
    except PermissionError:
        raise ParityError(f"{path}: permission denied") from None
    except OSError as problem:
        raise ParityError(f"{path}: {problem.strerror or problem}") from None
    except pl.exceptions.PolarsError as problem:
        raise ParityError(f"{path}: cannot be read: {str(problem).splitlines()[0]}") from None
