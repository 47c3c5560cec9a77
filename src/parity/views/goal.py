"""What it would take to reach a rank, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from parity.show import marks
from parity.show.cells import interval
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, Text
from parity.views.common import document, rows_of
from parity.views.names import unit, upper_first
from parity.views.rank import form_meant

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.robustness.goal_spread import ChangeReport, GoalReport

MOVES = (
    Column("title", "Series", role="key"),
    Column("steps", "Yearly spreads", role="value", digits=2),
    Column("now", "From", role="value", mixed=True),
    Column("to", "To", role="value", mixed=True),
    Column("to_low", "To, low", role="low"),
    Column("to_high", "To, high", role="high"),
    Column("unit", "Unit"),
)
# Yearly spreads of which a series makes one in a usual year: nobody waits for more.
FAR = 50
NOTE = (
    "Arithmetic on the index, not advice: only actionable, observed indicators move, none beyond the best "
    "value of any country; all other countries stay where they are. A yearly spread is what the series "
    "usually changes in a year; a distance is the root of the sum of squares."
)


def goal(answer: Answer[GoalReport]) -> Document:
    """Return the smallest change that reaches a rank, and the one that does in half of the rebuilds."""
    found, top = answer.result, answer.question.top  # type: ignore[attr-defined]
    name = unit(found.country, found.name)
    title = f"What would bring {name} from rank {found.rank_now} to {found.rank} of {found.units}"
    title += form_meant(answer.question)
    frame = moves(found.base)
    blocks: list[Block] = [Table(frame.head(top), MOVES, f"{title}: the longest moves")]
    if found.builds:
        text = (
            f"In brackets {found.level:.0%} intervals: the smallest change in each of {found.builds} rebuilds"
        )
        if found.out_of_reach:
            text += f"; in {found.out_of_reach:.0%} of them the rank is out of reach"
        blocks.append(Text(f"{text}."))
    if found.robust is None:
        blocks.append(Text(f"In half of the rebuilds: not found, {found.reason}."))
    elif found.robust is found.base:
        blocks.append(Text("The same change is enough in at least half of the rebuilds."))
    else:
        rows = Table(moves(found.robust).head(top), _without_ends(), "Moves that are enough in half of them")
        text = f"It takes {distance(found.robust, found.level)}."
        blocks.append(Group("In half of the rebuilds", (Text(text), rows)))
    blocks += [Note(NOTE), _chart(title, frame.head(top))]
    told = distance(found.base, found.level)
    meant = form_meant(answer.question)
    lead = f"{upper_first(name)} reaches rank {found.rank}{meant}{meant and ','} with {told}."
    return document(answer, title, lead, blocks)


def _without_ends() -> tuple[Column, ...]:
    return tuple(column for column in MOVES if column.role not in ("low", "high"))


def distance(change: ChangeReport, level: float) -> str:
    """Return how long a change is, how many usual years it takes, and how often it is enough."""
    size = interval(change.size, None, None, 2)
    if change.size_low is not None and change.size_high is not None:
        ends = interval(None, change.size_low, change.size_high, 2)
        if change.size_high > FAR >= change.size:
            ends = f"{change.size_low:.2f} to more than {FAR}, beyond moves of a usual size"
        size += f" ({level:.0%} interval {ends})"
    text = f"a change of {size} yearly spreads; the longest move takes {change.years:,.0f} usual years"
    return text if change.share is None else f"{text}; it is enough in {change.share:.0%} of the rebuilds"


def moves(change: ChangeReport) -> pl.DataFrame:
    """Return the moves of a change, the longest first, with the columns ``MOVES``."""
    return rows_of([[getattr(move, column.name) for column in MOVES] for move in change.moves], MOVES)


def _chart(title: str, frame: pl.DataFrame) -> Chart:
    spec = marks.spec(
        marks.bars(frame, "steps", "title", tip=MOVES),
        x=marks.Axis("Move, in yearly spreads of the series", zero=True),
    )
    return Chart("goal", title, frame, spec, MOVES, NOTE, f"{title}: the longest moves.")
