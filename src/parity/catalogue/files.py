"""Read the user's files, guarded; writing them is `parity.writing`, whose functions are here too.

A reader refuses what would exhaust the machine or mislead silently, and says so in one message.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from parity.catalogue import _delimited, _workbook
from parity.errors import ParityError, one_of
from parity.writing import TABLES as WRITABLE
from parity.writing import check_place, escape_formulas, replacing, write_bytes, write_table, write_text

__all__ = [
    "READABLE",
    "WRITABLE",
    "check_place",
    "decode",
    "escape_formulas",
    "read_bytes",
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


def read_table(path: str | os.PathLike[str], *, encoding: str = "utf-8-sig") -> pl.DataFrame:
    """Return a table from CSV, TSV, Excel or Parquet.

    Text columns whose cells are all numbers become numbers. In such a column an empty cell,
    ``NA``, ``N/A`` and ``NaN`` are missing; in a text column ``NA`` stays what it is
    (Namibia's code).

    Parameters
    ----------
    path
        File; its ending names the format.
    encoding
        Encoding of a CSV or TSV file.

    Returns
    -------
    polars.DataFrame
        One column per header cell, in the file's order.

    Raises
    ------
    ParityError
        If the file is absent, a folder, empty, damaged, in another format or encoding, has a
        column without a name or two of the same name, a cell above the size limit, or would
        unpack to more than the machine can hold.
    """
    path = _existing(path)
    kind = path.suffix.lower()
    if kind not in READABLE:
        raise ParityError(f"{path}: cannot read '{kind}' as a table; allowed are {one_of(READABLE)}")
    if path.stat().st_size == 0:
        raise ParityError(f"{path}: the file is empty")
    with _told(path):
        if kind == ".parquet":
            return _read_parquet(path)
        if kind in (".xlsx", ".xlsm"):
            return _workbook.read(path)
    return _delimited.parse(read_text(path, encoding=encoding), str(path))


def _read_parquet(path: Path) -> pl.DataFrame:
    scan = pl.scan_parquet(path)
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
