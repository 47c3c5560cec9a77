"""Sensitivity on a subset of the draws: only those in which a condition holds.

A condition on the outcome ties the assumptions to each other, so the pick-and-freeze
design, which mixes independent points, no longer applies, and dropping draws from it
would bias it. The indices themselves stay defined: with X distributed as the draws that
meet the condition,

    first_i = Var(E[Y | X_i]) / Var(Y),    total_i = E[Var(Y | X_without_i)] / Var(Y).

Both are estimated from pairs of draws that share X_i, or all but X_i, the rest being drawn
again until the condition holds, which samples the conditional distribution exactly
(Kucherenko, Tarantola and Annoni 2012; Kucherenko, Klymenko and Shah 2017). For tied
assumptions a first-order index can exceed the total one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from parity.errors import NoAnswerError
from parity.robustness._sobol import CONSTANT, Indices, percentiles, resampled_counts
from parity.stats import BoolArray, FloatArray, IntArray

Evaluate = Callable[[FloatArray], tuple[BoolArray, FloatArray]]

_BATCH = 4096
_BATCHES = 512
MOST_TRIES = 1 << 20
"""Points tried for the base draws before a condition counts as too rare."""
_MOST_ROUNDS = 4096


def conditional_indices(
    evaluate: Evaluate,
    columns: Sequence[IntArray],
    dimensions: int,
    n: int,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    most_tries: int = MOST_TRIES,
) -> tuple[Indices, int]:
    """Estimate first-order and total indices over the points that meet a condition.

    ``evaluate``: maps points, shape (m, dimensions), to whether each meets the condition, shape (m,), and
    its outputs, shape (m, outputs). ``most_tries``: points to try at most for the base draws. Returns:
    the indices, and the number of points evaluated.
    """
    counted = _Counted(evaluate)
    points, values = _base(counted, dimensions, n, rng, most_tries)
    everything = np.arange(dimensions)
    first, total = [], []
    for group in columns:
        rest = np.setdiff1d(everything, group)
        first.append((values - _again(counted, points, values, rest, rng)) ** 2)
        total.append((values - _again(counted, points, values, group, rng)) ** 2)
    found = _estimate(values, np.stack(first, axis=2), np.stack(total, axis=2), level, rng)
    return found, counted.points


class _Counted:
    """An evaluation that counts its points."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate
        self.points = 0

    def __call__(self, points: FloatArray) -> tuple[BoolArray, FloatArray]:
        self.points += len(points)
        return self._evaluate(points)


def _base(
    evaluate: Evaluate, dimensions: int, n: int, rng: np.random.Generator, most: int
) -> tuple[FloatArray, FloatArray]:
    """Draw points until ``n`` meet the condition."""
    points, values, found, tried = [], [], 0, 0
    while found < n:
        if tried >= most:
            raise NoAnswerError(
                f"the condition holds in {found:,} of {tried:,} draws: too few to say what they rest on"
            )
        batch = rng.random((_BATCH, dimensions))
        met, outputs = evaluate(batch)
        points.append(batch[met])
        values.append(outputs[met])
        found, tried = found + int(met.sum()), tried + _BATCH
    return np.concatenate(points)[:n], np.concatenate(values)[:n]


def _again(
    evaluate: Evaluate, points: FloatArray, values: FloatArray, columns: IntArray, rng: np.random.Generator
) -> FloatArray:
    """Draw some columns again until the condition holds; return the outputs, shape (n, outputs).

    The points themselves meet the condition, so a point tries no more often than 1 / P(condition)
    on average. One that finds nothing in the last round keeps its own value.
    """
    found = values.copy()
    left = np.arange(len(points))
    for _ in range(_MOST_ROUNDS):
        if not len(left):
            break
        # Few points left try several times at once; the first try that meets the condition counts.
        tries = max(1, _BATCH // len(left))
        batch = np.repeat(points[left], tries, axis=0)
        batch[:, columns] = rng.random((len(batch), len(columns)))
        met, outputs = evaluate(batch)
        met = met.reshape(len(left), tries)
        place = np.argmax(met, axis=1) + tries * np.arange(len(left))
        done = met.any(axis=1)
        found[left[done]] = outputs[place[done]]
        left = left[~done]
    return found


def _estimate(
    values: FloatArray,
    first: FloatArray,
    total: FloatArray,
    level: float,
    rng: np.random.Generator,
) -> Indices:
    """Turn squared differences, shape (n, outputs, assumptions), into indices (Jansen 1999)."""
    n, outputs = values.shape
    flat = values.max(axis=0) <= values.min(axis=0)
    centred = values - values.mean(axis=0)
    ends = np.linspace(0, n, min(n, _BATCHES) + 1).astype(np.intp)[:-1]
    points = np.diff(np.append(ends, n)).astype(np.float64)
    tables = [np.add.reduceat(each, ends, axis=0) for each in (centred, centred**2, first, total)]
    counts = np.vstack([np.ones(len(ends)), resampled_counts(len(ends), int(rng.integers(1 << 31)))])
    size = (counts @ points)[:, None]
    mean, square, d_first, d_total = (
        (counts @ each.reshape(len(ends), -1)).reshape(len(counts), *each.shape[1:]) for each in tables
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 2 * (square - mean**2 / size)[..., None]
        first, total = 1 - d_first / scale, d_total / scale
    first[:, flat], total[:, flat] = np.nan, np.nan
    return Indices(
        first=first[0],
        total=total[0],
        first_interval=percentiles(first[1:], level),
        total_interval=percentiles(total[1:], level),
        second=np.empty((outputs, 0)),
        second_interval=np.empty((outputs, 0, 2)),
        reasons=tuple(CONSTANT if same else "" for same in flat),
        level=level,
    )
