"""The answer of ``bloc pool`` and ``bloc show``: an alliance as one unit, and what each member brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, Field

from parity import dates
from parity.answers.base import Answer, known

if TYPE_CHECKING:
    from parity.ask.standing import Standing
    from parity.blocs import Bloc, Changes, Contributions, Intervals, Pool
    from parity.brief.bloc_profile import BlocProfile

MOST_JOINING = 5
"""Countries named that would add most."""


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


def pool_answer(
    found: Standing,
    bloc: str,
    chosen: Bloc,
    *,
    on: str | None = None,
    before: Bloc | None = None,
    draws: int = 0,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[PoolAnswer, BlocProfile]:
    """Score a bloc as one unit; return the answer, and the profile for whoever draws it.

    Parameters
    ----------
    found
        The built index.
    bloc
        The bloc as it was asked for.
    chosen
        The composition that is pooled.
    on
        Day of the membership as it was asked for; ``None`` for the present.
    before
        The composition before countries joined or left; ``None`` where none did.
    draws
        Rebuilds behind the intervals; 0 for none.
    progress
        Told of rebuilds done, out of twice ``draws``.
    """
    from parity.brief.bloc_profile import BEFORE, bloc_profile

    profile = bloc_profile(found, chosen, draws, before, progress)
    pool, drawn = profile.pool, profile.drawn
    nodes = places(pool, drawn)
    answer = PoolAnswer(
        data=found.vintage,
        bloc=pool.name,
        on=on,
        index=found.index.spec.index.id,
        variant=found.variant,
        members=list(pool.members),
        without_data=list(pool.without_data),
        suspended=_suspended(bloc, dates.read_if(on), pool.members),
        level=None if drawn is None else drawn.level,
        draws=0 if drawn is None else drawn.draws,
        beyond=[code for code, far in zip(found.index.spec.codes, pool.beyond, strict=True) if far],
        pillars=nodes,
        shapley=shapley_rows(profile.parts, drawn),
        exact=profile.parts.exact,
        weaknesses=weakness_rows(profile.parts, drawn),
        joining=joining_rows(profile.next, MOST_JOINING),
        change=change_rows(profile.change, BEFORE),
        **next(iter(nodes.values())).model_dump(),
    )
    return answer, profile


def _suspended(bloc: str, day: dt.date | None, members: tuple[str, ...]) -> list[str]:
    """Return which members of a bloc of the catalogue are suspended."""
    from parity.catalogue import load_table, membership

    if load_table("memberships").filter(bloc=bloc).is_empty():
        return []
    rows = membership(bloc, day).filter("suspended")
    return [code for code in rows["iso3"] if code in members]


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


def whole(value: float) -> int | None:
    """Return a rank, or ``None`` where there is none."""
    return None if value != value else int(value)
