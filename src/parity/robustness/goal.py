"""The smallest change of a unit's indicators that brings it to a rank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError
from parity.index import Index, build
from parity.robustness._levers import Lever, levers_of, panel_observations, yearly_spreads
from parity.stats import FloatArray

__all__ = ["Change", "Goal", "Lever", "goal", "panel_observations", "yearly_spreads"]

Rebuild = tuple[Index, FloatArray]

_STEP = 0.1
_ROUNDS = 80
# Rounds without coming nearer after which no further one is tried.
_IDLE = 6
# A way is cut into parts, the part where the target lies again, and so on: 1e-10 of the way in the end.
_CUTS, _PARTS = 6, 48
_HALVINGS = 12
_ENOUGH = 1e-9
_SAME = 1e-6
HALF = 0.5
"""Share of the rebuilds in which the robust change must reach the rank."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A change of several levers at once."""

    levers: tuple[Lever, ...]  # the levers
    steps: FloatArray  # steps of each, in its own yearly spread, in the better direction, shape (levers,)
    score: float  # score of the unit in the base build after the change
    share: float  # share of the rebuilds in which the rank is reached; NaN without rebuilds

    @property
    def size(self) -> float:
        """Length of the change: root of the sum of squared steps."""
        return float(np.linalg.norm(self.steps))

    @property
    def years(self) -> float:
        """Years that the longest move takes at its usual pace: its yearly spread every year."""
        return float(self.steps.max(initial=0.0))

    def table(self) -> pl.DataFrame:
        """Return one row per lever that moves, the longest first.

        Columns ``series``, ``title``, ``unit``, ``from``, ``to``, ``steps`` (changes of a usual year) and
        ``yearly`` (that change, in the series' unit).
        """
        moves = self.steps * [lever.better * lever.spread for lever in self.levers]
        return (
            pl.DataFrame(
                {
                    "series": [lever.series for lever in self.levers],
                    "title": [lever.title for lever in self.levers],
                    "unit": [lever.unit for lever in self.levers],
                    "from": [lever.value for lever in self.levers],
                    "to": [lever.value for lever in self.levers] + moves,
                    "steps": self.steps,
                    "yearly": [lever.spread for lever in self.levers],
                }
            )
            .filter(pl.col("steps") > 0)
            .sort("steps", "series", descending=[True, False])
        )


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """What it takes to reach a rank."""

    unit: str  # the unit
    # Its rank in the base build, and the rank to reach.
    rank_now: int
    rank: int
    # Smallest change that reaches the rank in the base build: with its learned bounds, and built anew on the
    # changed data.
    base: Change
    # Smallest such change (along the same path) that reaches it in at least half of the rebuilds; ``None``
    # where ``reason`` says why.
    robust: Change | None
    reason: str  # why there is no robust change; empty otherwise


def goal(
    index: Index,
    unit: str,
    rank: int,
    spreads: Mapping[str, float],
    rebuilds: Iterable[Rebuild] = (),
) -> Goal:
    """Return the smallest change of a unit's indicators that brings it to a rank.

    The size of a change is its length when every series is measured in its own yearly spread. All else
    stays: the other units, learned bounds, treatments and imputation. Only actionable indicators that are
    observed move, only towards better values, and none beyond its bounds (those of the spec, or else the
    best value of any unit). Where a build on the changed data, whose bounds and treatments are learned
    anew, does not reach the rank, the change aims higher until it does.

    ``spreads``: typical change within a year by series (see `yearly_spreads`); an indicator's
    ``yearly_spread`` in the spec goes before it. A series without one stays where it is. Of a panel the
    last year changes, on the scale of all years. Returns: the change, for the base build and for half of
    the rebuilds. Raises ParityError if the unit or rank is not possible. Raises NoAnswerError if the unit
    is there already, or the rank is out of reach with every lever at its bound.
    """
    panel, index = index, index.of_year()
    now = index.rank(unit)
    if now is None:
        raise NoAnswerError(f"'{unit}' has no score in the index")
    if not 1 <= rank <= len(index.units):
        raise ParityError(f"the rank must lie between 1 and {len(index.units)}, not {rank}")
    if now <= rank:
        raise NoAnswerError(f"'{unit}' is at rank {now} already, which is {rank} or better")
    levers = levers_of(index, unit, spreads)
    if not levers:
        raise NoAnswerError(f"no actionable indicator of '{unit}' is observed and has a yearly spread")
    score = scorer_of(index, unit, levers)
    if abs(score(np.zeros((1, len(levers))))[0] - index.score(unit)) > _SAME:
        raise NoAnswerError(
            f"'{unit}' has cells that are filled in from its other years, and a change of this year would "
            "change them: give their values, or fill them otherwise ([steps.impute])"
        )
    others = np.sort(np.delete(index.scores[:, -1], index.row(unit)))[::-1]
    target = float(others[rank - 1])
    most = np.array([lever.most for lever in levers])
    best = float(score(most[np.newaxis])[0])
    if best < target:
        raise NoAnswerError(
            f"rank {rank} is out of reach: with every actionable indicator at its bound the score is "
            f"{best:.1f}, and {target:.1f} is needed"
        )
    steps = least_steps(score, target, most)
    if _rebuilt_rank(panel, unit, levers, steps) > rank:
        if (stays := _rebuilt_rank(panel, unit, levers, most)) > rank:
            raise NoAnswerError(
                f"rank {rank} is out of reach: built anew with every actionable indicator at its bound, "
                f"'{unit}' is at rank {stays}"
            )
        reaches = lambda tried: _rebuilt_rank(panel, unit, levers, tried) <= rank  # noqa: E731
        steps = _aim(reaches, score, (target, best), most)
    made = [(_without_screen(variant), weights) for variant, weights in rebuilds]
    base = Change(levers, steps, float(score(steps[np.newaxis])[0]), _share(made, unit, levers, steps, rank))
    robust, reason = _robust(made, unit, base, rank, (target, best), score, most)
    return Goal(unit, now, rank, base, robust, reason)


def _robust(
    made: list[Rebuild],
    unit: str,
    base: Change,
    rank: int,
    scores: tuple[float, float],
    score: Callable[[FloatArray], FloatArray],
    most: FloatArray,
) -> tuple[Change | None, str]:
    """Return the smallest change that reaches the rank in half of the rebuilds, aiming ever higher."""
    if not made:
        return None, "the spec names no assumption to vary"
    if base.share >= HALF:
        return base, ""

    def share(tried: FloatArray) -> float:
        return _share(made, unit, base.levers, tried, rank)

    if (reached := share(most)) < HALF:
        return (
            None,
            f"with every lever at its bound the rank is reached in {reached:.0%} of the rebuilds only",
        )
    steps = _aim(lambda tried: share(tried) >= HALF, score, scores, most)
    return Change(base.levers, steps, float(score(steps[np.newaxis])[0]), share(steps)), ""


def _aim(
    reaches: Callable[[FloatArray], bool],
    score: Callable[[FloatArray], FloatArray],
    scores: tuple[float, float],
    most: FloatArray,
) -> FloatArray:
    """Return the shortest steps that do, among those that lead to a score between two."""
    low, high = scores
    steps = most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tried = least_steps(score, middle, most)
        if reaches(tried):
            high, steps = middle, tried
        else:
            low = middle
    return steps


def _rebuilt_rank(index: Index, unit: str, levers: tuple[Lever, ...], steps: FloatArray) -> int:
    """Return the unit's rank in a build on the changed data; one beyond the last without a score."""
    named, table = index.spec.index, index.stages["raw"].table
    own = pl.col(named.id_column).cast(pl.String) == unit
    if index.years is not None and named.year_column is not None:
        own &= pl.col(named.year_column).cast(pl.Int64) == int(index.years.max())
    changed = _changed(index.of_year(), unit, levers, steps[np.newaxis])
    changed = changed.with_columns(table.filter(own)[named.id_column])
    whole = pl.concat([table.filter(~own), changed.select(table.columns)], how="vertical_relaxed")
    rank = build(index.spec, whole).rank(unit)
    return table.height + 1 if rank is None else rank


def _without_screen(index: Index) -> Index:
    """Return an index whose replay keeps every row: the changed unit is the same one, whatever its name."""
    return replace(index, steps=tuple(step for step in index.steps if step[0] != "screen"))


def _changed(index: Index, unit: str, levers: tuple[Lever, ...], steps: FloatArray) -> pl.DataFrame:
    """Return the unit's row after each change, shape of steps (m, levers); rows get names of their own."""
    id_column = index.spec.index.id_column
    table = index.stages["raw"].table
    row = table.filter(pl.col(id_column).cast(pl.String) == unit)
    rows = row[np.zeros(len(steps), dtype=np.intp)]
    columns = [pl.Series(id_column, [f"{unit} {number}" for number in range(len(steps))])]
    for place, lever in enumerate(levers):
        moved = lever.better * lever.spread * steps[:, place]
        for code, factor in zip(lever.codes, lever.factors, strict=True):
            columns.append(pl.Series(code, float(row[code].cast(pl.Float64).item()) + factor * moved))
    return rows.with_columns(columns)


def scorer_of(index: Index, unit: str, levers: tuple[Lever, ...]) -> Callable[[FloatArray], FloatArray]:
    """Return a function from steps, shape (m, levers), to the unit's scores, shape (m,)."""
    free = _without_screen(index)

    def score(steps: FloatArray) -> FloatArray:
        found: FloatArray = free.apply(_changed(index, unit, levers, steps)).scores[:, -1]
        return found

    return score


def least_steps(
    score: Callable[[FloatArray], FloatArray], target: float, most: FloatArray, rounds: int = _ROUNDS
) -> FloatArray:
    r"""Return the shortest steps within 0 and ``most`` that bring the score to a target that is in reach.

    Each round the score is taken as linear around the last steps, for which the answer is
    :math:`\operatorname{clip}(\mu g, 0, m)`; it ends when the score is where it should be. At a kink of the
    score (a goalpost, a bound of winsorising) the rounds may come no nearer, and the rest is lengthened.
    """
    steps = np.zeros(len(most))
    below, above = steps, most
    nearest, idle = np.inf, 0
    for _ in range(rounds):
        # At its bound a lever is tried backwards.
        probe = np.where(steps + _STEP <= most, _STEP, -np.minimum(_STEP, steps))
        rows = np.vstack([steps, steps + np.diag(probe)])
        values = score(rows)
        # Aimed a hair above, so that the target is not missed by a rounding error.
        short = target + _ENOUGH - values[0]
        if values[0] < target:
            below = steps if abs(short) <= nearest else below
        elif np.linalg.norm(steps) < np.linalg.norm(above):
            above = steps
        idle = 0 if abs(short) < nearest else idle + 1
        nearest = min(nearest, abs(short))
        if nearest <= _ENOUGH or idle == _IDLE:
            break
        slopes = np.divide(values[1:] - values[0], probe, out=np.zeros(len(most)), where=probe != 0)
        steps = _clipped(np.maximum(slopes, 0), float(slopes @ steps) + short, most)
    if nearest <= _ENOUGH and values[0] >= target:
        return steps
    ways = (below, most), (np.zeros(len(most)), above)
    return min((_enough(score, target, start, end) for start, end in ways), key=np.linalg.norm)


def _clipped(slopes: FloatArray, level: float, most: FloatArray) -> FloatArray:
    """Return the shortest vector within 0 and ``most`` whose product with the slopes is a level."""
    if slopes @ most <= level:
        return np.where(slopes > 0, most, 0.0)
    low, high = 0.0, 1.0
    while slopes @ np.minimum(high * slopes, most) < level:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if slopes @ np.minimum(middle * slopes, most) < level:
            low = middle
        else:
            high = middle
    return np.minimum(high * slopes, most)


def _enough(
    score: Callable[[FloatArray], FloatArray], target: float, start: FloatArray, end: FloatArray
) -> FloatArray:
    """Return the first place on the way to an end that reaches the target where the score does."""
    low, high = 0.0, 1.0
    for _ in range(_CUTS):
        tried = np.linspace(low, high, _PARTS + 1)
        # The score only rises on the way, and reaches the target at the end.
        reached = score(start + tried[:, np.newaxis] * (end - start)) >= target
        first = int(np.argmax(reached)) if reached.any() else _PARTS
        if first == 0:
            return start + low * (end - start)
        low, high = float(tried[first - 1]), float(tried[first])
    return start + high * (end - start)


def _share(made: list[Rebuild], unit: str, levers: tuple[Lever, ...], steps: FloatArray, rank: int) -> float:
    """Return the share of the draws of all rebuilds in which the changed unit has the rank or a better."""
    reached = draws = 0
    for index, all_weights in made:
        row = index.apply(_changed(index, unit, levers, steps[np.newaxis])).stages["normalised"].values
        others = np.delete(index.stages["normalised"].values, index.row(unit), axis=0)
        for weights in all_weights:
            scores = index.scoring.with_weights(weights).scores(np.vstack([row, others]))[:, -1]
            reached += int((scores[1:] > scores[0]).sum() < rank)
            draws += 1
    return reached / draws if draws else float("nan")
