"""The answer of ``explain``: what makes the gap between two countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from parity.answers.base import Answer

if TYPE_CHECKING:
    from parity.brief.standing import Standing


class PartRow(BaseModel):
    """What one indicator adds to the gap."""

    indicator: str = Field(description="Code")
    title: str = Field(description="Title for people")
    contribution: float = Field(description="Points; all parts add up to the gap")


class ExplainAnswer(Answer):
    """Answer of ``parity explain``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    a: str = Field(description="First country")
    b: str = Field(description="Second country")
    gap: float = Field(description="Score of the first less score of the second")
    pillars: dict[str, float] = Field(description="Points by the group above the indicators")
    parts: list[PartRow] = Field(description="Every indicator, the largest part first")


def explain_answer(found: Standing, a: str, b: str) -> ExplainAnswer:
    """Split the gap between two countries, given by code or name.

    Raises
    ------
    ParityError
        If one of them is no country, or not ranked.
    """
    from parity.brief._gap import gap

    first, second = found.unit(a), found.unit(b)
    whole = gap(found, first, second, role="", most=found.index.tree.n_indicators)
    return ExplainAnswer(
        data=found.vintage,
        index=found.index.spec.index.id,
        variant=found.variant,
        a=first,
        b=second,
        gap=whole.gap,
        pillars=whole.pillars,
        parts=[PartRow(**part.model_dump()) for part in whole.parts],
    )
