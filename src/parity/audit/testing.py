"""Exact tests on pairs, and what many tests at once are worth."""

from __future__ import annotations

from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# Averages over repeats and governments are fractions; beyond this common denominator they are put on a grid.
LARGEST_DENOMINATOR = 5040


class Discordance(NamedTuple):
    """Pairs that differ: ``up`` where only the first has the event, ``down`` where only the second."""

    up: int
    down: int


def mcnemar(up: ArrayLike, down: ArrayLike) -> Array:
    """Return the exact two-sided McNemar p.

    Parameters
    ----------
    up, down
        Discordant pairs in each direction, any shape.

    Returns
    -------
    numpy.ndarray
        p of that shape; 1 where no pair is discordant.

    References
    ----------
    McNemar (1947), Psychometrika 12:153-157, with the binomial distribution.
    """
    from scipy.special import bdtr

    up, down = np.asarray(up, float), np.asarray(down, float)
    n = up + down
    tail = bdtr(np.minimum(up, down), np.maximum(n, 1).astype(int), 0.5)
    return np.where(n == 0, 1.0, np.minimum(1.0, 2 * tail))


def sign_flip(differences: Array) -> float:
    """Return the exact two-sided p of the sign-flip test for paired differences.

    Under no effect each difference is as likely to have the other sign. The distribution of the
    sum over all sign patterns is computed exactly by convolution, not sampled. For differences of
    -1, 0 and 1 it is the exact McNemar test.

    Parameters
    ----------
    differences
        Paired differences, fractions in [-1, 1], shape (n_pairs,).

    References
    ----------
    Fisher (1935), The Design of Experiments, section 21; Pagano and Tritchler (1983), JASA 78:435-440.
    """
    scaled = _integers(differences[differences != 0])
    if not len(scaled):
        return 1.0
    observed = abs(int(scaled.sum()))
    # chance[t]: the positive ones sum to t. One difference at a time, each of either sign.
    total = int(np.abs(scaled).sum())
    chance = np.zeros(total + 1)
    chance[0] = 1.0
    for size in np.abs(scaled):
        chance *= 0.5
        chance[size:] += chance[:-size]
    sums = np.abs(2 * np.arange(total + 1) - total)
    return float(min(1.0, chance[sums >= observed].sum()))


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


def _integers(differences: Array) -> NDArray[np.int64]:
    """Return the differences times their common denominator (or the nearest grid of a large one)."""
    from fractions import Fraction

    denominator = 1
    for value in np.unique(np.abs(differences)):
        denominator = lcm(denominator, Fraction(float(value)).limit_denominator(1000).denominator)
        if denominator > LARGEST_DENOMINATOR:
            denominator = LARGEST_DENOMINATOR
            break
    return np.rint(differences * denominator).astype(np.int64)
