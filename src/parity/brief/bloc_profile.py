"""Everything about one bloc: its standing, what members bring, what another composition would change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from parity.ask.standing import Standing
from parity.blocs import (
    Bloc,
    Changes,
    Contributions,
    Intervals,
    Pool,
    changes,
    contributions,
    intervals,
    joining,
    pool,
)
from parity.blocs.intervals import Draws
from parity.brief.blocs import everyone
from parity.index import Index
from parity.robustness.rebuilds import rebuilds

FloatArray = npt.NDArray[np.float64]

BEFORE = "before"
"""Name of the composition that a what-if starts from."""


@dataclass(frozen=True, slots=True, eq=False)
class BlocProfile:
    """A bloc as one unit.

    Attributes
    ----------
    pool
        The bloc.
    parts
        What each member brings.
    drawn
        Intervals over rebuilds of the index; ``None`` without draws or assumptions.
    next
        What each country outside would add; ``None`` where every country is in.
    change
        The composition that a what-if starts from, held against the bloc: what is gained by going
        back; ``None`` where nobody joined or left.
    """

    pool: Pool
    parts: Contributions
    drawn: Intervals | None
    next: Changes | None
    change: Changes | None


def bloc_profile(
    found: Standing,
    bloc: Bloc,
    draws: int,
    before: Bloc | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> BlocProfile:
    """Return everything about a bloc.

    Parameters
    ----------
    found
        The built index.
    bloc
        The bloc.
    draws
        Rebuilds behind the intervals; 0 for none.
    before
        The bloc before countries joined or left.
    progress
        Told how many draws are done; each is done twice, built and scored.

    Raises
    ------
    ParityError
        If the bloc, or the one before, has no member with data.
    """
    data = everyone(found)
    whole = pool(found.index, bloc.members, bloc.on, name=bloc.name, data=data)
    made = list(_told(rebuilds(found.index, draws), progress))
    drawn = intervals([whole], _told(made, progress))[0] if made else None
    outside = [str(unit) for unit in found.index.units if unit not in whole.members]
    return BlocProfile(
        pool=whole,
        parts=contributions(whole),
        drawn=drawn,
        next=joining(whole, outside, made, data=data) if outside else None,
        change=_against(whole, before, made, data),
    )


def _against(whole: Pool, before: Bloc | None, made: Draws, data: pl.DataFrame) -> Changes | None:
    if before is None or before.members == whole.members:
        return None
    return changes(whole, {BEFORE: before.members}, made, data=data)


def _told(draws: Draws, progress: Callable[[int], None]) -> Iterator[tuple[Index, FloatArray]]:
    for variant, weights in draws:
        yield variant, weights
        progress(len(weights))
