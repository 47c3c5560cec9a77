"""A lag with what may be asked beside it, as one result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from parity.errors import NoAnswerError
from parity.frontier._abilities import LEVEL
from parity.frontier._frontier import Frontier
from parity.frontier._lag import SINCE, Lag, Measure, lag
from parity.frontier._parameters import ParameterLag
from parity.frontier._projection import Projection
from parity.frontier._scenario import Scenario


@dataclass(frozen=True, slots=True)
class LagReport:
    """How far one trails another, and what was asked beside it.

    Attributes
    ----------
    lag
        The lag.
    parameters
        Lag by parameter, where it was asked for.
    benchmarks
        Lag on every benchmark by itself, where it was asked for.
    scenario
        What the country's accelerators could train, where it was asked for.
    projection
        The country's trend carried forward, where it was asked for.
    notes
        What was left out of the fit.
    measure
        Which lag was asked for.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"lag": ""}

    lag: Lag
    parameters: tuple[ParameterLag, ...] | None = None
    benchmarks: tuple[ParameterLag, ...] | None = None
    scenario: Scenario | None = None
    projection: Projection | None = None
    notes: tuple[str, ...] = ()
    measure: Measure = "standing"


@dataclass(frozen=True, slots=True)
class Lags:
    """How far each country trails one.

    Attributes
    ----------
    lags
        Every country that can be told, the smallest lag first, all on one day.
    untold
        Why the others cannot.
    notes
        What was left out of the fit.
    measure
        Which lag they are ordered by.
    """

    lags: tuple[Lag, ...]
    untold: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    measure: Measure = "standing"


def lags(
    frontier: Frontier,
    behind: str,
    *,
    on: dt.date | None = None,
    since: dt.date = SINCE,
    level: float = LEVEL,
    notes: tuple[str, ...] = (),
    measure: Measure = "standing",
) -> Lags:
    """Measure how far every group trails one, all on the same day.

    Parameters
    ----------
    frontier, behind, on, since, level
        As in ``lag``.
    notes
        What was left out of the fit.
    measure
        Which lag to order them by.

    Raises
    ------
    NoAnswerError
        If no group can be told.
    """
    found, untold = [], {}
    for group in sorted(frontier.groups):
        if group != behind:
            try:
                one = lag(frontier, group, behind, on=on, since=since, level=level)
            except NoAnswerError as problem:
                untold[group] = str(problem)
                continue
            if one.by(measure).value is None:
                untold[group] = f"not told: {one.by(measure).reason}"
            else:
                found.append(one)
    if not found:
        reasons = "; ".join(untold.values())
        raise NoAnswerError(f"nobody can be held against {behind} on {on or frontier.until}: {reasons}")
    return Lags(tuple(sorted(found, key=lambda one: one.by(measure).value or 0.0)), untold, notes, measure)
