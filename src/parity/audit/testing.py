"""Exact tests on pairs, and what many tests at once are worth."""

from __future__ import annotations

from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# Averages over repeats and governments are fractions; beyond this common denominator they are put on a grid.
LARGEST_DENOMINATOR = 5040
# Stands for a label that a task has no outcome for: below every sum that outcomes can make.
ABSENT = np.iinfo(np.int64).min


class Relabelling(NamedTuple):
    """p of the randomisation of labels: two-sided, of a surplus of the first, and of a lack of it."""

    p: float
    more: float
    less: float


def relabelling(values: Array) -> Relabelling:
    """Return the exact p of the first label of each task being one drawn at random.

    If the label does not matter, each outcome of a task is as likely to be the one with the first label.
    The statistic is the sum over tasks of the first outcome less the mean of the others; its distribution
    over all ways to hand out the labels within tasks is computed by convolution, not sampled. Two-sided:
    the chance of a sum at least as far from nothing. With one other label it is the sign-flip test, and for
    outcomes of 0 and 1 then the exact McNemar test.

    Parameters
    ----------
    values
        Outcomes in [0, 1], shape (n_tasks, n_labels), the label of interest first; NaN where a task has no
        such label.

    References
    ----------
    Fisher (1935), The Design of Experiments, section 21; Pagano and Tritchler (1983), JASA 78:435-440;
    with several others it is the permutation of Cochran's (1950, Biometrika 37:256-266) blocks.
    """
    moves = _moves(values)
    # Tasks whose outcomes are all alike say nothing.
    moves = moves[((moves != 0) & (moves != ABSENT)).any(axis=1)]
    if not len(moves):
        return Relabelling(1.0, 1.0, 1.0)
    observed = int(moves[:, 0].sum())
    kinds, counts = np.unique(np.sort(moves, axis=1), axis=0, return_counts=True)
    # chance[t]: the sum is t above the least possible one.
    chance, least = np.ones(1), 0
    for kind, count in zip(kinds, counts, strict=True):
        there = kind[kind != ABSENT]
        one = np.bincount(there - there.min()) / len(there)
        chance = np.convolve(chance, _power(one, int(count)))
        least += int(count) * int(there.min())
    sums = np.arange(len(chance)) + least
    far, more, less = abs(sums) >= abs(observed), sums >= observed, sums <= observed
    return Relabelling(*(float(min(1.0, chance[tail].sum())) for tail in (far, more, less)))


def holm(p: ArrayLike) -> Array:
    """Return p adjusted by Holm's step-down method, which bounds the chance of one false claim.

    Parameters
    ----------
    p
        p of one family, shape (n_tests,); NaN where there was no test, which then does not count.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6:65-70.
    """
    p = np.asarray(p, float)
    made = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    made[order] = np.minimum(1.0, np.maximum.accumulate(steps)) if len(order) else []
    return made


def benjamini_hochberg(p: ArrayLike) -> Array:
    """Return p adjusted for the share of false discoveries, for screens rather than claims.

    References
    ----------
    Benjamini and Hochberg (1995), JRSS B 57:289-300.
    """
    p = np.asarray(p, float)
    made = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")[::-1]]
    steps = p[order] * len(order) / np.arange(len(order), 0, -1)
    made[order] = np.minimum(1.0, np.minimum.accumulate(steps)) if len(order) else []
    return made


def _moves(values: Array) -> NDArray[np.int64]:
    """Return what each outcome adds to the sum if it gets the first label, as whole numbers; ABSENT for none.

    The first outcome less the mean of k others is (k + 1) / k of it less 1 / k of the task's total.
    """
    there = ~np.isnan(values)
    whole = _integers(np.where(there, values, 0.0))
    others = there.sum(axis=1, keepdims=True) - 1
    scale = lcm(*(int(k) for k in np.unique(others)))
    moves = ((others + 1) * whole - whole.sum(axis=1, keepdims=True)) * (scale // others) * there
    return np.where(there, moves // max(int(np.gcd.reduce(moves, axis=None)), 1), ABSENT)


def _power(chance: Array, count: int) -> Array:
    """Return the distribution of the sum of so many independent draws."""
    found = np.ones(1)
    while count:
        if count & 1:
            found = np.convolve(found, chance)
        count >>= 1
        if count:
            chance = np.convolve(chance, chance)
    return found


def _integers(values: Array) -> NDArray[np.int64]:
    """Return the values times their common denominator (or the nearest grid of a large one)."""
    from fractions import Fraction

    denominator = 1
    for value in np.unique(values):
        denominator = lcm(denominator, Fraction(float(value)).limit_denominator(1000).denominator)
        if denominator > LARGEST_DENOMINATOR:
            denominator = LARGEST_DENOMINATOR
            break
    return np.rint(values * denominator).astype(np.int64)
