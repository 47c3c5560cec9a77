"""How far what a goal takes depends on how the index is built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.index import Index
from parity.robustness.goal import Change, Goal, Rebuild, least_steps, scorer_of
from parity.stats import FloatArray, interval_ends

LEVEL = 0.9
MOST = 20
"""Rebuilds in which the goal is sought."""
# Rounds of the search in a rebuild; what is missing then is added along the way to the bounds.
_ROUNDS = 12


@dataclass(frozen=True, slots=True, eq=False)
class GoalSpread:
    """The smallest change that reaches the rank in each of some rebuilds."""

    builds: int  # number of rebuilds
    out_of_reach: float  # share of them in which no change within the bounds reaches it, 0 to 1
    change: Change  # the change in the base build
    # Steps of each lever in the rebuilds in which the rank can be reached, shape (m, levers); all 0 where it
    # is reached already.
    steps: FloatArray

    def size(self) -> tuple[float, float] | None:
        """Return the ends of the interval of the size of the change."""
        if not len(self.steps):
            return None
        low, high = interval_ends(np.linalg.norm(self.steps, axis=1), LEVEL)
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
        low, high = interval_ends(moves + values, LEVEL)
        base = values + self.change.steps * [lever.better * lever.spread for lever in levers]
        low, high = np.minimum(low, base), np.maximum(high, base)
        return pl.DataFrame({"series": names, "to_low": low, "to_high": high})


def goal_spread(
    found: Goal,
    made: Iterable[Rebuild],
    *,
    advance: Callable[[int], None] = lambda _: None,
) -> GoalSpread:
    """Seek the smallest change anew in rebuilds of the index.

    ``made``: rebuilds with the weights of their draws; of each the first draw is used. Returns: a change
    for every rebuild in which the rank can be reached. Raises NoAnswerError if there are no rebuilds.
    """
    levers = found.base.levers
    bounds = np.array([lever.most for lever in levers])
    steps: list[FloatArray] = []
    builds = 0
    made = list(made)
    # Rebuilds come ordered by their choices: every so many of them, not the first.
    for variant, weights in made[:: -(-len(made) // MOST) or 1]:
        advance(1)
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
    return GoalSpread(builds, 1 - len(steps) / builds, found.base, array)


@dataclass(frozen=True, slots=True)
class Move:
    """Move of one series.

    Attributes
    ----------
    series, title
        Series (or indicator), and its title for people.
    unit
        Unit of ``from`` and ``to``.
    now
        Value now.
    to
        Value to reach.
    steps
        Change, in the series' own yearly spread.
    yearly
        Yearly spread: what it usually changes in a year, in its unit.
    to_low, to_high
        Interval of ``to`` over rebuilds; null without.
    """

    json_keys: ClassVar[Mapping[str, str | None]] = {"now": "from"}

    series: str
    title: str
    unit: str
    now: float
    to: float
    steps: float
    yearly: float
    to_low: float | None
    to_high: float | None


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """A change of several series at once.

    Attributes
    ----------
    size
        Root of the sum of squared steps.
    years
        Years that the longest move takes at its usual pace.
    score
        Score after the change, in the base build.
    share
        Share of rebuilds in which the rank is reached.
    moves
        The longest first.
    size_low, size_high
        Interval of size over rebuilds; null without.
    """

    size: float
    years: float
    score: float
    share: float | None
    moves: tuple[Move, ...]
    size_low: float | None
    size_high: float | None


@dataclass(frozen=True, slots=True)
class GoalReport:
    """What it takes to reach a rank.

    Attributes
    ----------
    index
        Index.
    variant
        Variant of a built-in index.
    country, name
        The unit, and its name.
    rank_now
        Its rank.
    rank
        Rank to reach.
    units
        How many are ranked.
    base
        Smallest change that reaches it in the base build.
    robust
        Smallest that reaches it in half of the rebuilds.
    reason
        Why there is no robust change.
    builds
        Rebuilds in which the smallest change was sought anew, for intervals.
    out_of_reach
        Share of those in which nothing reaches the rank, 0 to 1.
    level
        Probability that the intervals cover.
    """

    index: str
    variant: str
    country: str
    name: str
    rank_now: int
    rank: int
    units: int
    base: ChangeReport
    robust: ChangeReport | None
    reason: str | None
    builds: int
    out_of_reach: float | None
    level: float


def goal_report(index: Index, found: Goal, spread: GoalSpread | None, *, variant: str = "") -> GoalReport:
    """Return what a goal takes, with the intervals of its smallest change where there are rebuilds."""
    same = found.robust is found.base
    base = _change(found.base, spread)
    return GoalReport(
        index.spec.index.id,
        variant,
        found.unit,
        str(index.names[index.row(found.unit)]),
        found.rank_now,
        found.rank,
        len(index.units),
        base,
        base if same else None if found.robust is None else _change(found.robust, None),
        found.reason or None,
        0 if spread is None else spread.builds,
        None if spread is None else spread.out_of_reach,
        LEVEL,
    )


def _change(change: Change, spread: GoalSpread | None) -> ChangeReport:
    size = None if spread is None else spread.size()
    known = {} if spread is None or size is None else spread.table().rows_by_key("series", unique=True)
    moves = tuple(
        Move(series, title, unit, now, to, steps, yearly, *known.get(series, (None, None)))
        for series, title, unit, now, to, steps, yearly in change.table().iter_rows()
    )
    share = None if np.isnan(change.share) else change.share
    return ChangeReport(change.size, change.years, change.score, share, moves, *(size or (None, None)))
