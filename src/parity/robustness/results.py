"""What a run found: intervals of ranks and scores, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.errors import ParityError, did_you_mean
from parity.estimate import Estimate
from parity.robustness._counts import (
    Bins,
    Counts,
    cumulative,
    quantile_errors,
    rank_quantiles,
    score_quantiles,
)
from parity.robustness.assumptions import Kind
from parity.stats import FloatArray

if TYPE_CHECKING:
    from parity.index import IndexSpec
    from parity.robustness._sobol import Indices

LEVELS = (0.5, 0.9, 0.95)
"""Probabilities of the intervals that are always told."""

APART = 0.95
"""Two units can be told apart when one is above the other in at least this share of the draws."""

SHIFT = "mean rank shift"
"""Output of the sensitivity analysis: how far ranks are from the base build's, on average over the units."""


@dataclass(frozen=True, slots=True)
class Use:
    """One assumption and how the draws used it.

    Attributes
    ----------
    name, kind
        Name and what is varied.
    alternatives
        Alternatives in words; one text that describes the range where it is continuous.
    draws
        Draws that used each alternative.
    """

    name: str
    kind: Kind
    alternatives: tuple[str, ...]
    draws: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Which assumption moves which output.

    Attributes
    ----------
    outputs
        Names of the outputs: ``rank UNIT``, ``score UNIT`` and ``mean rank shift``.
    assumptions
        Names of the assumptions.
    indices
        Sobol indices with intervals, one row per output.
    base, rebuilds
        Base points of the design, and how often the index was rebuilt for it.
    condition
        Which draws were looked at; empty for all.
    """

    outputs: tuple[str, ...]
    assumptions: tuple[str, ...]
    indices: Indices
    base: int
    rebuilds: int
    condition: str = ""

    def table(self) -> pl.DataFrame:
        """Return one row per output and assumption: first, total, their intervals, and a reason for null."""
        found, d = self.indices, len(self.assumptions)
        flat = {
            "first": found.first,
            "first_low": found.first_interval[..., 0],
            "first_high": found.first_interval[..., 1],
            "total": found.total,
            "total_low": found.total_interval[..., 0],
            "total_high": found.total_interval[..., 1],
        }
        return pl.DataFrame(
            {
                "output": np.repeat(np.array(self.outputs, dtype=object), d).tolist(),
                "assumption": list(self.assumptions) * len(self.outputs),
                **{name: pl.Series(values.ravel(), nan_to_null=True) for name, values in flat.items()},
                "reason": np.repeat(np.array(found.reasons, dtype=object), d).tolist(),
            },
            schema_overrides={"output": pl.String, "assumption": pl.String, "reason": pl.String},
        )

    def pairs(self) -> pl.DataFrame:
        """Return one row per output and pair of assumptions: the interaction and its interval."""
        from parity.robustness._sobol import pairs_of

        names = pairs_of(len(self.assumptions))[: self.indices.second.shape[1]]
        interval = self.indices.second_interval
        return pl.DataFrame(
            {
                "output": [output for output in self.outputs for _ in names],
                "first_assumption": [self.assumptions[i] for _ in self.outputs for i, _ in names],
                "second_assumption": [self.assumptions[j] for _ in self.outputs for _, j in names],
                "interaction": pl.Series(self.indices.second.ravel(), nan_to_null=True),
                "low": pl.Series(interval[..., 0].ravel(), nan_to_null=True),
                "high": pl.Series(interval[..., 1].ravel(), nan_to_null=True),
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """What the draws came to.

    Attributes
    ----------
    spec, vintage, seed
        What was run: the spec with its ``[robustness]`` table, the data, the seed.
    seconds
        Wall time of the run.
    uses
        Every assumption, its alternatives, and how many draws used each.
    units, names
        Codes and names of the units, in the order of the base ranking.
    base_ranks, base_scores
        Of the base build; 0 and NaN for a unit without.
    counts, bins
        Histograms of the draws, rows in the order of ``units``.
    sensitivity
        Sobol indices; ``None`` where they were not asked for.
    """

    spec: IndexSpec
    vintage: str
    seed: int
    seconds: float
    uses: tuple[Use, ...]
    units: tuple[str, ...]
    names: tuple[str, ...]
    base_ranks: NDArray[np.int64]
    base_scores: FloatArray
    counts: Counts
    bins: Bins
    sensitivity: Sensitivity | None = None

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.counts.draws

    def row(self, unit: str) -> int:
        """Return the row of a unit.

        Raises
        ------
        ParityError
            If the unit is not ranked.
        """
        if unit not in self.units:
            raise ParityError(f"'{unit}' is not among the units ranked.{did_you_mean(unit, self.units)}")
        return self.units.index(unit)

    def median(self) -> FloatArray:
        """Return the median rank of each unit, shape (units,)."""
        return rank_quantiles(self.counts.ranks, self.bins, np.array([0.5]))[:, 0]

    def interval(self, level: float = 0.9) -> FloatArray:
        """Return the interval that holds each unit's rank with at least this probability.

        Parameters
        ----------
        level
            Probability, in (0, 1); equal tails.

        Returns
        -------
        ndarray, shape (units, 2)
            Whole ranks.
        """
        return rank_quantiles(self.counts.ranks, self.bins, _ends(level))

    def score_interval(self, level: float = 0.9) -> FloatArray:
        """Return the interval of each unit's score, shape (units, 2)."""
        return score_quantiles(self.counts.scores, self.bins, _ends(level))

    def top(self, k: int) -> FloatArray:
        """Return the probability that each unit ranks ``k`` or better, shape (units,).

        Exact counts where every rank has its bin (up to 1024 units).
        """
        if k < 1:
            raise ParityError(f"k must be 1 or more, not {k}")
        share, _ = cumulative(self.counts.ranks)
        bin_of = np.floor((k - self.bins.rank_from) * self.bins.per_rank).astype(np.intp)
        place = np.clip(bin_of, 0, share.shape[1] - 1)
        found = np.take_along_axis(share, place[:, None], axis=1)[:, 0]
        return np.where(bin_of < 0, 0.0, found)

    def above(self) -> FloatArray:
        """Return the probability that the row's unit has a higher score than the column's.

        Returns
        -------
        ndarray, shape (units, units)
            Ties count for neither.

        Raises
        ------
        ParityError
            If pairs were not counted, for there are too many units.
        """
        if self.counts.above.size == 0:
            raise ParityError(f"pairs are counted for up to 256 units, not for {len(self.units):,}")
        return self.counts.above / self.counts.draws

    def groups(self, apart: float = APART) -> tuple[int, ...]:
        """Return the group of each unit, from 1: units that cannot be told apart from its first.

        Going down the base ranking, a unit opens a new group when the group's first unit
        is above it in at least the share ``apart`` of the draws.
        """
        above = self.above()
        found: list[int] = []
        group, first = 0, 0
        for unit in range(len(self.units)):
            if group == 0 or above[first, unit] >= apart:
                group, first = group + 1, unit
            found.append(group)
        return tuple(found)

    def not_apart(self, unit: str, apart: float = APART) -> tuple[str, ...]:
        """Return the units that cannot be told apart from one, in the order of the base ranking."""
        row = self.row(unit)
        above = self.above()
        same = (above[row] < apart) & (above[:, row] < apart)
        return tuple(other for place, other in enumerate(self.units) if same[place] and place != row)

    def monte_carlo_error(self) -> FloatArray:
        """Return the standard error of each interval end of ``LEVELS``, in ranks, shape (units, 2 levels)."""
        return quantile_errors(
            self.counts.ranks, self.bins, np.concatenate([_ends(level) for level in LEVELS])
        )

    def unranked(self) -> FloatArray:
        """Return the share of draws in which each unit has no score, shape (units,)."""
        return self.counts.ranks[:, 0] / self.counts.draws

    def estimate(self, unit: str, level: float = 0.9) -> Estimate:
        """Return the base rank of a unit with its interval."""
        row = self.row(unit)
        low, high = self.interval(level)[row]
        rank = int(self.base_ranks[row])
        if rank == 0:
            return Estimate(None, low, high, level, "rank", "no rank in the base build")
        return Estimate(rank, low, high, level, "rank")

    def places(self, level: float = 0.9) -> pl.DataFrame:
        """Return every unit's rank with its interval, and which assumption moves it most.

        Returns
        -------
        polars.DataFrame
            ``id``, ``rank``, ``score``, ``rank_low``, ``rank_high`` (widened where it takes that to hold the
            rank itself, which is one of the rebuilds), ``moved_by`` and ``moved_share`` (the assumption with
            the largest total Sobol index of the rank, and that index; null without a sensitivity analysis, or
            where the interval is one rank).
        """
        low, high = (_whole(ends) for ends in self.interval(level).T)
        table = self.table().select("id", "rank", "score").with_columns(rank_low=low, rank_high=high)
        table = table.with_columns(
            rank_low=pl.min_horizontal("rank_low", "rank"), rank_high=pl.max_horizontal("rank_high", "rank")
        )
        # Where the interval is one rank there is next to no variance to share out, and nothing to tell.
        moves = pl.col("rank_low") < pl.col("rank_high")
        return table.join(self._moved(), on="id", how="left", maintain_order="left").with_columns(
            pl.when(moves).then("moved_by"), pl.when(moves).then(pl.col("moved_share").clip(0, 1))
        )

    def _moved(self) -> pl.DataFrame:
        """Return the assumption with the largest total index of each unit's rank."""
        schema = {"id": pl.String, "moved_by": pl.String, "moved_share": pl.Float64}
        if self.sensitivity is None:
            return pl.DataFrame(schema=schema)
        ranks = self.sensitivity.table().filter(
            pl.col("output").str.starts_with("rank "), pl.col("total").is_not_null()
        )
        first = ranks.sort("total", "assumption", descending=[True, False]).group_by(
            "output", maintain_order=True
        )
        return first.first().select(
            id=pl.col("output").str.strip_prefix("rank "), moved_by="assumption", moved_share="total"
        )

    def table(self) -> pl.DataFrame:
        """Return one row per unit: base rank and score, median, intervals of rank and score, group."""
        body: dict[str, pl.Series] = {
            "id": pl.Series(self.units, dtype=pl.String),
            "name": pl.Series(self.names, dtype=pl.String),
            "rank": pl.Series([int(rank) or None for rank in self.base_ranks], dtype=pl.Int64),
            "score": pl.Series(self.base_scores, nan_to_null=True),
            "median": _whole(self.median()),
        }
        for level in LEVELS:
            low, high = self.interval(level).T
            body |= {f"low{round(level * 100)}": _whole(low), f"high{round(level * 100)}": _whole(high)}
        for level in LEVELS:
            low, high = self.score_interval(level).T
            label = round(level * 100)
            body |= {
                f"score_low{label}": pl.Series(low, nan_to_null=True),
                f"score_high{label}": pl.Series(high, nan_to_null=True),
            }
        body["unranked"] = pl.Series(self.unranked())
        if self.counts.above.size:
            body["group"] = pl.Series(self.groups(), dtype=pl.Int64)
        return pl.DataFrame(body)


def largest_error(counts: Counts, bins: Bins) -> float:
    """Return the largest standard error of an interval end of ``LEVELS`` over the units, in ranks."""
    ends = np.concatenate([_ends(level) for level in LEVELS])
    return float(np.nanmax(quantile_errors(counts.ranks, bins, ends)))


def _ends(level: float) -> FloatArray:
    if not 0 < level < 1:
        raise ParityError(f"level must lie between 0 and 1, not {level:g}")
    return np.array([(1 - level) / 2, (1 + level) / 2])


def _whole(ranks: FloatArray) -> pl.Series:
    return pl.Series(ranks, nan_to_null=True).round().cast(pl.Int64)
