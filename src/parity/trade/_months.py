"""From years to months: when a country's flows left what was to be expected.

Donors are known by year, the countries that are judged by month. The counterfactual of a year is
spread over its months as the country's own trade usually is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import polars as pl

from parity.trade import _placebo
from parity.trade._judged import Judged, path
from parity.trade._panel import Panel, months_after
from parity.trade._synthetic import Array

# Years from which the usual course of a year is taken.
MIN_YEARS = 2
# Months in a row outside of the interval that are a departure; one alone is to be expected.
RUN = 3


@dataclass(frozen=True, slots=True)
class Monthly:
    """One country by month.

    Attributes
    ----------
    iso3
        The country.
    periods
        Consecutive months, shape (n_months,).
    actual
        Exports, US dollars, shape (n_months,).
    expected, low, high
        Counterfactual and its interval; NaN where there is none (no interval before the date, nothing
        in years without donors), shape (n_months,).
    since
        First of at least three months in a row, after the date, beyond the interval: above it, or
        below it for the sanctioned country; ``None`` where there are none.
    """

    iso3: str
    periods: tuple[str, ...]
    actual: Array
    expected: Array
    low: Array
    high: Array
    since: str | None

    json_keys: ClassVar[dict[str, str | None]] = {
        "path": "months",
        **dict.fromkeys(("periods", "actual", "expected", "low", "high")),
    }

    @property
    def path(self) -> pl.DataFrame:
        """Exports, their counterfactual and its interval by month, US dollars."""
        return path(self)


def by_month(
    one: Judged, months: Panel, years: tuple[str, ...], start: date, level: float, *, fall: bool = False
) -> Monthly | None:
    """Spread a counterfactual by year over months.

    Each draw of a year's counterfactual is multiplied by each deviation of a month from its usual
    share in the years before; the ends are order statistics of all these products.

    Parameters
    ----------
    one
        The country by year.
    months
        Flows by month.
    years
        Years that ``one`` is known for, shape (n_periods,).
    start
        Date of the control.
    level
        Probability that the interval covers.
    fall
        Whether a fall is looked for.

    Returns
    -------
    Monthly or None
        ``None`` where fewer than ``MIN_YEARS`` years before are known by month.
    """
    if one.iso3 not in months.units:
        return None
    known = dict(zip(months.periods, months.column(one.iso3), strict=True))
    n_before = len(years) - one.drawn.shape[1]
    before = np.array([flows for year in years[:n_before] if (flows := _year(known, year)) is not None])
    if len(before) < MIN_YEARS:
        return None
    shares = before / before.sum(axis=1, keepdims=True)
    usual = shares.mean(axis=0)
    # A mean follows the years that it is made of more closely than one more year.
    deviation = np.exp(np.log(shares / usual) * np.sqrt(len(before) / (len(before) - 1)))
    bands = [_placebo.ends(np.outer(drawn, deviation).ravel(), level) for drawn in one.drawn.T]
    ends = dict(zip(years[n_before:], bands, strict=True))
    yearly = dict(zip(years, one.expected, strict=True))
    nothing = (np.nan, np.nan)
    lines = np.array(
        [
            usual[int(month[5:]) - 1]
            * np.array([yearly.get(month[:4], np.nan), *ends.get(month[:4], nothing)])
            for month in months.periods
        ]
    ).T
    actual = months.column(one.iso3)
    beyond = actual < lines[1] if fall else actual > lines[2]
    # A month that the date merely touches is neither before nor after.
    after = np.array([months_after(month, start) >= 0.5 for month in months.periods])
    expected, low, high = lines
    since = _since(months.periods, beyond & after)
    return Monthly(one.iso3, months.periods, actual, expected, low, high, since)


def _year(known: dict[str, float], year: str) -> list[float] | None:
    """Return the twelve months of a year, or ``None`` if one is missing or without trade."""
    flows = [known.get(f"{year}-{month:02d}", 0.0) for month in range(1, 13)]
    return flows if min(flows) > 0 else None


def _since(periods: tuple[str, ...], beyond: np.ndarray) -> str | None:
    for first in range(len(periods) - RUN + 1):
        if beyond[first : first + RUN].all():
            return periods[first]
    return None
