"""The answer of ``goal``: what it would take to reach a rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from parity.answers.base import Answer

if TYPE_CHECKING:
    from parity.ask.standing import Standing
    from parity.robustness._goal_spread import GoalSpread
    from parity.robustness.goal import Change, Goal, Rebuild


class MoveRow(BaseModel):
    """Move of one series."""

    series: str = Field(description="Series (or indicator)")
    title: str = Field(description="Title for people")
    unit: str = Field(description="Unit of from and to")
    from_: float = Field(alias="from", description="Value now")
    to: float = Field(description="Value to reach")
    steps: float = Field(description="Change, in the series' own yearly spread")
    yearly: float = Field(description="Yearly spread: what it usually changes in a year, in its unit")
    to_low: float | None = Field(default=None, description="Lower end of the interval of to over rebuilds")
    to_high: float | None = Field(default=None, description="Upper end")


class ChangeAnswer(BaseModel):
    """A change of several series at once."""

    size: float = Field(description="Root of the sum of squared steps")
    years: float = Field(description="Years that the longest move takes at its usual pace")
    score: float = Field(description="Score after the change, in the base build")
    share: float | None = Field(description="Share of rebuilds in which the rank is reached")
    moves: list[MoveRow] = Field(description="The longest first")
    size_low: float | None = Field(
        default=None, description="Lower end of the interval of size over rebuilds"
    )
    size_high: float | None = Field(default=None, description="Upper end")


class GoalAnswer(Answer):
    """Answer of ``parity goal``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    country: str = Field(description="Country")
    rank_now: int = Field(description="Its rank")
    rank: int = Field(description="Rank to reach")
    base: ChangeAnswer = Field(description="Smallest change that reaches it in the base build")
    robust: ChangeAnswer | None = Field(description="Smallest that reaches it in half of the rebuilds")
    reason: str | None = Field(description="Why there is no robust change")
    builds: int = Field(description="Rebuilds in which the smallest change was sought anew, for intervals")
    out_of_reach: float | None = Field(description="Share of those in which nothing reaches the rank, 0 to 1")


def seek(
    found: Standing, unit: str, rank: int, made: Sequence[Rebuild], *, robust: bool = True
) -> tuple[Goal, GoalSpread | None]:
    """Seek the smallest change that brings a unit to a rank, and how far it depends on the build.

    Parameters
    ----------
    found
        The built index.
    unit
        Unit of the index.
    rank
        Rank to reach.
    made
        Rebuilds of the index with the weights of their draws.
    robust
        Seek the change that reaches the rank in half of the rebuilds too; it takes most of the time.

    Raises
    ------
    NoAnswerError
        If the unit is there already, or the rank is out of reach.
    """
    from parity.catalogue import load_table
    from parity.robustness._goal_spread import goal_spread
    from parity.robustness.goal import goal, yearly_spreads

    spreads = {} if found.cells is None else yearly_spreads(found.index, unit, load_table("observations"))
    answer = goal(found.index, unit, rank, spreads, made if robust else ())
    return answer, goal_spread(answer, made) if made else None


def goal_answer(found: Standing, answer: Goal, spread: GoalSpread | None) -> GoalAnswer:
    """Return what a goal takes, with the intervals of its smallest change where there are rebuilds."""
    return GoalAnswer(
        data=found.vintage,
        index=found.index.spec.index.id,
        variant=found.variant,
        country=answer.unit,
        rank_now=answer.rank_now,
        rank=answer.rank,
        base=_with_intervals(_change(answer.base), spread),
        robust=answer.robust and _change(answer.robust),
        reason=answer.reason or None,
        builds=0 if spread is None else spread.builds,
        out_of_reach=None if spread is None else spread.out_of_reach,
    )


def _with_intervals(change: ChangeAnswer, spread: GoalSpread | None) -> ChangeAnswer:
    """Return the change with the intervals of its size and its moves."""
    if spread is None or (size := spread.size()) is None:
        return change
    ends = {series: (low, high) for series, low, high in spread.table().iter_rows()}
    moves = [
        move.model_copy(update={"to_low": ends[move.series][0], "to_high": ends[move.series][1]})
        for move in change.moves
    ]
    return change.model_copy(update={"size_low": size[0], "size_high": size[1], "moves": moves})


def _change(change: Change) -> ChangeAnswer:
    return ChangeAnswer(
        size=change.size,
        years=change.years,
        score=change.score,
        share=None if change.share != change.share else change.share,
        moves=[MoveRow.model_validate(row) for row in change.table().iter_rows(named=True)],
    )
