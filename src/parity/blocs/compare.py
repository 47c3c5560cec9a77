"""Blocs side by side: whether one is a counterweight to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.blocs.intervals import Intervals
from parity.blocs.pool import Pool, in_order
from parity.errors import ParityError
from parity.estimate import Estimate
from parity.stats import interval_ends


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Blocs side by side.

    Attributes
    ----------
    pools
        The blocs, in the order asked for.
    intervals
        Of each, from the same draws; empty without draws.
    """

    pools: tuple[Pool, ...]
    intervals: tuple[Intervals, ...]

    def gap(self, a: int, b: int, node: str | None = None) -> Estimate:
        """Return the score of bloc a less that of bloc b in a node, with the interval of the difference.

        The difference is taken draw by draw, so what moves both blocs alike does not widen it.
        """
        place = self.pools[a].base.node(node)
        value = float(self.pools[a].scores[place] - self.pools[b].scores[place])
        if np.isnan(value):
            return Estimate(None, unit="points", reason="a bloc has no score")
        if not self.intervals:
            return Estimate(value, unit="points", reason="no draws were made")
        level = self.intervals[a].level
        difference = self.intervals[a].samples[:, place] - self.intervals[b].samples[:, place]
        low, high = interval_ends(difference, level)
        return Estimate(value, min(float(low), value), max(float(high), value), level, "points")

    def ahead(self, a: int, b: int, node: str | None = None) -> float | None:
        """Return the share of draws in which bloc a scores above bloc b; ``None`` without draws."""
        if not self.intervals:
            return None
        place = self.pools[a].base.node(node)
        one, other = (self.intervals[k].samples[:, place] for k in (a, b))
        return float(np.mean(one > other))

    def table(self) -> pl.DataFrame:
        """Return one row per group of the index and bloc: rank and score with their ends, and ``covered``."""
        tree = self.pools[0].base.tree
        kinds: dict[str, type[pl.DataType]] = {"node": pl.String, "bloc": pl.String, "rank": pl.Int64}
        kinds |= {"score": pl.Float64, "rank_low": pl.Int64, "rank_high": pl.Int64}
        kinds |= dict.fromkeys(("score_low", "score_high", "covered"), pl.Float64)
        rows = []
        for node in in_order(tree):
            for place, each in enumerate(self.pools):
                ends = np.full(4, np.nan)
                if self.intervals:
                    drawn = self.intervals[place]
                    ends = np.concatenate([drawn.ranks[[0, 2], node], drawn.scores[[0, 2], node]])
                cells = [each.ranks[node], each.scores[node], *ends, each.node_coverage[node]]
                known = (None if np.isnan(cell) else cell for cell in cells)
                rows.append((tree.codes[node], each.name, *known))
        return pl.DataFrame(rows, kinds, orient="row", strict=False)

    def gaps(self) -> pl.DataFrame:
        """Return the score of the first less each other's: ``node, a, b, gap, low, high, ahead``."""
        tree, (first, *others) = self.pools[0].base.tree, self.pools
        rows = []
        for code in (tree.codes[node] for node in in_order(tree)):
            for place, other in enumerate(others, 1):
                gap = self.gap(0, place, code)
                ends = (gap.value, gap.low, gap.high, self.ahead(0, place, code))
                rows.append((code, first.name, other.name, *ends))
        kinds = dict.fromkeys(("node", "a", "b"), pl.String) | dict.fromkeys(
            ("gap", "low", "high", "ahead"), pl.Float64
        )
        return pl.DataFrame(rows, kinds, orient="row")


def compare(pools: Sequence[Pool], drawn: Sequence[Intervals] = ()) -> Comparison:
    """Put blocs side by side.

    Parameters
    ----------
    pools
        Blocs of one index.
    drawn
        Intervals of each, over the same rebuilds; none by default.

    Raises
    ------
    ParityError
        If there are fewer than two blocs, one stands twice, or they are of different indices.
    """
    if len(pools) < 2:
        raise ParityError("a comparison needs two blocs or more")
    if any(each.base is not pools[0].base for each in pools):
        raise ParityError("blocs can be compared within one index only; pool all of them from the same one")
    names = [each.name for each in pools]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ParityError(f"{', '.join(twice)} stands twice; compare each bloc once")
    return Comparison(tuple(pools), tuple(drawn))
