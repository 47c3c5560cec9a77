"""The lag parameter by parameter: what "in a range of parameters" comes to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator

from parity.dates import number_of
from parity.errors import ParityError
from parity.estimate import Estimate, rounded
from parity.frontier._abilities import LEVEL, Abilities
from parity.frontier._capability import Capability
from parity.frontier._fit import Floats
from parity.frontier._frontier import frontier
from parity.frontier._lag import UNIT, is_bound, record_models, standing_lag
from parity.frontier._steps import DAYS_PER_MONTH, Steps, standing, steps
from parity.stats import interval_ends

# Half-width, in powers of ten, of a training-compute estimate by how sure its source is of it.
COMPUTE_ERROR = {"confident": 0.5, "likely": 1.0, "speculative": 1.5}
_UNSURE = 1.5
# Notable models are counted from then on: earlier lists hold the history of the field, mostly of one country.
_COUNTED_FROM = dt.date(2018, 1, 1)
_DRAWS = 400


@dataclass(frozen=True, slots=True)
class ParameterLag:
    """The lag in one parameter.

    Attributes
    ----------
    name
        The parameter.
    lag
        Standing lag in months; a reason where it cannot be told.
    lower_bound
        Whether the lag is only known to be at least so large.
    detail
        What stands against what.
    """

    name: str
    lag: Estimate
    lower_bound: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ParameterLags:
    """The lag in every parameter.

    Attributes
    ----------
    of, behind, on
        Who trails whom, on which day.
    rows
        One row per parameter.
    data
        Vintage of the data.
    """

    of: str
    behind: str
    on: dt.date
    rows: tuple[ParameterLag, ...]
    data: str


def parameters(
    capability: Capability,
    notable: pl.DataFrame,
    clusters: pl.DataFrame,
    of: str,
    behind: str,
    *,
    on: dt.date | None = None,
    include_derived: bool = False,
    level: float = LEVEL,
    seed: int = 0,
) -> ParameterLags:
    """Measure the lag of a country in capability, per domain, in open weights, compute and hardware.

    Parameters
    ----------
    capability
        The fit, whose models have dates and countries.
    notable
        Notable and large-scale models: ``country``, ``date``, ``notable``, ``training_compute``,
        ``confidence``, ``hardware_flops``.
    clusters
        Clusters: ``country``, ``operational``, ``h100_equivalents``, ``status``, ``certainty``,
        ``duplicate``.
    of, behind
        ISO3 codes, several joined by ``+``.
    on
        Day to look at; the last day of the evidence if ``None``.
    include_derived
        Let models on foreign weights count for capability.
    level
        Probability that the intervals cover.
    seed
        Seed of the resampling of lists (compute, hardware, counts).

    Returns
    -------
    ParameterLags
        One row per parameter; where one cannot be told, its estimate says why.
    """
    overall = frontier(capability.abilities, include_derived=include_derived)
    on = on or overall.until
    question = _Question(of, behind, on, include_derived, level, seed)
    domains = [
        question.of_abilities(f"capability: {name}", capability.in_domain(name))
        for name in _domains(capability)
    ]
    lists = [
        question.of_list("largest training run", _training(notable)),
        question.of_list(f"notable models since {_COUNTED_FROM.year}", _count(notable)),
        question.of_list("hardware used in training", _hardware(notable)),
        question.of_list("installed accelerators", _installed(clusters)),
    ]
    rows = (
        question.of_abilities("capability", capability.abilities),
        *domains,
        question.of_abilities("capability: open weights", capability.abilities, weights="open"),
        *lists,
    )
    return ParameterLags(of, behind, on, rows, capability.data)


def per_benchmark(
    capability: Capability,
    of: str,
    behind: str,
    *,
    on: dt.date | None = None,
    include_derived: bool = False,
    level: float = LEVEL,
) -> ParameterLags:
    """Measure the lag on every test by itself, from the best raw score so far.

    Parameters
    ----------
    capability, of, behind, on, include_derived, level
        As in `parameters`.

    Returns
    -------
    ParameterLags
        One row per test that models of both took, named by the test; those that tell no lag say why.
    """
    overall = frontier(capability.abilities, include_derived=include_derived)
    on = on or overall.until
    question = _Question(of, behind, on, include_derived, level, 0)
    sides = [overall.members(group) for group in (of, behind)]
    row, column = capability.problem.row, capability.problem.column
    both = np.logical_and(
        *(np.isin(np.arange(capability.problem.n_tests), column[side[row]]) for side in sides)
    )
    tests = capability.tests["test"].filter(pl.Series(both))
    rows = tuple(question.of_abilities(test, capability.on_test(test)) for test in tests)
    told = sorted(rows, key=lambda one: one.lag.value is None)
    return ParameterLags(of, behind, on, tuple(told), capability.data)


def _domains(capability: Capability) -> list[str]:
    if "domain" not in capability.tests.columns:
        return []
    return capability.tests["domain"].drop_nulls().unique().sort().to_list()


@dataclass(frozen=True, slots=True)
class _Question:
    """Who trails whom, on which day, asked of one parameter after another.

    Capabilities are all asked on that day, so that a domain gives here what it gives alone; one whose models
    end long before is not told. A list that stops is looked at where it ends: it would let the lag
    grow by itself.
    """

    of: str
    behind: str
    on: dt.date
    include_derived: bool
    level: float
    seed: int

    def of_abilities(
        self,
        name: str,
        abilities: Abilities,
        weights: Literal["open"] | None = None,
    ) -> ParameterLag:
        """Return the lag in a capability."""
        try:
            found = frontier(abilities, include_derived=self.include_derived, weights=weights)
            told = standing_lag(found, self.of, self.behind, on=self.on, level=self.level)
        except ParityError as problem:
            return ParameterLag(name, Estimate(None, unit=UNIT, reason=str(problem)), False, "")
        sides = (self.of, self.behind)
        own, other = record_models(found, *sides, self.on)
        known = min(self.on, *(found.known_to(side) for side in sides))
        detail = f"{own} against {other}, known to {known}"
        return ParameterLag(name, told, is_bound(found, *sides, self.on), detail)

    def of_list(self, name: str, things: _List) -> ParameterLag:
        """Return the lag in what a list of dated things adds up to."""
        last = things.frame["date"].max()
        on = min(self.on, last) if isinstance(last, dt.date) else self.on
        today = np.array([number_of(on)])
        rows = [things.rows_of(group) for group in (self.of, self.behind)]
        own, other = (things.steps_of(part, None) for part in rows)
        for group, known in ((self.of, own), (self.behind, other)):
            if not known.date.size or known.date[0] > today[0]:
                reason = f"no {name} of {group} in a list known to reach {on}"
                return ParameterLag(name, Estimate(None, unit=UNIT, reason=reason), False, "")
        value, bound = standing(own, other, today)
        rng = np.random.default_rng(self.seed)
        draws = [_draw(things, rows, today, rng) for _ in range(_DRAWS)]
        detail = f"{rounded(own.at(today)[0])} against {rounded(other.at(today)[0])} {things.unit}, {on}"
        months = _around(float(value[0]), np.array(draws), self.level)
        return ParameterLag(name, months, bool(bound[0]), detail)


def _around(value: float, draws: Floats, level: float) -> Estimate:
    """Return days as months, with the interval of the draws and the value inside it."""
    ends = interval_ends(draws, level)
    # Without a draw the ends are NaN, and the value stands alone.
    low, high = float(np.fmin(ends[0], value)), float(np.fmax(ends[1], value))
    return Estimate(value / DAYS_PER_MONTH, low / DAYS_PER_MONTH, high / DAYS_PER_MONTH, level, UNIT)


class _Rows(NamedTuple):
    """Dates (days), values and errors (powers of ten) of one group's things, shape (n,) each."""

    date: Floats
    value: Floats
    error: Floats


@dataclass(frozen=True, slots=True)
class _List:
    """Dated things of countries: ``country``, ``date``, ``value``, ``error``, by date.

    ``total`` adds them up (counts, capacity); otherwise the best counts.
    """

    frame: pl.DataFrame
    total: bool
    unit: str

    def rows_of(self, group: str) -> _Rows:
        """Return the things of a country, or of several joined by ``+``, in order of date."""
        rows = self.frame.filter(pl.col("country").is_in(group.split("+"))).sort("date", "value")
        days = rows["date"].cast(pl.Int32).cast(pl.Float64).to_numpy()
        return _Rows(days, rows["value"].to_numpy(), rows["error"].to_numpy())

    def steps_of(self, rows: _Rows, rng: Generator | None) -> Steps:
        """Return the level over time; with a generator, of things drawn with replacement."""
        times, value = np.ones(rows.date.size), rows.value
        if rng is not None:
            times = rng.poisson(1.0, rows.date.size).astype(np.float64)
            value = value * 10 ** (rows.error * rng.uniform(-1, 1, rows.date.size))
        kept = times > 0
        level = np.cumsum(value[kept] * times[kept]) if self.total else value[kept]
        return steps(rows.date[kept], level)


def _draw(things: _List, rows: list[_Rows], today: Floats, rng: Generator) -> float:
    own, other = (things.steps_of(part, rng) for part in rows)
    if not own.date.size or not other.date.size:
        return float("nan")
    return float(standing(own, other, today)[0][0])


def _training(notable: pl.DataFrame) -> _List:
    frame = notable.drop_nulls(["training_compute", "date", "country"]).select(
        "country",
        "date",
        value="training_compute",
        error=pl.col("confidence").replace_strict(COMPUTE_ERROR, default=_UNSURE, return_dtype=pl.Float64),
    )
    return _List(frame, False, "FLOP")


def _count(notable: pl.DataFrame) -> _List:
    frame = notable.filter(pl.col("notable"), pl.col("date") >= _COUNTED_FROM).drop_nulls("country")
    return _List(
        frame.select("country", "date", value=pl.lit(1.0), error=pl.lit(0.0)), True, "notable models"
    )


def _hardware(notable: pl.DataFrame) -> _List:
    frame = notable.drop_nulls(["hardware_flops", "date", "country"])
    return _List(
        frame.select("country", "date", value="hardware_flops", error=pl.lit(0.0)), False, "FLOP/s per chip"
    )


def _installed(clusters: pl.DataFrame) -> _List:
    frame = standing_clusters(clusters).drop_nulls("operational")
    return _List(
        frame.select("country", date="operational", value="h100_equivalents", error=pl.lit(0.0)),
        True,
        "H100 equivalents",
    )


def running_clusters(clusters: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """Return the clusters that ran on a day, are not unlikely and repeat no other.

    A cluster without a date counts from the last day of operation in the data on; one that was
    decommissioned counts until then, and never where that day is not known.
    """
    last = clusters.filter(pl.col("status") == "existing")["operational"].max()
    started = pl.col("operational").fill_null(pl.lit(last, pl.Date)) <= on
    known_end = (pl.col("status") == "existing") | pl.col("until").is_not_null()
    return clusters.filter(
        pl.col("status").is_in(["existing", "decommissioned"]),
        pl.col("certainty") != "unlikely",
        ~pl.col("duplicate"),
        started & known_end & (pl.col("until").is_null() | (pl.col("until") > on)),
    )


def standing_clusters(clusters: pl.DataFrame) -> pl.DataFrame:
    """Return the clusters that exist, are not unlikely and repeat no other."""
    return clusters.filter(
        pl.col("status") == "existing", pl.col("certainty") != "unlikely", ~pl.col("duplicate")
    )
