"""Which coalitions are scored in every rebuild, and what members bring by them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parity.blocs._coalitions import BoolArray, FloatArray, IntArray
from parity.stats import every_coalition, joined, joining_orders, shapley

MOST_VISITED = 10
"""Members up to which every coalition is scored in every rebuild."""

_COALITIONS = 1_000
_SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Coalitions, the empty one first and the whole last, m of them.

    Attributes
    ----------
    inside
        Who is in, shape (m, n).
    weights
        What makes Shapley values of the coalitions' worths, shape (n, m).
    out
        Row in which each member alone is out, shape (n,).
    """

    inside: BoolArray
    weights: FloatArray
    out: IntArray

    def shapley(self, worths: FloatArray) -> FloatArray:
        """Return Shapley values, shape (n, k), from the worths of the coalitions, shape (m, k)."""
        # A product this small costs more to share among threads than to compute.
        return np.asarray(np.einsum("nm,mk->nk", self.weights, worths))

    def leaving(self, worths: FloatArray) -> FloatArray:
        """Return what the whole changes by when a member leaves, shape (n, k); NaN for one alone."""
        if len(self.out) == 1:
            return np.full_like(worths[:1], np.nan)
        return np.asarray(worths[self.out] - worths[-1])


def visits(n: int) -> Visits:
    """Return the coalitions to score: all of them for few members, else those of drawn orders.

    Parameters
    ----------
    n
        Number of members.
    """
    if n <= MOST_VISITED:
        # Values are linear in the worths: those of unit worths are the weights.
        return Visits(every_coalition(n), shapley(np.eye(2**n)), (2**n - 1) ^ (1 << np.arange(n)))
    return _drawn(joining_orders(n, _COALITIONS, np.random.default_rng(_SEED)))


def _drawn(orders: IntArray) -> Visits:
    """Return the coalitions that members make when they join in given orders, shape (pairs, n)."""
    n = orders.shape[1]
    wanted = np.concatenate([joined(orders).reshape(-1, n), ~np.eye(n, dtype=bool)])
    # Sorted by size, the empty coalition comes first and the whole last.
    keyed = np.column_stack([wanted.sum(axis=1), wanted])
    found, back = np.unique(keyed, axis=0, return_inverse=True)
    at = back[: -n or None].reshape(len(orders), n + 1)
    weights = np.zeros((n, len(found)))
    for order, rows in zip(orders, at, strict=True):
        np.add.at(weights, (order, rows[1:]), 1 / len(orders))
        np.add.at(weights, (order, rows[:-1]), -1 / len(orders))
    return Visits(found[:, 1:].astype(bool), weights, back[-n:])
