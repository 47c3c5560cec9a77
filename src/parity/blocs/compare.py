"""Blocs side by side: whether one is a counterweight to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from parity.blocs.intervals import Draws, Intervals, intervals
from parity.blocs.pool import Pool
from parity.errors import ParityError
from parity.estimate import Estimate
from parity.stats import interval_ends

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
        return Estimate(value, float(low), float(high), level, "points")

    def ahead(self, a: int, b: int, node: str | None = None) -> float | None:
        """Return the share of draws in which bloc a scores above bloc b; ``None`` without draws."""
        if not self.intervals:
            return None
        place = self.pools[a].base.node(node)
        one, other = (self.intervals[k].samples[:, place] for k in (a, b))
        return float(np.mean(one > other))

    def table(self) -> pl.DataFrame:
        """Return one row per group of the index and bloc: score and rank, with intervals where drawn."""
        rows = []
        tree = self.pools[0].base.tree
        for node in reversed(tree.groups):
            for place, each in enumerate(self.pools):
                rank = each.ranks[node]
                row: dict[str, object] = {
                    "node": tree.codes[node],
                    "bloc": each.name,
                    "score": _known(each.scores[node]),
                    "rank": None if np.isnan(rank) else int(rank),
                    "covered": float(each.node_coverage[node]),
                }
                if self.intervals:
                    drawn = self.intervals[place]
                    row |= {
                        "score_low": _known(drawn.scores[0, node]),
                        "score_high": _known(drawn.scores[2, node]),
                        "rank_low": _known(drawn.ranks[0, node]),
                        "rank_high": _known(drawn.ranks[2, node]),
                    }
                rows.append(row)
        return pl.DataFrame(rows, infer_schema_length=None)

    def figure(self) -> Figure:
        """Draw the profiles of the blocs beside each other, with intervals."""
        from parity.blocs._figures import draw_profiles

        return draw_profiles(self)


def compare(pools: Sequence[Pool], draws: Draws | None = None, level: float = 0.9) -> Comparison:
    """Put blocs side by side.

    Parameters
    ----------
    pools
        Blocs of one index.
    draws
        Rebuilds of that index, for intervals; none by default.
    level
        Probability that the intervals cover.

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
    return Comparison(tuple(pools), () if draws is None else intervals(pools, draws, level))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
