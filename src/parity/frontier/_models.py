"""Models, benchmarks and fits as results: what a fit of capability says of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import polars as pl

from parity.dates import day_of
from parity.errors import ParityError, did_you_mean
from parity.estimate import Estimate
from parity.frontier._abilities import COVERS, Abilities
from parity.frontier._capability import Capability
from parity.frontier._frontier import Frontier

OTHERS = "others"
"""Group of the models whose own group leads nowhere."""
_MOST_GROUPS = 6
_BENCHMARKS = ("test", "benchmark", "domain", "released", "difficulty", "slope", "n_scores", "rmse")


@dataclass(frozen=True, slots=True)
class Model:
    """A model with its capability.

    Attributes
    ----------
    model
        Version of the model.
    country, developer
        ISO3 code of its lead developer's country, and the developer.
    date
        Release.
    capability
        On the scale of the fit.
    derived
        Whether it started from another country's weights.
    scores
        Scores that it rests on.
    few
        Fewer scores than a frontier needs.
    """

    model: str
    country: str | None
    developer: str | None
    date: dt.date | None
    capability: Estimate
    derived: bool | None
    scores: int
    few: bool = False


@dataclass(frozen=True, slots=True)
class Models:
    """Models by capability.

    Attributes
    ----------
    domain
        A domain, or "overall".
    models
        The most capable first.
    left_out
        Models that are not listed, for they have too few scores.
    folded
        Models at other efforts of reasoning that are not listed, for they are less capable.
    frontiers
        Records of each leading group: group, model, date and capability.
    until
        Last day of the evidence.
    points
        The listed models with a release, each with its group: what a figure draws.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"until": None, "points": None}

    domain: str
    models: tuple[Model, ...]
    left_out: int = 0
    folded: int = 0
    frontiers: pl.DataFrame = field(default_factory=pl.DataFrame)
    until: dt.date | None = None
    points: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True, slots=True)
class Shown:
    """One model, and every score against its curve.

    Attributes
    ----------
    model
        The model.
    scores
        Its scores, fitted scores, and deviations in standard deviations of their test.
    """

    model: Model
    scores: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """Benchmarks by difficulty.

    Attributes
    ----------
    benchmarks
        Difficulty, slope, number of scores and root mean square residual.
    """

    benchmarks: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit of capability to scores.

    Attributes
    ----------
    domain
        A domain, or "overall".
    models
        The most capable first.
    objective
        Penalised sum of squares reached.
    steps
        Steps of the search.
    anchor
        Benchmark with slope 1 and difficulty 0.
    benchmarks
        Difficulty, slope, number of scores and root mean square residual.
    outliers
        Scores farthest from their curves.
    notes
        What was left out.
    """

    domain: str
    models: tuple[Model, ...]
    objective: float
    steps: int
    anchor: str
    benchmarks: pl.DataFrame
    outliers: pl.DataFrame
    notes: tuple[str, ...] = ()


def by_capability(
    abilities: Abilities,
    *,
    country: str | None = None,
    top: int | None = None,
    least: int | None = None,
    efforts: bool = False,
) -> tuple[pl.DataFrame, int, int]:
    """Return the models with so many scores or more, how many have fewer, and how many are folded.

    Parameters
    ----------
    abilities
        Capabilities, overall or in a domain.
    country
        Models of one country alone, by code.
    top
        The most capable so many.
    least
        Scores needed; by default what a frontier needs.
    efforts
        Show a model once for each effort of reasoning; otherwise once, at its most capable.
    """
    everything = abilities.table().filter(pl.col("n_scores") > 0)
    if country is not None:
        everything = everything.filter(country=country)
    kept = everything.filter(pl.col("n_scores") >= (abilities.needed if least is None else least))
    named = kept["family"].fill_null(kept["model"])
    once = kept if efforts else kept.filter(named.is_first_distinct())
    few, folded = everything.height - kept.height, kept.height - once.height
    return (once if top is None else once.head(top)), few, folded


def models(abilities: Abilities, table: pl.DataFrame) -> tuple[Model, ...]:
    """Return the rows of a table of models as results."""
    return tuple(_model(row, abilities.needed) for row in table.iter_rows(named=True))


def grouped(table: pl.DataFrame, found: Frontier) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return models with their group, those outside the leading groups as ``others``, and their records.

    Parameters
    ----------
    table
        Models, as by `by_capability`.
    found
        Frontiers of the groups.
    """
    leading = found.leading(_MOST_GROUPS)
    if found.by == "openness":
        kinds = {True: "open", False: "closed"}
        table = table.with_columns(openness=pl.col("open_weights").replace_strict(kinds, default=None))
    group = pl.when(pl.col(found.by).is_in(leading)).then(found.by).otherwise(pl.lit(OTHERS))
    dated = table.filter(pl.col("date").is_not_null(), pl.col("capability").is_not_null())
    return dated.with_columns(group=group), records(found, leading)


def records(found: Frontier, groups: list[str], name: str = "") -> pl.DataFrame:
    """Return the models that set the frontiers of some groups: group, model, date, capability.

    Parameters
    ----------
    found
        Frontiers.
    groups
        Whose.
    name
        What to call the group, in place of its own name.
    """
    names = found.abilities.models["model"]
    rows = [
        (name or group, names[int(model)], day_of(float(when)), level)
        for group in groups
        for when, level, model in zip(*found.steps(group), strict=True)
        if np.isfinite(level)
    ]
    columns = {"group": pl.String, "model": pl.String, "date": pl.Date, "capability": pl.Float64}
    return pl.DataFrame(rows, schema=columns, orient="row")


def shown(found: Capability, abilities: Abilities, model: str) -> Shown:
    """Return one model with its scores.

    Raises
    ------
    ParityError
        If no model of that name has a score.
    """
    row = abilities.table().filter(model=model)
    if row.is_empty():
        hint = did_you_mean(model, found.models["model"].to_list())
        raise ParityError(f"no scored model '{model}'.{hint}")
    scores = found.outliers(len(found.problem.y)).filter(model=model).drop("model").sort("test")
    return Shown(models(abilities, row)[0], scores)


def benchmarks(found: Capability) -> Benchmarks:
    """Return the benchmarks of a fit."""
    table = found.benchmarks()
    return Benchmarks(table.select(column for column in _BENCHMARKS if column in table.columns))


def fitted(found: Capability, abilities: Abilities) -> Fit:
    """Return a fit with all that says how good it is."""
    return Fit(
        abilities.domain,
        models(abilities, abilities.table()),
        found.solution.objective,
        found.solution.steps,
        found.tests["test"][found.problem.anchor],
        benchmarks(found).benchmarks,
        found.outliers(),
        found.notes,
    )


def _model(row: dict[str, Any], needed: int) -> Model:
    known = row["capability"] is not None
    capability = Estimate(
        row["capability"],
        row["low"] if known else None,
        row["high"] if known else None,
        COVERS if known else None,
        "capability",
        "" if known else "no score in the domain",
    )
    return Model(
        row["model"],
        row.get("country"),
        row.get("developer"),
        row.get("date"),
        capability,
        row.get("derived"),
        row["n_scores"],
        row["n_scores"] < needed,
    )
