"""The answers of ``capability``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, Field

from parity.answers.base import Answer, EstimateModel

if TYPE_CHECKING:
    import polars as pl

    from parity.frontier import Capability


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
