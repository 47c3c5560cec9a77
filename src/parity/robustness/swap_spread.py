"""How far what a swap of places takes depends on how the index is built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.index import Index
from parity.robustness.rebuilds import every_choice
from parity.robustness.swap import SAME, Swap, gap_of, joint_of, needed_of, shares_of, swap
from parity.stats import FloatArray, interval_ends

LEVEL = 0.9
MOST = 12
"""Weights, those with the smallest change first, whose needed shares get intervals."""
# Points of the grid on either side on which a crossing is sought; a rebuild need not be as exact as the base.
_STEPS = 16


@dataclass(frozen=True, slots=True, eq=False)
class SwapSpread:
    """What a swap takes in rebuilds with other step choices, the weights being those of the spec."""

    builds: int  # number of rebuilds in which both units have a score
    ahead: float  # share of the rebuilds in which the unit ahead is ahead too, 0 to 1
    gap: tuple[float, float]  # interval of the gap, in points of the base build
    # Interval of the weight that the smallest joint move takes, where the same unit is ahead; ``None`` where
    # it never is.
    moved: tuple[float, float] | None
    codes: tuple[str, ...]  # weights, as in `Swap`
    needed: (
        FloatArray  # share of each at which both are level, shape (builds, codes); NaN where no share does it
    )
    # Shares of all indicators in the smallest joint move, shape (builds that need one, indicators).
    joint: FloatArray

    def joint_ends(self) -> tuple[FloatArray, FloatArray] | None:
        """Return both ends of the intervals of the shares in the joint move, shape (indicators,) each."""
        if not len(self.joint):
            return None
        low, high = interval_ends(self.joint, LEVEL)
        return low, high

    def table(self) -> pl.DataFrame:
        """Return one row per weight: node, needed_low, needed_high, found (share of the rebuilds)."""
        rows = []
        for code, needed in zip(self.codes, self.needed.T, strict=True):
            known = needed[~np.isnan(needed)]
            low, high = interval_ends(known, LEVEL).tolist() if known.size else (None, None)
            rows.append((code, low, high, known.size / self.builds))
        schema = {"node": pl.String, "needed_low": pl.Float64, "needed_high": pl.Float64, "found": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def swap_spread(
    index: Index, found: Swap, made: Iterable[tuple[Index, FloatArray]] | None = None
) -> SwapSpread:
    """Repeat a swap in rebuilds of the index; in one for every combination of step choices by default."""
    codes = tuple(found.table().drop_nulls()["node"].head(MOST))
    nodes = [index.node(code) for code in codes]
    base = float(np.nanstd(index.of_year().scores[:, -1]))
    gaps, moved, joint, needed = [], [], [], []
    for variant, _ in every_choice(index, 1) if made is None else made:
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
        float((np.array(gaps) > 0).mean()),
        tuple(interval_ends(np.array(gaps), LEVEL).tolist()),
        tuple(interval_ends(np.array(moved), LEVEL).tolist()) if moved else None,
        codes,
        np.array(needed).reshape(len(gaps), len(codes)),
        np.array(joint).reshape(len(joint), index.tree.n_indicators),
    )


def _joint(variant: Index, rows: tuple[int, int], effective: FloatArray) -> FloatArray | None:
    """Return the shares of the smallest joint move in a rebuild; ``None`` where no weights do it."""
    try:
        return joint_of(variant, rows, effective)
    except NoAnswerError:
        return None


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight alone.

    Attributes
    ----------
    node, title
        Indicator or group.
    share
        Its share in its group as it is, 0 to 1.
    needed
        Share at which the two are level; null where none does it.
    change
        ``needed`` less ``share``.
    low, high
        Interval of ``needed`` over rebuilds; only the first weights are looked at.
    found
        Share of the rebuilds in which some share does it.
    """

    node: str
    title: str
    share: float
    needed: float | None
    change: float | None
    low: float | None = None
    high: float | None = None
    found: float | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One indicator in the smallest joint move.

    Attributes
    ----------
    indicator, title
        Its code and title.
    share
        Share of the index as it is, 0 to 1.
    needed
        Share in the smallest joint move.
    change
        ``needed`` less ``share``.
    low, high
        Interval of ``needed`` over rebuilds.
    """

    indicator: str
    title: str
    share: float
    needed: float
    change: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The same question in rebuilds with other step choices, the weights being those of the spec.

    Attributes
    ----------
    builds
        Rebuilds.
    level
        Probability that intervals cover.
    ahead
        Share of the rebuilds in which the same unit is ahead, 0 to 1.
    gap_low, gap_high
        Interval of the gap, points of the base build.
    moved_low, moved_high
        Interval of the weight that moves; null where none is needed.
    """

    builds: int
    level: float
    ahead: float
    gap_low: float
    gap_high: float
    moved_low: float | None
    moved_high: float | None


@dataclass(frozen=True, slots=True)
class SwapReport:
    """What weights would make two units change places.

    Attributes
    ----------
    index
        Index.
    variant
        Variant of a built-in index.
    ahead, behind
        The unit that is ahead, and the other one.
    names
        Names of both, for people.
    gap
        Points between them.
    weights
        Each weight alone, the smallest change first.
    moved
        Share of the whole weight that the smallest joint move moves, 0 to 1.
    joint
        The smallest joint move, the largest change first.
    rebuilds
        Null where the spec names nothing to vary.
    """

    index: str
    variant: str
    ahead: str
    behind: str
    names: tuple[str, str]
    gap: float
    weights: tuple[Weight, ...]
    moved: float
    joint: tuple[Moved, ...]
    rebuilds: Rebuilt | None


def swap_report(index: Index, a: str, b: str, titles: Mapping[str, str], *, variant: str = "") -> SwapReport:
    """Return what weights would make two units change places, with intervals over rebuilds.

    ``titles``: titles of all nodes by code.
    """
    found = swap(index, a, b)
    weights, joint = found.table(), found.joint_table()
    try:
        spread = swap_spread(index, found)
    except NoAnswerError:
        spread = None
    if spread is not None:
        ends = spread.table().rename({"needed_low": "low", "needed_high": "high"})
        weights = _around(weights.join(ends, on="node", how="left", maintain_order="left"))
        if (around := spread.joint_ends()) is not None:
            columns = {"indicator": found.codes[: len(found.effective)], "low": around[0], "high": around[1]}
            joint = _around(
                joint.join(pl.DataFrame(columns), on="indicator", how="left", maintain_order="left")
            )
    return SwapReport(
        index.spec.index.id,
        variant,
        found.a,
        found.b,
        (index.name(found.a), index.name(found.b)),
        found.gap,
        tuple(Weight(title=titles[row["node"]], **row) for row in weights.iter_rows(named=True)),
        found.moved,
        tuple(Moved(title=titles[row["indicator"]], **row) for row in joint.iter_rows(named=True)),
        None
        if spread is None
        else Rebuilt(
            spread.builds,
            LEVEL,
            spread.ahead,
            *_holding(found.gap, spread.gap),
            *(_holding(found.moved, spread.moved) if spread.moved else (None, None)),
        ),
    )


def _holding(value: float, ends: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of an interval that holds what it takes in the base build, one of the builds."""
    return min(value, ends[0]), max(value, ends[1])


def _around(table: pl.DataFrame) -> pl.DataFrame:
    """Return shares whose intervals hold what it takes in the base build, which is one of the builds."""
    known = pl.col("low").is_not_null()
    return table.with_columns(
        low=pl.when(known).then(pl.min_horizontal("low", "needed")),
        high=pl.when(known).then(pl.max_horizontal("high", "needed")),
    )
