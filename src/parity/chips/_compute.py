"""Compute that is known to be installed in a country, by certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from parity.chips._held import DISCLAIMER
from parity.estimate import Estimate

NOTE = (
    "Known clusters only: a lower bound of what is installed. Value: confirmed and likely clusters; low: "
    "confirmed ones; high: also unlikely ones and possible duplicates. A phase counts until a later one "
    "takes it over. The share is of the published total of the world, and so the least that it can be."
)
NO_TOTAL = "no total of the world with an interval is published for that day"


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
        Known clusters over the published total of the world: the least that the share can be.
    growth
        Capacity over that of a year before.
    """

    on: date
    h100e: Estimate
    share: Estimate
    growth: Estimate


@dataclass(frozen=True, slots=True)
class Compute:
    """Compute that is known to be installed in a country: a lower bound, by certainty.

    Attributes
    ----------
    country
        ISO3.
    note
        What is counted.
    series
        By year, and on the last day of the data.
    purchases
        Estimated purchases by quarter, where there are any.
    published
        What is published about it, in other measures.
    disclaimer
        What a ruling is not.
    """

    country: str
    note: str
    series: tuple[Installed, ...]
    purchases: pl.DataFrame
    published: pl.DataFrame
    disclaimer: str = DISCLAIMER


def installed(
    clusters: pl.DataFrame, country: str, days: Sequence[date], published: pl.DataFrame
) -> list[Installed]:
    """Return the compute known to be installed in a country.

    Parameters
    ----------
    clusters
        The table ``clusters``.
    country
        ISO3.
    days
        Days. A cluster without a date counts on and after the last day of the data only.
    published
        The table ``compute_published``, for the total of the world.

    Returns
    -------
    list of Installed
        One per day.
    """
    return [_on(clusters, published, country, day) for day in days]


def world_total(published: pl.DataFrame, day: date) -> Estimate:
    """Return the published total of the world on a day, between two of its dates by the rate of growth.

    Parameters
    ----------
    published
        The table ``compute_published``; totals that have an interval count.
    day
        Day.

    Returns
    -------
    Estimate
        H100 equivalents; without a value before the first and after the last total.
    """
    totals = published.filter(
        pl.col("world"), pl.col("total"), pl.all_horizontal(pl.col("low", "high").is_not_null())
    ).sort("as_of")
    dates = [at.toordinal() for at in totals["as_of"]]
    if not dates or not dates[0] <= day.toordinal() <= dates[-1]:
        return Estimate(None, unit="H100 equivalents", reason=NO_TOTAL)
    value, low, high = (
        float(np.exp(np.interp(day.toordinal(), dates, np.log(totals[name].to_numpy()))))
        for name in ("value", "low", "high")
    )
    return Estimate(value, low, high, unit="H100 equivalents")


def published_of(published: pl.DataFrame, country: str) -> pl.DataFrame:
    """Return what is published about a country's compute: other measures, to stand beside the known."""
    return published.filter(pl.col("iso3") == country).drop("iso3", "world", "total").sort("as_of", "measure")


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


def _on(clusters: pl.DataFrame, published: pl.DataFrame, country: str, day: date) -> Installed:
    now, before = _totals(clusters, day), _totals(clusters, _year_before(day))
    own = _of(now, country)
    return Installed(
        on=day,
        h100e=Estimate(own[1], own[0], own[2], unit="H100 equivalents"),
        share=_share(world_total(published, day), own),
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


def _share(world: Estimate, own: tuple[float, float, float]) -> Estimate:
    """Return the share of the world: its ends set one side's low against the other's high."""
    if world.value is None or world.low is None or world.high is None:
        return Estimate(None, unit="share", reason=world.reason)
    low, value, high = own
    return Estimate(value / world.value, low / world.high, high / world.low, unit="share")


def _growth(now: tuple[float, float, float], before: tuple[float, float, float]) -> Estimate:
    """Return the growth over a year, its ends the least and most that one level of certainty shows."""
    ratios = [new / old for new, old in zip(now, before, strict=True) if old]
    if not before[1]:
        return Estimate(None, unit="factor", reason="no cluster was known a year before")
    return Estimate(now[1] / before[1], min(ratios), max(ratios), unit="factor")
