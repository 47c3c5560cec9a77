"""How sure a bloc's standing is: its scores and ranks over many rebuilds of the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from parity.blocs._coalitions import FloatArray, every_coalition_of
from parity.blocs._replay import Members, scored
from parity.blocs.contributions import MOST_EXACT, shapley_values
from parity.blocs.pool import Pool, outside, ranks_outside
from parity.errors import ParityError
from parity.estimate import Estimate
from parity.index import Index

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
        Lower end, median and upper end by node, shape (3, n_nodes); NaN where there is none.
    shapley
        Lower end, median and upper end of each member's Shapley value in the index, shape (3, n);
        ``None`` for more members than coalitions can be visited for.
    samples
        Scores in all draws, shape (draws, n_nodes), for comparing blocs draw by draw.
    """

    pool: Pool
    level: float
    draws: int
    scores: FloatArray
    ranks: FloatArray
    shapley: FloatArray | None
    samples: FloatArray

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
    found: list[list[FloatArray]] = [[] for _ in pools]
    ranks: list[list[FloatArray]] = [[] for _ in pools]
    parts: list[list[FloatArray]] = [[] for _ in pools]
    for variant, weights in draws:
        for place, each in enumerate(pools):
            if variant.tree.codes != each.base.tree.codes:
                raise ParityError(f"a rebuild of '{each.base.spec.index.id}' has other indicators or groups")
            scores, rank, shapley = _variant(each, variant, weights)
            found[place].append(scores)
            ranks[place].append(rank)
            if shapley is not None:
                parts[place].append(shapley)
    if not found or not found[0]:
        raise ParityError("intervals need at least one draw")
    return tuple(
        _summary(each, level, np.vstack(found[place]), np.vstack(ranks[place]), parts[place])
        for place, each in enumerate(pools)
    )


def _variant(
    pool: Pool, variant: Index, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray | None]:
    """Return scores and ranks, each of shape (draws, n_nodes), and Shapley values, shape (draws, n)."""
    n, top = len(pool.members), variant.tree.n_nodes - 1
    small = n <= MOST_EXACT
    coalitions = every_coalition_of(n)[1:] if small else np.ones((1, n), dtype=bool)
    data = _as_varied(pool.data, variant)
    inside = scored(variant, data, coalitions, [str(k) for k in range(len(coalitions))])
    others = outside(variant, pool.members, pool.year)
    countries = variant.scores[:, : variant.tree.n_indicators]
    own = inside.scores[:, : variant.tree.n_indicators]
    k = len(own)
    scores = np.empty((len(weights), variant.tree.n_nodes))
    ranks, shapley = np.empty_like(scores), np.empty((len(weights), n))
    for draw, drawn in enumerate(weights):
        everybody = variant.scoring.with_weights(drawn).scores(np.vstack([own, countries]))
        everybody = on_scale(everybody, everybody[k:], pool.base.scores)
        scores[draw] = everybody[k - 1]
        ranks[draw] = ranks_outside(everybody[k - 1], everybody[k:][others])
        if small:
            shapley[draw] = shapley_values(np.concatenate([[0.0], everybody[:k, top]]), n)
    return scores, ranks, shapley if small else None


def whole(variant: Index, pool: Pool) -> FloatArray:
    """Return the normalised indicators and scores of a bloc in a rebuild, shape (n_nodes,)."""
    everyone = np.ones((1, len(pool.members)), dtype=bool)
    return np.asarray(scored(variant, pool.data, everyone, [pool.name]).scores[0])


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


def _as_varied(members: Members, variant: Index) -> Members:
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


def _summary(
    pool: Pool, level: float, scores: FloatArray, ranks: FloatArray, shapley: list[FloatArray]
) -> Intervals:
    return Intervals(
        pool=pool,
        level=level,
        draws=len(scores),
        scores=_ends(scores, level),
        # A rank is whole: the ends are ranks that occurred.
        ranks=_ends(ranks, level, ranks=True),
        shapley=_ends(np.vstack(shapley), level) if shapley else None,
        samples=scores,
    )


def _ends(samples: FloatArray, level: float, ranks: bool = False) -> FloatArray:
    """Return the lower end, the median and the upper end of each column, shape (3, m)."""
    tail = (1 - level) / 2
    known = ~np.isnan(samples).all(axis=0)
    found = np.full((3, samples.shape[1]), np.nan)
    if known.any():
        method: Literal["nearest", "linear"] = "nearest" if ranks else "linear"
        found[:, known] = np.nanquantile(samples[:, known], [tail, 0.5, 1 - tail], axis=0, method=method)
    return found
