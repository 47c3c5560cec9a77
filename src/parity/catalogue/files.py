"""Read and write the user's files: guarded on the way in, atomic on the way out.

Nothing else in Parity opens a file. A reader refuses what would exhaust the
machine or mislead silently, and says so in one message; a writer either
replaces the whole file or leaves the old one as it was.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue import _delimited, _workbook
from parity.errors import ParityError, one_of

# A text file above this is refused: our largest tables are a hundred times smaller.
MAX_TEXT_BYTES = 1 << 30
# A Parquet file may hold a billion repeated values in a kilobyte; what matters is what it unpacks to.
MAX_CELLS = 200_000_000
# First characters that make a spreadsheet run a cell as a formula.
FORMULA_START = r"^[=+\-@\t\r]"

READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet")
WRITABLE = (".csv", ".parquet", ".json", ".xlsx")


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
    path = _existing(path)
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise ParityError(f"{path}: larger than {MAX_TEXT_BYTES >> 20} MB of text; split it or use Parquet")
    with _told(path):
        content = path.read_bytes()
    return decode(content, str(path), encoding)


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


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file in UTF-8, whole or not at all.

    Parameters
    ----------
    path
        File to make or replace.
    text
        Its content.

    Raises
    ------
    ParityError
        If the folder is absent or not writable.
    """
    write_bytes(path, text.encode())


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file, whole or not at all.

    Parameters
    ----------
    path
        File to make or replace.
    content
        Its bytes.

    Raises
    ------
    ParityError
        If the folder is absent or not writable.
    """
    with replacing(path) as draft:
        draft.write_bytes(content)


def write_table(path: str | os.PathLike[str], frame: pl.DataFrame) -> None:
    """Write a table as CSV, Parquet, JSON or Excel, whole or not at all.

    In CSV and Excel a text cell that starts with ``=``, ``+``, ``-`` or ``@`` gets a leading
    apostrophe, so that no spreadsheet runs it as a formula. Numbers are left alone.

    Parameters
    ----------
    path
        File to make or replace; its ending names the format.
    frame
        Table to write.

    Raises
    ------
    ParityError
        If the ending is not one of ``WRITABLE``, or the folder is absent or not writable.
    """
    writers: dict[str, Callable[[pl.DataFrame, Path], Any]] = {
        ".csv": lambda table, draft: escape_formulas(_flat(table)).write_csv(draft),
        ".parquet": lambda table, draft: table.write_parquet(draft),
        ".json": lambda table, draft: table.write_json(draft),
        ".xlsx": lambda table, draft: _workbook.write(escape_formulas(_flat(table)), draft),
    }
    kind = Path(path).suffix.lower()
    if kind not in writers:
        raise ParityError(f"{path}: cannot write '{kind}'; allowed are {one_of(WRITABLE)}")
    with replacing(path) as draft:
        writers[kind](frame, draft)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the table with lists and records as JSON, bytes in hexadecimal: a cell of text holds no more."""
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    as_json = [
        pl.Series(
            name,
            [None if cell is None else json.dumps(cell, default=str) for cell in frame[name].to_list()],
            dtype=pl.String,
        )
        for name in nested
    ]
    return frame.with_columns(*as_json, pl.col(pl.Binary).bin.encode("hex"))


def escape_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the table with every text cell and heading made inert for spreadsheets.

    Parameters
    ----------
    frame
        Any table.

    Returns
    -------
    polars.DataFrame
        The same table; text that would run as a formula starts with an apostrophe.
    """
    text = pl.col(pl.String)
    escaped = frame.with_columns(
        pl.when(text.str.contains(FORMULA_START)).then("'" + text).otherwise(text).name.keep()
    )
    return escaped.rename({name: f"'{name}" for name in frame.columns if name[:1] in tuple("=+-@\t\r")})


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Lend a draft beside the file and put it in place when the block ends well.

    Parameters
    ----------
    path
        File to make or replace.

    Yields
    ------
    pathlib.Path
        Draft to write to, with the same ending. An error or an interrupt removes it.

    Raises
    ------
    ParityError
        If the folder is absent or not writable, or the path is a folder.
    """
    path = Path(path)
    check_place(path)
    with _told(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        draft = Path(name)
        try:
            yield draft
            draft.chmod(0o666 & ~_umask())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def check_place(path: str | os.PathLike[str]) -> None:
    """Refuse a file that could not be written, before any work is done for it.

    Parameters
    ----------
    path
        File to make or replace.

    Raises
    ------
    ParityError
        If the folder is absent or not writable, or the path is a folder.
    """
    path = Path(path)
    if path.is_dir():
        raise ParityError(f"{path}: is a folder; give the name of a file")
    if not path.parent.is_dir():
        raise ParityError(f"{path}: there is no folder '{path.parent}'; make it first")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ParityError(f"{path}: permission denied in the folder '{path.parent}'")


def _umask() -> int:
    # mkstemp makes private files; the finished one gets the permissions of any other new file.
    mask = os.umask(0)
    os.umask(mask)
    return mask


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
