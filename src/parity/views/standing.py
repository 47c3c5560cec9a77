"""Where countries stand, and why, in words, tables and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from parity.show import marks
from parity.show.cells import interval, number
from parity.show.document import Chart, Column, Document, Note, estimate
from parity.views.common import document, listed, rows_of
from parity.views.names import unit, upper_first
from parity.views.rank import form_meant

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.robustness.parts import Gap

_POINTS = (
    Column("what", "Of", role="key"),
    Column("level", "Kind"),
    *estimate("points", "Points", digits=2),
)


def explain(answer: Answer[Gap]) -> Document:
    """Return what makes the gap between two countries."""
    found, top = answer.result, answer.question.top  # type: ignore[attr-defined]
    pillars, parts = gap_rows(found)
    rest = sum(part.contribution for part in found.parts[top:])
    left = len(parts) - top
    others = [(f"The other {left} indicators", "indicator", rest, None, None)] if left > 0 else []
    a, b = map(unit, (found.a, found.b), found.names)
    title = f"What makes the gap between {a} and {b}{form_meant(answer.question)}"
    note = (
        f"No intervals: {found.reason}."
        if found.reason
        else f"In brackets {found.level:.0%} intervals: rebuilds with the alternatives of the robustness "
        "table, on the scale of these scores."
    )
    blocks = (
        listed([*pillars, *parts[:top], *others], _POINTS, f"Points of {a} less points of {b}"),
        Note(note),
        _gap_chart("gap-pillars", f"{title}, by pillar", pillars, found),
        _gap_chart("gap-indicators", f"{title}: the largest parts", parts[:top], found),
    )
    return document(answer, title, gap_told(found), blocks)


def gap_rows(found: Gap) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return pillars and indicators: name, kind, points and the ends of their interval."""
    pillars = [
        (title, "pillar", points, *found.pillar_ranges.get(title, (None, None)))
        for title, points in found.pillars.items()
    ]
    parts = [(part.title, "indicator", part.contribution, part.low, part.high) for part in found.parts]
    return pillars, parts


def gap_told(found: Gap) -> str:
    """Return a gap as a sentence."""
    more = "more" if found.gap >= 0 else "less"
    a, b = map(unit, (found.a, found.b), found.names)
    text = f"{upper_first(a)} scores {abs(found.gap):.1f} points {more} than {b}"
    if found.gap_range is None:
        return f"{text}."
    low, high = sorted(end if found.gap >= 0 else -end for end in found.gap_range)
    return f"{text} ({found.level:.0%} interval {number(low)} to {number(high)})."


def _gap_chart(name: str, title: str, rows: list[tuple[Any, ...]], found: Gap) -> Chart:
    frame = rows_of(rows, _POINTS).with_columns(
        side=pl.when(pl.col("points") >= 0).then(pl.lit("ahead")).otherwise(pl.lit("behind"))
    )
    spec = marks.spec(
        marks.bars(frame, "points", "what", low="points_low", high="points_high", by="side", tip=_POINTS),
        x=marks.Axis("Points"),
        at={"x": 0},
    )
    a, b = map(unit, (found.a, found.b), found.names)
    lines = "" if found.reason else f" Lines: {found.level:.0%} intervals over rebuilds of the index."
    caption = f"Points of {a} less points of {b}: to the right it is ahead, to the left behind.{lines}"
    largest = "; ".join(f"{row[0]} {interval(*row[2:])}" for row in rows[:3])
    return Chart(name, title, frame, spec, _POINTS, caption, f"{title}. Largest: {largest}.")
