"""What ``parity bloc`` answers, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from parity.cli.answers import Answer, EstimateModel

if TYPE_CHECKING:
    import polars as pl

    from parity.blocs import Comparison, Contributions, Intervals, Pool


class BlocRow(BaseModel):
    """One bloc of the list."""

    bloc: str = Field(description="Name to use in commands")
    title: str = Field(description="Full name")
    since: str = Field(description="Day on which its first members joined")
    members: int = Field(description="Full members")
    suspended: int = Field(description="Members that are suspended: they stay members, and take no part")
    partners: int = Field(description="Partner countries")
    observers: int = Field(description="Observers")
    invited: int = Field(description="Invited countries")
    disputed: int = Field(description="Countries whose status public sources disagree on")
    approximate: int = Field(description="Countries whose date, or only source, is not sure")


class BlocList(Answer):
    """Answer of ``parity bloc list``."""

    on: str | None = Field(description="Date; null for the present")
    blocs: list[BlocRow]


class MemberRow(BaseModel):
    """One country of a bloc."""

    iso3: str = Field(description="Country")
    name: str = Field(description="Usual English name")
    date_from: str = Field(description="First day of the status")
    date_to: str | None = Field(description="First day on which it no longer holds; null: open")
    precision: str = Field(description="How far date_from is sure: day, month or year")
    status: str = Field(description="member, partner, observer or invited")
    suspended: bool = Field(description="Whether a member is suspended: it stays one, and takes no part")
    disputed: bool = Field(description="Whether public sources disagree on the status")
    certainty: str = Field(
        description="sourced, or approximate: day not in the source, or one secondary source"
    )
    source: str = Field(description="Declaration, treaty or page that says so")
    note: str = Field(description="What to know")


class MembersAnswer(Answer):
    """Answer of ``parity bloc members``."""

    bloc: str = Field(description="Bloc")
    title: str = Field(description="Full name")
    on: str | None = Field(description="Date; null for the present")
    members: list[str] = Field(description="Full members")
    countries: list[MemberRow] = Field(description="Members, partners, observers and invited countries")


class NodePlace(BaseModel):
    """Place of a bloc in the index, a pillar or a sub-pillar."""

    rank: int | None = Field(description="Among the countries outside the bloc; ties share the smallest rank")
    score: float | None = Field(description="On the scale that single countries set; above 100 is possible")
    rank_low: int | None = Field(default=None, description="Best rank of the interval")
    rank_high: int | None = Field(default=None, description="Worst rank of the interval")
    score_low: float | None = Field(default=None, description="Lower end of the interval")
    score_high: float | None = Field(default=None, description="Upper end of the interval")
    covered: float = Field(description="Share of the weight that rests on members with data, 0 to 1")


class ShapleyRow(BaseModel):
    """What one member brings."""

    iso3: str = Field(description="Country")
    value: float = Field(description="Points of the bloc's score; all members' add up to it")
    low: float | None = Field(default=None, description="Lower end of the interval")
    high: float | None = Field(default=None, description="Upper end of the interval")
    leaving: float | None = Field(description="Change in the bloc's score if it left")
    alone: float | None = Field(description="Its score by itself")
    pillars: dict[str, float] = Field(description="Points of the bloc's score in every pillar and sub-pillar")


class WeaknessRow(BaseModel):
    """A group of the index, and who lifts it."""

    node: str = Field(description="Pillar or sub-pillar")
    rank: int | None = Field(description="Rank of the bloc there")
    lifter: str | None = Field(description="Member whose leaving would cost most there")
    loss: float | None = Field(description="Points that it would cost")


class JoiningRow(BaseModel):
    """A country that might join."""

    iso3: str = Field(description="Country")
    gain: float | None = Field(description="Points that the bloc would gain")
    rank: int | None = Field(description="Rank of the enlarged bloc")


class PoolAnswer(Answer):
    """Answer of ``parity bloc pool`` and ``parity bloc show``."""

    bloc: str = Field(description="Bloc")
    on: str | None = Field(description="Date of the membership; null for the present")
    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    members: list[str] = Field(description="Members that are pooled")
    without_data: list[str] = Field(description="Members without any data: in no figure")
    rank: int | None = Field(description="Among the countries outside the bloc")
    score: float | None = Field(description="On the scale that single countries set")
    rank_low: int | None = Field(default=None, description="Best rank of the interval")
    rank_high: int | None = Field(default=None, description="Worst rank of the interval")
    score_low: float | None = Field(default=None, description="Lower end of the interval")
    score_high: float | None = Field(default=None, description="Upper end of the interval")
    level: float | None = Field(description="Probability that the intervals cover; null without them")
    draws: int = Field(description="Rebuilds of the index behind the intervals")
    covered: float = Field(description="Share of the weight that rests on members with data")
    beyond: list[str] = Field(description="Indicators in which the bloc lies beyond every single country")
    pillars: dict[str, NodePlace] = Field(description="Every pillar and sub-pillar")
    shapley: list[ShapleyRow] = Field(description="Members, the largest value first")
    exact: bool = Field(description="Whether the Shapley values are exact, or estimated from drawn orders")
    weaknesses: list[WeaknessRow] = Field(description="Groups of the index, the worst-ranked first")
    joining: list[JoiningRow] = Field(description="Countries that would add most")


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


class ReachRow(BaseModel):
    """One member's compute, and what it may buy."""

    iso3: str = Field(description="Country")
    compute: EstimateModel = Field(description="Known GPU clusters, H100 equivalents")
    best_free: str | None = Field(description="Best accelerator to be had without a licence")
    lag: EstimateModel = Field(description="Months behind the world's best accelerator")


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
    frontier: FrontierRow | None = Field(description="null where no member has a scored model")
    frontier_reason: str = Field(description="Why there is no frontier; empty where there is one")
    compute: EstimateModel = Field(description="Known GPU clusters of all members")
    compute_on: str = Field(description="Day of the compute")
    compute_note: str = Field(description="What the compute counts")
    month: str = Field(description="Month of the access to accelerators")
    freest: str | None = Field(description="Member that may buy the best accelerator without a licence")
    members: list[ReachRow]


def places(pool: Pool, drawn: Intervals | None) -> dict[str, NodePlace]:
    """Return a bloc's place in every group of the index, the index first."""
    from parity.blocs import in_order

    tree = pool.base.tree
    return {tree.codes[node]: place(pool, drawn, node) for node in in_order(tree)}


def place(pool: Pool, drawn: Intervals | None, node: int) -> NodePlace:
    """Return a bloc's place in one node."""
    ends = {}
    if drawn is not None:
        ends = {
            "rank_low": whole(drawn.ranks[0, node]),
            "rank_high": whole(drawn.ranks[2, node]),
            "score_low": known(drawn.scores[0, node]),
            "score_high": known(drawn.scores[2, node]),
        }
    return NodePlace(
        rank=whole(pool.ranks[node]),
        score=known(pool.scores[node]),
        covered=float(pool.node_coverage[node]),
        **ends,
    )


def shapley_rows(parts: Contributions, drawn: Intervals | None) -> list[ShapleyRow]:
    """Return what every member brings: with the rebuilds' interval, else that of the drawn orders."""
    pool, tree = parts.pool, parts.pool.base.tree
    rows = []
    for row in parts.table().iter_rows(named=True):
        member = pool.members.index(row["iso3"])
        low, high = (None, None) if parts.exact else (row["low"], row["high"])
        if drawn is not None and drawn.shapley is not None:
            low, high = known(drawn.shapley[0, member]), known(drawn.shapley[2, member])
        values = {tree.codes[node]: float(parts.values[member, node]) for node in tree.groups[:-1]}
        rows.append(
            ShapleyRow(
                iso3=row["iso3"],
                value=row["value"],
                low=low,
                high=high,
                leaving=row["leaving"],
                alone=row["alone"],
                pillars=values,
            )
        )
    return rows


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


def year_rows(table: pl.DataFrame) -> list[YearRow]:
    """Return the standing over the years."""
    return [YearRow(**row) for row in table.iter_rows(named=True)]


def member_rows(table: pl.DataFrame, names: Sequence[str]) -> list[MemberRow]:
    """Return the countries of a bloc."""
    fields = [name for name in MemberRow.model_fields if name != "name"]
    return [
        MemberRow(name=name, **{key: _text(row[key]) for key in fields})
        for row, name in zip(table.iter_rows(named=True), names, strict=True)
    ]


def _text(cell: object) -> object:
    return cell if isinstance(cell, bool) or cell is None else str(cell)


def whole(value: float) -> int | None:
    """Return a rank, or ``None`` where there is none."""
    return None if value != value else int(value)


def known(value: float) -> float | None:
    """Return a number, or ``None`` where there is none."""
    return None if value != value else float(value)
