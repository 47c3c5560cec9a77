"""How learned state is kept: by year where each year stands alone, and by options that columns share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from parity.index._options import Options, Scope
from parity.index._table import Block
from parity.index._tree import FloatArray, IntArray

S_co = TypeVar("S_co", covariant=True)
O = TypeVar("O", bound=Options)  # noqa: E741


@dataclass(frozen=True, slots=True, eq=False)
class ByYear(Generic[S_co]):
    """What was learned from each year, or from all years at once.

    Attributes
    ----------
    years
        Years that something was learned from, rising; empty for all at once.
    states
        What was learned, one per year (or one in all).
    """

    years: tuple[int, ...]
    states: tuple[S_co, ...]

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

    Parameters
    ----------
    base
        Options of the step.
    overrides
        Options of each column; ``None`` where it has none of its own.
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
