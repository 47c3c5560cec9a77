"""How far the parts of a gap between two units move when the index is built otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.index import Index
from parity.index.explain import SMOOTH, along_the_line, explain
from parity.robustness.rebuilds import every_choice
from parity.stats import FloatArray, interval_ends

Rebuild = tuple[Index, FloatArray]

LEVEL = 0.9
# Draws of the weights for every combination of step choices.
EACH = 3


@dataclass(frozen=True, slots=True, eq=False)
class PartIntervals:
    """Intervals of the gap between two units and of its parts, over rebuilds."""

    # The units.
    a: str
    b: str
    codes: tuple[str, ...]  # codes of the k indicators
    draws: FloatArray  # parts in every draw, in points of the base build, shape (n_draws, k)

    def table(self) -> pl.DataFrame:
        """Return one row per indicator: indicator, low, high."""
        low, high = self.around(self.draws)
        return pl.DataFrame({"indicator": self.codes, "low": low, "high": high})

    def gap(self) -> tuple[float, float]:
        """Return the ends of the interval of the whole gap."""
        return self.of(self.codes)

    def of(self, codes: Iterable[str]) -> tuple[float, float]:
        """Return the ends of the interval of some indicators' parts taken together."""
        wanted = set(codes)
        low, high = self.around(self.draws[:, [code in wanted for code in self.codes]].sum(axis=1))
        return float(low), float(high)

    def around(self, values: FloatArray) -> FloatArray:
        """Return both ends of the interval over the draws, the first axis."""
        return interval_ends(values, LEVEL)


def part_intervals(index: Index, a: str, b: str, made: Iterable[Rebuild] | None = None) -> PartIntervals:
    """Return intervals of the parts of a gap over rebuilds of the index.

    In every draw the gap is split along the line from b to a (see `parity.index.explain.along_the_line`).
    A point of a z-score is none of a min-max; the parts of a draw are therefore multiplied by the spread
    of scores in the base build over that in the draw.

    ``a, b``: units; the gap is the score of a minus that of b. ``made``: rebuilds with the weights of
    their draws (see `parity.robustness.rebuilds`); `every_choice` if ``None``. Returns: parts in every
    draw in which both units have a score.
    """
    if made is None:
        made = every_choice(index, EACH)
    base = float(np.nanstd(index.of_year().scores[:, -1]))
    found: list[FloatArray] = []
    for variant, all_weights in made:
        if not {a, b} <= {str(unit) for unit in variant.units}:
            continue
        methods = {rule.aggregate.method for rule in variant.scoring.rules}
        if jumps := sorted(methods - set(SMOOTH)):
            raise NoAnswerError(f"parts have intervals for smooth aggregations alone, not for {jumps[0]}")
        values = variant.stages["normalised"].values
        ends = values[[variant.row(a), variant.row(b)]]
        for weights in all_weights:
            scoring = variant.scoring.with_weights(weights)
            spread = float(np.nanstd(scoring.scores(values)[:, -1]))
            parts = along_the_line(scoring, ends)
            if spread > 0 and np.isfinite(parts).all():
                found.append(parts * base / spread)
    if not found:
        raise NoAnswerError("the spec names no assumption to vary, or no rebuild scores both")
    return PartIntervals(a, b, index.tree.codes[: index.tree.n_indicators], np.stack(found))


class Range(NamedTuple):
    """Both ends of an interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """What one indicator adds to a gap.

    Attributes
    ----------
    indicator, title
        Its code, and its title for people.
    contribution
        Points.
    low, high
        Ends of the interval over rebuilds; ``None`` without.
    """

    indicator: str
    title: str
    contribution: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap between two units and its parts.

    Attributes
    ----------
    index
        Index.
    variant
        Variant of a built-in index.
    a, b
        The units.
    names
        Names of both, for people.
    gap
        Score of the first less score of the second.
    gap_range
        Interval of the gap over rebuilds; null without.
    level
        Probability that intervals cover.
    reason
        Why there are no intervals; empty otherwise.
    pillars
        Points by the group above the indicators, the largest first.
    pillar_ranges
        Interval of every pillar's points.
    parts
        Every indicator, the largest part first.
    """

    index: str
    variant: str
    a: str
    b: str
    names: tuple[str, str]
    gap: float
    gap_range: Range | None
    level: float
    reason: str
    pillars: Mapping[str, float]
    pillar_ranges: Mapping[str, Range]
    parts: tuple[Part, ...]


def gap(
    index: Index,
    a: str,
    b: str,
    titles: Mapping[str, str],
    made: Callable[[], Iterable[Rebuild]] | None = None,
    *,
    variant: str = "",
) -> Gap:
    """Split the gap between two units, by indicator and by the groups above them.

    Of a panel, that of its last year. ``titles``: titles of all nodes by code. ``made``: returns the
    rebuilds behind the intervals; `every_choice` by default.
    """
    panel, index = index, index.of_year()
    whole = explain(index, a, b)
    try:
        spread, reason = part_intervals(panel, a, b, made() if made else None), ""
    except NoAnswerError as problem:
        spread, reason = None, str(problem)
    tree = index.tree
    points: dict[str, float] = {}
    below: dict[str, list[str]] = {}
    for code, part in zip(whole.codes, map(float, whole.contributions), strict=True):
        pillar = titles[tree.codes[tree.parents[tree.position(code)]]]
        points[pillar] = points.get(pillar, 0.0) + part
        below.setdefault(pillar, []).append(code)
    pillars = dict(sorted(points.items(), key=lambda item: -abs(item[1])))
    ends = {} if spread is None else {code: (low, high) for code, low, high in spread.table().iter_rows()}
    parts = [
        Part(code, titles[code], part, *ends.get(code, (None, None)))
        for code, part in zip(whole.codes, map(float, whole.contributions), strict=True)
    ]
    return Gap(
        index.spec.index.id,
        variant,
        a,
        b,
        (index.name(a), index.name(b)),
        whole.gap,
        None if spread is None else Range(*spread.gap()),
        LEVEL,
        reason,
        pillars,
        {title: Range(*spread.of(below[title])) for title in pillars} if spread else {},
        tuple(sorted(parts, key=lambda part: -abs(part.contribution))),
    )
