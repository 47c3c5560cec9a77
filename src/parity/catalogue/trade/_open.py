"""Trade files opened as text, lazily, with the separators, encodings and title rows of their publishers."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from parity.catalogue import _workbook, files
from parity.catalogue._delimited import SEPARATORS
from parity.errors import ParityError, one_of

DELIMITED = (".csv", ".tsv", ".txt", ".dat", ".gz")
WORKBOOKS = (".xlsx", ".xlsm")
READABLE = (*DELIMITED, *WORKBOOKS, ".parquet", ".zip")
# How archives start, and what one may unpack to.
ARCHIVE = b"PK\x03\x04"
MAX_UNPACKED = 32 << 30
# How Excel marks its "Unicode text".
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Rows above the headings in which a title may stand.
TITLE_ROWS = 15
MORE_CELLS = "have more cells than headings (a mark within a number or a name without quotes?); mend them"
HEAD_BYTES = 262_144
# Encodings of files that are not UTF-8: Taiwan's older downloads, and western spreadsheets.
ENCODINGS = ("big5", "cp1252")


Fits = Callable[[list[str]], bool]


@contextmanager
def unpacked(paths: Sequence[Path], fits: Fits) -> Iterator[list[Path]]:
    """Yield files, those within archives unpacked into a folder of their own.

    Of an archive the tables are taken whose headings fit, and not the lists and notes beside them.
    """
    with tempfile.TemporaryDirectory(prefix="parity-trade-") as folder:
        found = []
        for number, path in enumerate(paths):
            if path.is_file() and _is_archive(path):
                found += _taken_out(path, Path(folder) / str(number), fits)
            else:
                found.append(path)
        try:
            yield found
        except ParityError as problem:
            said = str(problem)
            for number, path in enumerate(paths):
                said = said.replace(f"{Path(folder) / str(number)}/", f"{path}: ")
            raise type(problem)(said) from None


def _is_archive(path: Path) -> bool:
    if path.suffix.lower() in WORKBOOKS:
        return False
    with path.open("rb") as file:
        return path.suffix.lower() == ".zip" or file.read(len(ARCHIVE)) == ARCHIVE


def _taken_out(path: Path, folder: Path, fits: Fits) -> list[Path]:
    folder.mkdir()
    tables: list[Path] = []
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir()]
            if any(one.filename == "[Content_Types].xml" for one in inside):
                raise ParityError(f"{path}: is an Excel workbook; let its name end in .xlsx")
            if sum(one.file_size for one in inside) > MAX_UNPACKED:
                raise ParityError(f"{path}: unpacks to more than {MAX_UNPACKED >> 30} GB; unpack it yourself")
            for part in inside:
                name = Path(part.filename).name
                if Path(name).suffix.lower() in READABLE[:-1] and not name.startswith("."):
                    twice = (folder / name).exists()
                    tables.append(folder / (f"{len(tables)}-{name}" if twice else name))
                    with archive.open(part) as source, tables[-1].open("xb") as target:
                        shutil.copyfileobj(source, target)
    except (*_workbook.DAMAGED, OSError) as problem:
        raise ParityError(f"{path}: cannot be unpacked: {problem}") from None
    wanted = [table for table in tables if _headed(table, fits)]
    if not wanted:
        names = ", ".join(table.name for table in tables[:8]) or "no table"
        raise ParityError(f"{path}: holds no file with the headings of this layout (found: {names})")
    return wanted


def _headed(path: Path, fits: Fits) -> bool:
    try:
        return fits(opened(path, fits)[0].collect_schema().names())
    except ParityError:
        return False


def opened(path: Path, fits: Fits) -> tuple[pl.LazyFrame, str]:
    """Return a file's rows, every cell as text, and its separator (empty for a workbook or Parquet).

    ``path``: CSV, TSV, Excel or Parquet file; CSV may be compressed by gzip. Of a workbook all sheets
    with the headings are read. ``fits``: whether headings are those that are looked for; the first row of
    which they are is taken.
    """
    if not path.is_file():
        raise ParityError(f"{path}: no such file")
    kind = path.suffix.lower()
    if kind == ".parquet":
        rows = files.scanned(path)
        _refuse_broken_codes(rows.collect_schema(), path)
        return rows.with_columns(pl.all().cast(pl.String)), ""
    if kind in WORKBOOKS:
        return _sheets(path, fits).lazy(), ""
    if kind not in DELIMITED:
        raise ParityError(f"{path}: cannot read '{kind}' as a table; allowed are {one_of(READABLE)}")
    return _delimited(path, fits)


def _sheets(path: Path, fits: Fits) -> pl.DataFrame:
    """Return the rows of all sheets that have the headings; of the first sheet if none has."""
    tables, first = [], None
    for cells in _workbook.sheets(path):
        rows = [
            ["" if cell is None else cell.strip() for cell in row] for row in cells.head(TITLE_ROWS).rows()
        ]
        start = next((number for number, row in enumerate(rows) if fits(row)), None)
        names = _named(rows[start or 0])
        table = cells.slice((start or 0) + 1).rename(dict(zip(cells.columns, names, strict=True)))
        first = table if first is None else first
        tables += [] if start is None else [table]
    if first is None:
        raise ParityError(f"{path}: cannot be read: the workbook is empty")
    return pl.concat(tables, how="diagonal") if tables else first


def _named(header: list[str]) -> list[str]:
    """Return headings, with names for those that have none."""
    return [name or f"_{number}" for number, name in enumerate(header)]


def _refuse_broken_codes(schema: pl.Schema, path: Path) -> None:
    """Refuse codes that a spreadsheet made numbers with a point: 8471.3 was 8471.30."""
    names = ("hs", "code", "product", "commodity")
    for column, dtype in schema.items():
        if dtype.is_float() and any(name in column.lower() for name in names):
            raise ParityError(
                f"{path}: the codes in '{column}' are numbers with a point and may have lost zeros; "
                "make them text"
            )


def _delimited(path: Path, fits: Fits) -> tuple[pl.LazyFrame, str]:
    head = _head(path)
    if not head.strip():
        raise ParityError(f"{path}: cannot be read: the file is empty")
    separator = _separator(head)
    try:
        lines = list(csv.reader(io.StringIO(head, newline=None), delimiter=separator))
    except csv.Error as problem:
        raise ParityError(f"{path}: cannot be read: {problem}") from None
    rows = [number for number, line in enumerate(lines[:TITLE_ROWS]) if fits([cell.strip() for cell in line])]
    first = rows[0] if rows else 0
    header = [cell.strip() for cell in lines[first]]
    width = max((len(line) for line in lines[first + 1 : first + 3]), default=len(header))
    # The site of UN Comtrade ends its rows in a comma, and its headings without.
    names = [*header, *(f"_{extra}" for extra in range(width - len(header)))]
    names = _named(names)
    if len(set(names)) < len(names):
        if not rows:
            raise ParityError(
                f"{path}: has no headings of this layout (its first row: {', '.join(header[:12])})"
            )
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
    if path.suffix.lower() != ".gz":
        with path.open("rb") as file:
            return _decoded(file.read(HEAD_BYTES))
    try:
        with gzip.open(path) as file:
            head = file.read(HEAD_BYTES)
            while file.read(1 << 20):  # to its end: a reader of what was cut short may stop without a word
                pass
    except (OSError, EOFError, zlib.error) as problem:
        raise ParityError(f"{path}: cannot be unpacked ({problem}); download it again") from None
    return _decoded(head)


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
        if not head.startswith(UTF16) and (b"\n" in head or b"\r" not in head):
            head[: head.rfind(b"\n") + 1].decode("utf-8")
            return path
    except UnicodeDecodeError:
        pass
    text = _decoded(path.read_bytes())
    return io.BytesIO((text if "\n" in text else text.replace("\r", "\n")).encode())


def _separator(head: str) -> str:
    lines = head.splitlines()[:TITLE_ROWS]
    return max((*SEPARATORS, "|"), key=lambda mark: max(line.count(mark) for line in lines))


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
