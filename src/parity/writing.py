"""Write the user's files: whole or not at all, and only where a file can be.

A link is followed and what it points to replaced; a file keeps its permissions; one that is read-only stays
as it is, whoever asks. Standard output and named pipes are written to directly, other devices never.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from parity.errors import ParityError, one_of

# First characters that make a spreadsheet run a cell as a formula.
FORMULA_START = r"^[=+\-@\t\r]"
TABLES = (".csv", ".parquet", ".json", ".xlsx")
STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
# Longer sheets are not measured cell by cell for the width of their columns.
# Bars in the chart beside a table.
_BARS = 30
_FITTED = 10_000
# What Excel allows in the name of a sheet.
_SHEET_NAME, _NOT_IN_SHEET_NAME = 31, str.maketrans("[]:*?/\\", "()     ")


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
        As `check_place`.
    """
    write_bytes(path, text.encode())


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file, whole or not at all.

    Parameters
    ----------
    path
        File to make or replace; ``-`` and ``/dev/stdout`` are standard output.
    content
        Its bytes.

    Raises
    ------
    ParityError
        As `check_place`.
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
        If the ending is not one of ``TABLES``, and as `check_place`.
    """
    writers: dict[str, Callable[[pl.DataFrame, Path], Any]] = {
        ".csv": lambda table, draft: escape_formulas(table).write_csv(draft),
        ".parquet": lambda table, draft: table.write_parquet(draft),
        ".json": lambda table, draft: table.write_json(draft),
        ".xlsx": lambda table, draft: write_sheets(draft, [("Sheet1", table)]),
    }
    kind = Path(path).suffix.lower()
    if kind not in writers:
        raise ParityError(f"{path}: cannot write '{kind}'; allowed are {one_of(TABLES)}")
    with replacing(path) as draft:
        writers[kind](frame, draft)


def write_sheets(path: Path, sheets: Sequence[tuple[str, pl.DataFrame]], drawn: int | None = None) -> None:
    """Write tables as the sheets of a new workbook: text stays text, never a formula or a link.

    Parameters
    ----------
    path
        File to make.
    sheets
        Name and table of each; names are cut to what Excel allows, and numbered where two are the same.
    drawn
        Sheet, from 0, whose first column of floats is drawn as bars beside it, by its first texts.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    taken: set[str] = set()
    with xlsxwriter.Workbook(path, options) as book:
        for number, (title, frame) in enumerate(sheets, 1):
            name = title.translate(_NOT_IN_SHEET_NAME).strip(" '")[:_SHEET_NAME] or f"Sheet{number}"
            if name.lower() in taken:
                name = f"{number} {name}"[:_SHEET_NAME]
            taken.add(name.lower())
            escape_formulas(frame).write_excel(book, worksheet=name, autofit=frame.height <= _FITTED)
            if number - 1 == drawn:
                _draw(book, name, frame)


def _draw(book: Any, name: str, frame: pl.DataFrame) -> None:
    """Put a chart of bars beside a table: its first numbers, by the name of each row."""
    texts = [place for place, kind in enumerate(frame.dtypes) if kind == pl.String]
    numbers = [place for place, kind in enumerate(frame.dtypes) if kind.is_float()]
    rows = min(frame.height, _BARS)
    if not texts or not numbers or not rows:
        return
    chart = book.add_chart({"type": "bar"})
    key, value = texts[min(1, len(texts) - 1)], numbers[0]
    chart.add_series(
        {
            "name": frame.columns[value],
            "categories": [name, 1, key, rows, key],
            "values": [name, 1, value, rows, value],
            "gap": 30,
        }
    )
    chart.set_legend({"none": True})
    chart.set_title({"name": frame.columns[value]})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 560, "height": 80 + 18 * rows})
    book.get_worksheet_by_name(name).insert_chart(0, frame.width + 1, chart)


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
        The same table; text that would run as a formula starts with an apostrophe, lists and
        records are JSON, bytes hexadecimal.
    """
    frame = _flat(frame)
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
        As `check_place`.
    """
    check_place(path)
    direct = os.fspath(path) in STANDARD_OUTPUT or Path(path).is_fifo()
    place = Path(path) if direct else Path(path).resolve()
    with _told(path):
        folder = None if direct else place.parent
        handle, name = tempfile.mkstemp(prefix=f".{place.stem}-", suffix=place.suffix, dir=folder)
        os.close(handle)
        draft = Path(name)
        try:
            yield draft
            if direct:
                _send(place, draft.read_bytes())
            else:
                # A draft is private; a new file gets the permissions of any other, an old one keeps its own.
                mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o666 & ~_umask()
                draft.chmod(mode)
                draft.replace(place)
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
        If the folder is absent or not writable, or the path is a folder, a device other than standard
        output, a read-only file or a link that leads back to itself.
    """
    if os.fspath(path) in STANDARD_OUTPUT:
        return
    with _told(path):
        try:
            place = Path(path).resolve()
        except RuntimeError:  # before Python 3.13, what pathlib says of a circle of links
            raise ParityError(f"{path}: is a link that leads back to itself") from None
        if place.is_symlink():
            raise ParityError(f"{path}: is a link that leads back to itself")
        if place.is_dir():
            raise ParityError(f"{path}: is a folder; give the name of a file")
        if not place.parent.is_dir():
            raise ParityError(f"{path}: there is no folder '{place.parent}'; make it first")
        if place.is_fifo():
            return
        if place.exists():
            mode = place.stat().st_mode
            if not stat.S_ISREG(mode):
                raise ParityError(f"{path}: is a device; give the name of a file, or - for standard output")
            # The system lets an administrator write to a read-only file; whoever made it so meant it.
            if not mode & 0o222 or not os.access(place, os.W_OK):
                raise ParityError(f"{path}: is read-only; give another name, or make it writable first")
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise ParityError(f"{path}: permission denied in the folder '{place.parent}'")


def _send(place: Path, content: bytes) -> None:
    if os.fspath(place) in STANDARD_OUTPUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        with place.open("wb") as pipe:
            pipe.write(content)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _told(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn what the system or a writer says about a file into one message."""
    try:
        yield
    except PermissionError:
        raise ParityError(f"{path}: permission denied") from None
    except BrokenPipeError:
        raise  # whoever reads has enough: the command line ends quietly
    except OSError as problem:
        raise ParityError(f"{path}: {problem.strerror or problem}") from None
    except pl.exceptions.PolarsError as problem:
        raise ParityError(f"{path}: cannot be written: {str(problem).splitlines()[0]}") from None
