"""What a run tells: intervals of every unit or of some, and which assumption moves which output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import polars as pl

from parity.robustness.results import Robustness, Use, largest_error


@dataclass(frozen=True, slots=True)
class UnitIntervals:
    """Rank and score intervals of one unit over the draws.

    Attributes
    ----------
    iso3, name
        Code and name of the unit.
    rank, score
        In the base build; rank 1 is best, ties share the smallest.
    median
        Median rank of the draws.
    low50, high50, low90, high90, low95, high95
        Best and worst rank of the 50, 90 and 95 % interval.
    score_low50, score_high50, score_low90, score_high90, score_low95, score_high95
        Ends of the score's intervals.
    unranked
        Share of the draws in which the unit has no score.
    group
        Units of one group cannot be told apart from its first in 95 % of the draws.
    top
        Probability of rank k or better, by k, where asked for.
    above
        Probability that this unit scores higher than another, by the other's code, where units are named.
    not_apart
        Units that it cannot be told apart from, where units are named.
    """

    iso3: str
    name: str
    rank: int | None
    score: float | None
    median: int | None
    low50: int | None
    high50: int | None
    low90: int | None
    high90: int | None
    low95: int | None
    high95: int | None
    score_low50: float | None
    score_high50: float | None
    score_low90: float | None
    score_high90: float | None
    score_low95: float | None
    score_high95: float | None
    unranked: float
    group: int | None = None
    top: Mapping[str, float] = field(default_factory=dict)
    above: Mapping[str, float] = field(default_factory=dict)
    not_apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a run came to.

    Attributes
    ----------
    index
        Index.
    variant
        Variant of a built-in index.
    draws
        Rebuilds behind the intervals.
    seed
        Seed.
    seconds
        Wall time of the run.
    monte_carlo_error
        Largest standard error of an interval end over the units, in ranks.
    assumptions
        What was varied.
    countries
        In order of the base ranking.
    base_points
        Base points of the sensitivity analysis; 0 without one.
    rebuilds
        Rebuilds behind the sensitivity analysis.
    condition
        Which draws the sensitivity analysis looks at; empty for all.
    sensitivity
        Sobol indices: ``output`` ('rank C', 'score C' or 'mean rank shift'), ``assumption``, ``first`` (share
        of the variance that it explains alone), ``total`` (share that goes when everything but it is known),
        their 95 % intervals, and the ``reason`` where there is none.
    interactions
        Share of an output's variance that two assumptions explain only together, with its 95 % interval.
    run
        All of it, for figures.
    """

    json_keys: ClassVar[Mapping[str, str | None]] = {"run": None}

    index: str
    variant: str
    draws: int
    seed: int
    seconds: float
    monte_carlo_error: float
    assumptions: tuple[Use, ...]
    countries: tuple[UnitIntervals, ...]
    base_points: int
    rebuilds: int
    condition: str
    sensitivity: pl.DataFrame
    interactions: pl.DataFrame
    run: Robustness


def report(
    run: Robustness, units: tuple[str, ...] = (), tops: tuple[int, ...] = (), *, variant: str = ""
) -> Report:
    """Return what a run tells.

    ``units``: units to tell of; all by default.
    """
    found = run.sensitivity
    return Report(
        run.spec.index.id,
        variant,
        run.draws,
        run.seed,
        run.seconds,
        largest_error(run.counts, run.bins),
        run.uses,
        _countries(run, units, tops),
        0 if found is None else found.base,
        0 if found is None else found.rebuilds,
        "" if found is None else found.condition,
        pl.DataFrame() if found is None else found.table(),
        pl.DataFrame() if found is None else found.pairs(),
        run,
    )


def _countries(run: Robustness, units: tuple[str, ...], tops: tuple[int, ...]) -> tuple[UnitIntervals, ...]:
    probabilities = {str(k): run.top(k) for k in tops}
    pairs = run.above() if units and run.counts.above.size else None
    found = []
    for place, row in enumerate(run.table().iter_rows(named=True)):
        code = row.pop("id")
        if units and code not in units:
            continue
        more: dict[str, Any] = {"top": {k: float(each[place]) for k, each in probabilities.items()}}
        if pairs is not None:
            others = zip(run.units, pairs[place].tolist(), strict=True)
            more["above"] = {other: share for other, share in others if other != code}
            more["not_apart"] = run.not_apart(code)
        found.append(UnitIntervals(iso3=code, **row, **more))
    return tuple(found)
