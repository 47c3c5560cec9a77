"""How a pledge stands: by evidence on record, by what Parity measures, else by the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from parity.catalogue import deciding, load_table, vintage
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


def assess(pledge: Pledge, on: dt.date, ranks: Ranks | None = None) -> Status:
    """Return how a pledge stands.

    Parameters
    ----------
    pledge
        The pledge.
    on
        Day; later evidence does not count.
    ranks
        Gives every country's rank in the open AI index as of a year, or raises where the index is not
        built as of it; without it a pledge on a rank is told by the calendar.

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
        measured = _measured(pledge, on, ranks)
    except ParityError as problem:
        told = _by_calendar(pledge, on, None)
        return replace(told, why=f"{told.why}; {problem}")
    if measured is None:
        return _by_calendar(pledge, on, None)
    if pledge.measure == RANK:
        told = _by_calendar(pledge, on, measured)
        words = (
            f"it names no index; rank {measured.text(0)} in the open AI index, target {pledge.target:,.4g}"
        )
        return replace(told, why=f"{told.why}; {words}")
    return _by_measure(pledge, on, measured)


def _by_calendar(pledge: Pledge, on: dt.date, measured: Estimate | None) -> Status:
    days = (pledge.due - on).days
    moved = f" (moved from {pledge.due_first})" if pledge.due_first else ""
    if days < 0:
        status, why = "unknown", f"due {pledge.due}{moved}, and no evidence on record whether it was kept"
    elif days <= SOON:
        status, why = "due soon", f"due in {days} days{moved}"
    else:
        status, why = "pending", f"due {pledge.due}{moved}"
    if pledge.evidence_basis == "background":
        why += f"; unverified: {pledge.evidence}"
    if pledge.note:
        why += f". {pledge.note}"
    return Status(status, why, on, measured, pledge.source)


def _measured(pledge: Pledge, on: dt.date, ranks: Ranks | None) -> Estimate | None:
    """Return the measured quantity on a day, no later than the due date; ``None`` if none is."""
    if pledge.measure is None or pledge.target is None:
        return None
    # Figures of a year are known when it is over.
    year = (min(on, pledge.due) + dt.timedelta(days=1)).year - 1
    if pledge.measure == RANK:
        return ranks(year).get(pledge.country) if ranks else None
    if (place := _place(pledge, min(on, pledge.due))) is not None:
        return place
    rows = load_table("observations").filter(
        pl.col("indicator") == pledge.measure,
        pl.col("iso3") == pledge.country,
        pl.col("year") <= year,
        pl.col("value").is_not_null(),
    )
    if rows.is_empty():
        return None
    value = float(rows.sort("year")["value"][-1])
    return Estimate(value, unit=pledge.unit or "")


def _place(pledge: Pledge, by: dt.date) -> Estimate | None:
    """Return the country's rank in the last edition, by a day, of the index that the pledge names."""
    rows = deciding(load_table("published_ranks")).filter(
        pl.col("index") == pledge.measure,
        pl.col("iso3") == pledge.country,
        pl.col("published") <= by,
        pl.col("rank").is_not_null(),
    )
    if rows.is_empty():
        return None
    rank = float(rows.sort("published")["rank"][-1])
    return Estimate(rank, rank, rank, unit=UNIT_OF_RANK)


def _by_measure(pledge: Pledge, on: dt.date, measured: Estimate) -> Status:
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
        return Status("met", words, on, measured, vintage())
    if on <= pledge.due:
        calendar = _by_calendar(pledge, on, measured)
        return Status(calendar.status, f"{calendar.why}; {words}", on, measured, vintage())
    near = possible or (not lower and value >= PARTLY * target)
    return Status("partly" if near else "missed", words, on, measured, vintage())


def status_table(found: Sequence[Pledge], on: dt.date, ranks: Ranks | None = None) -> pl.DataFrame:
    """Return pledges with their status as a table.

    Parameters
    ----------
    found
        Pledges.
    on
        Day of the status.
    ranks
        See ``assess``.
    """
    rows = []
    for pledge in found:
        status = assess(pledge, on, ranks)
        rows.append(
            (
                pledge.id,
                pledge.country,
                pledge.who,
                pledge.what,
                pledge.due,
                status.status,
                status.why,
                pledge.source,
            )
        )
    columns = ("id", "country", "who", "what", "due", "status", "why", "source")
    kinds = dict.fromkeys(columns, pl.String) | {"due": pl.Date}
    return pl.DataFrame(rows, schema={column: kinds[column] for column in columns}, orient="row")
