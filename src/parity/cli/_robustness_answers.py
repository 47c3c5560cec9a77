"""The JSON form of ``parity robustness``."""

from __future__ import annotations

from pydantic import BaseModel, Field

from parity.cli.answers import Answer


class CountryIntervals(BaseModel):
    """Rank and score intervals of one country over the draws."""

    iso3: str = Field(description="ISO 3166 code (or the unit's code, for your own data)")
    name: str = Field(description="Usual English name")
    rank: int | None = Field(description="In the base build; 1 is best, ties share the smallest rank")
    score: float | None = Field(description="In the base build")
    median: int | None = Field(description="Median rank of the draws")
    low50: int | None = Field(description="Best rank of the 50 % interval")
    high50: int | None = Field(description="Worst rank of the 50 % interval")
    low90: int | None = Field(description="Best rank of the 90 % interval")
    high90: int | None = Field(description="Worst rank of the 90 % interval")
    low95: int | None = Field(description="Best rank of the 95 % interval")
    high95: int | None = Field(description="Worst rank of the 95 % interval")
    score_low50: float | None = Field(description="Lower end of the score's 50 % interval")
    score_high50: float | None = Field(description="Upper end of the score's 50 % interval")
    score_low90: float | None = Field(description="Lower end of the score's 90 % interval")
    score_high90: float | None = Field(description="Upper end of the score's 90 % interval")
    score_low95: float | None = Field(description="Lower end of the score's 95 % interval")
    score_high95: float | None = Field(description="Upper end of the score's 95 % interval")
    unranked: float = Field(description="Share of the draws in which the country has no score")
    group: int | None = Field(
        default=None,
        description="Countries of one group cannot be told apart from its first in 95 % of the draws",
    )
    top: dict[str, float] = Field(
        default_factory=dict, description="Probability of rank k or better, by k, with --top"
    )
    above: dict[str, float] = Field(
        default_factory=dict,
        description="Probability that this country scores higher than the other, by the other's code, with "
        "--country",
    )
    not_apart: list[str] = Field(
        default_factory=list, description="Countries that it cannot be told apart from, with --country"
    )


class AssumptionUse(BaseModel):
    """One assumption, and how many draws used each alternative."""

    name: str = Field(description="Name of the assumption")
    kind: str = Field(description="choice, weights, leave_out, measurement, multiple_imputation or vintages")
    alternatives: list[str] = Field(description="Alternatives; one text where the assumption is continuous")
    draws: list[int] = Field(description="Draws that used each")


class SensitivityRow(BaseModel):
    """Sobol indices of one output to one assumption."""

    output: str = Field(description="'rank C', 'score C' or 'mean rank shift'")
    assumption: str = Field(description="Name of the assumption")
    first: float | None = Field(description="Share of the variance that this assumption explains alone")
    first_low: float | None = Field(description="Lower end of its 95 % interval")
    first_high: float | None = Field(description="Upper end of its 95 % interval")
    total: float | None = Field(description="Share that goes when everything but this assumption is known")
    total_low: float | None = Field(description="Lower end of its 95 % interval")
    total_high: float | None = Field(description="Upper end of its 95 % interval")
    reason: str | None = Field(default=None, description="Why there is no index")


class Interaction(BaseModel):
    """Share of an output's variance that two assumptions explain only together."""

    output: str = Field(description="As in sensitivity")
    first_assumption: str = Field(description="One of the pair")
    second_assumption: str = Field(description="The other")
    interaction: float | None = Field(description="Second-order Sobol index")
    low: float | None = Field(description="Lower end of its 95 % interval")
    high: float | None = Field(description="Upper end of its 95 % interval")


class RobustnessAnswer(Answer):
    """Answer of ``parity robustness``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    draws: int = Field(description="Rebuilds behind the intervals")
    seed: int = Field(description="Seed")
    seconds: float = Field(description="Wall time of the run")
    monte_carlo_error: float = Field(
        description="Largest standard error of an interval end over the countries, in ranks"
    )
    assumptions: list[AssumptionUse] = Field(description="What was varied")
    countries: list[CountryIntervals] = Field(description="In order of the base ranking")
    base_points: int = Field(description="Base points of the sensitivity analysis; 0 without one")
    rebuilds: int = Field(description="Rebuilds behind the sensitivity analysis")
    condition: str = Field(description="Which draws the sensitivity analysis looks at; empty for all")
    sensitivity: list[SensitivityRow] = Field(description="Sobol indices of every output")
    interactions: list[Interaction] = Field(description="Of pairs of assumptions, with --pairs")
