"""What a bloc's members have between them: the best model, compute, and what each may lawfully buy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from pydantic import Field

from parity.brief.model import Section
from parity.catalogue import load_table
from parity.chips import Installed, PooledReach, Reach, installed

# The US controls on advanced computing begin in October 2022; some months before show what they changed.
FIRST = date(2022, 1, 1)


class MemberReach(Section):
    """One member."""

    iso3: str = Field(description="Country")
    compute: dict[str, Any] = Field(description="Known GPU clusters, H100 equivalents, an estimate")
    best_free: str | None = Field(description="Best accelerator to be had without a licence")
    lag: dict[str, Any] = Field(description="Months behind the world's best accelerator, an estimate")


class PooledCompute(Section):
    """Compute of all members on one day."""

    on: str = Field(description="Day")
    h100e: dict[str, Any] = Field(description="Known GPU clusters, H100 equivalents, an estimate")
    share: dict[str, Any] = Field(
        description="Known clusters over the published total of the world: the least share, an estimate"
    )
    growth: dict[str, Any] = Field(description="Over a year before, an estimate")


class PooledAccess(Section):
    """What the members may buy without a licence, in one month."""

    month: str = Field(description="Month")
    freest: dict[str, Any] = Field(description="Lag of the freest member in months, an estimate")
    even: float = Field(description="Share of the bloc's GDP in members that lag no more than the freest")
    mean: dict[str, Any] = Field(description="Mean lag weighted by GDP, an estimate")
    least: dict[str, Any] = Field(description="Lag of the least free member, an estimate")
    last: str = Field(description="The least free member")


class FrontierLag(Section):
    """The best model of any member, against another bloc's."""

    behind: str = Field(description="The other bloc")
    on: str = Field(description="Day")
    model: str = Field(description="Model that sets the bloc's frontier")
    standing: dict[str, Any] = Field(description="Months behind, an estimate; negative when ahead")
    mean: dict[str, Any] = Field(description="Mean over the window since 2023, an estimate")


class ReachSection(Section):
    """A bloc's frontier, compute and access to accelerators."""

    bloc: str = Field(description="Bloc")
    frontier: FrontierLag | None = Field(description="null where no member has a scored model")
    frontier_reason: str = Field(description="Why there is no frontier; empty where there is one")
    compute: list[PooledCompute] = Field(
        description="Compute of all members, at year ends and on the last day"
    )
    compute_note: str = Field(description="What the compute counts")
    access: list[PooledAccess] = Field(description="Access to accelerators by month")
    checked_to: str = Field(description="Day to which rules on accelerators were looked for")
    members: list[MemberReach] = Field(description="Every member: a bloc has no right that its members lack")


def bloc_reach(
    name: str,
    members: Sequence[str],
    behind: str,
    others: Sequence[str],
    progress: Callable[[int], None] | None = None,
) -> tuple[ReachSection, PooledReach, list[Installed]]:
    """Return what a bloc's members have between them, with the series that a figure is drawn from.

    The compute of a bloc is the sum of its members'. The right to buy is not pooled: an accelerator
    that one member may buy is not thereby another's.

    Parameters
    ----------
    name, members
        The bloc.
    behind, others
        The bloc whose frontier it is held against.
    progress
        Told how many refits of the frontier are done.
    """
    from parity.chips import NOTE

    clusters = load_table("clusters")
    compute, access = hardware(members)
    today = [compute[-1].on]
    lag, reason = _frontier(name, members, behind, others, progress)
    totals = load_table("compute_published")
    section = ReachSection(
        bloc=name,
        frontier=lag,
        frontier_reason=reason,
        compute=[
            PooledCompute(
                on=str(one.on),
                h100e=one.h100e.as_dict(),
                share=one.share.as_dict(),
                growth=one.growth.as_dict(),
            )
            for one in compute
        ],
        compute_note=NOTE,
        access=[_month(access, month) for month in range(len(access.months))],
        checked_to=str(access.checked_to),
        members=[_member(one, installed(clusters, one.country, today, totals)[0]) for one in access.members],
    )
    return section, access, compute


def hardware(members: Sequence[str]) -> tuple[list[Installed], PooledReach]:
    """Return the compute of a bloc at year ends and on the last day, and its access to accelerators by month.

    The mean access is weighted by economic output, where that of any member is known.

    Parameters
    ----------
    members
        ISO3 codes.
    """
    from parity.chips import accelerators, last_month, pooled_compute, pooled_reach, rulebook, year_ends

    clusters, book = load_table("clusters"), rulebook()
    totals = load_table("compute_published")
    output = dict(load_table("countries").select("iso3", "gdp_ppp").drop_nulls().rows())
    weights = output if any(output.get(code) for code in members) else None
    compute = pooled_compute(clusters, members, year_ends(clusters, FIRST.year), totals)
    return compute, pooled_reach(book, accelerators(), members, FIRST, last_month(book), weights)


def _month(access: PooledReach, month: int) -> PooledAccess:
    return PooledAccess(
        month=str(access.months[month])[:7],
        freest=access.freest[month].as_dict(),
        even=access.even[month],
        mean=access.mean[month].as_dict(),
        least=access.least[month].as_dict(),
        last=access.last[month],
    )


def _member(found: Reach, compute: Installed) -> MemberReach:
    return MemberReach(
        iso3=found.country,
        compute=compute.h100e.as_dict(),
        best_free=found.months["best_free"][-1],
        lag=found.lags[-1].as_dict(),
    )


def _frontier(
    name: str,
    members: Sequence[str],
    behind: str,
    others: Sequence[str],
    progress: Callable[[int], None] | None,
) -> tuple[FrontierLag | None, str]:
    """Return the lag of the members' best model behind the others'."""
    from parity.ask.frontier import abilities
    from parity.errors import NoAnswerError
    from parity.frontier import frontier, lag

    both = frontier(abilities(), "bloc", blocs={name: list(members), behind: list(others)})
    try:
        found = lag(both, name, behind)
    except NoAnswerError as problem:
        return None, str(problem)
    return (
        FrontierLag(
            behind=behind,
            on=str(found.on),
            model=found.of_model,
            standing=found.standing.as_dict(),
            mean=found.window.mean.as_dict(),
        ),
        "",
    )
