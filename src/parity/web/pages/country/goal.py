"""What it would take to reach a rank: as the brief has it at once, with intervals on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.answers.goal import GoalAnswer, goal_answer, seek
from parity.ask.standing import built
from parity.brief.model import GoalSection, Missing
from parity.errors import NoAnswerError, ParityError
from parity.web.figure import Column, Figure, Table
from parity.web.pages.country.figures import SOURCE
from parity.web.pages.country.peers import ranked
from parity.web.pages.country.state import CountryState

if TYPE_CHECKING:
    from parity.robustness.goal import Rebuild

DRAWS = 120
"""Rebuilds, as `parity goal` has them by default: the same command, the same numbers."""
PATIENCE = 60
"""Seconds that a request waits for others' searches."""
NOTE = (
    "Arithmetic on the index, not advice: only actionable, observed indicators move, none beyond the best "
    "value of any country; all other countries stay where they are. A step is the series' own yearly spread."
)

_lock = Lock()
_COLUMNS = (
    Column("title", "Series"),
    Column("steps", "Yearly spreads", 2),
    Column("from", "From", 2),
    Column("to", "To", 2),
    Column("low", "Interval of to: low", 2),
    Column("high", "Interval of to: high", 2),
    Column("unit", "Unit"),
)


def stored_goal(section: GoalSection | Missing, country: str, vintage: str) -> Figure | None:
    """Return what the brief says it would take to reach the next rank, as a table."""
    if isinstance(section, Missing):
        return None
    rows = [
        (move.title, move.spreads, move.now, move.to, move.to_low, move.to_high, move.unit)
        for move in section.moves
    ]
    more = f" {section.others} further series move by less." if section.others else ""
    return Figure(
        name="goal",
        title=f"To rise from rank {section.rank_now} to {section.rank}: the longest moves",
        data=[],
        layout={},
        table=_table(rows),
        source=SOURCE,
        vintage=vintage,
        command=f"parity goal {country} --rank {section.rank}",
        note=NOTE + more,
    )


def goal_part(state: CountryState) -> Mapping[str, Any]:
    """Return what it takes to reach the rank of the address, sought anew in rebuilds for intervals."""
    if state.country not in ranked() or state.rank is None:
        raise NoAnswerError("choose a ranked country and a rank to reach")
    answer = _sought(state.country, state.rank)
    return {"answer": answer, "figure": goal_table(answer), "name": ranked()[state.country]}


def goal_table(answer: GoalAnswer) -> Figure:
    """Return the moves of the smallest change with their intervals."""
    rows = [
        (move.title, move.steps, move.from_, move.to, move.to_low, move.to_high, move.unit)
        for move in answer.base.moves
    ]
    return Figure(
        name="goal",
        title=f"To rise from rank {answer.rank_now} to {answer.rank}: every move",
        data=[],
        layout={},
        table=_table(rows),
        source=SOURCE,
        vintage=answer.data,
        command=answer.command,
        note=NOTE,
    )


def _table(rows: Sequence[tuple[object, ...]]) -> Table:
    numbers = dict.fromkeys(("steps", "from", "to", "low", "high"), pl.Float64)
    schema = {"title": pl.String, **numbers, "unit": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    known = [column for column in _COLUMNS if column.name not in ("low", "high") or frame["low"].count()]
    return Table(known, frame)


@lru_cache(maxsize=256)
def _sought(unit: str, rank: int) -> GoalAnswer:
    """Return the answer for a unit and rank; one request of this process searches, the others wait."""
    if not _lock.acquire(timeout=PATIENCE):
        raise ParityError("others are seeking a change right now: try again in a minute")
    try:
        # What reaches the rank in half of the rebuilds takes several times as long: the command has it.
        goal, spread = seek(built(), unit, rank, _rebuilds(), robust=False)
    finally:
        _lock.release()
    answer = goal_answer(built(), goal, spread)
    return answer.model_copy(update={"command": f"parity goal {unit} --rank {rank}"})


@lru_cache(maxsize=1)
def _rebuilds() -> list[Rebuild]:
    from parity.robustness.rebuilds import rebuilds

    return list(rebuilds(built().index, DRAWS))
