"""What a question about diversion asks, and how it is answered."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Adjustment = Literal["bh", "holm"]


class DiversionSpec(BaseModel):
    """A control, who reports, and whose rise is to be judged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sanctioned: str = Field(description="Country that the control is on, ISO3")
    start: date = Field(description="First day of the control")
    reporter: str = Field(description="Who exports: ISO3, or EU for the Union of 27")
    states: tuple[str, ...] = Field(default=(), description="Member states of the reporter; itself if empty")
    candidates: tuple[str, ...] = Field(description="Third countries to be judged, ISO3")
    exclude: tuple[str, ...] = Field(
        default=(), description="Countries that may be neither judged nor used as donors"
    )
    since: str | None = Field(default=None, description="First period to use: a year or a month")
    until: str | None = Field(default=None, description="Last period to use: a year or a month")
    level: float = Field(default=0.9, gt=0, lt=1, description="Probability that an interval covers")
    ridge: float = Field(
        default=1.0, ge=0, description="Penalty on the weights, relative to the donors' variation"
    )
    adjust: Adjustment = Field(
        default="bh", description="Several questions: bh (false discovery rate) or holm (any false alarm)"
    )
    donor_floor: float = Field(
        default=0.05, ge=0, description="A donor trades at least this share of the median candidate"
    )
