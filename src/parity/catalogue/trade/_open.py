"""Trade files opened as text, lazily, with the separators, encodings and title rows of their publishers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from parity.catalogue import files
from parity.catalogue._delimited import SEPARATORS
from parity.errors import ParityError

DELIMITED = (".csv", ".tsv", ".txt", ".dat", ".gz")
# How Excel marks its "Unicode text".
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Rows above the headings in which a title may stand.
TITLE_ROWS = 15
MORE_CELLS = "have more cells than headings (a mark within a number or a name without quotes?); mend them"
HEAD_BYTES = 262_144
# Encodings of files that are not UTF-8: Taiwan's older downloads, and western spreadsheets.
ENCODINGS = ("big5", "cp1252")


def opened(path: Path, fits: Callable[[list[str]], bool]) -> tuple[pl.LazyFrame, str]:
    """Return a file's rows, every cell as text, and its separator (empty for a workbook or Parquet).

    Parameters
    ----------
    path
        CSV, TSV, Excel or Parquet file; CSV may be compressed by gzip.
    fits
        Whether headings are those that are looked for; the first row of which they are is taken.

    Raises
    ------
    ParityError
        If the file is absent, cannot be read, or was cut short.
    """
    if not path.is_file():
        raise ParityError(f"{path}: no such file")
    kind = path.suffix.lower()
    if kind == ".parquet":
        try:
            rows = pl.scan_parquet(path)
            columns = rows.collect_schema()
        except pl.exceptions.PolarsError as problem:
            raise ParityError(f"{path}: cannot be read: {str(problem).splitlines()[0]}") from None
        _refuse_broken_codes(columns, path)
        return rows.with_columns(pl.all().cast(pl.String)), ""
    if kind not in DELIMITED:
        table = files.read_table(path)
        _refuse_broken_codes(table.schema, path)
        return table.lazy().with_columns(pl.all().cast(pl.String)), ""
    return _delimited(path, fits)


def _refuse_broken_codes(schema: pl.Schema, path: Path) -> None:
    """Refuse codes that a spreadsheet made numbers with a point: 8471.3 was 8471.30."""
    names = ("hs", "code", "product", "commodity")
    for column, dtype in schema.items():
        if dtype.is_float() and any(name in column.lower() for name in names):
            raise ParityError(
                f"{path}: the codes in '{column}' are numbers with a point and may have lost zeros; "
                "make them text"
            )


def _delimited(path: Path, fits: Callable[[list[str]], bool]) -> tuple[pl.LazyFrame, str]:
    head = _head(path)
    if not head.strip():
        raise ParityError(f"{path}: cannot be read: the file is empty")
    lines = list(csv.reader(io.StringIO(head), delimiter=(separator := _separator(head))))
    rows = [number for number, line in enumerate(lines[:TITLE_ROWS]) if fits([cell.strip() for cell in line])]
    first = rows[0] if rows else 0
    header = [cell.strip() for cell in lines[first]]
    width = max((len(line) for line in lines[first + 1 : first + 3]), default=len(header))
    # The site of UN Comtrade ends its rows in a comma, and its headings without.
    names = [*header, *(f"_{extra}" for extra in range(width - len(header)))]
    names = [name or f"_{number}" for number, name in enumerate(names)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ParityError(f"{path}: column '{twice}' appears twice; keep one or rename it")
    if path.suffix.lower() != ".gz":
        _refuse_cut(path, header, separator)
    try:
        table = pl.scan_csv(
            _source(path),
            separator=separator,
            has_header=False,
            skip_lines=first + 1,
            schema=dict.fromkeys(names, pl.String),
            encoding="utf8-lossy",
            missing_columns="insert",
        )
        table.collect_schema()
    except pl.exceptions.PolarsError as problem:
        raise ParityError(f"{path}: cannot be read: {str(problem).splitlines()[0]}") from None
    if extra := names[len(header) :]:
        _refuse_extra(table, extra, path)
    return table.drop(extra), separator


def _refuse_extra(table: pl.LazyFrame, extra: list[str], path: Path) -> None:
    """Refuse cells to the right of the headings: the row they are in is shifted, and so is its value."""
    filled = pl.any_horizontal(pl.col(extra).str.strip_chars().fill_null("") != "")
    with regular(str(path)):
        count = table.select(filled.sum()).collect(engine="streaming").item()
    if count:
        raise ParityError(f"{path}: {count} rows {MORE_CELLS}")


@contextmanager
def regular(name: str) -> Iterator[None]:
    """Turn what a parser says of a row into one message."""
    try:
        yield
    except pl.exceptions.PolarsError as problem:
        said = str(problem).splitlines()[0]
        told = f"rows {MORE_CELLS}" if "more fields" in said else f"cannot be read: {said}"
        raise ParityError(f"{name}: {told}") from None


def _head(path: Path) -> str:
    """Return the start of a file as text."""
    import gzip

    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        return _decoded(file.read(HEAD_BYTES))


def _decoded(content: bytes) -> str:
    if content.startswith(UTF16):
        return content[: len(content) // 2 * 2].decode("utf-16", errors="ignore")
    for encoding in ("utf-8-sig", *ENCODINGS):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as problem:
            # The last character of a piece may be cut.
            if problem.start > len(content) - 4:
                return content[: problem.start].decode(encoding)
    return content.decode("latin-1")


def _source(path: Path) -> Path | io.BytesIO:
    """Return the file, or its text as UTF-8 where it is in another encoding."""
    if path.suffix.lower() == ".gz":
        return path
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        if not head.startswith(UTF16):
            head[: head.rfind(b"\n") + 1].decode("utf-8")
            return path
    except UnicodeDecodeError:
        pass
    return io.BytesIO(_decoded(path.read_bytes()).encode())


def _separator(head: str) -> str:
    lines = head.splitlines()[:TITLE_ROWS]
    return max(SEPARATORS, key=lambda mark: max(line.count(mark) for line in lines))


def _refuse_cut(path: Path, header: list[str], separator: str) -> None:
    """Refuse a file whose last line breaks off: it has fewer cells than headings, and no end."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 65_536, 0))
        tail = file.read()
    if tail.endswith((b"\n", b"\r", b"\n\0", b"\r\0")):
        return
    last = tail.replace(b"\r", b"\n").rsplit(b"\n", 1)[-1].decode("utf-8", errors="replace")
    cells = next(csv.reader([last], delimiter=separator), [])
    if 1 < len(cells) < len(header):
        raise ParityError(
            f"{path}: its last line has {len(cells)} of {len(header)} cells: it was cut short; "
            "download it again"
        )
