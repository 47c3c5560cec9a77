"""What ``parity bloc`` answers, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, Field

from parity.cli.answers import Answer, EstimateModel

if TYPE_CHECKING:
    import polars as pl

    from parity.blocs import Changes, Comparison, Contributions, History, Intervals, Pool


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


class Part(BaseModel):
    """Points that a member brings, with their interval."""

    value: float = Field(description="Shapley value in points; all members' add up to the bloc's score")
    low: float | None = Field(
        description="Lower end of the interval; null where it is exact and nothing drawn"
    )
    high: float | None = Field(description="Upper end of the interval")


class ShapleyRow(Part):
    """What one member brings."""

    iso3: str = Field(description="Country")
    leaving: float | None = Field(description="Change in the bloc's score if it left")
    leaving_low: float | None = Field(description="Lower end of the interval of that change")
    leaving_high: float | None = Field(description="Upper end of the interval of that change")
    alone: float | None = Field(description="Its score by itself")
    pillars: dict[str, Part] = Field(description="The same in every pillar and sub-pillar")


class WeaknessRow(BaseModel):
    """A group of the index, and who lifts it."""

    node: str = Field(description="Pillar or sub-pillar")
    rank: int | None = Field(description="Rank of the bloc there")
    lifter: str | None = Field(description="Member whose leaving would cost most there")
    loss: float | None = Field(description="Points that it would cost")
    loss_low: float | None = Field(description="Lower end of the interval of the cost")
    loss_high: float | None = Field(description="Upper end of the interval of the cost")
    drag: str | None = Field(description="Member whose leaving would gain most there; null where all help")
    gain: float | None = Field(description="Points that it would gain")
    gain_low: float | None = Field(description="Lower end of the interval of the gain")
    gain_high: float | None = Field(description="Upper end of the interval of the gain")


class JoiningRow(BaseModel):
    """A country that might join."""

    iso3: str = Field(description="Country")
    gain: float | None = Field(description="Points that the bloc would gain")
    low: float | None = Field(description="Lower end of the interval of the gain")
    high: float | None = Field(description="Upper end of the interval of the gain")
    rank: int | None = Field(description="Rank of the enlarged bloc")
    best: float | None = Field(description="Share of rebuilds in which no other country would add more")


class ChangeRow(BaseModel):
    """What countries that join or leave change in one group of the index."""

    node: str = Field(description="Index, pillar or sub-pillar")
    change: float | None = Field(description="Points gained against the bloc before")
    low: float | None = Field(description="Lower end of the interval of the change")
    high: float | None = Field(description="Upper end of the interval of the change")
    rank_before: int | None = Field(description="Rank of the bloc before")
    rank: int | None = Field(description="Rank now")


class PoolAnswer(Answer):
    """Answer of ``parity bloc pool`` and ``parity bloc show``."""

    bloc: str = Field(description="Bloc")
    on: str | None = Field(description="Date of the membership; null for the present")
    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    members: list[str] = Field(description="Members that are pooled")
    without_data: list[str] = Field(description="Members without any data: in no figure")
    suspended: list[str] = Field(description="Members that are suspended; they are pooled all the same")
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
    change: list[ChangeRow] = Field(description="Against the bloc before --with and --without; else empty")


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
    leader: str = Field(description="The freest member; among equals the first by the alphabet")
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
    tree = parts.pool.base.tree
    groups = {tree.codes[node]: _parts(parts, drawn, tree.codes[node]) for node in tree.groups}
    top = tree.codes[-1]
    place = {code: row for row, code in enumerate(parts.pool.members)}
    rows = []
    for row in parts.table().iter_rows(named=True):
        member = place[row["iso3"]]
        ends = (np.nan, np.nan) if drawn is None else drawn.leaving[[0, 2], member, -1]
        rows.append(
            ShapleyRow(
                **groups[top][member].model_dump(),
                iso3=row["iso3"],
                leaving=row["leaving"],
                leaving_low=known(ends[0]),
                leaving_high=known(ends[1]),
                alone=row["alone"],
                pillars={code: found[member] for code, found in groups.items() if code != top},
            )
        )
    return rows


def _parts(parts: Contributions, drawn: Intervals | None, code: str) -> list[Part]:
    """Return what every member brings to a node, in the order of the members."""
    node = parts.pool.base.node(code)
    low: list[float | None] = [None] * len(parts.pool.members)
    high = low
    if drawn is not None:
        low, high = ([known(end) for end in ends] for ends in drawn.brings(parts, code))
    elif not parts.exact:
        low, high = ([known(end) for end in ends] for ends in parts.ends(code))
    return [
        Part(value=float(v), low=a, high=b) for v, a, b in zip(parts.values[:, node], low, high, strict=True)
    ]


def weakness_rows(parts: Contributions, drawn: Intervals | None) -> list[WeaknessRow]:
    """Return who lifts and who drags every group, with intervals; nothing for a bloc of one."""
    pool = parts.pool
    if len(pool.members) < 2:
        return []
    rows = []
    for row in parts.complements().iter_rows(named=True):
        low, high = _left(drawn, row["node"], row["lifter"])
        found = {"loss_low": _minus(high), "loss_high": _minus(low)}
        found["gain_low"], found["gain_high"] = _left(drawn, row["node"], row["drag"])
        rows.append(WeaknessRow(**{key: row[key] for key in row if key in WeaknessRow.model_fields}, **found))
    return rows


def _left(drawn: Intervals | None, node: str, member: str | None) -> tuple[float | None, float | None]:
    """Return the interval of the change in a node if a member left."""
    if drawn is None or member is None:
        return None, None
    pool = drawn.pool
    low, high = drawn.leaving[[0, 2], pool.members.index(member), pool.base.node(node)]
    return known(low), known(high)


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def joining_rows(found: Changes | None, most: int) -> list[JoiningRow]:
    """Return the countries that would add most."""
    if found is None:
        return []
    rows = found.table().head(most).iter_rows(named=True)
    return [
        JoiningRow(iso3=row["name"], **{k: row[k] for k in JoiningRow.model_fields if k in row})
        for row in rows
    ]


def change_rows(found: Changes | None, before: str) -> list[ChangeRow]:
    """Return what joining and leaving changed, the index first."""
    from parity.blocs import in_order

    if found is None:
        return []
    tree, ranks = found.pool.base.tree, found.pool.ranks
    rows = []
    for node in in_order(tree):
        back = found.gain(before, tree.codes[node])
        rows.append(
            ChangeRow(
                node=tree.codes[node],
                change=_minus(back.value),
                low=_minus(back.high),
                high=_minus(back.low),
                rank_before=whole(found.ranks[found.names.index(before), node]),
                rank=whole(ranks[node]),
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
