"""Shapley values: exact over all coalitions, or estimated over drawn orders."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np

from parity.index._tree import BoolArray, FloatArray, IntArray

# The worth of coalitions, shape (m, n) of members, as an array of shape (m,), or (m, ...) where several
# things are valued at once: further axes are carried along.
Worth = Callable[[BoolArray], FloatArray]

# Coalitions valued at a time.
_CHUNK = 10_000


def every_coalition(worth: Worth, n: int) -> FloatArray:
    """Return the exact Shapley values of n players, shape (n, ...); visits 2^n coalitions."""
    numbers = np.arange(2**n)
    members = (numbers[:, np.newaxis] >> np.arange(n) & 1).astype(bool)
    values = np.concatenate([worth(members[start : start + _CHUNK]) for start in range(0, 2**n, _CHUNK)])
    sizes = members.sum(axis=1)
    chance = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])
    parts = np.empty((n, *values.shape[1:]))
    for player in range(n):
        without = numbers[~members[:, player]]
        parts[player] = chance[sizes[without]] @ (values[without | 1 << player] - values[without])
    return parts


def drawn_orders(
    worth: Worth, n: int, coalitions: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Estimate the Shapley values of n players from drawn orders, each with its reverse.

    What the players add in one order adds up to the worth of all, and so do the means.
    Castro, Gomez and Tejada (2009); Mitchell, Cooper, Frank and Holmes (2022).

    Parameters
    ----------
    worth
        Worth of coalitions.
    n
        Number of players.
    coalitions
        How many coalitions to value, about; at least four pairs of orders are drawn.
    rng
        Source of randomness.

    Returns
    -------
    tuple of numpy.ndarray
        Values and their standard errors, each of shape (n, ...).
    """
    pairs = max(4, coalitions // (2 * (n + 1)))
    orders = np.array([rng.permutation(n) for _ in range(pairs)])
    step = max(1, _CHUNK // (n + 1))
    added = np.concatenate(
        [
            (_added(worth, part) + _added(worth, part[:, ::-1])) / 2
            for part in (orders[start : start + step] for start in range(0, pairs, step))
        ]
    )
    return added.mean(axis=0), added.std(axis=0, ddof=1) / np.sqrt(pairs)


def _added(worth: Worth, orders: IntArray) -> FloatArray:
    """Return what each player adds when they join in each order, shape (m, n, ...)."""
    m, n = orders.shape
    place = np.argsort(orders, axis=1)
    coalitions = place[:, np.newaxis, :] < np.arange(n + 1)[:, np.newaxis]
    values = worth(coalitions.reshape(-1, n))
    steps = np.diff(values.reshape(m, n + 1, *values.shape[1:]), axis=1)
    return np.asarray(steps[np.arange(m)[:, np.newaxis], place])
