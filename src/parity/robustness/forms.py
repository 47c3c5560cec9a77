"""The three forms of an index side by side: by size, per person, mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.estimate import Estimate

FORMS = ("scale", "intensity", "mixed")
COLUMNS = ("rank", "rank_low", "rank_high")


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

        A form that does not rank it, for want of data, gives an unknown rank.

        Raises
        ------
        ParityError
            If no form ranks the unit.
        """
        row = self._row(unit)
        return {
            form: Estimate(
                row[f"rank_{form}"],
                row[f"rank_low_{form}"],
                row[f"rank_high_{form}"],
                self.level,
                "rank",
                "" if row[f"rank_{form}"] else "too little data for this form",
            )
            for form in FORMS
        }

    def moved_by(self, unit: str) -> tuple[str, float] | None:
        """Return the assumption that moves a unit's mixed rank most, and its total Sobol index.

        ``None`` where nothing moves it, or nobody has looked.
        """
        row = self._row(unit)
        return None if row["moved_by"] is None else (row["moved_by"], row["moved_share"])

    def table(self) -> pl.DataFrame:
        """Return one row per unit: id, rank and interval by form, moved_by, moved_share; the first first."""
        moved = self.mixed.select("id", "moved_by", "moved_share")
        parts = [
            getattr(self, form).select("id", *(pl.col(each).alias(f"{each}_{form}") for each in COLUMNS))
            for form in FORMS
        ]
        table: pl.DataFrame = parts[0]
        for part in parts[1:]:
            table = table.join(part, on="id", how="full", coalesce=True)
        return table.join(moved, on="id", how="left").sort("rank_mixed", "id", nulls_last=True)

    def _row(self, unit: str) -> dict[str, Any]:
        table = self.table()
        row = table.filter(id=unit)
        if row.is_empty():
            raise ParityError(f"'{unit}' is not among the units ranked.{did_you_mean(unit, table['id'])}")
        return row.row(0, named=True)
