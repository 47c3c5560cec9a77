"""The answers of ``bloc compare`` and ``bloc reach``: blocs side by side, and what their members can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from parity.answers.base import Answer, EstimateModel
from parity.answers.bloc import NodePlace, place

if TYPE_CHECKING:
    from parity.blocs import Comparison, History


class ComparedRow(NodePlace):
    """Place of one bloc in one group of the index."""

    node: str = Field(description="Index, pillar or sub-pillar")
    bloc: str = Field(description="Bloc")


class GapRow(BaseModel):
    """The first bloc against another."""

    node: str = Field(description="Index, pillar or sub-pillar")
    a: str = Field(description="First bloc")
    b: str = Field(description="Other bloc")
    gap: float | None = Field(description="Score of the first less that of the other")
    low: float | None = Field(description="Lower end of the interval")
    high: float | None = Field(description="Upper end of the interval")
    ahead: float | None = Field(description="Share of rebuilds in which the first is ahead")


class YearRow(BaseModel):
    """Standing of a bloc as of a year."""

    year: int = Field(description="As of the end of this year")
    bloc: str = Field(description="Bloc")
    node: str = Field(description="Index, pillar or sub-pillar")
    score: float | None = Field(description="On the scale of the last year")
    rank: int | None = Field(description="Among the countries outside the bloc")
    score_low: float | None = Field(default=None, description="Lower end of the interval")
    score_high: float | None = Field(default=None, description="Upper end of the interval")


class YearGapRow(GapRow):
    """The first bloc against another as of a year."""

    year: int | None = Field(
        description="As of the end of this year; null: change from the first to the last"
    )


class CompareAnswer(Answer):
    """Answer of ``parity bloc compare``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    level: float | None = Field(description="Probability that the intervals cover; null without them")
    draws: int = Field(description="Rebuilds of the index behind the intervals")
    blocs: dict[str, list[str]] = Field(description="Members of each bloc")
    rows: list[ComparedRow] = Field(description="Standing by group of the index and bloc")
    gaps: list[GapRow] = Field(description="The first bloc against each other")
    years: list[YearRow] = Field(description="Standing over the years; empty unless asked for")
    year_gaps: list[YearGapRow] = Field(description="Gaps over the years; empty unless asked for")
    year_note: str = Field(description="What the years rest on; empty unless asked for")


class ReachRow(BaseModel):
    """One member's compute, and what it may buy."""

    iso3: str = Field(description="Country")
    compute: EstimateModel = Field(description="Known GPU clusters, H100 equivalents")
    best_free: str | None = Field(description="Best accelerator to be had without a licence")
    lag: EstimateModel = Field(description="Months behind the world's best accelerator")


class ComputeRow(BaseModel):
    """Compute of all members on one day."""

    on: str = Field(description="Day")
    h100e: EstimateModel = Field(description="Known GPU clusters; ends: confirmed alone, and all on record")
    share: EstimateModel = Field(description="Share of all known clusters of the world")
    growth: EstimateModel = Field(description="Over a year before")


class AccessRow(BaseModel):
    """What the members may buy without a licence, in one month."""

    month: str = Field(description="Month")
    freest: EstimateModel = Field(
        description="Months that the freest member lags; low: if what is open allows"
    )
    even: float = Field(description="Share of the bloc's GDP in members that lag no more than the freest")
    mean: EstimateModel = Field(description="Mean lag, weighted by GDP; null value, with a low end: at least")
    least: EstimateModel = Field(description="Months that the least free member lags")
    last: str = Field(description="The least free member")


class FrontierRow(BaseModel):
    """The best model of any member, against another bloc's."""

    behind: str = Field(description="The other bloc")
    on: str = Field(description="Day")
    model: str = Field(description="Model that sets the bloc's frontier")
    standing: EstimateModel = Field(description="Months behind; negative when ahead")
    mean: EstimateModel = Field(description="Mean over the window since 2023")


class ReachAnswer(Answer):
    """Answer of ``parity bloc reach``."""

    bloc: str = Field(description="Bloc")
    on: str | None = Field(description="Date of the membership; null for the present")
    frontier: FrontierRow | None = Field(description="null where no member has a scored model")
    frontier_reason: str = Field(description="Why there is no frontier; empty where there is one")
    compute: list[ComputeRow] = Field(description="Compute of all members, at year ends and on the last day")
    compute_note: str = Field(description="What the compute counts")
    access: list[AccessRow] = Field(
        description="Access to accelerators by month; a right to buy is not pooled"
    )
    checked_to: str = Field(description="Day to which rules on accelerators were looked for")
    members: list[ReachRow]


def compared_rows(found: Comparison) -> tuple[list[ComparedRow], list[GapRow]]:
    """Return the standing of every bloc, and the gaps of the first to the others."""
    from parity.blocs import in_order

    rows, gaps = [], []
    tree = found.pools[0].base.tree
    for node in in_order(tree):
        code = tree.codes[node]
        for k, pool in enumerate(found.pools):
            drawn = found.intervals[k] if found.intervals else None
            rows.append(ComparedRow(node=code, bloc=pool.name, **place(pool, drawn, node).model_dump()))
            if k:
                gap = found.gap(0, k, code)
                gaps.append(
                    GapRow(
                        node=code,
                        a=found.pools[0].name,
                        b=pool.name,
                        gap=gap.value,
                        low=gap.low,
                        high=gap.high,
                        ahead=found.ahead(0, k, code),
                    )
                )
    return rows, gaps


def year_fields(found: History | None) -> dict[str, object]:
    """Return the standing and the gaps over the years, as fields of an answer."""
    if found is None:
        return {"years": [], "year_gaps": [], "year_note": "no indicator goes through all years"}
    count = found.tree.n_indicators
    note = (
        f"Over the years: {count} indicators with data as of every year, today's members, the scale of "
        f"{found.years[-1]}."
    )
    return {
        "years": [YearRow(**row) for row in found.table().iter_rows(named=True)],
        "year_gaps": [YearGapRow(**row) for row in found.gaps().iter_rows(named=True)],
        "year_note": note,
    }
