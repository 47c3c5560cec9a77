"""JSON answers of ``parity index``."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from parity.cli.answers import Answer


class StepRecord(BaseModel):
    """What one step did."""

    step: str = Field(description="Name of the step")
    status: str = Field(description="done, skipped (not in the spec) or default")
    message: str = Field(description="What was done")
    notes: list[str] = Field(description="What to look at: flagged indicators, fallbacks, limits")


class UnitScores(BaseModel):
    """Scores and ranks of one unit (in one year, in a panel)."""

    id: str = Field(description="Code of the unit")
    year: int | None = Field(default=None, description="Year, in a panel")
    scores: dict[str, float | None] = Field(description="Score of every indicator and group; null for none")
    ranks: dict[str, int | None] = Field(description="Rank, 1 is best; ties share the smallest")


class BuildAnswer(Answer):
    """Answer of ``parity index build SPEC --json``."""

    index: str = Field(description="Id of the index")
    steps: list[StepRecord] = Field(description="Every step, taken or skipped")
    units: list[UnitScores] = Field(description="In order of rank")
    stage: str | None = Field(default=None, description="Stage asked for with --stage")
    values: list[dict[str, Any]] | None = Field(
        default=None, description="Table of that stage, one row per unit"
    )


class AuditAnswer(Answer):
    """Answer of ``parity index audit SPEC --json``."""

    index: str = Field(description="Id of the index")
    steps: list[StepRecord] = Field(description="Every step, taken or skipped")
    statistics: list[dict[str, Any]] = Field(description="Per indicator of the raw data, with flags")
    treatment: list[dict[str, Any]] = Field(description="Outlier test and treatment of each indicator")
    correlations: list[dict[str, Any]] = Field(description="Within each group, flagged")
    across: list[dict[str, Any]] = Field(
        description="Elements that go better with another group than with their own"
    )
    groups: list[dict[str, Any]] = Field(description="Cronbach's alpha, first principal component")
    weights: list[dict[str, Any]] = Field(description="Nominal share of the index beside importance")
    removal: list[dict[str, Any]] = Field(description="Rank change when an element is left out")
    outliers: list[dict[str, Any]] = Field(description="Cells far outside the quartiles")
    denominators: list[dict[str, Any]] = Field(description="Indicators that go with a denominator")


class CompareAnswer(Answer):
    """Answer of ``parity index compare SPEC --published FILE --json``."""

    index: str = Field(description="Id of the index")
    node: str = Field(description="Group compared")
    n: int = Field(description="Units on both sides")
    spearman: float | None = Field(description="Rank correlation")
    pearson: float | None = Field(description="Correlation of the scores; null without published scores")
    max_abs_difference: float | None = Field(description="Greatest difference between the two scores")
    reasons: list[str] = Field(description="What the differences come from")
    implied_weights: list[dict[str, Any]] | None = Field(
        description="Weights of the members that fit the published scores best, beside the own ones"
    )
    only_here: list[str] = Field(description="Units that the published table lacks")
    only_published: list[str] = Field(description="Units that the index lacks")
    rows: list[dict[str, Any]] = Field(
        description="Per unit: score, published, difference, rank, published_rank, rank_difference and the "
        "parts of the difference: rescaling, weights, data"
    )


class ImportAnswer(Answer):
    """Answer of ``parity index import-coinr IDATA IMETA --out DIR --json``."""

    spec: str = Field(description="Spec written")
    table: str = Field(description="Data written")
    units: int = Field(description="Rows of the data")
    indicators: int = Field(description="Indicators of the spec")
    groups: int = Field(description="Groups of the spec")
