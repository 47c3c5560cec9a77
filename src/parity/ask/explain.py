"""What makes the gap between two countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from parity.ask.answer import Answer
from parity.ask.cache import cached
from parity.ask.of_index import IndexQuestion
from parity.ask.question import Place, Word
from parity.errors import ParityError

if TYPE_CHECKING:
    from parity.ask.standing import Standing
    from parity.index import Index
    from parity.robustness.parts import Gap, Rebuild


class Explain(IndexQuestion):
    """Split the gap between two countries over the indicators.

    The parts add up to the gap exactly: they are the differences in normalised value times the weight for
    arithmetic aggregation, Shapley values for the rest.
    """

    verb = "explain"
    view = "standing:explain"
    result = "parity.robustness.parts:Gap"
    examples = (
        "parity explain USA RUS",
        "parity explain India Brazil --variant intensity --top 5",
        "parity explain CHN USA --out gap.png",
    )

    a: Annotated[Word, Place()] = Field(description="Country, by code or name.", examples=["USA"])
    b: Annotated[Word, Place()] = Field(description="Whom it is held against.", examples=["RUS"])
    top: int = Field(default=15, ge=1, le=1000, description="Parts to show, the largest first.")

    def answer(self) -> Answer[Gap]:
        """Split the gap, with intervals over rebuilds."""
        found = self.standing()
        a, b = found.unit(self.a), found.unit(self.b)
        if a == b:
            raise ParityError(
                f"'{self.a}' and '{self.b}' are the same country; name two, such as `parity explain USA RUS`"
            )
        asked = self.model_copy(update={"a": a, "b": b})
        return found.in_year().answer(asked, gap(found, a, b))


@cached(256)
def gap(found: Standing, a: str, b: str) -> Gap:
    """Return what makes the gap between two units of an index, with intervals over its rebuilds."""
    from parity.robustness import parts

    return parts.gap(found.index, a, b, found.titles, lambda: _rebuilds(found.index), variant=found.variant)


@cached(3)
def _rebuilds(index: Index) -> tuple[Rebuild, ...]:
    """Return the rebuilds of an index: the same for every pair."""
    from parity.robustness.parts import EACH
    from parity.robustness.rebuilds import every_choice

    return tuple(every_choice(index, EACH))
