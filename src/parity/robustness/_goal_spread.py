"""How far what a goal takes depends on how the index is built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.errors import NoAnswerError
from parity.robustness.goal import Change, Goal, Rebuild, least_steps, scorer_of
from parity.stats import interval_ends

Floats = NDArray[np.float64]

LEVEL = 0.9
MOST = 20
"""Rebuilds in which the goal is sought."""
# Rounds of the search in a rebuild; what is missing then is added along the way to the bounds.
_ROUNDS = 12


@dataclass(frozen=True, slots=True, eq=False)
class GoalSpread:
    """The smallest change that reaches the rank in each of some rebuilds.

    Attributes
    ----------
    builds
        Number of rebuilds.
    out_of_reach
        Share of them in which no change within the bounds reaches it, 0 to 1.
    level
        Probability that the intervals cover.
    change
        The change in the base build.
    steps
        Steps of each lever in the rebuilds in which the rank can be reached, shape (m, levers); all 0
        where it is reached already.
    """

    builds: int
    out_of_reach: float
    level: float
    change: Change
    steps: Floats

    def size(self) -> tuple[float, float] | None:
        """Return the ends of the interval of the size of the change."""
        if not len(self.steps):
            return None
        low, high = interval_ends(np.linalg.norm(self.steps, axis=1), self.level)
        # The base build is one of the builds: the intervals hold what it takes there.
        return min(float(low), self.change.size), max(float(high), self.change.size)

    def table(self) -> pl.DataFrame:
        """Return one row per series: series, to_low, to_high."""
        levers = self.change.levers
        names = [lever.series for lever in levers]
        if not len(self.steps):
            nothing = [None] * len(levers)
            return pl.DataFrame({"series": names, "to_low": nothing, "to_high": nothing})
        moves = self.steps * [lever.better * lever.spread for lever in levers]
        values = np.array([lever.value for lever in levers])
        low, high = interval_ends(moves + values, self.level)
        base = values + self.change.steps * [lever.better * lever.spread for lever in levers]
        low, high = np.minimum(low, base), np.maximum(high, base)
        return pl.DataFrame({"series": names, "to_low": low, "to_high": high})


def goal_spread(
    found: Goal, made: Iterable[Rebuild], *, most: int = MOST, level: float = LEVEL
) -> GoalSpread:
    """Seek the smallest change anew in rebuilds of the index.

    Parameters
    ----------
    found
        The goal in the base build.
    made
        Rebuilds with the weights of their draws; of each the first draw is used.
    most
        Most rebuilds to look at, spread over those given.
    level
        Probability that the intervals cover.

    Returns
    -------
    GoalSpread
        A change for every rebuild in which the rank can be reached.

    Raises
    ------
    NoAnswerError
        If there are no rebuilds.
    """
    levers = found.base.levers
    bounds = np.array([lever.most for lever in levers])
    steps: list[Floats] = []
    builds = 0
    made = list(made)
    # Rebuilds come ordered by their choices: every so many of them, not the first.
    for variant, weights in made[:: -(-len(made) // most) or 1]:
        if found.unit not in variant.units or not len(weights):
            continue
        builds += 1
        drawn = replace(variant, scoring=variant.scoring.with_weights(weights[0]))
        scores = drawn.scoring.scores(drawn.stages["normalised"].values)[:, -1]
        others = np.sort(np.delete(scores, drawn.row(found.unit)))[::-1]
        target = float(others[found.rank - 1])
        score = scorer_of(drawn, found.unit, levers)
        now, best = score(np.stack([np.zeros_like(bounds), bounds]))
        if now >= target:
            steps.append(np.zeros_like(bounds))
        elif best >= target:
            steps.append(least_steps(score, target, bounds, _ROUNDS))
    if not builds:
        raise NoAnswerError("the spec names no assumption to vary")
    array = np.array(steps).reshape(len(steps), len(levers))
    return GoalSpread(builds, 1 - len(steps) / builds, level, found.base, array)
