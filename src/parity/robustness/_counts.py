"""Histograms of ranks and scores, and the intervals and Monte Carlo errors that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from parity.stats import FloatArray

COUNTED_UNITS = 256
"""Up to so many units, ranks are counted pair by pair; above, each draw is sorted."""

SCORE_BINS = 2048
"""Inner bins of a score histogram: over twice the pilot's range, 0.1 % of that range each."""

EXACT_UNITS = 1024
"""Up to so many units every rank has its own bin; above, ranks are binned around the pilot's."""

MANY_UNITS_BINS = 256
"""Bins for ranks and for scores of each unit where units are many, to bound the memory."""


class Bins(NamedTuple):
    """Where ranks and scores are counted; one row per unit."""

    # Lowest rank of the first bin and bins per rank, shape (units,); 1 and 1 keep every rank apart.
    rank_from: FloatArray
    per_rank: FloatArray
    # Score at the start of the first inner bin and bins per unit of score, shape (units,).
    score_from: FloatArray
    per_score: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """What the draws of one chunk, or of all, came to."""

    draws: int  # number of draws
    # Histogram of ranks; column 0 counts draws without a score, shape (units, 1 + rank bins).
    ranks: NDArray[np.int64]
    scores: NDArray[np.int64]  # histogram of scores with a bin below and above, shape (units, score bins + 2)
    # Draws in which the row's unit has a higher score than the column's, shape (units, units); empty where
    # units are many.
    above: NDArray[np.int64]
    used: NDArray[np.int64]  # draws that used each alternative, all assumptions one after another

    @classmethod
    def empty(cls, units: int, alternatives: int, kind: type[np.integer[Any]] = np.int64) -> Self:
        """Return counts of no draws."""
        few = units <= EXACT_UNITS
        return cls(
            0,
            np.zeros((units, 1 + (units if few else MANY_UNITS_BINS)), dtype=kind),
            np.zeros((units, 2 + (SCORE_BINS if few else MANY_UNITS_BINS)), dtype=kind),
            np.zeros((units, units) if units <= COUNTED_UNITS else (0, 0), dtype=kind),
            np.zeros(alternatives, dtype=np.int64),
        )

    def plus(self, other: Counts) -> Counts:
        """Return the counts of both; the order does not matter."""
        return Counts(
            self.draws + other.draws,
            self.ranks + other.ranks,
            self.scores + other.scores,
            self.above + other.above,
            self.used + other.used,
        )


def bins_around(scores: FloatArray, ranks: NDArray[np.int64]) -> Bins:
    """Choose the bins from a pilot run.

    ``scores, ranks``: scores and ranks of the pilot's draws, shape (units, draws); NaN and 0 without a
    score. Returns: score bins cover the pilot's range and half of it again on either side.
    """
    units = len(scores)
    score_bins = SCORE_BINS if units <= EXACT_UNITS else MANY_UNITS_BINS
    low = np.fmin.reduce(scores, axis=1, initial=np.nan)
    range_ = np.fmax.reduce(scores, axis=1, initial=np.nan) - low
    # A score that never changes has no range; its bins are one unit in the last places wide.
    range_ = np.where(range_ > 0, range_, np.maximum(np.abs(low), 1.0) * 1e-9)
    score_from, per_score = np.nan_to_num(low - range_ / 2), np.nan_to_num(score_bins / (2 * range_), nan=1.0)
    if units <= EXACT_UNITS:
        return Bins(np.ones(units), np.ones(units), score_from, per_score)
    first = ranks.min(axis=1).astype(float)
    width = np.maximum(ranks.max(axis=1) - first, 1.0)
    rank_from = np.maximum(first - width / 2, 1.0)
    rank_to = np.minimum(first + 1.5 * width, float(units))
    per_rank = np.minimum(MANY_UNITS_BINS / np.maximum(rank_to - rank_from, 1.0), 1.0)
    return Bins(np.floor(rank_from), per_rank, score_from, per_score)


def rank_values(bins: Bins, columns: int) -> FloatArray:
    """Return the rank that each bin of the rank histogram stands for, shape (units, columns)."""
    steps = np.arange(columns) / bins.per_rank[:, None]
    middle = (1 / bins.per_rank[:, None] - 1) / 2
    values: FloatArray = bins.rank_from[:, None] + steps + middle
    return values


def cumulative(ranks: NDArray[np.int64]) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return the share of draws at or below each rank, and the draws with a rank.

    ``ranks``: histogram, shape (units, 1 + bins). Returns: shapes (units, bins), NaN for a unit that was
    never ranked, and (units,).
    """
    sums = ranks[:, 1:].cumsum(axis=1)
    n = sums[:, -1]
    with np.errstate(invalid="ignore"):
        return sums / n[:, None], n


def rank_quantiles(ranks: NDArray[np.int64], bins: Bins, probabilities: FloatArray) -> FloatArray:
    """Return quantiles of the ranks: the smallest rank that at least so many draws do not exceed.

    ``ranks``: histogram, shape (units, 1 + bins). ``probabilities``: probabilities, shape (p,). Returns:
    shape (units, p); whole ranks (where every rank has its bin); NaN for a unit that was never ranked.
    """
    share, n = cumulative(ranks)
    values = rank_values(bins, share.shape[1])
    # A share that ought to equal the probability must not miss it by rounding.
    place = (share[:, None, :] < probabilities[:, None] - 1e-12).sum(axis=2)
    found = np.take_along_axis(values, np.minimum(place, share.shape[1] - 1), axis=1)
    return np.where(n[:, None] > 0, found, np.nan)


def quantile_errors(ranks: NDArray[np.int64], bins: Bins, probabilities: FloatArray) -> FloatArray:
    r"""Return the Monte Carlo standard error of rank quantiles.

    The sample quantile of n draws is at most r exactly when at least n p draws are, a
    binomial event; its normal approximation gives the whole distribution of the sample
    quantile from the histogram alone (Maritz and Jarrett 1978). Points of a Sobol net
    are spread more evenly than independent ones, so the error is rather smaller.

    Returns: shape (units, p); in ranks; NaN for a unit that was never ranked.
    """
    from scipy.special import ndtr

    share, n = cumulative(ranks)
    values = rank_values(bins, share.shape[1])
    errors = np.empty((len(ranks), len(probabilities)))
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(share * (1 - share) / n[:, None])
        for column, probability in enumerate(probabilities):
            below = ndtr((share - probability) / spread)
            mass = np.diff(np.where(spread > 0, below, share >= probability), axis=1, prepend=0.0)
            mean = (mass * values).sum(axis=1)
            errors[:, column] = np.sqrt((mass * (values - mean[:, None]) ** 2).sum(axis=1))
    return np.where(n[:, None] > 0, errors, np.nan)


def score_quantiles(scores: NDArray[np.int64], bins: Bins, probabilities: FloatArray) -> FloatArray:
    """Return quantiles of the scores, interpolated within a bin.

    ``scores``: histogram with a bin below and above, shape (units, bins + 2). Returns: shape (units, p);
    NaN for a unit that never had a score.
    """
    sums = scores.cumsum(axis=1)
    n = sums[:, -1]
    wanted = probabilities * n[:, None]
    place = np.minimum((sums[:, None, :] < wanted[:, :, None]).sum(axis=2), scores.shape[1] - 1)
    inside = np.take_along_axis(scores, place, axis=1)
    before = np.take_along_axis(sums, place, axis=1) - inside
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(inside > 0, (wanted - before) / inside, 0.0)
    found = bins.score_from[:, None] + (place - 1 + part) / bins.per_score[:, None]
    return np.where(n[:, None] > 0, found, np.nan)
