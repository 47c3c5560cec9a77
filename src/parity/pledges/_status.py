"""How a pledge stands: by evidence on record, by what Parity measures, else by the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from parity.errors import ParityError
from parity.estimate import Estimate

if TYPE_CHECKING:
    from parity.pledges._pledge import Pledge

# Ranks by country as of a year: a measure imports no other, so whoever asks brings them.
Ranks = Callable[[int], dict[str, Estimate]]
STATUSES = ("pending", "due soon", "met", "late", "partly", "missed", "unknown")
# Days before the due date from which a pledge is due soon.
SOON = 90
# A target that is reached to this share when due is partly met.
PARTLY = 0.8
# A rank promised without naming an index: ours is shown, and settles nothing.
RANK = "open-ai-index"
UNIT_OF_RANK = "rank"


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What pledges are held against.

    Attributes
    ----------
    observations
        Series: ``indicator``, ``iso3``, ``year``, ``value``.
    published
        Ranks in published indices that may decide a verdict: ``index``, ``iso3``, ``published``, ``rank``.
    data
        Vintage of both.
    ranks
        Gives every country's rank in the open AI index as of a year, or raises where the index is not
        built as of it; without it a pledge on a rank is told by the calendar.
    """

    observations: pl.DataFrame
    published: pl.DataFrame
    data: str
    ranks: Ranks | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """How a pledge stands on a day.

    Attributes
    ----------
    status
        One of ``STATUSES``.
    why
        What it rests on.
    on
        Day of the status.
    measured
        The measured number, where Parity measures the target's quantity.
    source
        Page of the evidence, or the vintage of the data.
    """

    status: str
    why: str
    on: dt.date
    measured: Estimate | None
    source: str


@dataclass(frozen=True, slots=True)
class PledgeStatus:
    """A pledge with its status.

    Attributes
    ----------
    id
        Short name.
    country
        Country (ISO3) or bloc that it binds.
    who, what
        Who has to act, and what is to be done.
    target, unit
        Number to be reached, and its unit.
    made
        Day on which it was made.
    made_precision
        What the source names of that day: day, month or year.
    due
        Last day.
    status
        pending, due soon, met, late, partly, missed or unknown.
    status_on
        Day of the status.
    evidence
        What the status rests on.
    evidence_source
        Page of the evidence, or the vintage of the data.
    measured
        The measured number, where Parity measures it.
    source
        Page that states the pledge.
    """

    id: str
    country: str
    who: str
    what: str
    target: float | None
    unit: str | None
    made: dt.date
    made_precision: str
    due: dt.date
    status: str
    status_on: dt.date
    evidence: str
    evidence_source: str
    measured: Estimate | None
    source: str


@dataclass(frozen=True, slots=True)
class Pledges:
    """Pledges with their status.

    Attributes
    ----------
    pledges
        By due date.
    """

    pledges: tuple[PledgeStatus, ...]


def standing(found: Iterable[Pledge], on: dt.date, against: Measured | None) -> Pledges:
    """Return how pledges stand on a day.

    Parameters
    ----------
    found, on, against
        Pledges, and the rest as in `assess`.
    """
    return Pledges(tuple(_standing(pledge, assess(pledge, on, against)) for pledge in found))


def _standing(pledge: Pledge, status: Status) -> PledgeStatus:
    return PledgeStatus(
        pledge.id,
        pledge.country,
        pledge.who,
        pledge.what,
        pledge.target,
        pledge.unit,
        pledge.made,
        pledge.made_precision,
        pledge.due,
        status.status,
        status.on,
        status.why,
        status.source,
        status.measured,
        pledge.source,
    )


def assess(pledge: Pledge, on: dt.date, against: Measured | None = None) -> Status:
    """Return how a pledge stands.

    Parameters
    ----------
    pledge
        The pledge.
    on
        Day; later evidence does not count.
    against
        What is measured; without it the calendar tells.

    Returns
    -------
    Status
        Recorded outcome first, then the measured quantity, then the calendar. What is recorded without having
        been verified settles nothing, nor does a rank in an index that the pledge does not name.
    """
    verified = pledge.evidence_basis != "background"
    if pledge.outcome and verified and pledge.outcome_on and pledge.outcome_on <= on:
        return Status(pledge.outcome, pledge.evidence or "", on, None, pledge.evidence_source or "")
    try:
        measured = _measured(pledge, on, against) if against else None
    except ParityError as problem:
        told = _by_calendar(pledge, on, None)
        return replace(told, why=f"{told.why}; {problem}")
    if measured is None or against is None:
        return _by_calendar(pledge, on, None)
    if pledge.measure == RANK:
        told = _by_calendar(pledge, on, measured)
        words = (
            f"it names no index; rank {measured.text(0)} in the open AI index, target {pledge.target:,.4g}"
        )
        return replace(told, why=f"{told.why}; {words}")
    return _by_measure(pledge, on, measured, against.data)


def _by_calendar(pledge: Pledge, on: dt.date, measured: Estimate | None) -> Status:
    days = (pledge.due - on).days
    moved = f" (moved from {pledge.due_first})" if pledge.due_first else ""
    if days < 0:
        looked = f" (last looked at on {pledge.checked})" if pledge.checked else ""
        status, why = (
            "unknown",
            f"due {pledge.due}{moved}, and no evidence on record{looked} whether it was kept",
        )
    elif days <= SOON:
        status, why = "due soon", f"due in {days} days{moved}"
    else:
        status, why = "pending", f"due {pledge.due}{moved}"
    if pledge.evidence_basis == "background":
        why += f"; unverified: {pledge.evidence}"
    if pledge.note:
        why += f". {pledge.note}"
    return Status(status, why, on, measured, pledge.source)


def _measured(pledge: Pledge, on: dt.date, against: Measured) -> Estimate | None:
    """Return the measured quantity on a day, no later than the due date; ``None`` if none is."""
    if pledge.measure is None or pledge.target is None:
        return None
    # Figures of a year are known when it is over.
    year = (min(on, pledge.due) + dt.timedelta(days=1)).year - 1
    if pledge.measure == RANK:
        return against.ranks(year).get(pledge.country) if against.ranks else None
    if (place := _place(against.published, pledge, min(on, pledge.due))) is not None:
        return place
    rows = against.observations.filter(
        pl.col("indicator") == pledge.measure,
        pl.col("iso3") == pledge.country,
        pl.col("year") <= year,
        pl.col("value").is_not_null(),
    )
    if rows.is_empty():
        return None
    value = float(rows.sort("year")["value"][-1])
    return Estimate(value, unit=pledge.unit or "")


def _place(published: pl.DataFrame, pledge: Pledge, by: dt.date) -> Estimate | None:
    """Return the country's rank in the last edition, by a day, of the index that the pledge names."""
    rows = published.filter(
        pl.col("index") == pledge.measure,
        pl.col("iso3") == pledge.country,
        pl.col("published") <= by,
        pl.col("rank").is_not_null(),
    )
    if rows.is_empty():
        return None
    rank = float(rows.sort("published")["rank"][-1])
    return Estimate(rank, rank, rank, unit=UNIT_OF_RANK)


def _by_measure(pledge: Pledge, on: dt.date, measured: Estimate, data: str) -> Status:
    """Hold the measured number against the target; before the due date only a target reached counts."""
    value, target = measured.value or 0.0, pledge.target or 0.0
    best, worst = measured.low or value, measured.high or value
    lower = measured.unit == UNIT_OF_RANK
    if not lower:
        best, worst = worst, best
    reached = worst <= target if lower else worst >= target
    possible = best <= target if lower else best >= target
    words = f"measured {measured.text(0)} {measured.unit}, target {target:,.4g}".replace("  ", " ")
    if reached:
        return Status("met", words, on, measured, data)
    if on <= pledge.due:
        calendar = _by_calendar(pledge, on, measured)
        return Status(calendar.status, f"{calendar.why}; {words}", on, measured, data)
    near = possible or (not lower and value >= PARTLY * target)
    return Status("partly" if near else "missed", words, on, measured, data)
