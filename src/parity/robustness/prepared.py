"""Rank intervals at the speed of a slider: variants built once, weights given anew each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
import polars as pl

from parity.index import IndexSpec
from parity.robustness._run import Options, make, uncertainty

if TYPE_CHECKING:
    from parity.robustness._plan import Plan


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The data variants of an index with a ``[robustness]`` table, built once.

    Attributes
    ----------
    spec
        The index.
    plan
        Its variants, laid out for the draws.
    """

    spec: IndexSpec
    plan: Plan

    @classmethod
    def of(cls, spec: IndexSpec, data: pl.DataFrame) -> Self:
        """Build the variants of an index; as slow as `analyse`, which does it each time."""
        plan, _ = make(spec, data)
        return cls(spec, plan)

    def fits(self, weights: Mapping[str, float]) -> bool:
        """Tell whether these weights belong to nodes that draws move, and can be given anew."""
        kept = {self.plan.tree.codes[node] for node in self.plan.kept[:-1]}
        return self.spec.steps.weight is None and kept >= weights.keys()

    def intervals(self, weights: Mapping[str, float], draws: int, level: float) -> pl.DataFrame:
        """Return the rank intervals with other weights in place of the spec's.

        Parameters
        ----------
        weights
            Weights by code; `fits` must hold.
        draws
            Rebuilds.
        level
            Probability that the intervals cover.

        Returns
        -------
        polars.DataFrame
            ``id``, ``rank_low``, ``rank_high``: what `analyse` finds for the spec with these weights. Where
            one of them is zero, `analyse` leaves its element out of the draws and this does not: an end
            can differ by a rank.
        """
        from parity.robustness._counts import rank_quantiles

        place = {self.plan.tree.codes[node]: column for column, node in enumerate(self.plan.kept[:-1])}
        given = self.plan.weights.copy()
        for code, weight in weights.items():
            given[:, place[code]] = weight
        counts, bins = uncertainty(replace(self.plan, weights=given), Options(draws=draws, base=0), None)
        low, high = rank_quantiles(counts.ranks, bins, np.array([(1 - level) / 2, (1 + level) / 2])).T
        return pl.DataFrame(
            {
                "id": pl.Series(list(self.plan.units), dtype=pl.String),
                "rank_low": pl.Series(low, nan_to_null=True).round().cast(pl.Int64),
                "rank_high": pl.Series(high, nan_to_null=True).round().cast(pl.Int64),
            }
        )
