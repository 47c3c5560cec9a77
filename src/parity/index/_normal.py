"""Multivariate normal model of incomplete data: maximum likelihood by EM, and draws from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parity.index._scale import centre_and_spread
from parity.stats import BoolArray, FloatArray, IntArray

_TOLERANCE = 1e-8
_MOST_ITERATIONS = 1000
# Share of the (standardised) prior variance that is added to the diagonal, in units of one
# observation: keeps the covariance invertible where columns are collinear or outnumber rows.
_RIDGE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Normal:
    """A multivariate normal distribution, in standardised units."""

    # What the columns were standardised by, shape (k,).
    centre: FloatArray
    spread: FloatArray
    # Parameters of the standardised columns, shapes (k,) and (k, k).
    mean: FloatArray
    covariance: FloatArray
    iterations: int  # EM iterations made; the limit is 1000

    def fill(self, values: FloatArray, rng: np.random.Generator | None = None) -> FloatArray:
        """Return values with missing cells filled given the row's others.

        ``values``: shape (n, k); NaN is missing. ``rng``: draws from the conditional distribution; without
        it, its mean is taken. Returns: shape (n, k). Cells that are not missing stay exactly as they were.
        """
        scaled = (values - self.centre) / self.spread
        for rows, gaps in _patterns(scaled):
            slope, residual = _conditional(self.covariance, gaps)
            expected = self.mean[gaps] + (scaled[np.ix_(rows, ~gaps)] - self.mean[~gaps]) @ slope.T
            if rng is not None:
                root = np.linalg.cholesky(residual + _RIDGE * np.eye(len(residual)))
                expected = expected + rng.standard_normal(expected.shape) @ root.T
            scaled[np.ix_(rows, gaps)] = expected
        return np.where(np.isnan(values), scaled * self.spread + self.centre, values)


def fit_normal(values: FloatArray) -> Normal:
    """Fit by expectation maximisation. Dempster, Laird and Rubin (1977); Schafer (1997), chapter 5.

    ``values``: shape (n, k); NaN is missing, at random given the rest. A column without values is not
    possible. Returns: the distribution of greatest likelihood (up to a slight ridge).
    """
    centre, spread = centre_and_spread(values)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = (values - centre) / spread
    n, k = scaled.shape
    mean = np.zeros(k)
    covariance = np.eye(k)
    patterns = _patterns(scaled)
    complete = scaled[~np.isnan(scaled).any(axis=1)]
    base, products = complete.sum(axis=0), complete.T @ complete
    iterations = 0
    for iterations in range(1, _MOST_ITERATIONS + 1):  # noqa: B007
        total, square = base.copy(), products.copy()
        for rows, gaps in patterns:
            slope, residual = _conditional(covariance, gaps)
            filled = scaled[rows].copy()
            filled[:, gaps] = mean[gaps] + (filled[:, ~gaps] - mean[~gaps]) @ slope.T
            total += filled.sum(axis=0)
            square += filled.T @ filled
            square[np.ix_(gaps, gaps)] += len(rows) * residual
        new_mean = total / n
        new_covariance = (square - n * np.outer(new_mean, new_mean)) / n + _RIDGE / n * np.eye(k)
        change = max(np.abs(new_mean - mean).max(), np.abs(new_covariance - covariance).max())
        mean, covariance = new_mean, new_covariance
        if change < _TOLERANCE:
            break
    return Normal(centre, spread, mean, covariance, iterations)


def _patterns(values: FloatArray) -> list[tuple[IntArray, BoolArray]]:
    """Return the rows that share each pattern of missing cells, with the pattern; complete rows left out."""
    gaps = np.isnan(values)
    incomplete = np.flatnonzero(gaps.any(axis=1))
    if not len(incomplete):
        return []
    patterns, which = np.unique(gaps[incomplete], axis=0, return_inverse=True)
    return [(incomplete[which.ravel() == number], pattern) for number, pattern in enumerate(patterns)]


def _conditional(covariance: FloatArray, gaps: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return slopes and residual covariance of the missing columns given the others."""
    known = covariance[np.ix_(~gaps, ~gaps)]
    across = covariance[np.ix_(gaps, ~gaps)]
    slope = np.asarray(np.linalg.solve(known, across.T).T if known.size else across, dtype=np.float64)
    residual: FloatArray = covariance[np.ix_(gaps, gaps)] - slope @ across.T
    return slope, (residual + residual.T) / 2
