"""What a run did: one record per step, taken or skipped, with the cells that it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from parity.index._table import Block
from parity.index._tree import BoolArray, FloatArray

Status = Literal["done", "skipped", "default"]


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Cells that a step changed.

    Attributes
    ----------
    block
        Units before the step, n rows.
    codes
        Codes of the k indicators.
    changed
        Which cells, shape (n, k).
    after
        Values after the step, shape (n, k).
    how
        What was done, one text per indicator.
    """

    block: Block
    codes: tuple[str, ...]
    changed: BoolArray
    after: FloatArray
    how: tuple[str, ...]

    def table(self) -> pl.DataFrame:
        """Return one row per changed cell: id, (year,) indicator, before, after, how."""
        rows, columns = np.nonzero(self.changed)
        body: dict[str, pl.Series] = {"id": pl.Series(list(self.block.ids[rows]), dtype=pl.String)}
        if self.block.years is not None:
            body["year"] = pl.Series(self.block.years[rows], dtype=pl.Int64)
        body["indicator"] = pl.Series([self.codes[column] for column in columns], dtype=pl.String)
        body["before"] = pl.Series(self.block.values[rows, columns], dtype=pl.Float64, nan_to_null=True)
        body["after"] = pl.Series(self.after[rows, columns], dtype=pl.Float64, nan_to_null=True)
        body["how"] = pl.Series([self.how[column] for column in columns], dtype=pl.String)
        return pl.DataFrame(body)


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One step of a run.

    Attributes
    ----------
    step
        Name of the step.
    status
        ``done``; ``skipped`` (not in the spec); ``default`` (not in the spec, but no index without it).
    message
        What was done, in one sentence.
    notes
        What a reader should look at: flagged indicators, fallbacks, limits.
    details
        Table of the step: units screened, treatment of each indicator, weights.
    changes
        Cells changed, where single cells are.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"details": None, "changes": None}

    step: str
    status: Status
    message: str
    notes: tuple[str, ...] = ()
    details: pl.DataFrame | None = None
    changes: Changes | None = None

    def text(self) -> str:
        """Return the record as lines of text."""
        return "\n".join([f"{self.step}: {self.message}", *(f"  note: {note}" for note in self.notes)])


def skipped(step: str) -> Record:
    """Return the record of a step that the spec does not have."""
    return Record(step, "skipped", "skipped, not in the spec")


def named(codes: Sequence[str], most: int = 8) -> str:
    """Return codes as a list that stays short."""
    more = f" and {len(codes) - most} more" if len(codes) > most else ""
    return ", ".join(codes[:most]) + more
