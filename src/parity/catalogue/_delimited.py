"""CSV and TSV: text in, typed columns out."""

from __future__ import annotations

import csv
import io

import polars as pl

from parity.catalogue._layout import HEAD_ROWS, headings
from parity.catalogue._typed import Dialect, Reading, Wanted, typed
from parity.errors import ParityError

SEPARATORS = (",", "\t", ";")
# Lines of which the separator is told.
_LINES = 30


def parse(text: str, name: str, dialect: Dialect, wanted: Wanted | None = None) -> Reading:
    """Return the table that a delimited text holds; parameters and errors as in `files.read`."""
    if not text.strip():
        raise ParityError(f"{name}: the file is empty")
    separator = separator_of(text)
    rows, ends = _head(text, separator, name)
    shifted = separator != "," or text.lstrip().startswith('"')
    heads = headings(rows, dialect.header, name, shifted=shifted)
    extra = max(map(len, rows[heads.last :])) - len(heads.names)
    beyond = tuple(f"\0{place}" for place in range(extra))
    body = _cells(text, separator, ends[heads.last], (*heads.names, *beyond), name)
    # A separator at the end of each line makes a column of nothing.
    if (
        body.select(pl.any_horizontal(pl.col(beyond).fill_null("").str.strip_chars() != "").any()).item()
        if beyond
        else False
    ):
        raise ParityError(f"{name}: is not a regular table: rows have more cells than headings")
    body = body.drop(beyond)
    # Between commas, a decimal comma would need quotes; elsewhere either is usual.
    return typed(body, heads, name, dialect, usual="." if separator == "," else None, wanted=wanted)


def separator_of(text: str) -> str:
    """Return the separator that cuts the first lines into rows of one width, the headings among them."""
    lines = [line for line in text.lstrip("\ufeff").split("\n", _LINES)[:_LINES] if line.strip()]

    def fits(mark: str) -> tuple[bool, float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            return False, 0.0, 0
        several = [width for width in widths if width > 1]
        if not several:
            return False, 0.0, 0
        usual = max(set(several), key=several.count)
        return several[0] == usual, several.count(usual) / len(widths), usual

    return max(SEPARATORS, key=fits)


def _head(text: str, separator: str, name: str) -> tuple[list[list[str]], list[int]]:
    """Return the first rows, and after how many lines of the file each ends."""
    rows, ends = [], []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) == HEAD_ROWS:
                break
    except csv.Error as problem:
        if "field larger" not in str(problem):
            raise ParityError(f"{name}: is not a regular table: {problem}") from None
    return rows or [text.split("\n", 1)[0].split(separator)], ends or [1]


def _cells(text: str, separator: str, skip: int, names: tuple[str, ...], name: str) -> pl.DataFrame:
    try:
        return pl.read_csv(
            io.BytesIO(text.encode()),
            separator=separator,
            has_header=False,
            skip_lines=skip,
            schema=dict.fromkeys(names, pl.String),
            infer_schema=False,
            missing_columns="insert",
        )
    except pl.exceptions.NoDataError:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    except pl.exceptions.PolarsError as problem:
        reason = str(problem).splitlines()[0]
        raise ParityError(f"{name}: is not a regular table: {reason}") from None
