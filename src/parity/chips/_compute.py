"""Compute that is known to be installed in a country, by certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from parity.estimate import Estimate

NOTE = (
    "Known clusters only: a lower bound of what is installed. Value: confirmed and likely clusters; low: "
    "confirmed ones; high: also unlikely ones and possible duplicates. A phase counts until a later one "
    "takes it over."
)


@dataclass(frozen=True, slots=True)
class Installed:
    """Compute installed in a country on one day.

    Attributes
    ----------
    on
        Day.
    h100e
        Capacity in H100 equivalents.
    share
        Share of all known clusters.
    growth
        Capacity over that of a year before.
    """

    on: date
    h100e: Estimate
    share: Estimate
    growth: Estimate


def installed(clusters: pl.DataFrame, country: str, days: Sequence[date]) -> list[Installed]:
    """Return the compute known to be installed in a country.

    Parameters
    ----------
    clusters
        The table ``clusters``.
    country
        ISO3.
    days
        Days. A cluster without a date counts on and after the last day of the data only.

    Returns
    -------
    list of Installed
        One per day.
    """
    return [_on(clusters, country, day) for day in days]


def last_day(clusters: pl.DataFrame) -> date:
    """Return the last day of operation in the data."""
    day = clusters.filter(pl.col("status") == "existing")["operational"].max()
    if not isinstance(day, date):
        raise TypeError("the table of clusters holds no date of operation")
    return day


def year_ends(clusters: pl.DataFrame, first: int) -> list[date]:
    """Return the last day of every year from the first one on, and the last day of the data."""
    last = last_day(clusters)
    return [*(date(year, 12, 31) for year in range(first, last.year)), last]


def purchases(supply: pl.DataFrame, country: str) -> pl.DataFrame:
    """Return estimated purchases of a country by quarter: quarter, h100e, h100e_low, h100e_high.

    The ends are sums of the 5th and of the 95th percentiles of each chip: wider than the 90 % interval of
    the sum.
    """
    own = supply.filter(pl.col("buyer") == country)
    return own.group_by("quarter").agg(pl.col("h100e", "h100e_low", "h100e_high").sum()).sort("quarter")


def _on(clusters: pl.DataFrame, country: str, day: date) -> Installed:
    now, before = _totals(clusters, day), _totals(clusters, _year_before(day))
    own = _of(now, country)
    return Installed(
        on=day,
        h100e=Estimate(own[1], own[0], own[2], unit="H100 equivalents"),
        share=_share(now, own),
        growth=_growth(own, _of(before, country)),
    )


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _totals(clusters: pl.DataFrame, day: date) -> dict[str | None, tuple[float, float, float]]:
    """Return country -> capacity of confirmed clusters, with likely ones, with all that are on record."""
    started = pl.col("operational").fill_null(last_day(clusters)) <= day
    gone = (pl.col("status") == "decommissioned") & pl.col("until").is_null()
    running = clusters.filter(
        pl.col("status").is_in(["existing", "decommissioned"]),
        started & ~gone & (pl.col("until").is_null() | (pl.col("until") > day)),
    )
    sure = ~pl.col("duplicate") & (pl.col("certainty") == "confirmed")
    likely = ~pl.col("duplicate") & pl.col("certainty").is_in(["confirmed", "likely"])
    capacity = pl.col("h100_equivalents")
    table = running.group_by("country").agg(
        capacity.filter(sure).sum().alias("low"),
        capacity.filter(likely).sum().alias("value"),
        capacity.sum().alias("high"),
    )
    return {row[0]: (row[1], row[2], row[3]) for row in table.rows()}


def _of(totals: dict[str | None, tuple[float, float, float]], country: str) -> tuple[float, float, float]:
    return totals.get(country, (0.0, 0.0, 0.0))


def _share(totals: dict[str | None, tuple[float, float, float]], own: tuple[float, float, float]) -> Estimate:
    """Return the share of the world: its ends set one side's low against the other's high."""
    world = [sum(total[level] for total in totals.values()) for level in range(3)]
    if not world[1]:
        return Estimate(None, unit="share", reason="no cluster is known")
    low = own[0] / max(own[0] + world[2] - own[2], own[0], 1e-12)
    high = own[2] / max(own[2] + world[0] - own[0], own[2], 1e-12)
    return Estimate(own[1] / world[1], low, high, unit="share")


def _growth(now: tuple[float, float, float], before: tuple[float, float, float]) -> Estimate:
    """Return the growth over a year, its ends the least and most that one level of certainty shows."""
    ratios = [new / old for new, old in zip(now, before, strict=True) if old]
    if not before[1]:
        return Estimate(None, unit="factor", reason="no cluster was known a year before")
    return Estimate(now[1] / before[1], min(ratios), max(ratios), unit="factor")
