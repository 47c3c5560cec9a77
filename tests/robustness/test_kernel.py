"""Ranks and histograms of the compiled loop against plain NumPy and the index engine."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest

from parity.index.index import rank
from parity.robustness._counts import (
    COUNTED_UNITS,
    EXACT_UNITS,
    Bins,
    Counts,
    bins_around,
    rank_quantiles,
    score_quantiles,
)
from parity.robustness._kernel import ranks_of, tally_scores

DRAWS = 200
BIN = 1e-3
"""Width of a score bin as a share of the pilot's range: 2048 bins over twice the range."""


def scores(units: int, seed: int = 0) -> np.ndarray:
    """Scores with many ties and some missing; one unit is never scored."""
    rng = np.random.default_rng(seed)
    found = np.round(rng.normal(size=(units, DRAWS)), 1)
    found[rng.random(found.shape) < 0.05] = np.nan
    found[min(3, units - 1)] = np.nan
    return found


@pytest.mark.parametrize("units", [1, 2, 7, COUNTED_UNITS, COUNTED_UNITS + 1, EXACT_UNITS + 5])
def test_ranks_are_those_of_the_engine(units: int) -> None:
    found = scores(units)
    np.testing.assert_array_equal(ranks_of(found), np.nan_to_num(rank(found)))


def test_pairs_are_counted_strictly() -> None:
    found = scores(9)
    above = np.zeros((9, 9), dtype=np.int64)
    ranks_of(found, above)
    with np.errstate(invalid="ignore"):
        expected = (found[:, None] > found[None]).sum(axis=2)
    np.testing.assert_array_equal(above, expected)


@pytest.mark.parametrize("units", [5, EXACT_UNITS + 5])
def test_histograms_hold_every_draw(units: int) -> None:
    found = scores(units)
    ranks = ranks_of(found)
    counts = Counts.empty(units, 0)
    tally_scores(found, bins_around(found, ranks.astype(np.int64)), counts.ranks, counts.scores, counts.above)
    assert (counts.ranks.sum(axis=1) == DRAWS).all()
    np.testing.assert_array_equal(counts.ranks[:, 0], (ranks == 0).sum(axis=1))
    np.testing.assert_array_equal(counts.scores.sum(axis=1), (ranks > 0).sum(axis=1))


def test_few_units_have_a_bin_for_every_rank() -> None:
    found = scores(6)
    ranks = ranks_of(found)
    counts = Counts.empty(6, 0)
    tally_scores(found, bins_around(found, ranks.astype(np.int64)), counts.ranks, counts.scores, counts.above)
    for unit in range(6):
        np.testing.assert_array_equal(counts.ranks[unit], np.bincount(ranks[unit], minlength=7))


def test_quantiles_of_many_units_are_within_a_bin() -> None:
    """Above 1024 units ranks are binned around the pilot's: the error is at most a bin."""
    rng = np.random.default_rng(1)
    units = EXACT_UNITS + 500
    found = np.arange(units)[::-1, None] + rng.normal(scale=80, size=(units, DRAWS))
    ranks = ranks_of(found)
    bins = bins_around(found, ranks.astype(np.int64))
    counts = Counts.empty(units, 0)
    tally_scores(found, bins, counts.ranks, counts.scores, counts.above)
    ends = np.array([0.05, 0.5, 0.95])
    expected = np.quantile(ranks, ends, axis=1, method="inverted_cdf").T
    width = 1 / bins.per_rank[:, None]
    assert (np.abs(rank_quantiles(counts.ranks, bins, ends) - expected) <= width).all()
    # Some hundred ranks share 256 bins: a bin is a few ranks wide.
    assert width.max() < 6


def test_score_quantiles_are_within_a_bin() -> None:
    rng = np.random.default_rng(2)
    found = rng.normal(loc=[[0.0], [-50.0], [1e6]], scale=[[1.0], [0.01], [3.0]], size=(3, 20_000))
    counts = Counts.empty(3, 0)
    ranks = ranks_of(found)
    bins = bins_around(found[:, :1024], ranks[:, :1024].astype(np.int64))
    tally_scores(found, bins, counts.ranks, counts.scores, counts.above)
    ends = np.array([0.025, 0.25, 0.5, 0.75, 0.975])
    expected = np.quantile(found, ends, axis=1).T
    reach = np.ptp(found[:, :1024], axis=1)[:, None]
    assert (np.abs(score_quantiles(counts.scores, bins, ends) - expected) <= 2 * BIN * reach).all()


def test_a_score_that_never_changes() -> None:
    found = np.full((2, 50), 42.0)
    counts = Counts.empty(2, 0)
    bins = bins_around(found, np.ones((2, 50), dtype=np.int64))
    tally_scores(found, bins, counts.ranks, counts.scores, counts.above)
    np.testing.assert_allclose(score_quantiles(counts.scores, bins, np.array([0.05, 0.95])), 42.0, rtol=1e-8)


def test_a_unit_without_scores_has_no_quantile() -> None:
    counts = Counts.empty(1, 0)
    bins = Bins(np.ones(1), np.ones(1), np.zeros(1), np.ones(1))
    assert np.isnan(rank_quantiles(counts.ranks, bins, np.array([0.5]))).all()
    assert np.isnan(score_quantiles(counts.scores, bins, np.array([0.5]))).all()


def test_counts_of_parts_add_up() -> None:
    found = scores(5)
    bins = bins_around(found, ranks_of(found).astype(np.int64))
    whole, parts = Counts.empty(5, 0), [Counts.empty(5, 0) for _ in range(4)]
    tally_scores(found, bins, whole.ranks, whole.scores, whole.above)
    for part, columns in zip(parts, np.array_split(found, 4, axis=1), strict=True):
        tally_scores(columns, bins, part.ranks, part.scores, part.above)
    for name in ("ranks", "scores", "above"):
        np.testing.assert_array_equal(getattr(reduce(Counts.plus, parts), name), getattr(whole, name))
