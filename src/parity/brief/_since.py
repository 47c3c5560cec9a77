"""Section on what has changed since a day."""

from __future__ import annotations

from datetime import date

import polars as pl

from parity import chips as chip_rules
from parity.ask.years import FIRST_YEAR, HISTORY, LAST_YEAR, rank_ranges, year_known
from parity.brief._measures import lag_on
from parity.brief.model import (
    FrontierSection,
    Missing,
    ModelLine,
    PledgesSection,
    RuleEvent,
    SinceSection,
    TieBreak,
    TiesSection,
    YearRank,
)
from parity.catalogue import load_table
from parity.estimate import Estimate


def since(
    unit: str,
    start: date,
    until: date,
    lag: FrontierSection,
    pledges: PledgesSection | Missing,
    ties: TiesSection | Missing,
) -> SinceSection:
    """Return what has changed since a day.

    Parameters
    ----------
    unit
        The country.
    start, until
        First day looked at, and day of the data.
    lag, pledges, ties
        Sections of the same brief.
    """
    return SinceSection(
        since=start,
        until=until,
        ranks=_ranks(unit, start),
        lag_then=_lag_then(unit, start, lag),
        lag_now=None if lag.on is None else lag.standing,
        lag_now_on=lag.on,
        models=_models(unit, start),
        rules=_rules(unit, start, until),
        pledges=[
            line
            for line in (() if isinstance(pledges, Missing) else pledges.pledges)
            if start <= line.due <= until
        ],
        breaks=[] if isinstance(ties, Missing) else _breaks(ties, start),
    )


def _ranks(unit: str, start: date) -> list[YearRank]:
    """Return the rank in the AI index history as of a day and as of the last year: one definition."""
    first = FIRST_YEAR if start.year <= FIRST_YEAR else year_known(start)
    years = sorted({first, LAST_YEAR})
    editions = ((year, rank_ranges(year, HISTORY).get(unit)) for year in years)
    return [YearRank(year=year, rank=rank) for year, rank in editions if rank is not None]


def _lag_then(unit: str, start: date, lag: FrontierSection) -> Estimate | None:
    if lag.on is None:
        return None
    if lag.earlier is not None and lag.earlier.on == start:
        return lag.earlier.standing
    return lag_on(unit, lag.behind, start)


def _models(unit: str, start: date) -> list[ModelLine]:
    """Return the country's own scored and notable models that came out, by date."""
    out = pl.col("country") == unit, pl.col("date") >= start
    columns = ("model", "developer", "date", "base")
    scored = load_table("models").filter(*out).select(columns)
    notable = load_table("notable_models").filter(*out).select(columns)
    every = pl.concat([scored, notable]).unique("model", keep="first").sort("date", "model")
    return [
        ModelLine(name=model, developer=developer or "", released=day, base=base)
        for model, developer, day, base in every.rows()
    ]


def _rules(unit: str, start: date, until: date) -> list[RuleEvent]:
    events = chip_rules.timeline(chip_rules.rulebook(), unit).filter(pl.col("day").is_between(start, until))
    return [
        RuleEvent(day=day, instrument=instrument, citation=citation)
        for day, instrument, citation in events.select("day", "instrument", "citation").rows()
    ]


def _breaks(ties: TiesSection, start: date) -> list[TieBreak]:
    first = f"{start.year}Q{(start.month + 2) // 3}"
    return [
        TieBreak(
            partner=one.iso3,
            period=one.period,
            change=Estimate(one.change, one.change_low, one.change_high, 0.9, "per cent"),
            q=one.q,
        )
        for one in ties.partners
        if one.period is not None and one.period >= first and one.change is not None and one.q is not None
    ]
