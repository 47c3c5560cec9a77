"""Ranks and scores of the index: how often one more rebuild lies outside, of the same choices and others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parity.ask.blocs import everyone
from parity.ask.rank import Rank
from parity.ask.standing import Standing, built
from parity.blocs import intervals, known_weights, pool
from parity.catalogue import load_table
from parity.index import Index
from parity.index.index import rank
from parity.robustness.rebuilds import rebuilds
from parity.stats import drawn_shapley, every_coalition, shapley
from tools.calibration.rows import Array, Row, missed, rng_of

DRAWS, SEEDS = 120, (None, 1, 2, 3)
G7 = ("CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA")
TRUTHS = ("one more rebuild", "one more, an indicator left out", "one more, weights twice as far off")


def _drawn(index: Index, truth: str, seed: int | None = None) -> Iterator[tuple[Index, Array]]:
    """Yield rebuilds of another seed, by a truth."""
    rng = rng_of("rebuilds", truth)
    for variant, weights in rebuilds(index, DRAWS, seed):
        if "left out" in truth:
            weights = weights.copy()
            weights[np.arange(len(weights)), rng.integers(0, variant.tree.n_indicators, len(weights))] = 0.0
        if "weights" in truth:
            base = np.where(variant.weights > 0, variant.weights, 1.0)
            weights = np.where(variant.weights > 0, base * (weights / base) ** 2, weights)
        yield variant, weights


def _ranks(found: Standing, truth: str) -> Array:
    """Return ranks of countries in rebuilds, shape (draws, n)."""
    rows, node = [], found.index.node()
    for variant, weights in _drawn(found.index, truth, SEEDS[-1]):
        own = variant.scores[:, : variant.tree.n_indicators]
        rows += [rank(variant.scoring.with_weights(one).scores(own))[:, node] for one in weights]
    return np.array(rows)


def ranks() -> Iterator[Row]:
    """Compare rank intervals with ranks in rebuilds that they were not made of."""
    found = built()
    printed = {one.iso3: one for one in Rank().answer().result.countries}
    rows = [row for row, code in enumerate(found.index.units.astype(str)) if code in printed]
    own = [printed[str(found.index.units[row])] for row in rows]
    low, high = (np.array([getattr(one, end) for one in own]) for end in ("rank_low", "rank_high"))
    for truth in TRUTHS:
        miss = missed(_ranks(found, truth)[:, rows], low, high)
        yield Row("rank, 90 % of rebuilds", truth, 0.1, miss, DRAWS, "share of countries")


def pooled() -> Iterator[Row]:
    """Compare a bloc's score intervals with scores in rebuilds, and drawn Shapley values with exact ones."""
    found = built()
    data = everyone(found)
    weights = known_weights(found.index.spec, load_table("indicators"), data.columns)
    bloc = pool(found.index, G7, None, name="G7", data=data, weights=weights)
    nodes = list(found.index.tree.groups)
    made = [intervals([bloc], _drawn(found.index, "", seed))[0].scores[:, nodes] for seed in SEEDS]
    for truth in TRUTHS:
        fresh = intervals([bloc], _drawn(found.index, truth, SEEDS[-1] + 1))[0].samples[:, nodes]
        miss = float(np.mean([missed(fresh, ends[0], ends[2]) for ends in made]))
        yield Row("score of a bloc, 90 % of rebuilds", truth, 0.1, miss, DRAWS, "G7, all pillars")
    n = 13
    for truth in ("members alike", "one member in ten huge", "members that only help together"):
        rng, low, high, true = rng_of("shapley", truth), [], [], []
        for _ in range(40):
            size = rng.lognormal(0, 2.0 if "huge" in truth else 0.3, n)

            def worth(inside: np.ndarray, size: Array = size, truth: str = truth) -> Array:
                total = inside @ size
                return np.asarray((total**3 if "together" in truth else np.sqrt(total))[:, np.newaxis])

            true.append(shapley(worth(every_coalition(n)))[:, 0])
            value, error = drawn_shapley(worth, n, 20_000, rng)
            low.append((value - 1.96 * error)[:, 0])
            high.append((value + 1.96 * error)[:, 0])
        miss = missed(np.array(true), np.array(low), np.array(high))
        yield Row(
            "Shapley value of drawn orders, 95 % interval", truth, 0.05, miss, 40 * n, "share of members"
        )
