"""What it would take to reach a rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from parity.ask.answer import Answer
from parity.ask.cache import cached, progress
from parity.ask.of_index import IndexQuestion
from parity.ask.question import Place, Word
from parity.errors import InvalidError

if TYPE_CHECKING:
    from parity.ask.standing import Standing
    from parity.robustness.goal import Rebuild
    from parity.robustness.goal_spread import GoalReport

DRAWS = 120
MOST_OVER_NETWORK = 120


class Goal(IndexQuestion):
    """Find the smallest change of indicators that brings a country to a rank.

    Changes are measured in each indicator's own yearly spread; only actionable indicators that are observed
    move, and none beyond the best value of any country. Intervals: the smallest change sought anew in
    rebuilds of the index. It is arithmetic on the index, not advice.
    """

    verb = "goal"
    view = "goal:goal"
    result = "parity.robustness.goal_spread:GoalReport"
    examples = (
        "parity goal RUS --rank 30 --draws 6",
        "parity goal Brazil --rank 28 --variant scale --out goal.csv",
    )

    country: Annotated[Word, Place()] = Field(description="Country, by code or name.", examples=["RUS"])
    rank: int = Field(ge=1, le=100_000, description="Rank to reach.", examples=[30])
    draws: int = Field(default=DRAWS, ge=1, le=10_000, description="Rebuilds to test in.")
    top: int = Field(default=12, ge=1, le=1000, description="Moves to show, the longest first.")

    @classmethod
    def read(cls, given: Mapping[str, Any], *, remote: bool = False) -> Self:
        """Return the question; over a network its work is bounded."""
        asked = super().read(given, remote=remote)
        if remote and asked.draws > MOST_OVER_NETWORK:
            raise InvalidError("draws", f"over a network at most {MOST_OVER_NETWORK} (given: {asked.draws})")
        return asked

    def answer(self) -> Answer[GoalReport]:
        """Seek the smallest change."""
        found = self.standing()
        unit = found.unit(self.country)
        asked = self.model_copy(update={"country": unit})
        return found.in_year().answer(asked, sought(found, unit, self.rank, self.draws))


@cached(256)
def sought(found: Standing, unit: str, rank: int, draws: int = DRAWS) -> GoalReport:
    """Seek the smallest change that brings a unit to a rank, and seek it again in rebuilds.

    Raises
    ------
    NoAnswerError
        If the unit is there already, or the rank is out of reach.
    """
    from parity.catalogue import load_table
    from parity.robustness.goal import goal, panel_observations, yearly_spreads
    from parity.robustness.goal_spread import MOST, goal_report, goal_spread

    index = found.index
    spreads = {}
    if found.cells is not None:
        spreads = yearly_spreads(index, unit, load_table("observations"))
    elif index.years is not None:
        spreads = yearly_spreads(index, unit, panel_observations(index))
    with progress(2 * MOST, "Seeking the smallest change") as advance:
        made = rebuilt(found, draws)
        answer = goal(index, unit, rank, spreads, made)
        advance(MOST)
        spread = goal_spread(answer, made, advance=advance) if made else None
    return goal_report(index.of_year(), answer, spread, variant=found.variant)


@cached(3)
def rebuilt(found: Standing, draws: int) -> tuple[Rebuild, ...]:
    """Return rebuilds of an index: the same for every unit and rank."""
    from parity.robustness.rebuilds import rebuilds

    return tuple(rebuilds(found.index, draws))
