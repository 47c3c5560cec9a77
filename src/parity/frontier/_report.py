"""A lag with what may be asked beside it, as one result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from parity.frontier._lag import Lag
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
    """

    json_keys: ClassVar[dict[str, str | None]] = {"lag": ""}

    lag: Lag
    parameters: tuple[ParameterLag, ...] | None = None
    benchmarks: tuple[ParameterLag, ...] | None = None
    scenario: Scenario | None = None
    projection: Projection | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lags:
    """How far each country trails one.

    Attributes
    ----------
    lags
        Every country with a frontier, the smallest lag first.
    notes
        What was left out of the fit.
    """

    lags: tuple[Lag, ...]
    notes: tuple[str, ...] = ()
