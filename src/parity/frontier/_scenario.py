"""What a country's accelerators could train, and where that would put it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from parity.dates import day_of, number_of
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate, rounded
from parity.frontier._abilities import FEWEST_SCORES, LEVEL, Abilities
from parity.frontier._fit import Floats
from parity.frontier._frontier import Frontier
from parity.frontier._lag import UNIT, Lag, lag
from parity.frontier._parameters import running_clusters
from parity.frontier._steps import DAYS_PER_MONTH, Steps, steps
from parity.stats import interval_ends

_H100 = "H100 SXM5"
_SECONDS_PER_DAY = 86_400.0
_DAYS_PER_YEAR = 365.25
# Fewer models with known compute than this tell nothing of the relation.
_FEWEST_MODELS = 10

_SCOPES = {"largest": "the largest cluster", "all": "all clusters"}


class ScenarioOptions(BaseModel):
    """Assumptions of a scenario; every one is printed with the answer.

    Attributes
    ----------
    days
        Length of the training run.
    utilisation
        Share of the accelerators' peak that training attains.
    share
        Share of the country's accelerators that the run gets.
    accelerators
        H100 equivalents at hand, in place of those on record.
    scope
        The country's largest cluster alone, for its run is held against single runs, or all added up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: float = Field(default=90.0, gt=0, le=730)
    utilisation: float = Field(default=0.4, gt=0, le=1)
    share: float = Field(default=1.0, gt=0, le=1)
    accelerators: float | None = Field(default=None, gt=0)
    scope: Literal["all", "largest"] = "largest"


@dataclass(frozen=True, slots=True)
class Relation:
    """Capability against compute and time: C = intercept + slope log10(FLOP) + trend years.

    Attributes
    ----------
    coefficients
        Intercept, gain per tenfold compute, gain per year; shape (3,).
    draws
        Coefficients refitted to resampled models and capabilities, shape (n_draws, 3).
    scatter
        Standard deviation of a model around the relation.
    n
        Number of models.
    origin
        Day from which years count.
    """

    coefficients: Floats
    draws: Floats
    scatter: float
    n: int
    origin: float

    def at(self, flop: float, days: float) -> tuple[float, Floats]:
        """Return the capability of a run on a day, and its draws with the scatter of single models."""
        x = np.array([1.0, np.log10(flop), (days - self.origin) / _DAYS_PER_YEAR])
        noise = np.random.default_rng(self.n).normal(0.0, self.scatter, len(self.draws))
        return float(self.coefficients @ x), np.asarray(self.draws @ x + noise)


class Run(NamedTuple):
    """A training run.

    Attributes
    ----------
    model
        What was trained; ``"none in a list known to reach"`` a day where there is none.
    date
        Its release.
    """

    model: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Scenario:
    """The lag in capability beside the lag that the country's compute implies.

    Attributes
    ----------
    of, on
        Country and day.
    options
        The assumptions.
    accelerators
        H100 equivalents that the run gets.
    flop
        Training compute of the feasible run.
    flop_per_accelerator
        Peak of one H100 in FLOP per second, dense 16-bit.
    implied
        Months since the world's largest training run first had that size; the ends are for half a power
        of ten more and less, without a probability.
    first_run
        The model that first was so large, and when; the reach of the list where it has none by that day.
    capability_lag
        Standing lag in capability behind the rest.
    run_capability
        Capability of such a run by the relation, with the scatter of single models.
    run_lag
        Months since ``capability_lag.behind`` first had that capability; 0 where it has not.
    relation
        Capability against compute and time.
    """

    json_keys: ClassVar[dict[str, str | None]] = {
        "of": None,
        "on": None,
        "capability_lag": None,
        "standing": "capability_lag",
        "implied": "compute_implied_lag",
        "accelerators": "accelerators_h100e",
        "flop": "run_flop",
        "flop_per_accelerator": None,
        "first_run": "first_run_of_that_size",
        "relation": None,
        "assumptions": "assumptions",
    }

    of: str
    on: dt.date
    options: ScenarioOptions
    accelerators: float
    flop: float
    flop_per_accelerator: float
    implied: Estimate
    first_run: Run
    capability_lag: Lag
    run_capability: Estimate
    run_lag: Estimate
    relation: Relation

    @property
    def standing(self) -> Estimate:
        """Standing lag in capability."""
        return self.capability_lag.standing

    def assumptions(self) -> list[str]:
        """Return the assumptions in words, one each."""
        options = self.options
        source = "given" if options.accelerators else f"on record, {_SCOPES[options.scope]}"
        return [
            f"{self.accelerators:,.0f} H100 equivalents ({source}, share {options.share:.0%})",
            f"{options.days:g} days at {options.utilisation:.0%} of "
            f"{rounded(self.flop_per_accelerator)} FLOP/s",
            f"capability gains {self.relation.coefficients[1]:.2f} per tenfold compute and "
            f"{self.relation.coefficients[2]:.2f} per year ({self.relation.n} models)",
            "clusters are counted where public sources name them; a country may own more than is known",
        ]


def scenario(
    frontier: Frontier,
    notable: pl.DataFrame,
    clusters: pl.DataFrame,
    of: str,
    behind: str,
    *,
    on: dt.date | None = None,
    options: ScenarioOptions | None = None,
    level: float = LEVEL,
    seed: int = 0,
) -> Scenario:
    """Compare a country's lag in capability with the lag that its compute implies.

    Parameters
    ----------
    frontier
        Frontier by country, whose models may have a ``training_compute``.
    notable, clusters
        As in ``parameters``; ``notable`` also gives the peak of an H100.
    of, behind
        Countries.
    on
        Day to look at; the last day of the evidence if ``None``.
    options
        Assumptions; the defaults if ``None``.
    level
        Probability that the intervals cover.
    seed
        Seed of the resampling.

    Returns
    -------
    Scenario
        Both lags, the feasible run and what it would reach.

    Raises
    ------
    NoAnswerError
        If no cluster of the country is on record, or too few models have known compute.
    """
    options = options or ScenarioOptions()
    trailing = lag(frontier, of, behind, on=on, level=level)
    on = trailing.on
    peak = _peak(notable)
    count = _accelerators(clusters, of, on, options) * options.share
    flop = count * peak * options.utilisation * options.days * _SECONDS_PER_DAY
    if flop < 1:
        raise ParityError("the share of the accelerators comes to no computation; give more of either")
    largest, names = _largest_runs(notable)
    implied, first_run = _implied(largest, names, flop, on, notable["date"].max())  # type: ignore[arg-type]
    relation = relate(frontier.abilities, seed=seed)
    value, draws = relation.at(flop, number_of(on))
    ends = interval_ends(draws, level).tolist()
    return Scenario(
        of,
        on,
        options,
        count,
        flop,
        peak,
        implied,
        first_run,
        trailing,
        Estimate(value, min(ends[0], value), max(ends[1], value), level, "capability"),
        _run_lag(frontier.steps(behind), value, draws, number_of(on), level),
        relation,
    )


def relate(abilities: Abilities, *, draws: int = 400, seed: int = 0) -> Relation:
    """Fit capability to the logarithm of training compute and to time, by least squares.

    Parameters
    ----------
    abilities
        Capabilities, with ``training_compute`` and ``date``.
    draws
        Refits to models drawn with replacement, their capabilities drawn too.
    seed
        Seed of the draws.

    Returns
    -------
    Relation
        Coefficients with draws.

    Raises
    ------
    NoAnswerError
        If too few models have known compute.
    """
    models = abilities.models
    flop = models["training_compute"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    days = models["date"].cast(pl.Int32).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    known = ~(np.isnan(flop) | np.isnan(days) | np.isnan(abilities.point))
    known &= models["n_scores"].to_numpy() >= FEWEST_SCORES
    if known.sum() < _FEWEST_MODELS:
        raise NoAnswerError(
            f"{int(known.sum())} models have a known training compute; the relation needs {_FEWEST_MODELS}"
        )
    origin = float(np.median(days[known]))
    X = np.stack(
        [np.ones(int(known.sum())), np.log10(flop[known]), (days[known] - origin) / _DAYS_PER_YEAR], axis=1
    )
    y = abilities.point[known]
    coefficients = np.linalg.lstsq(X, y, rcond=None)[0]
    scatter = float(np.sqrt(((y - X @ coefficients) ** 2).sum() / (len(y) - X.shape[1])))
    rng = np.random.default_rng(seed)
    drawn = [values[:, known] for values in abilities.draws.values()] or [y[None, :]]
    refits = np.empty((draws, X.shape[1]))
    for k in range(draws):
        rows = rng.integers(len(y), size=len(y))
        source = drawn[k % len(drawn)]
        values = source[k // len(drawn) % len(source)]
        refits[k] = np.linalg.lstsq(X[rows], values[rows], rcond=None)[0]
    return Relation(coefficients, refits, scatter, len(y), origin)


def _peak(notable: pl.DataFrame) -> float:
    """Return the peak of one H100 in FLOP per second, as the list of hardware has it."""
    found = notable.filter(pl.col("hardware").str.contains(_H100, literal=True))[
        "hardware_flops"
    ].drop_nulls()
    if found.is_empty():
        raise NoAnswerError(f"the list of notable models names no {_H100}: its peak is unknown")
    return float(found[0])


def _accelerators(clusters: pl.DataFrame, of: str, on: dt.date, options: ScenarioOptions) -> float:
    if options.accelerators is not None:
        return options.accelerators
    at_hand = running_clusters(clusters, on).filter(pl.col("country").is_in(of.split("+")))[
        "h100_equivalents"
    ]
    if at_hand.is_empty():
        reach = clusters["operational"].max()
        raise NoAnswerError(
            f"no cluster of {of} runs by {on} in a list known to reach {reach!s}; give the number of H100 "
            "equivalents yourself"
        )
    return float(at_hand.sum() if options.scope == "all" else at_hand.max())  # type: ignore[arg-type]


def _largest_runs(notable: pl.DataFrame) -> tuple[Steps, list[str]]:
    runs = notable.drop_nulls(["training_compute", "date"])
    dates = runs["date"].cast(pl.Int32).cast(pl.Float64).to_numpy()
    return steps(dates, runs["training_compute"].to_numpy()), runs["model"].to_list()


def _implied(
    largest: Steps, names: list[str], flop: float, on: dt.date, reach: dt.date
) -> tuple[Estimate, Run]:
    """Return the months since the world's largest run first had a size, within half a power of ten."""

    def months(size: float) -> float:
        reached = float(largest.reached(np.array([size]))[0][0])
        return (number_of(on) - min(reached, number_of(on))) / DAYS_PER_MONTH

    place = int(np.searchsorted(largest.level, flop, "left"))
    if place == largest.level.size or largest.date[place] > number_of(on):
        first = Run(f"none in a list known to reach {min(reach, on)}", on)
    else:
        first = Run(names[int(largest.member[place])], day_of(float(largest.date[place])))
    return Estimate(months(flop), months(flop * 10**0.5), months(flop / 10**0.5), None, UNIT), first


def _run_lag(behind: Steps, value: float, draws: Floats, today: float, level: float) -> Estimate:
    """Return how long ago the other first had a capability; 0 where it has not."""

    def months(capability: Floats) -> Floats:
        reached = behind.reached(capability)[0]
        return np.asarray((today - np.minimum(reached, today)) / DAYS_PER_MONTH)

    point = float(months(np.array([value]))[0])
    ends = interval_ends(months(draws), level).tolist()
    return Estimate(point, min(ends[0], point), max(ends[1], point), level, UNIT)
