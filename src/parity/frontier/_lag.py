"""How many months one frontier trails another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate
from parity.frontier._abilities import LEVEL
from parity.frontier._fit import Floats
from parity.frontier._frontier import Frontier, date_of, day
from parity.frontier._options import Resample
from parity.frontier._steps import DAYS_PER_MONTH, Steps, catching_up, release, standing
from parity.stats import interval_ends

# Epoch AI's published lag is averaged over the days since then.
SINCE = dt.date(2023, 1, 1)
UNIT = "months"


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
    censored
        Levels of ``behind`` that ``of`` has not reached, the oldest first.
    of_model, behind_model
        The model that sets ``of``'s level, and the one that first reached it.
    frontier
        What the lag was read from.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"frontier": None}

    of: str
    behind: str
    on: dt.date
    domain: str
    standing: Estimate
    lower_bound: bool
    window: Window
    release: Release
    censored: tuple[Censored, ...]
    of_model: str
    behind_model: str
    frontier: Frontier

    def table(self) -> pl.DataFrame:
        """Return one row per measure of lag: measure, months, low, high, n."""
        rows = [
            ("standing", self.standing, 1),
            ("mean standing", self.window.mean, (self.window.until - self.window.since).days + 1),
            ("release", self.release.mean, self.release.n),
        ]
        return pl.DataFrame(
            [(name, e.value, e.low, e.high, n) for name, e, n in rows],
            schema={
                "measure": pl.String,
                "months": pl.Float64,
                "low": pl.Float64,
                "high": pl.Float64,
                "n": pl.Int64,
            },
            orient="row",
        )

    def levels(self) -> pl.DataFrame:
        """Return each record of ``behind`` with the months until ``of`` reached it, or so far (``open``)."""
        own, other = self.frontier.steps(self.of), self.frontier.steps(self.behind)
        wait, open_ended, members = catching_up(own, other, day(self.on))
        names = self.frontier.abilities.models["model"]
        return pl.DataFrame(
            {
                "model": [names[int(m)] for m in members],
                "date": [date_of(d) for d in other.date[: members.size]],
                "months": wait / DAYS_PER_MONTH,
                "open": open_ended,
            }
        )


def lag(
    frontier: Frontier,
    of: str,
    behind: str,
    *,
    on: dt.date | None = None,
    since: dt.date = SINCE,
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
        Day to look at; that by which the newest record of either is out if ``None``.
    since
        First day of the window.
    level
        Probability that the intervals cover.

    Returns
    -------
    Lag
        Standing, mean and release lag with intervals: the wider of the kinds of resampling.

    Raises
    ------
    ParityError
        If both groups are the same or the window is empty.
    NoAnswerError
        If one of them had no model by that day.
    """
    if of == behind:
        raise ParityError(f"{of} cannot trail itself; name another frontier to compare with")
    on = on or frontier.last_record(of, behind)
    own, other = frontier.steps(of), frontier.steps(behind)
    _check_known(own, of, on)
    _check_known(other, behind, on)
    first = max(day(since), float(own.date[0]), float(other.date[0]))
    if first > day(on):
        raise ParityError(f"the window is empty: it begins on {date_of(first)} and ends on {on}")
    days = np.arange(np.ceil(first), day(on) + 1)
    spread = _Draws(frontier, of, behind, level)
    lags, bounds = standing(own, other, days)
    return Lag(
        of,
        behind,
        on,
        frontier.abilities.domain,
        spread.around(lambda a, b: float(standing(a, b, days[-1:])[0][0])),
        bool(bounds[-1]),
        Window(
            date_of(days[0]),
            on,
            spread.around(lambda a, b: _mean(standing(a, b, days)[0])),
            _months(float(lags.min())),
            _months(float(lags.max())),
        ),
        _release(own, other, first, day(on), spread),
        _censored(frontier, own, other, on),
        *_models(frontier, own, other, day(on)),
        frontier,
    )


def catch_up(
    frontier: Frontier, of: str, model: str, *, on: dt.date | None = None, level: float = LEVEL
) -> Estimate:
    """Measure how long after a model's release a group reached its capability.

    Parameters
    ----------
    frontier
        Frontiers of the groups.
    of
        The group.
    model
        The model to be caught up with.
    on
        Day until which the group is known; its newest record if ``None``.
    level
        Probability that the interval covers.

    Returns
    -------
    Estimate
        Months; a reason, and the time that has passed as the lower end, where it has not happened yet.
    """
    until = day(on or frontier.last_record(of))
    place = frontier.abilities.models["model"].to_list().index(model)

    def days(own: Steps, capability: float, released: float) -> float:
        reached = float(own.reached(np.array([capability]))[0][0]) if own.date.size else np.inf
        return reached - released if reached <= until else np.inf

    value = days(frontier.steps(of), frontier.abilities.point[place], frontier.dates[place])
    so_far = until - float(frontier.dates[place])
    drawn = [
        np.array(
            [
                min(
                    days(frontier.steps_of_draw(of, kind, k), draws[k, place], frontier.released(k)[place]),
                    so_far,
                )
                for k in range(len(draws))
            ]
        )
        for kind, draws in frontier.abilities.draws.items()
    ]
    ends = [pair for pair in (_ends(values, level) for values in drawn) if pair is not None]
    low, high = max(ends, key=lambda pair: pair[1] - pair[0]) if ends else (value, value)
    if np.isinf(value):
        reason = f"{of} has not reached {model} yet"
        return Estimate(None, _months(min(low, so_far)), None, level, UNIT, reason)
    return Estimate(_months(value), _months(min(low, value)), _months(max(high, value)), level, UNIT)


@dataclass(frozen=True, slots=True)
class _Draws:
    """Both frontiers in every draw, for intervals of what is computed from them."""

    frontier: Frontier
    of: str
    behind: str
    level: float

    def around(self, measure: Callable[[Steps, Steps], float]) -> Estimate:
        """Return a measure in months with the wider of the kinds' intervals."""
        own, other = self.frontier.steps(self.of), self.frontier.steps(self.behind)
        value = measure(own, other)
        kinds = self.frontier.abilities.draws
        found = (_ends(self._of_kind(kind, measure), self.level) for kind in kinds)
        ends = [pair for pair in found if pair is not None]
        if not ends:
            return Estimate(_months(value), unit=UNIT)
        low, high = max(ends, key=lambda pair: pair[1] - pair[0])
        # A frontier is a maximum: its draws may all lie to one side of the estimate.
        return Estimate(_months(value), _months(min(low, value)), _months(max(high, value)), self.level, UNIT)

    def _of_kind(self, kind: Resample, measure: Callable[[Steps, Steps], float]) -> Floats:
        pairs = (
            (self.frontier.steps_of_draw(self.of, kind, k), self.frontier.steps_of_draw(self.behind, kind, k))
            for k in range(len(self.frontier.abilities.draws[kind]))
        )
        return np.array([measure(a, b) for a, b in pairs if a.date.size and b.date.size])


def _ends(values: Floats, level: float) -> tuple[float, float] | None:
    low, high = interval_ends(values, level).tolist()
    return None if np.isnan(low) else (low, high)


def _release(own: Steps, other: Steps, since: float, until: float, spread: _Draws) -> Release:
    lags, _, members = release(own, other, since, until)
    if not members.size:
        reason = f"{spread.of} set no record between {date_of(since)} and {date_of(until)}"
        return Release(Estimate(None, unit=UNIT, reason=reason), None, None, 0)

    return Release(
        spread.around(lambda a, b: _mean(release(a, b, since, until)[0])),
        _months(float(lags.min())),
        _months(float(lags.max())),
        int(members.size),
    )


def _censored(frontier: Frontier, own: Steps, other: Steps, on: dt.date) -> tuple[Censored, ...]:
    wait, open_ended, members = catching_up(own, other, day(on))
    names = frontier.abilities.models["model"]
    return tuple(
        Censored(names[int(member)], date_of(day(on) - days), _months(float(days)))
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


def _check_known(known: Steps, group: str, on: dt.date) -> None:
    if known.date[0] > day(on):
        raise NoAnswerError(
            f"{group} had no scored model by {on}; its first dates from {date_of(float(known.date[0]))}"
        )


def _mean(values: Floats) -> float:
    """Return the mean of what is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def _months(days: float) -> float:
    return days / DAYS_PER_MONTH
