"""Blocs over the years: whether one comes closer to another, pillar by pillar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from parity.blocs._replay import FloatArray, scored
from parity.blocs.intervals import Draws, on_scale
from parity.blocs.pool import Pool, pool
from parity.errors import ParityError
from parity.estimate import Estimate
from parity.index import Index, Tree
from parity.stats import interval_ends


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Standing of blocs year by year, on the scale of one index.

    Attributes
    ----------
    years, blocs
        Years, rising, and names of the blocs, in the order asked for.
    pools
        Every bloc in every year.
    samples
        Scores of each in all draws, shape (draws, n_nodes); empty without draws.
    level
        Probability that the intervals cover.
    draws
        Number of draws.
    """

    years: tuple[int, ...]
    blocs: tuple[str, ...]
    pools: Mapping[tuple[int, str], Pool]
    samples: Mapping[tuple[int, str], FloatArray]
    level: float
    draws: int

    @property
    def tree(self) -> Tree:
        """Structure of the index."""
        return self.pools[self.years[0], self.blocs[0]].base.tree

    def score(self, year: int, bloc: str, node: str | None = None) -> Estimate:
        """Return a bloc's score in a node (the index by default) as of a year, with its interval."""
        return self._estimate([(1.0, year, bloc)], node)

    def gap(self, year: int, a: str, b: str, node: str | None = None) -> Estimate:
        """Return the score of bloc a less that of bloc b, its interval taken draw by draw."""
        return self._estimate([(1.0, year, a), (-1.0, year, b)], node)

    def closing(self, a: str, b: str, node: str | None = None) -> Estimate:
        """Return by how much the gap of a to b changed from the first year to the last."""
        first, last = self.years[0], self.years[-1]
        parts = [(1.0, last, a), (-1.0, last, b), (-1.0, first, a), (1.0, first, b)]
        return self._estimate(parts, node)

    def ahead(self, year: int, a: str, b: str, node: str | None = None) -> float | None:
        """Return the share of draws in which bloc a scores above bloc b; ``None`` without draws."""
        if not self.samples:
            return None
        place = self._place(node)
        return float(np.mean(self.samples[year, a][:, place] > self.samples[year, b][:, place]))

    def _place(self, node: str | None) -> int:
        return self.pools[self.years[0], self.blocs[0]].base.node(node)

    def _estimate(self, parts: Sequence[tuple[float, int, str]], node: str | None) -> Estimate:
        place = self._place(node)
        value = float(sum(sign * self.pools[year, bloc].scores[place] for sign, year, bloc in parts))
        if np.isnan(value):
            return Estimate(None, unit="points", reason="a bloc has no score")
        if not self.samples:
            return Estimate(value, unit="points", reason="no draws were made")
        drawn = np.sum([sign * self.samples[year, bloc][:, place] for sign, year, bloc in parts], axis=0)
        low, high = interval_ends(drawn, self.level)
        return Estimate(value, min(float(low), value), max(float(high), value), self.level, "points")

    def table(self) -> pl.DataFrame:
        """Return one row per year, bloc and group: its score with its ends, and its rank."""
        tree, rows = self.tree, []
        for (year, name), each in self.pools.items():
            for node in tree.groups:
                score, rank = self.score(year, name, tree.codes[node]), each.ranks[node]
                rows.append(
                    {
                        "year": year,
                        "bloc": name,
                        "node": tree.codes[node],
                        "score": score.value,
                        "rank": None if np.isnan(rank) else int(rank),
                        "score_low": score.low,
                        "score_high": score.high,
                    }
                )
        return pl.DataFrame(rows, infer_schema_length=None)

    def gaps(self) -> pl.DataFrame:
        """Return the gaps of the first bloc to each other: ``year, node, a, b, gap, low, high, ahead``.

        A year of ``None`` is the change of the gap from the first year to the last.
        """
        tree, rows = self.tree, []
        first = self.blocs[0]
        for other in self.blocs[1:]:
            for node in (tree.codes[group] for group in tree.groups):
                found = [(year, self.gap(year, first, other, node)) for year in self.years]
                for year, gap in [*found, (None, self.closing(first, other, node))]:
                    row = {"year": year, "node": node, "a": first, "b": other, "gap": gap.value}
                    ahead = None if year is None else self.ahead(year, first, other, node)
                    rows.append(row | {"low": gap.low, "high": gap.high, "ahead": ahead})
        return pl.DataFrame(rows, infer_schema_length=None)


def history(
    blocs: Mapping[str, Sequence[str]],
    last: Index,
    tables: Mapping[int, pl.DataFrame],
    draws: Draws = (),
    level: float = 0.9,
    weights: Mapping[str, str] | None = None,
) -> History:
    """Return the standing of blocs year by year, on the scale of one index.

    Bounds, treatments and weights are those of ``last``, so a score moves when the data do and for
    no other reason. Members are the same in every year.

    Parameters
    ----------
    blocs
        Name -> countries.
    last
        Index of the latest year, whose scale is used.
    tables
        Year -> data of all countries as of that year.
    draws
        Rebuilds of ``last``, for intervals; none by default.
    level
        Probability that the intervals cover.
    weights
        As for `parity.blocs.pool`.

    Raises
    ------
    ParityError
        If there are no blocs or no years.
    """
    if not blocs or not tables:
        raise ParityError("a history needs at least one bloc and one year")
    pools = {
        (year, name): pool(last.apply(tables[year]), members, name=name, data=tables[year], weights=weights)
        for year in sorted(tables)
        for name, members in blocs.items()
    }
    samples = _samples(pools, last, draws)
    count = len(next(iter(samples.values()), ()))
    return History(tuple(sorted(tables)), tuple(blocs), pools, samples, level, count)


def _samples(
    pools: Mapping[tuple[int, str], Pool], last: Index, draws: Draws
) -> dict[tuple[int, str], FloatArray]:
    """Return the scores of every bloc in every year in all draws, each of shape (draws, n_nodes)."""
    found: dict[tuple[int, str], list[FloatArray]] = {key: [] for key in pools}
    k = last.tree.n_indicators
    for variant, weights in draws:
        own = [_drawn(variant, each, last)[:k] for each in pools.values()]
        for drawn in weights:
            scoring = variant.scoring.with_weights(drawn)
            scores = scoring.scores(np.vstack([*own, variant.scores[:, :k]]))
            scores = on_scale(scores, scores[len(own) :], last.scores)
            for place, key in enumerate(found):
                found[key].append(scores[place])
    return {key: np.stack(rows) for key, rows in found.items() if rows}


def _drawn(variant: Index, pool: Pool, last: Index) -> FloatArray:
    """Return the scores of a bloc of any year in a rebuild of the last one, shape (n_nodes,).

    The members' own errors of measurement in the rebuild are added: they are taken to stay the same
    over the years, so that they are in the gaps and not in their change.
    """
    error = dict(
        zip(last.stages["raw"].ids, variant.stages["raw"].values - last.stages["raw"].values, strict=True)
    )
    none = np.zeros(pool.data.values.shape[1])
    added = np.stack([np.nan_to_num(error.get(code, none)) for code in pool.data.codes])
    data = replace(pool.data, values=pool.data.values + added)
    everyone = np.ones((1, len(pool.members)), dtype=bool)
    return np.asarray(scored(variant, data, everyone, [pool.name]).scores[0])
