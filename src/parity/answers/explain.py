"""The answer of ``explain``: what makes the gap between two countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from parity.answers.base import Answer
from parity.errors import NoAnswerError, ParityError

if TYPE_CHECKING:
    from parity.brief.standing import Standing


class PartRow(BaseModel):
    """What one indicator adds to the gap."""

    indicator: str = Field(description="Code")
    title: str = Field(description="Title for people")
    contribution: float = Field(description="Points; all parts add up to the gap")
    low: float | None = Field(default=None, description="Lower end of its interval")
    high: float | None = Field(default=None, description="Upper end of its interval")


class Range(BaseModel):
    """Ends of an interval."""

    low: float = Field(description="Lower end, points")
    high: float = Field(description="Upper end, points")


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
    answer = ExplainAnswer(
        data=found.vintage,
        index=found.index.spec.index.id,
        variant=found.variant,
        a=first,
        b=second,
        gap=whole.gap,
        pillars=whole.pillars,
        parts=[PartRow(**part.model_dump()) for part in whole.parts],
    )
    return _with_ranges(found, answer)


def _with_ranges(found: Standing, answer: ExplainAnswer) -> ExplainAnswer:
    """Return the answer with the intervals of its parts, or the reason why there are none."""
    from parity.robustness.parts import part_intervals

    try:
        spread = part_intervals(found.index, answer.a, answer.b, level=answer.level)
    except NoAnswerError as problem:
        return answer.model_copy(update={"reason": str(problem)})
    tree = found.index.tree
    below: dict[str, list[str]] = {}
    for place, code in enumerate(spread.codes):
        below.setdefault(found.title(int(tree.parents[place])), []).append(code)
    ends = {code: (low, high) for code, low, high in spread.table().iter_rows()}
    parts = [
        part.model_copy(update={"low": ends[part.indicator][0], "high": ends[part.indicator][1]})
        for part in answer.parts
    ]
    return answer.model_copy(
        update={
            "gap_range": _range(spread.gap()),
            "pillar_ranges": {pillar: _range(spread.of(below[pillar])) for pillar in answer.pillars},
            "parts": parts,
        }
    )


def _range(ends: tuple[float, float]) -> Range:
    return Range(low=ends[0], high=ends[1])
