"""The address of the frontier page."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from parity.web.days import Day
from parity.web.state import State

FIRST_DAY = date(2023, 1, 1)
"""First day of the slider; lags are averaged from then on."""

Domain = Literal["", "mathematics", "coding", "reasoning and knowledge", "agentic", "language"]
Side = Annotated[str, Field(min_length=1, max_length=60)]


class FrontierState(State):
    """Who is compared with whom, in what, when, and under which assumptions.

    Attributes
    ----------
    of, behind
        Countries (several joined by ``+``), blocs, ``open`` and ``closed`` weights, or developers.
    on
        Day of the lag; by default that by which the newest record of either is out.
    domain
        Domain of the lag; empty: over all tests.
    derived
        Whether models on foreign weights count.
    by
        What models are coloured by.
    days, utilisation, share, accelerators, scope
        Assumptions of the scenario: length of the run, share of peak, share of the accelerators, their
        number (H100 equivalents; on record by default), all clusters or the largest.
    ahead
        Whether the trend of ``of`` is carried forward.
    """

    of: Side = "CHN"
    behind: Side = "USA"
    on: Day | None = Field(default=None, ge=FIRST_DAY)
    domain: Domain = ""
    derived: bool = False
    by: Literal["country", "developer", "openness", "domain"] = "country"
    days: float = Field(default=90, ge=1, le=730)
    utilisation: float = Field(default=40, ge=5, le=100)
    share: float = Field(default=100, ge=5, le=100)
    accelerators: float | None = Field(default=None, gt=0, le=1e9)
    scope: Literal["all", "largest"] = "all"
    ahead: bool = False
