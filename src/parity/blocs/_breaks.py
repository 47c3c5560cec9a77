"""Breaks in the level of a series: found by a test over all dates, dated and sized with intervals.

The largest F statistic over all dates has its own null distribution (Andrews 1993), which here is
simulated for the series' length and for errors that depend on those of the period before. Several breaks
are found one at a time and dated again between their neighbours (Bai 1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from parity.stats import interval_ends, share_as_large

FloatArray = npt.NDArray[np.float64]

SHORTEST = 4
"""Periods that a level must last."""

_SIMULATED = 50_000
_DATED = 999
_SEED = 1993
_RHO_STEP = 0.05
_HIGHEST_RHO = 0.95


@dataclass(frozen=True, slots=True)
class Level:
    """A break in one series.

    Attributes
    ----------
    place
        First period of the new level, counted from 0.
    low, high
        Ends of the interval of ``place``.
    change
        New level less the old.
    error
        Its standard error.
    freedom
        Degrees of freedom of the error.
    p
        Probability of a break this clear at some date in a series without one.
    """

    place: int
    low: int
    high: int
    change: float
    error: float
    freedom: float
    p: float


def sup_f(y: FloatArray) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """Return the largest F statistic of a break in level over all dates, and the date.

    Parameters
    ----------
    y
        Series, shape (m, t).

    Returns
    -------
    tuple of numpy.ndarray
        Statistics and first periods of the new level, each of shape (m,).
    """
    t = y.shape[1]
    centred = y - y.mean(axis=1, keepdims=True)
    before = np.cumsum(centred, axis=1)[:, SHORTEST - 1 : t - SHORTEST]
    n = np.arange(SHORTEST, t - SHORTEST + 1)
    whole = (centred**2).sum(axis=1)
    # With mean zero, the sum after a date is minus the sum before it.
    explained = before**2 * (1 / n + 1 / (t - n))
    best = np.argmax(explained, axis=1)
    top = np.take_along_axis(explained, best[:, np.newaxis], axis=1)[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        f = top / ((whole - top) / (t - 2))
    return np.where(whole > 0, f, 0.0), n[best]


def autocorrelation(y: FloatArray) -> float:
    """Return the correlation of neighbouring errors, common to all series.

    From the sizes of differences over one and over two periods: for errors that follow their
    predecessor with rho, the square of the second is 1 + rho times that of the first. Pooled over the
    series on a common scale: breaks in some series barely touch it, and breaks in all make the estimate
    too high, which is on the side of caution.

    Parameters
    ----------
    y
        Series, shape (m, t).
    """
    one, two = (np.abs(y[:, gap:] - y[:, :-gap]).mean(axis=1) for gap in (1, 2))
    scale = one + two
    usable = scale > 0
    if not usable.any():
        return 0.0
    ratio = np.mean(two[usable] / scale[usable]) / np.mean(one[usable] / scale[usable])
    return float(np.clip(ratio**2 - 1, 0.0, _HIGHEST_RHO))


def p_values(statistics: FloatArray, t: int, rho: float) -> FloatArray:
    """Return how often a series without a break has a statistic this large, shape (m,)."""
    below, share = divmod(rho / _RHO_STEP, 1.0)
    nulls = (_null(t, int(below)), _null(t, int(below) + (share > 0)))
    low, high = (share_as_large(statistics, null) for null in nulls)
    return np.asarray((1 - share) * low + share * high)


@lru_cache(maxsize=256)
def _null(t: int, step: int) -> FloatArray:
    """Return simulated statistics of series without a break, sorted."""
    rng = np.random.default_rng([_SEED, t, step])
    return np.sort(sup_f(noise(_SIMULATED, t, step * _RHO_STEP, rng))[0])


def noise(m: int, t: int, rho: float, rng: np.random.Generator) -> FloatArray:
    """Return errors of unit variance that follow their predecessor with rho, shape (m, t)."""
    found = rng.standard_normal((m, t))
    for k in range(1, t):
        found[:, k] = rho * found[:, k - 1] + np.sqrt(1 - rho**2) * found[:, k]
    return found


def breaks(y: FloatArray, rho: float, alpha: float = 0.05, level: float = 0.9) -> tuple[Level, ...]:
    """Return the breaks of one series, in time order.

    Parameters
    ----------
    y
        Series, shape (t,).
    rho
        Correlation of neighbouring errors.
    alpha
        A break is kept if its p is at most this.
    level
        Probability that the intervals of the dates cover.
    """
    places = _places(y, rho, alpha)
    while places:
        refined = _refined(y, places)
        ends = [0, *refined, len(y)]
        p = [_p_of(y[ends[k] : ends[k + 2]], rho) for k in range(len(refined))]
        if max(p) <= alpha:
            return _levels(y, refined, p, rho, level)
        # Dated between its neighbours, a break may no longer stand: drop the weakest, date again.
        places = [place for place, weak in zip(refined, p, strict=True) if weak < max(p)]
    return ()


def _places(y: FloatArray, rho: float, alpha: float, start: int = 0) -> list[int]:
    """Return dates of breaks, splitting until no part has one."""
    if len(y) < 2 * SHORTEST:
        return []
    f, place = sup_f(y[np.newaxis])
    if p_values(f, len(y), rho)[0] > alpha:
        return []
    k = int(place[0])
    return [
        *_places(y[:k], rho, alpha, start),
        start + k,
        *_places(y[k:], rho, alpha, start + k),
    ]


def _refined(y: FloatArray, places: list[int]) -> list[int]:
    """Date each break again between its neighbours."""
    found = list(places)
    for k in range(len(found)):
        low = found[k - 1] if k else 0
        high = found[k + 1] if k + 1 < len(found) else len(y)
        if high - low >= 2 * SHORTEST:
            found[k] = low + int(sup_f(y[np.newaxis, low:high])[1][0])
    return found


def _p_of(y: FloatArray, rho: float) -> float:
    return float(p_values(sup_f(y[np.newaxis])[0], len(y), rho)[0])


def _levels(y: FloatArray, places: list[int], p: list[float], rho: float, level: float) -> tuple[Level, ...]:
    fit = Fit.of(y, places, rho)
    ends = [0, *places, len(y)]
    rng = np.random.default_rng(_SEED)
    found = []
    for k, place in enumerate(places):
        contrast = np.zeros(len(y))
        contrast[ends[k] : place] = -1 / (place - ends[k])
        contrast[place : ends[k + 2]] = 1 / (ends[k + 2] - place)
        change, error = fit.contrast(contrast)
        part = fit.level[ends[k] : ends[k + 2]]
        again = part + fit.sigma * noise(_DATED, len(part), rho, rng)
        low, high = interval_ends(sup_f(again)[1], level, "nearest") + ends[k]
        found.append(
            Level(place, min(int(low), place), max(int(high), place), change, error, fit.freedom, p[k])
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Levels fitted to a series, with the scatter around them.

    Attributes
    ----------
    y, level
        Series and its levels, shape (t,).
    sigma
        Standard deviation of one period around its level.
    freedom
        Degrees of freedom of ``sigma`` (Satterthwaite).
    correlation
        Of errors, shape (t, t).
    """

    y: FloatArray
    level: FloatArray
    sigma: float
    freedom: float
    correlation: FloatArray

    @classmethod
    def of(cls, y: FloatArray, places: list[int], rho: float) -> Fit:
        """Fit levels with breaks at the places."""
        t = len(y)
        ends = [0, *places, t]
        steps = np.zeros((t, len(ends) - 1))
        for k in range(len(ends) - 1):
            steps[ends[k] : ends[k + 1], k] = 1.0
        maker = np.eye(t) - steps @ (steps.T / steps.sum(axis=0)[:, np.newaxis])
        correlation = rho ** np.abs(np.subtract.outer(np.arange(t), np.arange(t)))
        residual = maker @ y
        product = maker @ correlation
        # Errors that hang together leave residuals too small: the trace says by how much.
        share = float(np.trace(product))
        sigma = float(np.sqrt(residual @ residual / share))
        freedom = share**2 / float(np.trace(product @ product))
        return cls(y, y - residual, sigma, freedom, correlation)

    def contrast(self, c: FloatArray) -> tuple[float, float]:
        """Return a weighted sum of the series, and its standard error."""
        return float(c @ self.y), self.sigma * float(np.sqrt(c @ self.correlation @ c))
