"""The work of a run, cut into chunks that depend on their number alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from parity.robustness import _kernel
from parity.robustness._bag import Tables
from parity.robustness._counts import Bins, Counts
from parity.robustness._draws import (
    SENSITIVITY,
    UNCERTAINTY,
    Drawn,
    chosen,
    chunk_seed,
    columns_of,
    exchange,
    sobol_pairs,
    sobol_points,
)
from parity.robustness._plan import Plan
from parity.robustness._sobol import Moments, pairs_of
from parity.stats import BoolArray, FloatArray, IntArray

_CHUNK = 1 << 14
_CHUNK_WORK = 1 << 31
_SMALLEST_CHUNK = 64
_BATCHES = 512


def chunk_size(plan: Plan, matrices: int = 1) -> int:
    """Return the draws (or base points) in a chunk: a power of two that the plan alone decides.

    A chunk is long enough to hide the cost of handing it out, and short enough to share
    the work evenly and to keep its weights in little memory.
    """
    work = len(plan.units) * max(1, plan.weights.shape[1]) * matrices
    longest = _CHUNK_WORK // work
    return int(min(_CHUNK, max(_SMALLEST_CHUNK, 1 << max(0, longest.bit_length() - 1))))


def chunk_count(n: int, size: int) -> int:
    """Return how many chunks hold ``n`` draws."""
    return -(-n // size)


def points_of_chunks(plan: Plan, draws: int) -> Iterator[FloatArray]:
    """Yield the points of the cube that the draws of ``Uncertainty`` come from, chunk by chunk."""
    size = chunk_size(plan)
    return (_points(plan, draws, size, number) for number in range(chunk_count(draws, size)))


def _points(plan: Plan, draws: int, size: int, number: int) -> FloatArray:
    n = min(size, draws - number * size)
    return sobol_points(n, plan.dimensions, chunk_seed(plan.recipe.seed, UNCERTAINTY, number))


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """Draws counted into histograms."""

    plan: Plan  # what a draw is made from
    bins: Bins  # where ranks and scores are counted
    draws: int  # number of draws in all
    size: int  # draws in a chunk

    def chunk(self, number: int) -> Tables:
        """Count the draws of one chunk."""
        plan = self.plan
        points = _points(plan, self.draws, self.size, number)
        n = len(points)
        drawn = plan.realise(points)
        counts = Counts.empty(len(plan.units), 0, np.int32)
        ranks, scores, above = counts.ranks, counts.scores, counts.above.astype(np.int64)
        if plan.compiled:
            _kernel.tally(plan.kernel, drawn.variants, drawn.weights, self.bins, ranks, scores, above)
        else:
            _kernel.tally_scores(plan.scores(drawn), self.bins, ranks, scores, above)
        plan.check(int(ranks[:, 0].sum()))
        used = [
            np.bincount(places, minlength=len(factor.labels))
            for factor, places in zip(plan.factors, chosen(plan.factors, points), strict=True)
        ]
        return {
            "draws": np.array(n),
            "ranks": ranks,
            "scores": scores,
            "above": above.astype(np.int32),
            "used": np.concatenate([np.empty(0, dtype=np.int64), *used]),
        }


def counts_of(tables: Tables) -> Counts:
    """Return the counts that a chunk of ``Uncertainty`` came to."""
    arrays = {name: tables[name].astype(np.int64) for name in ("ranks", "scores", "above", "used")}
    return Counts(int(tables["draws"]), **arrays)


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Base points summed for Sobol indices."""

    plan: Plan  # what a draw is made from
    chosen: IntArray  # positions of the units whose rank and score are outputs, shape (k,)
    centre: FloatArray  # subtracted from every output, shape (2 k + 1,)
    base: int  # base points in all
    size: int  # base points in a chunk
    pairs: bool  # whether pairs of assumptions are asked for

    @property
    def matrices(self) -> int:
        """Rebuilds for each base point."""
        return 2 + len(self.plan.factors) * (2 if self.pairs else 1)

    @property
    def batch(self) -> int:
        """Base points in a batch of the bootstrap."""
        return max(1, min(self.base, self.size) // max(1, _BATCHES // chunk_count(self.base, self.size)))

    def chunk(self, number: int) -> Tables:
        """Sum the base points of one chunk."""
        plan, d = self.plan, len(self.plan.factors)
        n = min(self.size, self.base - number * self.size)
        a, b = sobol_pairs(n, plan.dimensions, chunk_seed(plan.recipe.seed, SENSITIVITY, number))
        columns = columns_of(plan.factors)
        points = [a, b, *(exchange(a, b, group) for group in columns)]
        points += [exchange(b, a, group) for group in columns] if self.pairs else []
        drawn = [plan.realise(each) for each in points]
        batches, outputs = chunk_count(n, self.batch), len(self.centre)
        pairs = np.array(pairs_of(d) if self.pairs else [], dtype=np.int64).reshape(-1, 2)
        sums = Moments(
            points=np.diff(np.append(np.arange(0, n, self.batch), n)).astype(np.float64),
            output=np.zeros((batches, outputs, 4)),
            factor=np.zeros((batches, outputs, d, 4)),
            pair=np.zeros((batches, outputs, len(pairs))),
            lowest=np.full(outputs, np.inf),
            highest=np.full(outputs, -np.inf),
        )
        for start in range(0, n, _kernel.BLOCK):
            part = slice(start, min(start + _kernel.BLOCK, n))
            values = np.stack([self.outputs(Drawn(m.variants[part], m.weights[part])) for m in drawn])
            _kernel.add_moments(
                values,
                self.centre,
                start,
                self.batch,
                pairs,
                sums.output,
                sums.factor,
                sums.pair,
                sums.lowest,
                sums.highest,
            )
        return {name: getattr(sums, name) for name in Moments.__dataclass_fields__}

    def outputs(self, drawn: Drawn) -> FloatArray:
        """Return ranks, scores and the mean absolute rank shift of draws, shape (2 k + 1, draws)."""
        scores = self.plan.scores(drawn)
        ranks = _kernel.ranks_of(scores)
        base = self.plan.base_ranks
        values: FloatArray = _kernel.outputs_of(scores, ranks, base, self.chosen)
        return values


def condition(
    plan: Plan, chosen: IntArray, place: int, rank: int
) -> Callable[[FloatArray], tuple[BoolArray, FloatArray]]:
    """Return what tells whether a unit ranks so or better in draws, and their outputs."""

    def evaluate(points: FloatArray) -> tuple[BoolArray, FloatArray]:
        scores = plan.scores(plan.realise(points))
        ranks = _kernel.ranks_of(scores)
        outputs = _kernel.outputs_of(scores, ranks, plan.base_ranks, chosen)
        return (ranks[place] > 0) & (ranks[place] <= rank), outputs.T

    return evaluate


def moments_of(tables: Tables) -> Moments:
    """Return the sums that a chunk of ``Sensitivity`` came to."""
    return Moments(**tables)
