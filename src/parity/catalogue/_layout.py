"""Where a table begins and ends within a sheet or file: titles above it, headings, lines below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from parity.errors import ParityError

# Rows in which headings are looked for; rows at the end that may be no data.
HEAD_ROWS = 100
FOOT_ROWS = 60
# How much of the widest row headings fill: a title with a cell beside it does not.
_FULL = 0.75
ROW_NAME = "row_name"
_YEAR = re.compile(r"^(19|20|21)\d\d(\.0)?$")
_NUMBER = re.compile(r"^[+-]?[\d.,' ]*\d%?$")
# How lines below a table begin, in the languages of those who publish them.
_FOOTER = re.compile(
    r"^(\W|\d+[.)] |[a-z][.)] |(sources?|notes?|data|last|updated?|download|extract|copyright|licen[cs]e|"
    r"quellen?|stand|anmerkung|hinweis|letzte|fontes?|fuentes?|notas?|fonti|elabora|dados|datos|données|dernière|"
    r"fecha|date|mise|légende|legende|legend|generated|see|values?|figures?)\b)",
    re.IGNORECASE,
)
_LONG = 60


@dataclass(frozen=True, slots=True)
class Headings:
    """Headings of a table."""

    names: tuple[str, ...]  # one per column
    last: int  # row of the file, from 0, after which the data begin
    told: tuple[str, ...]  # what was understood, in words


def headings(
    rows: Sequence[Sequence[str]], given: tuple[int, ...], name: str, *, shifted: bool = False
) -> Headings:
    """Find the headings of a table.

    ``given``: rows of the headings, from 1; found by default.
    """
    filled = [[place for place, cell in enumerate(row) if cell.strip()] for row in rows]
    if given:
        if max(given) > len(rows):
            raise ParityError(f"{name}: header = {list(given)}, but the file has {len(rows)} rows")
        names, last = _joined([rows[row - 1] for row in sorted(given)]), max(given) - 1
        told = [f"headings from row{'s' * (len(given) > 1)} {', '.join(map(str, given))}"]
    else:
        last = _first(rows, filled)
        names, told = [cell.strip() for cell in rows[last]], []
        if above := [" ".join(rows[row]).strip() for row in range(last) if filled[row]]:
            told.append(
                f"headings from row {last + 1}; above them: {'; '.join(_short(line) for line in above[:4])}"
            )
    width = max((places[-1] + 1 for places in filled[last + 1 :] if places), default=len(names))
    while names and not names[-1] and len(names) > width:
        names.pop()
    below = [row for row, places in zip(rows[last + 1 :], filled[last + 1 :], strict=True) if places]
    named = all(len(row) == len(rows[last]) + 1 == len(names) + 1 and not _is_number(row[0]) for row in below)
    if shifted and below and named and all(names):
        # R's write.table gives names of rows and no heading above them.
        names = ["", *names]
    if names and not names[0] and all(names[1:]) and len(names) > 1:
        names[0] = ROW_NAME if ROW_NAME not in names else f"{ROW_NAME}_"
        told.append(f"the first column has no heading, and is called '{names[0]}'")
    _check(names, rows, last, name)
    return Headings(tuple(names), last, tuple(told))


def _first(rows: Sequence[Sequence[str]], filled: Sequence[Sequence[int]]) -> int:
    """Return the first row that names nearly every column."""
    widest = max((len(places) for places in filled), default=0)
    several = [row for row, places in enumerate(filled) if len(places) >= min(2, widest)]
    for row in several:
        nameless = bool(filled[row]) and filled[row][0] == 1  # R leaves the first heading empty
        enough = len(filled[row]) + nameless >= _FULL * widest
        if enough and not any(_is_number(rows[row][place]) for place in filled[row]):
            return row
    return several[0] if several else 0


def _is_number(cell: str) -> bool:
    text = cell.strip()
    return bool(_NUMBER.match(text)) and not _YEAR.match(text)


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join several rows of headings; a merged cell stands over all below it."""
    width = max(len(row) for row in rows)
    parts: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(rows):
        over = ""
        for place in range(width):
            cell = row[place].strip() if place < len(row) else ""
            over = cell or (over if depth < len(rows) - 1 else "")
            if over and over not in parts[place]:
                parts[place].append(over)
    return [" ".join(part) for part in parts]


def _check(names: Sequence[str], rows: Sequence[Sequence[str]], last: int, name: str) -> None:
    if not names:
        raise ParityError(f"{name}: has no headings; give every column one")
    seen: set[str] = set()
    for position, heading in enumerate(names, start=1):
        if not heading:
            raise ParityError(f"{name}: column {position} has no name; give every column a heading")
        if heading in seen:
            above = last > 0 and any(cell.strip() for cell in rows[last - 1])
            more = f", or join two rows of headings with header = [{last}, {last + 1}]" if above else ""
            raise ParityError(f"{name}: column '{heading}' appears twice; keep one or rename it{more}")
        seen.add(heading)


def data_rows(body: pl.DataFrame) -> tuple[pl.Series, tuple[str, ...]]:
    """Tell which rows are data and not blank or lines below the table; and return those lines.

    A line below a table fills its first cell or two alone, and reads like one: it begins with "Source" or
    "Note" or a mark, has a colon, or follows a blank row.
    """
    if body.is_empty():
        return pl.Series([], dtype=pl.Boolean), ()
    cell = pl.all().fill_null("").str.strip_chars()
    filled = body.select(pl.sum_horizontal((cell != "").cast(pl.Int32))).to_series()
    few = max(1, min(2, body.width // 2))
    end = body.height
    # Upwards, as long as rows may be lines: the highest that reads like one begins them.
    for row in range(body.height - 1, max(body.height - FOOT_ROWS, 0) - 1, -1):
        if filled[row] > few or body.width == 1:
            break
        after_blank = row > 0 and filled[row - 1] == 0 and filled[row] < body.width / 2
        if filled[row] and (after_blank or _reads_like_line(_text(body.row(row)))):
            end = row
    lines = tuple(_short(_text(row)) for row in body.slice(end).rows() if _text(row))
    return (filled > 0) & (pl.int_range(body.height, eager=True) < end), lines


def _text(row: Sequence[str | None]) -> str:
    return " ".join(cell.strip() for cell in row if cell and cell.strip())


def _reads_like_line(text: str) -> bool:
    return bool(_FOOTER.match(text)) or ": " in text or text.endswith(":") or len(text) > _LONG


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONG else f"{plain[: _LONG - 3]}..."
