"""How far the parts of a gap between two units move when the index is built otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.errors import NoAnswerError
from parity.index import Index
from parity.index.explain import SMOOTH, along_the_line
from parity.robustness.rebuilds import every_choice
from parity.stats import interval_ends

Floats = NDArray[np.float64]
Rebuild = tuple[Index, Floats]

LEVEL = 0.9
# Draws of the weights for every combination of step choices.
EACH = 3


@dataclass(frozen=True, slots=True, eq=False)
class PartIntervals:
    """Intervals of the gap between two units and of its parts, over rebuilds.

    Attributes
    ----------
    a, b
        The units.
    codes
        Codes of the k indicators.
    draws
        Parts in every draw, in points of the base build, shape (n_draws, k).
    level
        Probability that the intervals cover.
    """

    a: str
    b: str
    codes: tuple[str, ...]
    draws: Floats
    level: float

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

    def around(self, values: Floats) -> Floats:
        """Return both ends of the interval over the draws, the first axis."""
        return interval_ends(values, self.level)


def part_intervals(
    index: Index, a: str, b: str, made: Iterable[Rebuild] | None = None, *, level: float = LEVEL
) -> PartIntervals:
    """Return intervals of the parts of a gap over rebuilds of the index.

    In every draw the gap is split along the line from b to a (see `parity.index.explain.along_the_line`).
    A point of a z-score is none of a min-max; the parts of a draw are therefore multiplied by the spread
    of scores in the base build over that in the draw.

    Parameters
    ----------
    index
        A built index of one year.
    a, b
        Units; the gap is the score of a minus that of b.
    made
        Rebuilds with the weights of their draws (see `parity.robustness.rebuilds`); `every_choice`
        if ``None``.
    level
        Probability that the intervals cover.

    Returns
    -------
    PartIntervals
        Parts in every draw in which both units have a score.

    Raises
    ------
    NoAnswerError
        If there are no rebuilds, an aggregation is not smooth, or no draw scores both units.
    """
    if index.years is not None:
        raise NoAnswerError("the data hold several years; parts have intervals within one year")
    if made is None:
        made = every_choice(index, EACH)
    base = float(np.nanstd(index.scores[:, -1]))
    found: list[Floats] = []
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
    return PartIntervals(a, b, index.tree.codes[: index.tree.n_indicators], np.stack(found), level)
