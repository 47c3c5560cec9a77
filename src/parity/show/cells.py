"""From a table's values to the text of its cells: one place for numbers, intervals, dates and gaps."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.estimate import rounded
from parity.show.document import Column, Plot, Table

MOST_DIGITS = 6
# Numbers beyond are written as powers of ten.
HUGE = 1e15
# Characters that turn the direction of a line around, so that it reads as something else.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A number on a scale of 0 to 1 with its interval; ``None`` where it is unknown."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Tracks:
    """The marks beside the rows of a table.

    Attributes
    ----------
    title
        What the scale is.
    series
        Names of the series; empty for a single one.
    rows
        For every row, one mark of each series.
    """

    title: str
    series: tuple[str, ...]
    rows: tuple[tuple[Mark, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and where it leads to."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as people see it.

    Attributes
    ----------
    heads
        Headings, units included.
    names
        Of the columns that are in each cell.
    rows
        Cells.
    right
        Columns set to the right: numbers.
    keys
        Columns that say what a row is about.
    spare
        Columns left out where the page is narrow.
    tracks
        Marks in one more column.
    """

    heads: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: frozenset[int]
    keys: frozenset[int]
    spare: frozenset[int]
    tracks: Tracks | None = None


def clean(text: str) -> str:
    """Return text on one line that moves no cursor, rings no bell and turns no line around."""
    if text.isascii() and text.isprintable():
        return text
    text = _TURNING.sub("", re.sub(r"\s+", " ", text))
    return "".join("\ufffd" if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)


def shown(table: Table, rows: int | None = None) -> Shown:
    """Lay a table out for people.

    Parameters
    ----------
    table
        What to show.
    rows
        Most rows; ``None`` shows all.

    Returns
    -------
    Shown
        A value, the ends of its interval and the reason for a gap are one cell.
    """
    parts = _quantities(tuple(column for column in table.columns if not column.hidden))
    frame = table.frame if rows is None else table.frame.head(rows)
    columns = [_column(frame, part) for part in parts]
    return Shown(
        heads=tuple(_head(part[0]) for part in parts),
        names=tuple(tuple(column.name for column in part) for part in parts),
        rows=tuple(zip(*columns, strict=True)) if columns else (),
        right=frozenset(
            place
            for place, part in enumerate(parts)
            if part[0].role not in ("link", "key") and frame.schema[part[0].name].is_numeric()
        ),
        keys=frozenset(place for place, part in enumerate(parts) if part[0].role == "key"),
        spare=frozenset(place for place, part in enumerate(parts) if part[0].spare),
        tracks=_tracks(frame, table.plot, parts) if table.plot else None,
    )


def interval(value: float | None, low: float | None, high: float | None, digits: int = 1) -> str:
    """Return a number with its interval, for example ``7.0 (4.1 to 13.9)``; nothing for a missing one."""
    if value is None:
        if high is None:
            return "" if low is None else f"at least {number(low, digits)}"
        return f"{_end(low, digits)} to {_end(high, digits)}"
    if low is None and high is None:
        return number(value, digits)
    told, low_end, high_end = number(value, digits), _end(low, digits), _end(high, digits)
    return told if told == low_end == high_end else f"{told} ({low_end} to {high_end})"


def number(value: float, digits: int = 1) -> str:
    """Return a number; what would be rounded to nothing keeps one significant digit."""
    if abs(value) >= HUGE:
        return rounded(value)
    text = f"{value:,.{digits}f}"
    if value and not text.strip("-0.,"):
        return rounded(value, 1)
    return text.removeprefix("-") if not text.strip("-0.,") else text


def digits_of(values: Sequence[float], widths: Sequence[float] = ()) -> int:
    """Return how many digits after the decimal point tell numbers apart without feigning precision.

    Parameters
    ----------
    values
        Numbers of a column, finite.
    widths
        Widths of their intervals. Rounding moves no number by more than a fortieth of the median width;
        without intervals, by more than a 250th of the spread.

    Returns
    -------
    int
        0 to ``MOST_DIGITS``.
    """
    if not values or all(value == round(value) for value in values):
        return 0
    wide = sorted(width for width in widths if width > 0)
    if wide:
        return _digits(wide[len(wide) // 2] / 40)
    spread = max(values) - min(values) or max(abs(value) for value in values)
    return _digits(spread / 250)


def _figures(values: Sequence[float]) -> int:
    """Return how many digits after the point give the largest of some numbers three or more figures."""
    largest = max((abs(value) for value in values), default=1.0)
    return min(MOST_DIGITS, max(0, 2 - math.floor(math.log10(largest))))


def _digits(error: float) -> int:
    """Return the least digits that keep the error of rounding at or below what is given."""
    return min(MOST_DIGITS, max(0, math.ceil(-math.log10(2 * error))))


def _quantities(columns: tuple[Column, ...]) -> list[tuple[Column, ...]]:
    """Return the columns in cells: a value with what follows it, anything else alone."""
    parts: list[tuple[Column, ...]] = []
    for column in columns:
        if column.role in ("low", "high", "reason") and parts and parts[-1][0].role == "value":
            parts[-1] += (column,)
        else:
            parts.append((column,))
    return parts


def _head(column: Column) -> str:
    unit = column.unit or ("%" if column.format == "percent" else "")
    label = clean(column.label or column.name)
    return f"{label} ({clean(unit)})" if unit else label


def _column(frame: pl.DataFrame, part: tuple[Column, ...]) -> list[Cell]:
    first = part[0]
    values = frame[first.name].to_list()
    if first.role == "link":
        return [_link(value) for value in values]
    if first.role == "time":
        return [_plain(value) for value in values]
    if first.role != "value" and not frame.schema[first.name].is_float():
        return [_text(value) for value in values]
    scale = 100 if first.format == "percent" else 1
    value, low, high = (_numbers(frame, part, role, scale) for role in (first.role, "low", "high"))
    digits = first.digits
    if digits is None:
        widths = [b - a for a, b in zip(low, high, strict=True) if a is not None and b is not None]
        known = [v for v in (*value, *low, *high) if v is not None]
        digits = digits_of(known, widths)
    reasons = next((frame[column.name].to_list() for column in part if column.role == "reason"), None)
    cells = []
    for place, (middle, left, right) in enumerate(zip(value, low, high, strict=True)):
        row = digits if not first.mixed else _figures([v for v in (middle, left, right) if v])
        text = interval(middle, left, right, row)
        if middle is None and reasons and reasons[place]:
            text = f"{text} ({clean(str(reasons[place]))})".strip() if text else clean(str(reasons[place]))
        cells.append(Cell(text))
    return cells


def _numbers(frame: pl.DataFrame, part: tuple[Column, ...], role: str, scale: int) -> list[float | None]:
    """Return the finite numbers of a role; none for a role that is not there."""
    for column in part:
        if column.role == role:
            numbers = frame[column.name].cast(pl.Float64).to_list()
            return [scale * each if each is not None and math.isfinite(each) else None for each in numbers]
    return [None] * frame.height


def _end(end: float | None, digits: int) -> str:
    return "open" if end is None else number(end, digits)


def _plain(value: Any) -> Cell:
    return Cell("" if value is None else clean(str(value)))


def _text(value: Any) -> Cell:
    match value:
        case None:
            return Cell("")
        case bool():
            return Cell("yes" if value else "no")
        case int():
            return Cell(f"{value:,}")
        case list():
            return Cell(", ".join(_text(each).text for each in value))
        case _:
            return _plain(value)


def _link(value: Any) -> Cell:
    """Return an address by its host; only addresses of the web lead anywhere."""
    text = "" if value is None else clean(str(value))
    if not re.match(r"https?://[^\s/]", text) or " " in text:
        return Cell(text)
    return Cell(text.split("/")[2].removeprefix("www."), text)


def _tracks(frame: pl.DataFrame, plot: Plot, parts: list[tuple[Column, ...]]) -> Tracks:
    drawn = [part for name in plot.values for part in parts if part[0].name == name]
    triples = [[_numbers(frame, part, role, 1) for role in (part[0].role, "low", "high")] for part in drawn]
    known = [each for triple in triples for column in triple for each in column if each is not None]
    least = plot.low if plot.low is not None else min(known, default=0.0)
    most = plot.high if plot.high is not None else max(known, default=1.0)

    def share(value: float | None) -> float | None:
        if value is None:
            return None
        return 0.5 if most == least else min(1.0, max(0.0, (value - least) / (most - least)))

    rows = []
    for place in range(frame.height):
        marks = []
        for value, low, high in triples:
            left, right = share(low[place]), share(high[place])
            # An open end runs to the end of the scale.
            if left is not None or right is not None:
                left, right = left or 0.0, 1.0 if right is None else right
            marks.append(Mark(share(value[place]), left, right))
        rows.append(tuple(marks))
    series = tuple(_head(part[0]) for part in drawn) if len(drawn) > 1 else ()
    return Tracks(clean(plot.title), series, tuple(rows))
