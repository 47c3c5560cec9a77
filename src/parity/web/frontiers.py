"""What every request shares: the fit, frontiers and lags asked for before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parity.errors import ParityError, did_you_mean

if TYPE_CHECKING:
    from parity.estimate import Estimate
    from parity.frontier import (
        Abilities,
        Capability,
        Frontier,
        Lag,
        ParameterLags,
        Projection,
        Scenario,
        ScenarioOptions,
    )

Floats = NDArray[np.float64]
DRAWS = 100
"""Draws per kind of resampling: those of ``parity lag``, so that both tell the same interval."""

_lock = Lock()


class Pair(NamedTuple):
    """Who is compared with whom: what both are groups of, and their names."""

    by: str
    of: str
    behind: str
    domain: str
    derived: bool


def capability() -> Capability:
    """Return the fit to the scores that Parity carries; one request makes it, the others wait."""
    with _lock:
        return _capability()


@cache
def _capability() -> Capability:
    from parity.frontier import BootstrapOptions, carried, fit_evidence

    return fit_evidence(carried(), resampling=BootstrapOptions(draws=DRAWS, seed=0))


@lru_cache(maxsize=8)
def abilities(domain: str) -> Abilities:
    """Return the capabilities in a domain; over all tests where it is empty."""
    found = capability()
    return found.in_domain(domain) if domain else found.abilities


@lru_cache(maxsize=8)
def intervals(domain: str) -> tuple[Floats, Floats]:
    """Return the ends of the interval of every model in a domain, or ``overall``."""
    return abilities("" if domain == "overall" else domain).interval()


@lru_cache(maxsize=32)
def board(by: str, domain: str, derived: bool, of: str = "", behind: str = "") -> Frontier:
    """Return the frontiers of all groups; of two blocs where ``by`` says so."""
    from parity.frontier import frontier, sides

    blocs = sides(of, behind).blocs if by == "bloc" else None
    return frontier(abilities(domain), by, include_derived=derived, blocs=blocs)  # type: ignore[arg-type]


def pair(of: str, behind: str, domain: str = "", *, derived: bool = False) -> Pair:
    """Return who is compared with whom.

    Parameters
    ----------
    of, behind
        Countries, several joined by ``+``, blocs, ``open`` and ``closed`` weights, or developers.
    domain
        Domain of the tests; empty: all.
    derived
        Whether models on foreign weights count.

    Raises
    ------
    ParityError
        If a side is nothing known, or a country is compared with a developer.
    """
    known = developers()
    found = [side in known for side in (of, behind)]
    if all(found):
        by = "developer"
    elif any(found):
        raise ParityError(
            f"a developer is compared with a developer, not with '{behind if found[0] else of}'"
        )
    else:
        by, of, behind = _sides(of, behind)
    if of == behind:
        raise ParityError(f"{of} cannot trail itself; choose another to compare with")
    return Pair(by, of, behind, domain, derived)


def refuse_groups(asked: Pair) -> None:
    """Raise where a question about countries is asked of something else."""
    if asked.by != "country":
        raise ParityError("this compares countries; choose two countries to see it")


def _sides(of: str, behind: str) -> tuple[str, str, str]:
    from parity.frontier import sides

    try:
        found = sides(of, behind)
    except ParityError as problem:
        hint = "".join(did_you_mean(side, developers()) for side in (of, behind))
        raise ParityError(f"{problem}{hint}") from None
    return found.by, found.of, found.behind


@cache
def developers() -> tuple[str, ...]:
    """Return the developers with a frontier, the highest first."""
    found = board("developer", "", True)
    return tuple(found.leading(len(found.groups)))


def board_of(asked: Pair) -> Frontier:
    """Return the frontiers that both sides are groups of."""
    blocs = (asked.of, asked.behind) if asked.by == "bloc" else ("", "")
    return board(asked.by, asked.domain, asked.derived, *blocs)


@lru_cache(maxsize=64)
def lag_of(asked: Pair, on: date | None) -> Lag:
    """Return a lag with its intervals."""
    from parity.frontier import lag

    return lag(board_of(asked), asked.of, asked.behind, on=on)


def point_lag(asked: Pair, on: date | None) -> Lag:
    """Return a lag without its intervals: the same values."""
    found = lag_of(asked, on)

    def bare(told: Estimate) -> Estimate:
        return replace(told, low=None, high=None, level=None)

    return replace(
        found,
        standing=bare(found.standing),
        window=replace(found.window, mean=bare(found.window.mean)),
        release=replace(found.release, mean=bare(found.release.mean)),
        levels_apart=bare(found.levels_apart),
    )


@lru_cache(maxsize=64)
def parameters_of(of: str, behind: str, on: date | None, derived: bool) -> ParameterLags:
    """Return the lag by parameter."""
    from parity.catalogue import load_table
    from parity.frontier import parameters

    tables = load_table("notable_models"), load_table("clusters")
    return parameters(capability(), *tables, of, behind, on=on, include_derived=derived)


@lru_cache(maxsize=128)
def scenario_of(asked: Pair, on: date | None, options: ScenarioOptions) -> Scenario:
    """Return the lag in capability beside the one that compute implies."""
    from parity.catalogue import load_table
    from parity.frontier import scenario

    tables = load_table("notable_models"), load_table("clusters")
    return scenario(board_of(asked), *tables, asked.of, asked.behind, on=on, options=options)


@lru_cache(maxsize=64)
def projection_of(asked: Pair) -> Projection:
    """Return the trend of the trailing side, carried forward and tested."""
    from parity.frontier import project

    return project(board_of(asked), asked.of)
