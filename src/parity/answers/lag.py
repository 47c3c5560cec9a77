"""The answers of ``capability`` and ``lag``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, Field, create_model

from parity.answers.base import Answer, EstimateModel

if TYPE_CHECKING:
    import polars as pl

    from parity.frontier import Capability, Lag, ParameterLags, Projection, Scenario


class ModelRow(BaseModel):
    """One model."""

    model: str = Field(description="Model version")
    country: str | None = Field(description="ISO3 code of the lead developer's country")
    developer: str | None = Field(description="Lead developer")
    date: str | None = Field(description="Release date")
    capability: EstimateModel = Field(description="Capability on the scale of the fit")
    derived: bool | None = Field(description="Started from another country's weights")
    scores: int = Field(description="Scores that it rests on")
    few: bool = Field(default=False, description="Fewer scores than a frontier needs")


class CapabilityAnswer(Answer):
    """Answer of ``parity capability list``."""

    domain: str = Field(description="overall, or a domain")
    models: list[ModelRow] = Field(description="The most capable first")
    left_out: int = Field(default=0, description="Models that are not listed, for they have too few scores")


class FitAnswer(CapabilityAnswer):
    """Answer of ``parity capability fit``."""

    objective: float = Field(description="Penalised sum of squares reached")
    steps: int = Field(description="Steps of the search")
    anchor: str = Field(description="Benchmark with slope 1 and difficulty 0")
    benchmarks: list[dict[str, Any]] = Field(description="Difficulty, slope, scores and residual")
    outliers: list[dict[str, Any]] = Field(description="Scores farthest from their curves")
    notes: list[str] = Field(description="What was left out")


class ShowAnswer(Answer):
    """Answer of ``parity capability show``."""

    model: ModelRow = Field(description="The model")
    scores: list[dict[str, Any]] = Field(description="Its scores, fitted scores and deviations")


class BenchmarksAnswer(Answer):
    """Answer of ``parity capability benchmarks``."""

    benchmarks: list[dict[str, Any]] = Field(description="Difficulty, slope, scores and residual")


_window: dict[str, Any] = {
    "from": (date, Field(description="First day")),
    "to": (date, Field(description="Last day")),
    "mean": (EstimateModel, Field(description="Mean standing lag over the days")),
    "min": (float, Field(description="Smallest lag of a day")),
    "max": (float, Field(description="Largest lag of a day")),
}
WindowAnswer = create_model("WindowAnswer", __doc__="Standing lag over the days of a window.", **_window)


class ReleaseAnswer(BaseModel):
    """Lag of the records at their release."""

    mean: EstimateModel = Field(description="Mean over the records")
    min: float | None = Field(description="Smallest lag of a record")
    max: float | None = Field(description="Largest lag of a record")
    n: int = Field(description="Number of records")


class CensoredAnswer(BaseModel):
    """A level not reached yet."""

    model: str = Field(description="Model that first had the level")
    date: str = Field(description="When")
    months_at_least: float = Field(description="Time that has passed since")


class LagRow(BaseModel):
    """How far one trails another."""

    of: str = Field(description="Who trails")
    behind: str = Field(description="Whom")
    on: date = Field(description="Day")
    domain: str = Field(description="overall, or a domain")
    standing: EstimateModel = Field(description="Months; negative when it leads")
    lower_bound: bool = Field(description="The standing lag is only known to be at least so large")
    window: WindowAnswer = Field(description="Standing lag over a window")
    release: ReleaseAnswer = Field(description="Lag of the records at their release")
    level: EstimateModel = Field(description="Lag averaged over the levels that both have reached")
    known_to: dict[str, date] = Field(description="Day of the last model known, by side")
    hinges: list[dict[str, Any]] = Field(description="Records that it hangs on: model, scores, lag without")
    censored: list[CensoredAnswer] = Field(description="Levels not reached yet, the oldest first")
    of_model: str = Field(description="Model that sets the level")
    behind_model: str = Field(description="Model of the other that first had it")


class ParameterAnswer(BaseModel):
    """Lag in one parameter."""

    name: str = Field(description="Parameter or benchmark")
    lag: EstimateModel = Field(description="Months; negative when it leads")
    lower_bound: bool = Field(description="Only known to be at least so large")
    detail: str = Field(description="What stands against what")


class LagAnswer(LagRow, Answer):
    """Answer of ``parity lag COUNTRY``."""

    parameters: list[ParameterAnswer] | None = Field(default=None, description="With --parameters")
    benchmarks: list[ParameterAnswer] | None = Field(default=None, description="With --benchmarks")
    scenario: dict[str, Any] | None = Field(default=None, description="With --scenario")
    projection: dict[str, Any] | None = Field(default=None, description="With --projection")
    notes: list[str] = Field(default_factory=list, description="What was left out")


class LagsAnswer(Answer):
    """Answer of ``parity lag`` without a country."""

    lags: list[LagRow] = Field(description="Every country with a frontier, the smallest lag first")


def lag_row(lag: Lag) -> dict[str, Any]:
    """Return a lag's fields for ``LagRow``."""
    return {
        "of": lag.of,
        "behind": lag.behind,
        "on": lag.on,
        "domain": lag.domain,
        "standing": EstimateModel.of(lag.standing),
        "lower_bound": lag.lower_bound,
        "level": EstimateModel.of(lag.levels_apart),
        "known_to": dict(lag.known_to),
        "hinges": [
            {"model": one.model, "scores": one.n_scores, "without": one.without} for one in lag.hinges
        ],
        "window": {
            "from": lag.window.since,
            "to": lag.window.until,
            "mean": EstimateModel.of(lag.window.mean),
            "min": lag.window.least,
            "max": lag.window.most,
        },
        "release": ReleaseAnswer(
            mean=EstimateModel.of(lag.release.mean),
            min=lag.release.least,
            max=lag.release.most,
            n=lag.release.n,
        ),
        "censored": [
            CensoredAnswer(model=c.model, date=str(c.date), months_at_least=c.months_at_least)
            for c in lag.censored
        ],
        "of_model": lag.of_model,
        "behind_model": lag.behind_model,
    }


def lag_answer(lag: Lag, data: str, notes: Sequence[str] = ()) -> LagAnswer:
    """Return how far one trails another."""
    return LagAnswer(data=data, notes=list(notes), **lag_row(lag))


def lags_answer(lags: Sequence[Lag], data: str) -> LagsAnswer:
    """Return how far each of several trails another."""
    return LagsAnswer(data=data, lags=[LagRow(**lag_row(one)) for one in lags])


def parameter_rows(lags: ParameterLags) -> list[ParameterAnswer]:
    """Return the rows of a table of parameters."""
    return [
        ParameterAnswer(
            name=row.name, lag=EstimateModel.of(row.lag), lower_bound=row.lower_bound, detail=row.detail
        )
        for row in lags.rows
    ]


def scenario_fields(found: Scenario) -> dict[str, Any]:
    """Return a scenario's results and assumptions."""
    return {
        "capability_lag": found.capability_lag.standing.as_dict(),
        "compute_implied_lag": found.implied.as_dict(),
        "accelerators_h100e": found.accelerators,
        "run_flop": found.flop,
        "first_run_of_that_size": {"model": found.first_run[0], "date": str(found.first_run[1])},
        "run_capability": found.run_capability.as_dict(),
        "run_lag": found.run_lag.as_dict(),
        "options": found.options.model_dump(),
        "assumptions": found.assumptions(),
    }


def projection_fields(found: Projection) -> dict[str, Any]:
    """Return a projection's trend, break, backtest and path."""
    return {
        "per_year": found.per_year.as_dict(),
        "break_date": None if found.break_date is None else str(found.break_date),
        "break_p": found.break_p,
        "backtest_coverage": found.coverage,
        "reliable": found.reliable,
        "backtest": [row | {"until": str(row["until"])} for row in found.backtest.to_dicts()],
        "ahead": [row | {"date": str(row["date"])} for row in found.ahead.to_dicts()],
    }


def model_rows(table: pl.DataFrame, needed: int = 1) -> list[ModelRow]:
    """Return models; those with fewer scores than needed are marked."""
    rows = []
    for row in table.iter_rows(named=True):
        told = row["capability"] is not None
        capability = EstimateModel(
            value=row["capability"],
            low=row["low"],
            high=row["high"],
            level=0.9 if told else None,
            unit="capability",
            reason=None if told else "no score in the domain",
        )
        rows.append(
            ModelRow(
                model=row["model"],
                country=row.get("country"),
                developer=row.get("developer"),
                date=None if row.get("date") is None else str(row["date"]),
                capability=capability,
                derived=row.get("derived"),
                scores=row["n_scores"],
                few=row["n_scores"] < needed,
            )
        )
    return rows


class Listed(NamedTuple):
    """Models by capability.

    Attributes
    ----------
    table
        One row per model, the most capable first.
    needed
        Scores that a frontier needs.
    left_out
        Models that have too few scores.
    """

    table: pl.DataFrame
    needed: int
    left_out: int


def listed(
    found: Capability,
    domain: str | None = None,
    country: str | None = None,
    *,
    top: int | None = None,
    least: int | None = None,
) -> Listed:
    """Return models by capability.

    Parameters
    ----------
    found
        The fit.
    domain
        Capability in one domain; overall by default.
    country
        Models of one country, by code.
    top
        The most capable so many.
    least
        Models with so many scores or more; by default what a frontier needs.
    """
    import polars as pl

    from parity.frontier import FEWEST_IN_DOMAIN, FEWEST_SCORES

    table = found.table() if domain is None else found.in_domain(domain).table()
    everything = table.filter(pl.col("n_scores") > 0)
    if country is not None:
        everything = everything.filter(country=country)
    needed = FEWEST_SCORES if domain is None else FEWEST_IN_DOMAIN
    kept = everything.filter(pl.col("n_scores") >= (needed if least is None else least))
    return Listed(kept if top is None else kept.head(top), needed, everything.height - kept.height)


def capability_answer(models: Listed, domain: str | None, data: str) -> CapabilityAnswer:
    """Return the answer that lists models."""
    rows = model_rows(models.table, models.needed)
    return CapabilityAnswer(data=data, domain=domain or "overall", models=rows, left_out=models.left_out)
