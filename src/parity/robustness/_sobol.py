"""Sobol sensitivity indices of many outputs at once, from sums that can be streamed.

Notation of Saltelli et al. (2010): A and B are independent matrices of points, AB_i is A
with the columns of assumption i from B, f the output. First order: Saltelli et al. (2010)
or Jansen (1999); total: Jansen (1999); pairs: Saltelli (2002). Bootstrap intervals
resample batches of base points, so only sums per batch are kept, never the draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from parity.robustness._draws import exchange, sobol_pairs
from parity.stats import FloatArray, IntArray, interval_ends

Estimator = Literal["saltelli", "jansen"]

CONSTANT = "the output is the same in every draw"
TOO_FEW = "one base point has no variance"
UNSURE = "it varies too little, or base points are too few: an interval is wider than all variance"

_RESAMPLES = 1000
_BOOTSTRAP_CELLS = 2_000_000
"""Most numbers in one resampled table; outputs are taken in slices of this size."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over base points, kept apart for each batch; all values are relative to a centre."""

    points: FloatArray  # base points in each batch, shape (batches,)
    output: FloatArray  # sums of f(A), f(B), f(A)^2, f(B)^2, shape (batches, outputs, 4)
    # Sums of f(AB_i), f(B)[f(AB_i) - f(A)], [f(B) - f(AB_i)]^2 and [f(A) - f(AB_i)]^2, shape (batches,
    # outputs, assumptions, 4).
    factor: FloatArray
    # Sums of f(BA_i) f(AB_j) - f(A) f(B), shape (batches, outputs, pairs); no pairs by default.
    pair: FloatArray
    # Range of every output, shape (outputs,).
    lowest: FloatArray
    highest: FloatArray


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol indices with intervals; NaN where there is none.

    Attributes
    ----------
    first, total
        Point estimates, shape (outputs, assumptions).
    first_interval, total_interval
        Lower and upper ends, shape (outputs, assumptions, 2).
    second, second_interval
        Interaction of pairs (i < j, row by row), shape (outputs, pairs) and (outputs, pairs, 2).
    reasons
        Why an output has no index; empty where it has, shape (outputs,).
    level
        Probability that the intervals cover.
    """

    first: FloatArray
    total: FloatArray
    first_interval: FloatArray
    total_interval: FloatArray
    second: FloatArray
    second_interval: FloatArray
    reasons: tuple[str, ...]
    level: float


def pairs_of(assumptions: int) -> list[tuple[int, int]]:
    """Return the pairs (i, j) with i < j, in the order of ``Moments.pair``."""
    return [(i, j) for i in range(assumptions) for j in range(i + 1, assumptions)]


def batch_bounds(n: int, batches: int) -> IntArray:
    """Cut ``n`` base points into batches of nearly one size; return the ends, first one 0."""
    return np.linspace(0, n, min(n, batches) + 1).astype(np.intp)


def moments(
    f_a: FloatArray,
    f_b: FloatArray,
    f_ab: FloatArray,
    f_ba: FloatArray | None = None,
    *,
    centre: FloatArray | None = None,
    batches: int = 1024,
) -> Moments:
    """Sum what the estimators need.

    ``f_a, f_b``: outputs at A and B, shape (n, outputs). ``f_ab``: outputs at AB_i, shape (assumptions,
    n, outputs). ``f_ba``: outputs at BA_i, the same shape; needed for pairs only. ``centre``: subtracted
    from every output, which keeps sums of squares exact; the mean by default. ``batches``: most batches
    to keep apart; one for each base point if there are fewer.
    """
    ends = batch_bounds(len(f_a), batches)[:-1]
    everything = np.concatenate([f_a, f_b])
    centre = everything.mean(0) if centre is None else centre
    a, b, ab = f_a - centre, f_b - centre, f_ab - centre

    def sums(columns: list[FloatArray], axis: int) -> FloatArray:
        return np.stack([np.add.reduceat(column, ends, axis=axis) for column in columns], axis=-1)

    per_output = sums([a, b, a * a, b * b], 0)
    per_factor = np.moveaxis(sums([ab, b * (ab - a), (b - ab) ** 2, (a - ab) ** 2], 1), 0, 2)
    per_pair = np.empty((len(ends), f_a.shape[1], 0))
    if f_ba is not None:
        ba = f_ba - centre
        products = [ba[i] * ab[j] - a * b for i, j in pairs_of(len(ab))]
        per_pair = sums(products, 0) if products else per_pair
    points = np.diff(np.append(ends, len(f_a))).astype(np.float64)
    return Moments(points, per_output, per_factor, per_pair, everything.min(0), everything.max(0))


def merge(parts: list[Moments]) -> Moments:
    """Lay the batches of several chunks one after another, in the order given."""
    return Moments(
        points=np.concatenate([part.points for part in parts]),
        output=np.concatenate([part.output for part in parts]),
        factor=np.concatenate([part.factor for part in parts]),
        pair=np.concatenate([part.pair for part in parts]),
        lowest=np.min([part.lowest for part in parts], axis=0),
        highest=np.max([part.highest for part in parts], axis=0),
    )


def indices(
    sums: Moments,
    *,
    estimator: Estimator = "saltelli",
    level: float = 0.95,
    seed: int = 0,
) -> Indices:
    """Estimate first-order, total and pair indices with percentile bootstrap intervals.

    ``estimator``: First-order estimator: ``"saltelli"`` (2010) or ``"jansen"`` (1999). Returns: a
    constant output has NaN and a reason, never a number out of 0 / 0; so has one whose total shares have
    an interval wider than 1.
    """
    counts = resampled_counts(len(sums.points), seed)
    outputs = sums.output.shape[1]
    cells = len(counts) * (sums.factor.shape[2] * 4 + sums.pair.shape[2] + 4)
    width = max(1, _BOOTSTRAP_CELLS // max(1, cells))
    slices = [slice(start, start + width) for start in range(0, outputs, width)]
    parts = [_slice_indices(sums, part, counts, estimator, level) for part in slices]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    ends = columns[3]
    with np.errstate(invalid="ignore"):
        unsure = (ends[..., 1] - ends[..., 0] > 1).any(axis=-1)
    reasons = tuple(why or UNSURE * bool(one) for why, one in zip(_reasons(sums), unsure, strict=True))
    unknown = np.array([reason != "" for reason in reasons], dtype=bool)
    for column in columns:
        column[unknown] = np.nan
    first, total, first_interval, total_interval, second, second_interval = columns
    return Indices(
        first, total, first_interval, total_interval, second, second_interval, reasons=reasons, level=level
    )


def _reasons(sums: Moments) -> list[str]:
    if sums.points.sum() < 2:
        return [TOO_FEW] * sums.output.shape[1]
    return [CONSTANT if flat else "" for flat in sums.highest <= sums.lowest]


def resampled_counts(batches: int, seed: int) -> FloatArray:
    """Return how often each batch is in each resample, shape (resamples, batches)."""
    if batches < 2:
        return np.empty((0, batches))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0xB007,)))
    return rng.multinomial(batches, np.full(batches, 1 / batches), size=_RESAMPLES).astype(np.float64)


def _slice_indices(
    sums: Moments, part: slice, counts: FloatArray, estimator: Estimator, level: float
) -> tuple[FloatArray, ...]:
    output, factor, pair = sums.output[:, part], sums.factor[:, part], sums.pair[:, part]
    n = sums.points.sum(keepdims=True)
    point = _estimate(n, output.sum(0)[None], factor.sum(0)[None], pair.sum(0)[None], estimator)

    def resum(table: FloatArray) -> FloatArray:
        flat = counts @ table.reshape(len(table), -1)
        return flat.reshape(len(counts), *table.shape[1:])

    again = _estimate(counts @ sums.points, resum(output), resum(factor), resum(pair), estimator)
    first, total, second = (column[0] for column in point)
    return (
        first,
        total,
        *(percentiles(column, level) for column in again[:2]),
        second,
        percentiles(again[2], level),
    )


def percentiles(resampled: FloatArray, level: float) -> FloatArray:
    """Return the ends of the interval on a new last axis; NaN without resamples."""
    if len(resampled) == 0:
        return np.full((*resampled.shape[1:], 2), np.nan)
    # A resample in which a nearly constant output does not vary has no index; the others have.
    known = np.where(np.isfinite(resampled), resampled, np.nan)
    return np.moveaxis(interval_ends(known, level), 0, -1)


def _estimate(
    n: FloatArray,
    output: FloatArray,
    factor: FloatArray,
    pair: FloatArray,
    estimator: Estimator,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Turn sums into indices; the leading axis holds resamples."""
    n = n[:, None]
    sum_a, sum_b, square_a, square_b = np.moveaxis(output, -1, 0)
    mean = (sum_a + sum_b) / (2 * n)
    variance = (square_a + square_b) / (2 * n) - mean**2
    sum_ab, product, off_b, off_a = np.moveaxis(factor, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = n[..., None] * variance[..., None]
        # Products are taken around the mean, known only now, rather than around the centre.
        shifted = product - mean[..., None] * (sum_ab - sum_a[..., None])
        first = shifted / scale if estimator == "saltelli" else 1 - off_b / (2 * scale)
        total = off_a / (2 * scale)
        # Moving the products of pairs from the centre to the mean adds terms in f(BA) + f(AB)
        # - f(A) - f(B), which are zero in expectation and small next to a centre near the mean.
        i, j = np.array(pairs_of(factor.shape[2])[: pair.shape[2]], dtype=np.intp).reshape(-1, 2).T
        second = pair / scale - first[..., i] - first[..., j]
    return first, total, second


def sobol_indices(
    function: Callable[[FloatArray], FloatArray],
    factors: Sequence[int],
    n: int,
    *,
    seed: int = 0,
    estimator: Estimator = "saltelli",
    level: float = 0.95,
    pairs: bool = False,
) -> Indices:
    """Estimate the indices of any vectorised function of independent uniform inputs.

    Parameters
    ----------
    function
        Maps points of shape (n, dimensions) to outputs of shape (n, outputs).
    factors
        For every dimension the number of its assumption, from 0; several dimensions
        with one number form one group and get one index.
    n
        Base points; the function is called on n (d + 2) points, with pairs n (2d + 2).
    seed, estimator, level
        As for ``indices``.
    pairs
        Estimate pair interactions too.
    """
    numbers = np.asarray(factors, dtype=np.intp)
    columns = [np.flatnonzero(numbers == i) for i in range(numbers.max(initial=-1) + 1)]
    a, b = sobol_pairs(n, len(numbers), np.random.SeedSequence(seed))
    f_ab = np.stack([function(exchange(a, b, group)) for group in columns])
    f_ba = np.stack([function(exchange(b, a, group)) for group in columns]) if pairs else None
    sums = moments(function(a), function(b), f_ab, f_ba)
    return indices(sums, estimator=estimator, level=level, seed=seed)
