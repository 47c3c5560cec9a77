"""What all steps share: the record of what was done, and learned state by year and by options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Literal, TypeVar

import numpy as np
import polars as pl

from parity.index._options import Options, Scope
from parity.index._table import Block
from parity.stats import BoolArray, FloatArray, IntArray

Status = Literal["done", "skipped", "default"]


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Cells that a step changed."""

    block: Block  # units before the step, n rows
    codes: tuple[str, ...]  # codes of the k indicators
    changed: BoolArray  # which cells, shape (n, k)
    after: FloatArray  # values after the step, shape (n, k)
    how: tuple[str, ...]  # what was done, one text per indicator

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


S_co = TypeVar("S_co", covariant=True)
O = TypeVar("O", bound=Options)  # noqa: E741


@dataclass(frozen=True, slots=True, eq=False)
class ByYear(Generic[S_co]):
    """What was learned from each year, or from all years at once."""

    years: tuple[int, ...]  # years that something was learned from, rising; empty for all at once
    states: tuple[S_co, ...]  # what was learned, one per year (or one in all)

    @classmethod
    def learn(cls, block: Block, scope: Scope, learn: Callable[[Block], S_co]) -> ByYear[S_co]:
        """Learn from each slab of a block."""
        slabs = block.slabs(scope)
        if slabs[0][0] is None:
            return cls((), (learn(block),))
        return cls(
            tuple(year for year, _ in slabs if year is not None),
            tuple(learn(block.take(rows)) for _, rows in slabs),
        )

    def slabs(self, block: Block) -> list[tuple[S_co, IntArray | slice]]:
        """Return the rows that each state applies to.

        A year that was not learned uses the last learned year before it, or else the first.
        """
        if not self.years or block.years is None:
            return [(self.states[-1], slice(None))]
        place = np.maximum(np.searchsorted(self.years, block.years, side="right") - 1, 0)
        return [(self.states[number], np.flatnonzero(place == number)) for number in np.unique(place)]


def assign(
    values: FloatArray,
    columns: IntArray,
    functions: ByYear[Callable[[FloatArray, Block], FloatArray]],
    block: Block,
) -> None:
    """Write what each year's function makes of some columns of a block into values."""
    for function, rows in functions.slabs(block):
        if isinstance(rows, slice):
            values[:, columns] = function(block.values[:, columns], block)
        else:
            values[np.ix_(rows, columns)] = function(block.values[np.ix_(rows, columns)], block.take(rows))


def plan(base: O, overrides: Sequence[O | None]) -> list[tuple[O, IntArray]]:
    """Return the columns that share the same options, with the options.

    ``overrides``: options of each column; ``None`` where it has none of its own.
    """
    plain = [column for column, override in enumerate(overrides) if override is None]
    chosen: list[O] = [base]
    members: list[list[int]] = [plain]
    for column, override in enumerate(overrides):
        if override is None:
            continue
        own = base.under(override)
        if own in chosen:
            members[chosen.index(own)].append(column)
        else:
            chosen.append(own)
            members.append([column])
    return [
        (options, np.array(sorted(columns), dtype=np.intp))
        for options, columns in zip(chosen, members, strict=True)
        if columns
    ]
