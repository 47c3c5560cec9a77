"""The address of the chips page."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from parity.ask.question import Day
from parity.web.state import State

FIRST_DAY = date(2022, 1, 1)
"""First day of the slider: before any rule on accelerators."""


class ChipsState(State):
    """What is ruled on, for whom, when; and how reach is measured.

    Attributes
    ----------
    device
        An accelerator of the catalogue.
    to, headquarters
        Destination, to be chosen, and seat of the parties (the destination where empty).
    on
        Day; by default the last to which rules were looked for.
    metric
        Figure by which reach is compared.
    approval, case_by_case
        Whether parts count that need a licence of this kind.
    codified
        Whether text counts that is codified and not enforced.
    """

    device: str = Field(default="NVIDIA H100 SXM5 80GB", min_length=1, max_length=80)
    to: str = Field(default="", max_length=60)
    headquarters: str = Field(default="", max_length=60)
    on: Day | None = Field(default=None, ge=FIRST_DAY)
    metric: Literal["tpp", "memory_bandwidth", "price_performance"] = "tpp"
    approval: bool = False
    case_by_case: bool = False
    codified: bool = False

    @field_validator("on")
    @classmethod
    def _looked_for(cls, on: date | None) -> date | None:
        from parity.ask.chips import rulebook

        if on is not None and on > rulebook().checked_to:
            raise ValueError(f"rules after {rulebook().checked_to} were not looked for")
        return on
