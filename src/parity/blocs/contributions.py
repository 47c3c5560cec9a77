"""What each member brings to a bloc: Shapley values, and what changes when one leaves or joins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.blocs._replay import BoolArray, FloatArray, scored
from parity.blocs.pool import Pool
from parity.errors import ParityError
from parity.index import Index
from parity.stats import drawn_shapley, every_coalition, shapley

MOST_EXACT = 12
"""Members up to which every coalition is scored."""

_COALITIONS = 20_000
_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """What each member brings.

    Attributes
    ----------
    pool
        The bloc.
    values
        Shapley value of each member in each node, in score points, shape (n, n_nodes). They add up to
        the bloc's score: the score of no country at all is 0.
    errors
        Standard errors, shape (n, n_nodes); 0 where all coalitions were scored.
    leaving
        Change in the bloc's score if the member left, shape (n, n_nodes); NaN for a bloc of one.
    alone
        Score of the member by itself, shape (n, n_nodes).
    exact
        Whether all coalitions were scored.
    seed
        Of the drawn orders; ``None`` where it is exact.
    """

    pool: Pool
    values: FloatArray
    errors: FloatArray
    leaving: FloatArray
    alone: FloatArray
    exact: bool
    seed: int | None

    def table(self, node: str | None = None) -> pl.DataFrame:
        """Return one row per member in a node: ``iso3, value, low, high, leaving, alone``, largest first."""
        place = self.pool.base.node(node)
        low, high = self.ends(node)
        return (
            pl.DataFrame(
                {
                    "iso3": self.pool.members,
                    "value": self.values[:, place],
                    "low": low,
                    "high": high,
                    "leaving": self.leaving[:, place],
                    "alone": self.alone[:, place],
                }
            )
            .with_columns(pl.col(pl.Float64).fill_nan(None))
            .sort("value", descending=True, maintain_order=True)
        )

    def ends(self, node: str | None = None) -> FloatArray:
        """Return the ends of the 95 % interval that drawn orders leave, shape (2, n)."""
        place = self.pool.base.node(node)
        error = _NORMAL_95 * self.errors[:, place]
        return np.asarray(self.values[:, place] + np.stack([-error, error]))

    def complements(self) -> pl.DataFrame:
        """Return who lifts which weakness, the bloc's worst-ranked groups first.

        Returns
        -------
        polars.DataFrame
            One row per group of the index: ``node, rank, score, lifter`` (member whose leaving would
            cost the group most), ``loss`` (points that it would cost), ``drag`` (member whose leaving
            would gain it most) and ``gain``; the last two are null where everybody helps.
        """
        if len(self.pool.members) < 2:
            raise ParityError("a bloc of one has nobody to complement it")
        tree = self.pool.base.tree
        rows = []
        for node in tree.groups:
            change = self.leaving[:, node]
            if np.isnan(change).all():
                continue
            low, high = int(np.nanargmin(change)), int(np.nanargmax(change))
            rank = self.pool.ranks[node]
            rows.append(
                {
                    "node": tree.codes[node],
                    "rank": None if np.isnan(rank) else int(rank),
                    "score": float(self.pool.scores[node]),
                    "lifter": self.pool.members[low] if change[low] < 0 else None,
                    "loss": float(-change[low]) if change[low] < 0 else None,
                    "drag": self.pool.members[high] if change[high] > 0 else None,
                    "gain": float(change[high]) if change[high] > 0 else None,
                }
            )
        return pl.DataFrame(rows, infer_schema_length=None).sort("rank", "node", descending=[True, False])


def contributions(pool: Pool, *, coalitions: int = _COALITIONS, seed: int = 0) -> Contributions:
    """Split a bloc's score over its members by the Shapley value.

    A member's value is what it adds when it joins, averaged over all orders in which the members can
    (Shapley 1953). Up to 12 members every coalition is scored and the values are exact; beyond, orders
    are drawn, each with its reverse, and the values have a standard error.

    Parameters
    ----------
    pool
        The bloc.
    coalitions
        Coalitions to score where orders are drawn, about.
    seed
        Of the drawn orders.

    Returns
    -------
    Contributions
        For the index and each of its groups and indicators.
    """
    n = len(pool.members)

    def worth(inside: BoolArray) -> FloatArray:
        return coalition_scores(pool.base, pool, inside)

    singles = np.eye(n, dtype=bool)
    if n <= MOST_EXACT:
        values = shapley(coalition_scores(pool.base, pool, every_coalition(n)))
        errors, chosen = np.zeros_like(values), None
    else:
        values, errors = drawn_shapley(worth, n, coalitions, np.random.default_rng(seed))
        chosen = seed
    leaving = worth(~singles) - pool.scores if n > 1 else np.full((1, pool.base.tree.n_nodes), np.nan)
    return Contributions(pool, values, errors, leaving, worth(singles), n <= MOST_EXACT, chosen)


def coalition_scores(index: Index, pool: Pool, inside: BoolArray) -> FloatArray:
    """Return the scores of coalitions of a bloc's members, shape (m, n_nodes); nobody scores 0."""
    found = np.zeros((len(inside), index.tree.n_nodes))
    some = inside.any(axis=1)
    if some.any():
        names = [str(number) for number in range(int(some.sum()))]
        found[some] = scored(index, pool.data, inside[some], names).scores
    return found
