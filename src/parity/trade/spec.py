"""What a question about diversion asks, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

Adjustment = Literal["bh", "holm"]


@dataclass(frozen=True, slots=True)
class DiversionSpec:
    """A control, who reports, and whose rise is to be judged.

    Attributes
    ----------
    sanctioned
        Country that the control is on, ISO3.
    start
        First day of the control.
    reporter
        Who exports: ISO3, or EU for the Union of 27.
    candidates
        Third countries to be judged, ISO3.
    states
        Member states of the reporter; itself if empty.
    exclude
        Countries that may be neither judged nor used as donors.
    since, until
        First and last period to use: a year or a month.
    level
        Probability that an interval covers, in (0, 1).
    ridge
        Penalty on the weights, relative to the donors' variation, at least 0.
    adjust
        Several questions: bh (false discovery rate) or holm (any false alarm).
    donor_floor
        A donor trades at least this share of the median candidate.
    """

    sanctioned: str
    start: date
    reporter: str
    candidates: tuple[str, ...]
    states: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    level: float = 0.9
    ridge: float = 1.0
    adjust: Adjustment = "bh"
    donor_floor: float = 0.05

    json_keys: ClassVar[dict[str, str | None]] = {
        "start": "date",
        "adjust": "adjustment",
        **dict.fromkeys(("candidates", "states", "exclude", "ridge", "donor_floor")),
    }
