"""Where a frontier is heading: trend, break in the trend, and how such projections have fared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from parity.dates import day_of, number_of
from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.frontier._abilities import LEVEL
from parity.frontier._fit import Floats
from parity.frontier._frontier import Frontier
from parity.frontier._steps import Steps
from parity.stats import AUTOCORRELATIONS, Lasting, lasting, share_as_large

_DAYS_PER_YEAR = 365.25
# Records on each side of a break, and in the shortest history that is projected.
_FEWEST_RECORDS = 4
_SIGNIFICANT = 0.05
# How strong an autocorrelation of records is expected (`parity.stats.lasting`): somewhat less than any.
_STRONG = -0.5
# Least share of backtested records inside intervals of 90 % for a projection to be relied on.
_LEAST_COVERAGE = 0.8
MOST_YEARS = 10
"""How far ahead a trend is asked when it reaches a level."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line through the records of a frontier.

    Attributes
    ----------
    origin
        Day from which years count.
    intercept, per_year
        Level at the origin and gain per year.
    scatter
        Standard deviation of a record around the line.
    dates, levels
        Days and levels of the records, shape (n,).
    """

    origin: float
    intercept: float
    per_year: float
    scatter: float
    dates: Floats
    levels: Floats

    def at(self, days: Floats, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
        """Return line and prediction interval of a record on each day, all of shape (n_days,)."""
        from scipy.stats import t

        x = (np.asarray(days) - self.origin) / _DAYS_PER_YEAR
        errors = self.errors(np.column_stack([np.ones_like(x), x]))
        reach = t.ppf((1 + level) / 2, errors.degrees) * np.sqrt(errors.one + errors.contrasts)
        line = self.intercept + self.per_year * x
        return line, line - reach, line + reach

    def errors(self, wanted: Floats) -> Lasting:
        """Return the errors of weighted sums of intercept and gain, shape (m, 2)."""
        x = (self.dates - self.origin) / _DAYS_PER_YEAR
        design = np.column_stack([np.ones_like(x), x])
        return lasting(self.levels, design, wanted @ np.linalg.pinv(design), strong=_STRONG)


@dataclass(frozen=True, slots=True)
class Projection:
    """A frontier's trend, carried forward.

    Attributes
    ----------
    group
        Whose frontier.
    trend
        Line through the records, or through those since a significant break.
    per_year
        Gain per year with its interval.
    break_date, break_p
        Most likely break of the trend, and the probability of so strong a one by chance; ``None``
        where the records are too few to test.
    backtest
        One row per cut-off: until, records projected, share of later records inside the interval.
    ahead
        One row per month ahead: date, level, low, high.
    reaches
        Months until the trend reaches the level that another has on the day, from the day on which the
        interval of a record first reaches it to that on which all of it has (open beyond
        ``MOST_YEARS``); ``None`` where no other was named.
    """

    json_keys: ClassVar[dict[str, str | None]] = {
        "group": None,
        "trend": None,
        "coverage": "backtest_coverage",
        "reliable": "reliable",
    }

    group: str
    trend: Trend
    per_year: Estimate
    break_date: dt.date | None
    break_p: float | None
    backtest: pl.DataFrame
    ahead: pl.DataFrame
    reaches: Estimate | None = None

    @property
    def coverage(self) -> float | None:
        """Share of all backtested records that fell inside their interval; ``None`` without any."""
        if self.backtest.is_empty():
            return None
        return float(
            np.average(self.backtest["inside"].to_numpy(), weights=self.backtest["records"].to_numpy())
        )

    @property
    def reliable(self) -> bool | None:
        """Whether such projections have held before; ``None`` where no record came later."""
        return None if self.coverage is None else self.coverage >= _LEAST_COVERAGE


def project(
    frontier: Frontier,
    group: str,
    behind: str | None = None,
    *,
    on: dt.date | None = None,
    months: int = 12,
    until: dt.date | None = None,
    level: float = LEVEL,
    draws: int = 499,
    seed: int = 0,
) -> Projection:
    """Carry the trend of a frontier forward, test it for a break and backtest it.

    Parameters
    ----------
    frontier
        Frontiers of the groups.
    group
        Whose to project.
    behind, on
        Whose level is to be reached, and the day on which they have it; the last of the evidence if ``None``.
    months
        Months ahead.
    until
        Last day of the history used; all of it if ``None``.
    level
        Probability that the intervals cover.
    draws
        Simulated histories without a break, for the test of one.
    seed
        Seed of those.

    Returns
    -------
    Projection
        Trend, break and backtest.

    Raises
    ------
    NoAnswerError
        If the frontier has too few records.
    """
    records = _until(frontier.steps(group), number_of(until) if until else np.inf)
    if records.date.size < _FEWEST_RECORDS:
        raise NoAnswerError(
            f"{group} set {records.date.size} records; a trend needs at least {_FEWEST_RECORDS}"
        )
    place, p = _break(records, draws, np.random.default_rng(seed))
    # After a break that chance does not explain, only what came since says where the frontier heads.
    trend = fit_trend(_since(records, place) if p is not None and p < _SIGNIFICANT else records)
    first = float(records.date[-1])
    days = first + np.arange(1, months + 1) * _DAYS_PER_YEAR / 12
    line, low, high = trend.at(days, level)
    ahead = pl.DataFrame({"date": [day_of(d) for d in days], "level": line, "low": low, "high": high})
    break_date = day_of(float(records.date[place])) if place is not None else None
    slope = _slope_interval(trend, level)
    reaches = None
    if behind is not None:
        day = float(number_of(on or frontier.until))
        own, goal = (float(frontier.steps(name).at(np.array([day]))[0]) for name in (group, behind))
        reaches = _reaches(trend, day, own, goal, level)
    return Projection(group, trend, slope, break_date, p, _backtest(records, level), ahead, reaches)


def _reaches(trend: Trend, day: float, own: float, goal: float, level: float) -> Estimate:
    """Return the months until a trend, and both ends of its interval, reach a level."""
    if own >= goal:
        return Estimate(0.0, unit="months", reason="it has that level already")
    days = day + np.arange(0.0, MOST_YEARS * _DAYS_PER_YEAR, 7.0)
    line, low, high = (
        float(days[there[0]] - day) * 12 / _DAYS_PER_YEAR
        if (there := np.flatnonzero(path >= goal)).size
        else None
        for path in trend.at(days, level)
    )
    reason = "" if line is not None else f"the trend does not reach it within {MOST_YEARS} years"
    return Estimate(line, high, low, level, "months", reason)


def fit_trend(records: Steps) -> Trend:
    """Fit a straight line to the records of a frontier by least squares.

    Parameters
    ----------
    records
        At least three records.
    """
    origin = float(records.date.mean())
    x = (records.date - origin) / _DAYS_PER_YEAR
    slope, intercept = np.polyfit(x, records.level, 1)
    residual = records.level - intercept - slope * x
    scatter = float(np.sqrt((residual**2).sum() / (x.size - 2)))
    return Trend(origin, float(intercept), float(slope), scatter, records.date, records.level)


def _until(records: Steps, last: float) -> Steps:
    kept = records.date <= last
    return Steps(records.date[kept], records.level[kept], records.member[kept])


def _since(records: Steps, place: int | None) -> Steps:
    return Steps(records.date[place:], records.level[place:], records.member[place:])


def _slope_interval(trend: Trend, level: float) -> Estimate:
    from scipy.stats import t

    errors = trend.errors(np.array([[0.0, 1.0]]))
    reach = float(t.ppf((1 + level) / 2, errors.degrees) * np.sqrt(errors.contrasts[0]))
    return Estimate(
        trend.per_year, trend.per_year - reach, trend.per_year + reach, level, "capability per year"
    )


def _break(records: Steps, draws: int, rng: np.random.Generator) -> tuple[int | None, float | None]:
    """Return the place of the strongest break in the line and its p-value (sup-F test, simulated)."""
    x = records.date / _DAYS_PER_YEAR
    if x.size < 2 * _FEWEST_RECORDS:
        return None, None
    place, strongest = _sup_f(x, records.level)
    design = np.column_stack([np.ones_like(x), x])
    weights = lasting(records.level, design, design[:, :1].T, strong=_STRONG).weights
    # F does not change with line and scale: what counts is how long errors last, as far as records tell.
    rhos = rng.choice(AUTOCORRELATIONS, draws, p=weights)
    noise = rng.standard_normal((draws, x.size))
    for k in range(1, x.size):
        noise[:, k] = rhos * noise[:, k - 1] + np.sqrt(1 - rhos**2) * noise[:, k]
    simulated = [_sup_f(x, each)[1] for each in noise]
    return place, float(share_as_large(strongest, np.array(simulated)))


def _sup_f(x: Floats, y: Floats) -> tuple[int, float]:
    """Return where two lines fit best in place of one, and the F statistic there."""
    whole = _squares(x, y)
    places = range(_FEWEST_RECORDS, x.size - _FEWEST_RECORDS + 1)
    parts = [_squares(x[:k], y[:k]) + _squares(x[k:], y[k:]) for k in places]
    best = int(np.argmin(parts))
    freedom = max(x.size - 4, 1)
    return places[best], float((whole - parts[best]) / 2 / max(parts[best] / freedom, 1e-12))


def _squares(x: Floats, y: Floats) -> float:
    return float(((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2).sum())


def _backtest(records: Steps, level: float) -> pl.DataFrame:
    """Return, for every cut-off, how many of the next year's records fell inside the interval."""
    rows = []
    for n in range(_FEWEST_RECORDS, records.date.size):
        history = Steps(records.date[:n], records.level[:n], records.member[:n])
        later = (np.arange(records.date.size) >= n) & (records.date <= history.date[-1] + _DAYS_PER_YEAR)
        if not later.any():
            continue
        _, low, high = fit_trend(history).at(records.date[later], level)
        inside = (low <= records.level[later]) & (records.level[later] <= high)
        rows.append((day_of(float(history.date[-1])), int(later.sum()), float(inside.mean())))
    schema = {"until": pl.Date, "records": pl.Int64, "inside": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
