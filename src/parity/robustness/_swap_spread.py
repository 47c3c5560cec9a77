"""How far what a swap of places takes depends on how the index is built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.errors import NoAnswerError
from parity.index import Index
from parity.robustness.rebuilds import every_choice
from parity.robustness.swap import SAME, Swap, gap_of, joint_of, needed_of, shares_of
from parity.stats import interval_ends

Floats = NDArray[np.float64]

LEVEL = 0.9
MOST = 12
"""Weights, those with the smallest change first, whose needed shares get intervals."""
# Points of the grid on either side on which a crossing is sought; a rebuild need not be as exact as the base.
_STEPS = 16


@dataclass(frozen=True, slots=True, eq=False)
class SwapSpread:
    """What a swap takes in rebuilds with other step choices, the weights being those of the spec.

    Attributes
    ----------
    builds
        Number of rebuilds in which both units have a score.
    level
        Probability that the intervals cover.
    ahead
        Share of the rebuilds in which the unit ahead is ahead too, 0 to 1.
    gap
        Interval of the gap, in points of the base build.
    moved
        Interval of the weight that the smallest joint move takes, where the same unit is ahead; ``None``
        where it never is.
    codes
        Weights, as in `Swap`.
    needed
        Share of each at which both are level, shape (builds, codes); NaN where no share does it.
    joint
        Shares of all indicators in the smallest joint move, shape (builds that need one, indicators).
    """

    builds: int
    level: float
    ahead: float
    gap: tuple[float, float]
    moved: tuple[float, float] | None
    codes: tuple[str, ...]
    needed: Floats
    joint: Floats

    def joint_ends(self) -> tuple[Floats, Floats] | None:
        """Return both ends of the intervals of the shares in the joint move, shape (indicators,) each."""
        if not len(self.joint):
            return None
        low, high = interval_ends(self.joint, self.level)
        return low, high

    def table(self) -> pl.DataFrame:
        """Return one row per weight: node, needed_low, needed_high, found (share of the rebuilds)."""
        rows = []
        for code, needed in zip(self.codes, self.needed.T, strict=True):
            known = needed[~np.isnan(needed)]
            low, high = interval_ends(known, self.level).tolist() if known.size else (None, None)
            rows.append((code, low, high, known.size / self.builds))
        schema = {"node": pl.String, "needed_low": pl.Float64, "needed_high": pl.Float64, "found": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def swap_spread(
    index: Index,
    found: Swap,
    made: Iterable[tuple[Index, Floats]] | None = None,
    *,
    most: int = MOST,
    level: float = LEVEL,
) -> SwapSpread:
    """Repeat a swap in rebuilds of the index.

    Parameters
    ----------
    index, found
        The built index, and what a swap takes there.
    made
        Rebuilds; one for every combination of step choices if ``None``.
    most
        Weights to look at, the smallest change first.
    level
        Probability that the intervals cover.

    Raises
    ------
    NoAnswerError
        If the spec names no assumption to vary.
    """
    codes = tuple(found.table().drop_nulls()["node"].head(most))
    nodes = [index.node(code) for code in codes]
    base = float(np.nanstd(index.scores[:, -1]))
    gaps, moved, joint, needed = [], [], [], []
    for variant, _ in made if made is not None else every_choice(index, 1):
        if not {found.a, found.b} <= {str(unit) for unit in variant.units}:
            continue
        rows = variant.row(found.a), variant.row(found.b)
        gap = gap_of(variant, rows, variant.weights)
        if np.isnan(gap):
            continue
        gaps.append(gap * base / float(np.nanstd(variant.scores[:, -1])))
        order = rows if gap > 0 else rows[::-1]
        own = shares_of(variant, variant.weights)
        needed.append([needed_of(variant, order, node, own[node], _STEPS) for node in nodes])
        effective = variant.tree.effective_weights(variant.weights)[: variant.tree.n_indicators]
        if gap > SAME and (shares := _joint(variant, rows, effective)) is not None:
            joint.append(shares)
            moved.append(np.abs(shares - effective).sum() / 2)
    if not gaps:
        raise NoAnswerError("the spec names no assumption to vary, or no rebuild scores both")
    return SwapSpread(
        len(gaps),
        level,
        float((np.array(gaps) > 0).mean()),
        tuple(interval_ends(np.array(gaps), level).tolist()),
        tuple(interval_ends(np.array(moved), level).tolist()) if moved else None,
        codes,
        np.array(needed).reshape(len(gaps), len(codes)),
        np.array(joint).reshape(len(joint), index.tree.n_indicators),
    )


def _joint(variant: Index, rows: tuple[int, int], effective: Floats) -> Floats | None:
    """Return the shares of the smallest joint move in a rebuild; ``None`` where no weights do it."""
    try:
        return joint_of(variant, rows, effective)
    except NoAnswerError:
        return None
