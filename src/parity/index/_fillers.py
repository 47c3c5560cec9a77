"""What imputation learns: objects that fill missing cells, and a normal model of incomplete data by EM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from parity.index._options import ImputeOptions
from parity.index._scale import centre_and_spread
from parity.index._table import Block, labels
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


def linear(years: FloatArray, values: FloatArray, wanted: FloatArray, extrapolate: bool = True) -> FloatArray:
    """Interpolate one series; outside the known years the nearest value, or NaN.

    ``years, values``: the known points, rising in years, shape (m,) with m of at least 1. ``wanted``:
    years to return values for, shape (n,).
    """
    outside = np.nan if not extrapolate else None
    return np.interp(wanted, years, values, left=outside, right=outside)


def carried(years: FloatArray, values: FloatArray, wanted: FloatArray, backwards: bool) -> FloatArray:
    """Return the latest known value at or before each wanted year.

    ``years, values``: the known points, rising in years, shape (m,) with m of at least 1. ``wanted``:
    years to return values for, shape (n,). ``backwards``: whether years before the first known one take
    its value; else they are NaN.
    """
    before = np.searchsorted(years, wanted, side="right") - 1
    found = values[np.maximum(before, 0)]
    return found if backwards else np.where(before < 0, np.nan, found)


def by_series(
    values: FloatArray, block: Block, *, learned: FloatArray, known: Block, options: ImputeOptions
) -> FloatArray:
    """Fill each unit's missing cells from its own other years.

    ``learned, known``: values that the index was built from, shape (m, k), and their units and years: a
    later replay knows a unit's past. ``options``: method, ``look_back`` and ``extrapolate``.
    """
    if block.years is None or known.years is None:
        return values
    filled = values.copy()
    times = np.unique(np.concatenate([known.years, block.years]))
    past = _rows_by_unit(known) if block is not known else {}
    for unit, rows in _rows_by_unit(block).items():
        gaps = np.isnan(values[rows])
        if not gaps.any():
            continue
        others = past.get(unit, np.empty(0, dtype=np.intp))
        others = others[~np.isin(known.years[others], block.years[rows])]
        years = np.concatenate([known.years[others], block.years[rows]])
        series = np.concatenate([learned[others], values[rows]])
        order = np.argsort(years)
        for column in np.flatnonzero(gaps.any(axis=0)):
            missing = rows[gaps[:, column]]
            filled[missing, column] = _one(
                years[order], series[order, column], block.years[missing], times, options
            )
    return filled


def _one(
    years: IntArray, values: FloatArray, wanted: IntArray, times: IntArray, options: ImputeOptions
) -> FloatArray:
    known = ~np.isnan(values)
    if not known.any():
        return np.full(len(wanted), np.nan)
    at, having = years[known].astype(float), values[known]
    if options.method == "linear":
        return linear(at, having, wanted.astype(float), options.extrapolate)
    found = carried(at, having, wanted.astype(float), backwards=options.method == "constant")
    if options.method == "latest" and options.look_back is not None:
        source = carried(at, np.searchsorted(times, at).astype(float), wanted.astype(float), backwards=False)
        found = np.where(np.searchsorted(times, wanted) - source > options.look_back, np.nan, found)
    return found


def _rows_by_unit(block: Block) -> dict[str, IntArray]:
    units, which = np.unique(block.ids.astype(str), return_inverse=True)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which, minlength=len(units)))[:-1]
    return dict(zip(units, np.split(order, ends), strict=True))


# Fills the missing cells of some columns: values, shape (n, k), and their block, which has groups and years.
# What was learned is bound to the functions below by keyword.
Filler = Callable[[FloatArray, Block], FloatArray]


def column_means(values: FloatArray) -> FloatArray:
    """Return the mean of each column, shape (k,); NaN for one without values."""
    return centre_and_spread(values)[0]


def column_medians(values: FloatArray) -> FloatArray:
    """Return the median of each column, shape (k,); NaN for one without values."""
    known = [column[~np.isnan(column)] for column in values.T]
    return np.array([np.median(column) if len(column) else np.nan for column in known])


def fill(values: FloatArray, fillers: FloatArray) -> FloatArray:
    """Return values, shape (n, k), with NaN replaced by what broadcasts with them."""
    return np.where(np.isnan(values), fillers, values)


def as_they_are(values: FloatArray, block: Block) -> FloatArray:
    """Leave missing cells missing."""
    return values


def by_column(values: FloatArray, block: Block, *, averages: FloatArray) -> FloatArray:
    """Fill by one value per column, shape (k,)."""
    return fill(values, averages)


def by_group(
    values: FloatArray, block: Block, *, column: str, averages: Mapping[str, FloatArray]
) -> FloatArray:
    """Fill by one value per group and column; a unit without a (known) group stays as it is."""
    unknown = np.full(values.shape[1], np.nan)
    own = [averages.get(name, unknown) for name in labels(block, column)]
    return fill(values, np.array(own).reshape(values.shape))


def by_row(
    values: FloatArray,
    block: Block,
    *,
    families: tuple[IntArray, ...],
    directions: FloatArray,
    low: FloatArray,
    high: FloatArray,
    average: Callable[[FloatArray], FloatArray],
) -> FloatArray:
    """Fill from the unit's own other indicators, on the scale where each runs from 0 to 1.

    ``families``: columns that fill each other. ``directions, low, high``: direction of each column and its
    bounds after direction, shape (k,). ``average``: mean or median of each column of an array.
    """
    width = high - low
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = (values * directions - low) / width
    filled = values.copy()
    for family in families:
        own = average(scaled[:, family].T)[:, np.newaxis]
        back = (own * width[family] + low[family]) * directions[family]
        filled[:, family] = fill(values[:, family], back)
    return filled


def by_neighbours(values: FloatArray, block: Block, *, reference: FloatArray, count: int) -> FloatArray:
    """Fill by the mean over the ``count`` nearest units that have the cell; over fewer where fewer have it.

    Distance is the root mean square difference over the columns that both units have, in standard
    deviations of the ``reference``, shape (m, k). A unit without any column in common is never near.
    """
    centre, spread = centre_and_spread(reference)
    spread = np.where(spread > 0, spread, 1.0)
    known = (reference - centre) / spread
    scaled = (values - centre) / spread
    filled = values.copy()
    for row in np.flatnonzero(np.isnan(values).any(axis=1)):
        order = _nearest_first(scaled[row], known)
        for column in np.flatnonzero(np.isnan(values[row])):
            near = order[~np.isnan(known[order, column])][:count]
            if len(near):
                filled[row, column] = reference[near, column].mean()
    return filled


def _nearest_first(unit: FloatArray, known: FloatArray) -> IntArray:
    """Return the rows of known, shape (m, k), by distance to a unit; those that share nothing left out."""
    shared = ~np.isnan(known) & ~np.isnan(unit)
    squares = np.where(shared, known - unit, 0.0) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.sqrt(squares.sum(axis=1) / shared.sum(axis=1))
    order = np.argsort(distance, kind="stable")
    return order[: np.count_nonzero(~np.isnan(distance))]


def by_model(values: FloatArray, block: Block, *, model: Normal, usable: IntArray) -> FloatArray:
    """Fill the columns that have values to fit a model on, ``usable``, by its conditional mean."""
    filled = values.copy()
    filled[:, usable] = model.fill(values[:, usable])
    return filled


def by_function(
    values: FloatArray,
    block: Block,
    *,
    function: Callable[..., Any],
    reference: FloatArray,
    options: Mapping[str, Any],
) -> FloatArray:
    """Fill by a registered function, given the values that the index was built from, shape (m, k)."""
    return fill(values, np.asarray(function(values, reference, **options), dtype=float))


def one_after_the_other(values: FloatArray, block: Block, *, first: Filler, second: Filler) -> FloatArray:
    """Fill, and fill what that leaves missing."""
    return second(first(values, block), block)
