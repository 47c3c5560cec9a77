"""The three forms of an index side by side: by size, per person, mixed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.estimate import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """Places of the units in three forms of one index.

    Attributes
    ----------
    scale, intensity, mixed
        Places by size, per person and in both together, as `parity.robustness.Robustness.places`. The
        interval of the mixed form covers the share of each in it.
    level
        Probability that the intervals cover.
    """

    scale: pl.DataFrame
    intensity: pl.DataFrame
    mixed: pl.DataFrame
    level: float

    def of(self, unit: str) -> dict[str, Estimate]:
        """Return a unit's rank in every form, with its interval: ``scale``, ``intensity``, ``mixed``.

        Raises
        ------
        ParityError
            If the unit is not ranked.
        """
        return {form: self._rank(unit, getattr(self, form)) for form in ("scale", "intensity", "mixed")}

    def moved_by(self, unit: str) -> tuple[str, float] | None:
        """Return the assumption that moves a unit's mixed rank most, and its total Sobol index.

        ``None`` where nothing moves it.
        """
        name, share = self.mixed.filter(id=unit).select("moved_by", "moved_share").row(0)
        return None if name is None else (name, share)

    def table(self) -> pl.DataFrame:
        """Return one row per unit: id, rank and interval by form, moved_by, moved_share; the first first."""
        columns = ("rank", "rank_low", "rank_high")
        table = self.mixed.select(
            "id", *(pl.col(name).alias(f"{name}_mixed") for name in columns), "moved_by", "moved_share"
        )
        for form in ("scale", "intensity"):
            places = getattr(self, form).select(
                "id", *(pl.col(each).alias(f"{each}_{form}") for each in columns)
            )
            table = table.join(places, on="id", how="left", maintain_order="left")
        return table.sort("rank_mixed", "id")

    def _rank(self, unit: str, places: pl.DataFrame) -> Estimate:
        row = places.filter(id=unit)
        if row.is_empty():
            raise ParityError(f"'{unit}' is not among the units ranked.{did_you_mean(unit, places['id'])}")
        rank, low, high = row.select("rank", "rank_low", "rank_high").row(0)
        return Estimate(rank, low, high, self.level, "rank")
