"""How many months one frontier trails another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np

from parity.dates import day_of, number_of
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate
from parity.frontier._abilities import LEVEL
from parity.frontier._fit import Floats
from parity.frontier._frontier import Frontier
from parity.frontier._steps import (
    DAYS_PER_MONTH,
    Steps,
    catching_up,
    levels_apart,
    over,
    release,
    standing,
    steps,
)

Measure = Literal["standing", "mean", "release", "level"]
# Epoch AI's published lag is averaged over the days since then.
SINCE = dt.date(2023, 1, 1)
UNIT = "months"
# A point of the published index in units of capability: GPT-5 stands 20 of them above Claude 3.5 Sonnet.
TOLERANCE = 0.05
# What a group gained lately, from which unknown releases are drawn, in days.
_LATELY = 730.0
# Share of draws on either side of an end that it is averaged over: lags jump from release to release, and a
# plain quantile would with one draw more or less.
_SMOOTH = 0.04
_STREAM = 97


@dataclass(frozen=True, slots=True)
class Hinge:
    """How much of a lag hangs on one record.

    Attributes
    ----------
    model
        The model that sets the record; its versions count with it.
    n_scores
        Number of its scores.
    without
        The standing lag without it, in months; ``None`` where nothing is left to compare.
    """

    model: str
    n_scores: int
    without: float | None


@dataclass(frozen=True, slots=True)
class Window:
    """Standing lag over the days of a window.

    Attributes
    ----------
    since, until
        First and last day; the first is the later of the wish and the day on which both had a model.
    mean
        Mean over the days.
    least, most
        Smallest and largest lag of a day.
    """

    json_keys: ClassVar[dict[str, str | None]] = {
        "since": "from",
        "until": "to",
        "least": "min",
        "most": "max",
    }

    since: dt.date
    until: dt.date
    mean: Estimate
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Release:
    """Lags of the record-setting models at their release.

    Attributes
    ----------
    mean
        Mean over the records of the window; ``None`` within where there is no record.
    least, most
        Smallest and largest lag of a record.
    n
        Number of records.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"least": "min", "most": "max"}

    mean: Estimate
    least: float | None
    most: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Censored:
    """A level of the other frontier that has not been reached yet.

    Attributes
    ----------
    model, date
        The model that first had it, and when.
    months_at_least
        Time that has passed since.
    """

    model: str
    date: dt.date
    months_at_least: float


@dataclass(frozen=True, slots=True)
class Lag:
    """How far one group trails another; negative when it leads.

    Attributes
    ----------
    of, behind, on, domain
        Who trails whom, on which day, in what.
    standing
        Months since ``behind`` had what ``of`` has on the day.
    lower_bound
        Whether the standing lag is only known to be at least so large.
    window, release
        Standing lag over a window, and lags of the records at their release.
    levels_apart
        Lag averaged over levels instead of days: the horizontal distance between both frontiers over
        the levels since the window's first day that both have reached, differences within the
        tolerance counting as caught up.
    known_to
        Day of the last model known of either side. Later releases are unknown: up to
        ``STALE_MONTHS`` they are drawn from the side's own pace, beyond there is no lag.
    hinges
        How much of the standing lag hangs on the record of either side.
    censored
        Levels of ``behind`` that ``of`` has not reached, the oldest first.
    of_model, behind_model
        The model that sets ``of``'s level, and the one that first reached it.
    frontier
        What the lag was read from.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"frontier": None, "levels_apart": "level"}

    of: str
    behind: str
    on: dt.date
    domain: str
    standing: Estimate
    lower_bound: bool
    window: Window
    release: Release
    levels_apart: Estimate
    known_to: Mapping[str, dt.date]
    hinges: tuple[Hinge, ...]
    censored: tuple[Censored, ...]
    of_model: str
    behind_model: str
    frontier: Frontier

    def by(self, measure: Measure) -> Estimate:
        """Return the lag by one of its measures, in months."""
        return {
            "standing": self.standing,
            "mean": self.window.mean,
            "release": self.release.mean,
            "level": self.levels_apart,
        }[measure]


def lag(
    frontier: Frontier,
    of: str,
    behind: str,
    *,
    on: dt.date | None = None,
    since: dt.date = SINCE,
    tolerance: float = TOLERANCE,
    level: float = LEVEL,
) -> Lag:
    """Measure how far one group trails another.

    Parameters
    ----------
    frontier
        Frontiers of the groups.
    of, behind
        Groups; several joined by ``+`` count as one.
    on
        Day to look at; the last day of the evidence if ``None``, the same for all groups.
    since
        First day of the window.
    tolerance
        Difference in capability that counts as caught up in the lag by levels.
    level
        Probability that the intervals cover.

    Returns
    -------
    Lag
        Standing, mean, release and level lag with intervals. A value is the mean over the draws of
        both frontiers, or what the estimates say where there are no draws.

    Raises
    ------
    ParityError
        If both groups are the same or the window is empty.
    NoAnswerError
        If one of them had no model by that day, or its last one is too old; see ``STALE_MONTHS``.
    """
    if of == behind:
        raise ParityError(f"{of} cannot trail itself; name another frontier to compare with")
    on = on or frontier.until
    own, other = frontier.steps(of), frontier.steps(behind)
    for known, group in ((own, of), (other, behind)):
        _check_begun(known, group, on)
        frontier.check_known(group, on)
    first = max(number_of(since), float(own.date[0]), float(other.date[0]))
    if first > number_of(on):
        raise ParityError(f"the window is empty: it begins on {day_of(first)} and ends on {on}")
    days = np.arange(np.ceil(first), float(number_of(on)) + 1)
    spread = _Draws(frontier, of, behind, on, level)
    lags, bounds = standing(own, other, days)
    today = spread.standing()
    return Lag(
        of,
        behind,
        on,
        frontier.abilities.domain,
        today,
        bool(bounds[-1]),
        Window(
            day_of(days[0]),
            on,
            spread.around(lambda a, b: over(a, b, first, number_of(on))),
            _months(float(lags.min())),
            _months(float(lags.max())),
        ),
        _release(own, other, first, number_of(on), spread),
        _by_level(own, other, first, number_of(on), tolerance, spread),
        {group: frontier.known_to(group) for group in (of, behind)},
        _hinges(frontier, of, behind, days[-1:], today.value),
        _censored(frontier, own, other, on),
        *_models(frontier, own, other, number_of(on)),
        frontier,
    )


def standing_lag(
    frontier: Frontier, of: str, behind: str, *, on: dt.date | None = None, level: float = LEVEL
) -> Estimate:
    """Measure the standing lag alone; parameters and errors as of `lag`."""
    on = on or frontier.until
    for group in (of, behind):
        _check_begun(frontier.steps(group), group, on)
        frontier.check_known(group, on)
    return _Draws(frontier, of, behind, on, level).standing()


def record_models(frontier: Frontier, of: str, behind: str, on: dt.date) -> tuple[str, str]:
    """Return the model that sets a group's level on a day, and the other's that first reached it."""
    return _models(frontier, frontier.steps(of), frontier.steps(behind), number_of(on))


def is_bound(frontier: Frontier, of: str, behind: str, on: dt.date) -> bool:
    """Return whether a standing lag is only known to be at least so large."""
    return bool(standing(frontier.steps(of), frontier.steps(behind), np.array([float(number_of(on))]))[1][0])


@dataclass(frozen=True)
class _Draws:
    """Both frontiers in every draw, for values and intervals of what is computed from them."""

    frontier: Frontier
    of: str
    behind: str
    on: dt.date
    level: float

    @cached_property
    def pair(self) -> tuple[Steps, Steps] | None:
        """Draws of both frontiers, with what may have come out since their last known models."""
        own, other = (self._to_the_day(group) for group in (self.of, self.behind))
        return None if own is None or other is None else (own, other)

    def _to_the_day(self, group: str) -> Steps | None:
        drawn = self.frontier.steps_of_draws(group)
        last, today = number_of(self.frontier.known_to(group)), number_of(self.on)
        if drawn is None or today <= last:
            return drawn
        rng = np.random.default_rng(np.random.SeedSequence(len(group), spawn_key=(_STREAM,)))
        return _with_unknown(drawn, last, today, rng)

    def standing(self) -> Estimate:
        """Return the standing lag on the day; an end is open where draws only tell a bound."""
        today = np.array([float(number_of(self.on))])
        found = self.around(lambda own, other: standing(own, other, today)[0][..., 0])
        if self.pair is None:
            return found
        own, other = self.pair
        bound = standing(own, other, today)[1]
        ahead = own.at(today) - other.at(today)
        tail = (1 - self.level) / 2
        leads, trails = (float(np.mean(bound & side)) > tail for side in (ahead > 0, ahead < 0))
        return replace(found, low=None if leads else found.low, high=None if trails else found.high)

    def around(self, measure: Callable[[Steps, Steps], Floats]) -> Estimate:
        """Return a measure in months: its mean over the draws, with their interval."""
        if self.pair is None:
            own, other = self.frontier.steps(self.of), self.frontier.steps(self.behind)
            return Estimate(_months(float(measure(own, other))), unit=UNIT)
        values = measure(*self.pair)
        ends = _ends(values, self.level)
        if ends is None:
            return Estimate(None, unit=UNIT, reason="no draw tells it")
        value = float(np.nanmean(values))
        low, high = min(ends[0], value), max(ends[1], value)
        return Estimate(_months(value), _months(low), _months(high), self.level, UNIT)


def _with_unknown(known: Steps, last: float, today: float, rng: np.random.Generator) -> Steps:
    """Add what may have come out after the last model known: a gain as in some span of the past as long.

    Releases of the time up to ``today`` are unknown, not absent.
    """
    gap, draws = today - last, len(known.date)
    first = np.maximum(known.date[:, :1], last - _LATELY)
    # The past is closed to a circle, so that every record of it falls into as many spans.
    start = first + rng.uniform(size=(draws, 1)) * np.maximum(last - first, 0.0)
    end = start + gap
    ends = [start, np.minimum(end, last), first, first + np.maximum(end - last, 0.0)]
    gain = np.diff(known.at(np.concatenate(ends, axis=1)))[:, ::2].sum(axis=1)
    gain = np.where(gap < last - first[:, 0], gain, 0.0)
    came = last + rng.uniform(0.0, gap, draws)
    count = np.isfinite(known.date).sum(axis=1)
    more = np.full((draws, 1), np.inf)
    date, level = (np.concatenate([values, more], axis=1) for values in (known.date, known.level))
    member = np.concatenate([known.member, known.member[:, -1:]], axis=1)
    new, at = np.flatnonzero(gain > 0.0), count[gain > 0.0]
    date[new, at] = came[new]
    level[new, at] = level[new, at - 1] + gain[new]
    member[new, at] = member[new, at - 1]
    return Steps(date, level, member)


def _ends(values: Floats, level: float) -> tuple[float, float] | None:
    """Return both ends of an interval, each the mean of the draws about it."""
    values = np.sort(values[~np.isnan(values)])
    if not values.size:
        return None
    tail = (1 - level) / 2
    about = min(_SMOOTH, tail)
    first, last = int(values.size * (tail - about)), int(np.ceil(values.size * (tail + about)))
    return float(values[first:last].mean()), float(values[::-1][first:last].mean())


def _by_level(
    own: Steps, other: Steps, since: float, until: float, tolerance: float, spread: _Draws
) -> Estimate:
    if np.isnan(levels_apart(own, other, since, until, tolerance)):
        reason = f"{spread.of} and {spread.behind} have no level in common since {day_of(since)}"
        return Estimate(None, unit=UNIT, reason=reason)
    return spread.around(lambda a, b: levels_apart(a, b, since, until, tolerance))


def _hinges(
    frontier: Frontier, of: str, behind: str, today: Floats, value: float | None
) -> tuple[Hinge, ...]:
    """Return the standing lag without the record of either side."""
    models = frontier.abilities.models
    family = models["family" if "family" in models.columns else "model"].to_numpy()
    sides = {group: frontier.members(group) for group in (of, behind)}

    def months(without: np.ndarray) -> float:
        own, other = (
            steps(np.where(flags & ~without, frontier.dates, np.nan), frontier.abilities.point)
            for flags in sides.values()
        )
        if not own.date.size or not other.date.size:
            return float("nan")
        return _months(float(standing(own, other, today)[0][0]))

    whole = months(np.zeros(family.size, bool))
    names = _models(frontier, frontier.steps(of), frontier.steps(behind), float(today[0]))
    found = []
    for name in names:
        place = models["model"].to_list().index(name)
        left = (value or 0.0) + months(family == family[place]) - whole
        found.append(Hinge(name, int(models["n_scores"][place]), None if np.isnan(left) else left))
    return tuple(found)


def _release(own: Steps, other: Steps, since: float, until: float, spread: _Draws) -> Release:
    lags, _ = release(own, other, since, until)
    if np.isnan(lags).all():
        reason = (
            f"{spread.of} set no record between {day_of(since)} and {day_of(until)} in a list known to reach "
            f"{spread.frontier.known_to(spread.of)}"
        )
        return Release(Estimate(None, unit=UNIT, reason=reason), None, None, 0)

    return Release(
        spread.around(lambda a, b: _mean(release(a, b, since, until)[0])),
        _months(float(np.nanmin(lags))),
        _months(float(np.nanmax(lags))),
        int((~np.isnan(lags)).sum()),
    )


def _censored(frontier: Frontier, own: Steps, other: Steps, on: dt.date) -> tuple[Censored, ...]:
    wait, open_ended, members = catching_up(own, other, number_of(on))
    names = frontier.abilities.models["model"]
    return tuple(
        Censored(names[int(member)], day_of(number_of(on) - days), _months(float(days)))
        for days, still, member in zip(wait, open_ended, members, strict=True)
        if still
    )


def _models(frontier: Frontier, own: Steps, other: Steps, today: float) -> tuple[str, str]:
    """Name the trailing group's best model and the model of the leader that first reached its level."""
    names = frontier.abilities.models["model"]
    levels = own.at(np.array([today]))[0], other.at(np.array([today]))[0]
    of_place = int(np.searchsorted(own.level, min(levels), "left"))
    behind_place = int(np.searchsorted(other.level, min(levels), "left"))
    return names[int(own.member[of_place])], names[int(other.member[behind_place])]


def _check_begun(known: Steps, group: str, on: dt.date) -> None:
    if known.date[0] > number_of(on):
        raise NoAnswerError(
            f"{group} had no scored model by {on}; its first dates from {day_of(float(known.date[0]))}"
        )


def _mean(values: Floats) -> Floats:
    """Return means of what is known over the last axis; NaN where nothing is."""
    count = (~np.isnan(values)).sum(axis=-1)
    return np.asarray(np.where(count, np.nansum(values, axis=-1) / np.maximum(count, 1), np.nan))


def _months(days: float) -> float:
    return days / DAYS_PER_MONTH
