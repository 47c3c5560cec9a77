"""How sure a bloc's standing is: its scores, ranks and members' values over many rebuilds of the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import polars as pl

from parity.blocs._replay import BoolArray, FloatArray, IntArray, Members, scored
from parity.blocs.contributions import Contributions
from parity.blocs.pool import Pool, outside, ranks_outside
from parity.errors import ParityError
from parity.estimate import Estimate
from parity.index import Index
from parity.stats import every_coalition, joined, joining_orders, shapley, with_median

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
    back = back.ravel()  # numpy 2.0 keeps an axis of length one
    at = back[: -n or None].reshape(len(orders), n + 1)
    weights = np.zeros((n, len(found)))
    for order, rows in zip(orders, at, strict=True):
        np.add.at(weights, (order, rows[1:]), 1 / len(orders))
        np.add.at(weights, (order, rows[:-1]), -1 / len(orders))
    return Visits(found[:, 1:].astype(bool), weights, back[-n:])


Draws = Iterable[tuple[Index, FloatArray]]
"""Rebuilds of the index: each variant of its steps and data, with the weights drawn for it, shape
(draws, n_nodes)."""


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Where a bloc's scores, ranks and members' values lie over the draws.

    Attributes
    ----------
    pool
        The bloc.
    level
        Probability that the intervals cover.
    draws
        Number of draws.
    scores, ranks
        Lower end, median and upper end by node, shape (3, n_nodes); NaN where there is none. All intervals
        hold the value in the index itself.
    shapley
        Lower end, median and upper end of how far each member's Shapley value is from that in the
        index itself, by the same coalitions, shape (3, n, n_nodes).
    leaving
        The same three of the change in score if a member left, shape (3, n, n_nodes); NaN for a bloc
        of one.
    samples
        Scores in all draws, shape (draws, n_nodes), for comparing blocs draw by draw.
    """

    pool: Pool
    level: float
    draws: int
    scores: FloatArray
    ranks: FloatArray
    shapley: FloatArray
    leaving: FloatArray
    samples: FloatArray

    def brings(self, parts: Contributions, node: str | None = None) -> FloatArray:
        """Return the ends of what each member brings to a node (the index by default), shape (2, n).

        Where orders were drawn, their error widens the interval on both sides.

        Parameters
        ----------
        parts
            Shapley values of the same bloc.
        node
            Group or indicator.
        """
        place = self.pool.base.node(node)
        ends = parts.values[:, place] + self.shapley[[0, 2], :, place]
        error = NormalDist().inv_cdf((1 + self.level) / 2) * parts.errors[:, place]
        return np.asarray(ends + np.stack([-error, error]))

    def score(self, node: str | None = None) -> Estimate:
        """Return the score in a node (the index by default) with its interval."""
        place = self.pool.base.node(node)
        return self._estimate(self.pool.scores[place], self.scores[:, place], "points")

    def rank(self, node: str | None = None) -> Estimate:
        """Return the rank in a node among the countries outside the bloc, with its interval."""
        place = self.pool.base.node(node)
        return self._estimate(self.pool.ranks[place], self.ranks[:, place], "rank")

    def _estimate(self, value: float, ends: FloatArray, unit: str) -> Estimate:
        if np.isnan(value):
            return Estimate(None, unit=unit, reason="the bloc has no score")
        if np.isnan(ends).any():
            return Estimate(float(value), unit=unit, reason="no draw has a score")
        return Estimate(float(value), float(ends[0]), float(ends[2]), self.level, unit)

    def table(self) -> pl.DataFrame:
        """Return one row per node: ``node``; ``score`` and ``rank``, each ``_low, _median, _high``."""
        body: dict[str, object] = {"node": self.pool.base.tree.codes}
        for name, ends in (("score", self.scores), ("rank", self.ranks)):
            for place, end in enumerate(("low", "median", "high")):
                body[f"{name}_{end}"] = pl.Series(ends[place], nan_to_null=True)
        return pl.DataFrame(body)


def holding(ends: FloatArray, value: FloatArray) -> FloatArray:
    """Return ends widened where it takes that to hold the value: it is the outcome of one build, too.

    Parameters
    ----------
    ends
        Lower end, median and upper end in the first direction.
    value
        In the index itself.
    """
    return np.asarray(np.stack([np.fmin(ends[0], value), ends[1], np.fmax(ends[2], value)]))


def intervals(pools: Sequence[Pool], draws: Draws, level: float = 0.9) -> tuple[Intervals, ...]:
    """Score blocs in every rebuild of the index.

    A rebuild has its own bounds, treatments and imputed cells, learned from countries, and its own
    weights. Its scores are put on the base's scale by the mean and spread of the countries;
    ranks need no scale. All blocs are scored in the same rebuilds, so they can be compared draw by draw.

    Parameters
    ----------
    pools
        Blocs of one index.
    draws
        Rebuilds of that index.
    level
        Probability that the intervals cover.

    Returns
    -------
    tuple of Intervals
        One per bloc, in order.

    Raises
    ------
    ParityError
        If there are no draws, or a rebuild has another structure than the index.
    """
    plans = [visits(len(each.members)) for each in pools]
    found: list[list[_Drawn]] = [[] for _ in pools]
    for variant, weights in draws:
        for place, each in enumerate(pools):
            if variant.tree.codes != each.base.tree.codes:
                raise ParityError(f"a rebuild of '{each.base.spec.index.id}' has other indicators or groups")
            found[place].append(_variant(each, variant, weights, plans[place]))
    if not found or not found[0]:
        raise ParityError("intervals need at least one draw")
    return tuple(_summary(each, level, plans[place], found[place]) for place, each in enumerate(pools))


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What a rebuild gives under its drawn weights: shapes (draws, n_nodes) and (draws, n, n_nodes)."""

    scores: FloatArray
    ranks: FloatArray
    shapley: FloatArray
    leaving: FloatArray


def _variant(pool: Pool, variant: Index, weights: FloatArray, plan: Visits) -> _Drawn:
    n, k = len(pool.members), variant.tree.n_indicators
    data = as_varied(pool.data, variant)
    names = [str(number) for number in range(1, len(plan.inside))]
    own = scored(variant, data, plan.inside[1:], names).scores[:, :k]
    others = outside(variant, pool.members, pool.year)
    scores = np.empty((len(weights), variant.tree.n_nodes))
    shape = (len(weights), n, variant.tree.n_nodes)
    found = _Drawn(scores, np.empty_like(scores), np.empty(shape), np.empty(shape))
    everyone = np.vstack([own, variant.scores[:, :k]])
    for draw, drawn in enumerate(weights):
        everybody = variant.scoring.with_weights(drawn).scores(everyone)
        everybody = on_scale(everybody, everybody[len(own) :], pool.base.scores)
        worths = np.vstack([np.zeros((1, everybody.shape[1])), everybody[: len(own)]])
        found.scores[draw] = worths[-1]
        found.ranks[draw] = ranks_outside(worths[-1], everybody[len(own) :][others])
        found.shapley[draw] = plan.shapley(worths)
        found.leaving[draw] = plan.leaving(worths)
    return found


def on_scale(scores: FloatArray, others: FloatArray, target: FloatArray) -> FloatArray:
    """Return scores stretched so that the countries have the mean and spread that they have in the base.

    A rebuild may have another scale altogether (z-scores, percentile ranks): its scores compare with
    the base's only so.

    Parameters
    ----------
    scores
        Shape (m, n_nodes).
    others
        Of the countries, in the rebuild, shape (n, n_nodes).
    target
        Of the countries, in the base, shape (n, n_nodes).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        stretch = np.nanstd(target, axis=0) / np.nanstd(others, axis=0)
        found = (scores - np.nanmean(others, axis=0)) * stretch + np.nanmean(target, axis=0)
    return np.where(np.isfinite(found), found, np.nan)


def as_varied(members: Members, variant: Index) -> Members:
    """Return the members' data with the values that the rebuild was made on, measurement error included."""
    block = variant.stages["raw"]
    if block.years is not None:
        return members
    place = {code: row for row, code in enumerate(block.ids)}
    values = members.values.copy()
    for row, code in enumerate(members.codes):
        if code in place:
            values[row] = block.values[place[code]]
    return replace(members, values=values)


def _summary(pool: Pool, level: float, plan: Visits, found: Sequence[_Drawn]) -> Intervals:
    base = np.zeros((len(plan.inside), pool.base.tree.n_nodes))
    names = [str(number) for number in range(1, len(base))]
    base[1:] = scored(pool.base, pool.data, plan.inside[1:], names).scores
    samples = np.vstack([one.scores for one in found])
    shapley = np.concatenate([one.shapley for one in found])
    return Intervals(
        pool=pool,
        level=level,
        draws=len(samples),
        scores=holding(with_median(samples, level), pool.scores),
        # A rank is whole: the ends are ranks that occurred.
        ranks=holding(with_median(np.vstack([one.ranks for one in found]), level, "nearest"), pool.ranks),
        shapley=holding(with_median(shapley - plan.shapley(base), level), np.zeros(shapley.shape[1:])),
        leaving=holding(
            with_median(np.concatenate([one.leaving for one in found]), level), plan.leaving(base)
        ),
        samples=samples,
    )
