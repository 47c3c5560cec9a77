"""What a bloc would gain or lose in another composition, with intervals over rebuilds of the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.blocs._replay import FloatArray, masks, members_of, scored
from parity.blocs.intervals import Draws, as_varied, holding, on_scale
from parity.blocs.pool import Pool, outside, ranks_outside
from parity.errors import ParityError
from parity.estimate import Estimate
from parity.stats import with_median


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Other compositions of a bloc against the one that it has.

    Attributes
    ----------
    pool
        The bloc as it is.
    names
        The other compositions, m of them.
    scores, ranks
        Of the other compositions, shape (m, n_nodes); ranks among the countries outside each.
    gains
        Lower end, median and upper end of the change in score over the draws, shape (3, m, n_nodes);
        ``None`` without draws.
    best
        Share of draws in which each gains most in the index, shape (m,); ``None`` without draws.
    level
        Probability that the intervals cover.
    draws
        Number of draws.
    """

    pool: Pool
    names: tuple[str, ...]
    scores: FloatArray
    ranks: FloatArray
    gains: FloatArray | None
    best: FloatArray | None
    level: float
    draws: int

    def gain(self, name: str, node: str | None = None) -> Estimate:
        """Return what the score in a node (the index by default) changes by, with its interval."""
        row, place = self.names.index(name), self.pool.base.node(node)
        value = float(self.scores[row, place] - self.pool.scores[place])
        if np.isnan(value):
            return Estimate(None, unit="points", reason="a composition has no score")
        if self.gains is None:
            return Estimate(value, unit="points", reason="no draws were made")
        low, high = (float(end) for end in self.gains[[0, 2], row, place])
        return Estimate(value, low, high, self.level, "points")

    def table(self, node: str | None = None) -> pl.DataFrame:
        """Return one row per composition, the largest gain first.

        Returns
        -------
        polars.DataFrame
            ``name, score, gain, low, high, rank, best``; ``low``, ``high`` and ``best`` are null
            without draws.
        """
        place = self.pool.base.node(node)
        found = [self.gain(name, node) for name in self.names]
        ranks = self.ranks[:, place]
        return (
            pl.DataFrame(
                {
                    "name": self.names,
                    "score": self.scores[:, place],
                    "gain": pl.Series([one.value for one in found], dtype=pl.Float64),
                    "low": pl.Series([one.low for one in found], dtype=pl.Float64),
                    "high": pl.Series([one.high for one in found], dtype=pl.Float64),
                    "rank": pl.Series(ranks, nan_to_null=True).cast(pl.Int64),
                    "best": pl.Series(
                        [None] * len(found) if self.best is None else self.best, dtype=pl.Float64
                    ),
                }
            )
            .with_columns(pl.col("score").fill_nan(None))
            .sort("gain", "name", descending=[True, False], nulls_last=True)
        )


def changes(
    pool: Pool,
    others: Mapping[str, Sequence[str]],
    draws: Draws = (),
    level: float = 0.9,
    *,
    data: pl.DataFrame | None = None,
) -> Changes:
    """Hold other compositions of a bloc against the one that it has.

    All are scored in the same rebuilds, and the change is taken draw by draw: what moves both alike
    does not widen it.

    Parameters
    ----------
    pool
        The bloc as it is.
    others
        Name -> countries.
    draws
        Rebuilds of the index; none by default.
    level
        Probability that the intervals cover.
    data
        As for `parity.blocs.pool`.

    Raises
    ------
    ParityError
        If there is no other composition, or one has no country with data.
    """
    if not others:
        raise ParityError("nothing to hold the bloc against: name at least one other composition")
    index = pool.base
    groups = [list(pool.members), *(list(group) for group in others.values())]
    codes = sorted({code for group in groups for code in group})
    known = members_of(index, codes, pool.data.rules, data, pool.year)
    inside = masks(known, groups)
    names = [str(number) for number in range(len(groups))]
    scores = scored(index, known, inside, names).scores[1:]
    ranks = [
        ranks_outside(row, index.scores[outside(index, group, pool.year)])
        for row, group in zip(scores, groups[1:], strict=True)
    ]
    gained: list[FloatArray] = []
    k = index.tree.n_indicators
    for variant, drawn in draws:
        own = scored(variant, as_varied(known, variant), inside, names).scores[:, :k]
        everyone = np.vstack([own, variant.scores[:, :k]])
        for one in drawn:
            found = variant.scoring.with_weights(one).scores(everyone)
            found = on_scale(found, found[len(own) :], index.scores)
            gained.append(found[1 : len(own)] - found[0])
    samples = np.stack(gained) if gained else None
    return Changes(
        pool=pool,
        names=tuple(others),
        scores=scores,
        ranks=np.array(ranks),
        gains=None if samples is None else holding(with_median(samples, level), scores - pool.scores),
        best=None if samples is None else _best(samples[:, :, -1]),
        level=level,
        draws=len(gained),
    )


def _best(gains: FloatArray) -> FloatArray:
    """Return the share of draws, shape (draws, m), in which each is the largest, shape (m,)."""
    known = np.nan_to_num(gains, nan=-np.inf)
    return np.asarray(np.bincount(known.argmax(axis=1), minlength=gains.shape[1]) / len(gains))


def joining(
    pool: Pool,
    candidates: Sequence[str],
    draws: Draws = (),
    level: float = 0.9,
    *,
    data: pl.DataFrame | None = None,
) -> Changes:
    """Return what a bloc would gain from each country that might join.

    Parameters
    ----------
    pool
        The bloc.
    candidates
        Countries outside it; those without data are left out.
    draws, level, data
        As for `changes`.

    Raises
    ------
    ParityError
        If a candidate is in the bloc already, or none has data.
    """
    if inside := sorted(set(candidates) & set(pool.members)):
        raise ParityError(f"{', '.join(inside)} is in {pool.name} already")
    known = members_of(pool.base, list(candidates), pool.data.rules, data, pool.year).codes
    if not known:
        raise ParityError("none of the candidates has data in the index")
    larger = {code: [*pool.members, code] for code in known}
    return changes(pool, larger, draws, level, data=data)
