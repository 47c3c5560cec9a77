"""The answer of ``explain``: what makes the gap between two countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from parity.answers.base import Answer
from parity.brief.model import GapPart as PartRow
from parity.brief.model import Range
from parity.errors import ParityError

if TYPE_CHECKING:
    from parity.ask.standing import Standing

__all__ = ["ExplainAnswer", "PartRow", "Range", "explain_answer"]


class ExplainAnswer(Answer):
    """Answer of ``parity explain``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    a: str = Field(description="First country")
    b: str = Field(description="Second country")
    gap: float = Field(description="Score of the first less score of the second")
    gap_range: Range | None = Field(default=None, description="Interval of the gap over rebuilds")
    level: float = Field(default=0.9, description="Probability that intervals cover")
    reason: str = Field(default="", description="Why there are no intervals; empty otherwise")
    pillars: dict[str, float] = Field(description="Points by the group above the indicators")
    pillar_ranges: dict[str, Range] = Field(default={}, description="Interval of every pillar's points")
    parts: list[PartRow] = Field(description="Every indicator, the largest part first")


def explain_answer(found: Standing, a: str, b: str) -> ExplainAnswer:
    """Split the gap between two countries, given by code or name.

    Raises
    ------
    ParityError
        If one of them is no country, or not ranked, or both are the same.
    """
    from parity.brief._gap import gap

    first, second = found.unit(a), found.unit(b)
    if first == second:
        raise ParityError(f"'{a}' and '{b}' are the same country; name two, such as `parity explain USA RUS`")
    whole = gap(found, first, second, role="", most=found.index.tree.n_indicators)
    return ExplainAnswer(
        data=found.vintage,
        index=found.index.spec.index.id,
        variant=found.variant,
        a=first,
        b=second,
        gap=whole.gap,
        gap_range=whole.gap_range,
        level=whole.level,
        reason=whole.reason,
        pillars=whole.pillars,
        pillar_ranges=whole.pillar_ranges,
        parts=whole.parts,
    )
