"""What a bloc's members have between them: the best model, compute, and what each may lawfully buy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from parity.brief.model import Section
from parity.catalogue import load_table

DRAWS = 40
"""Refits behind the interval of the lag."""


class MemberReach(Section):
    """One member."""

    iso3: str = Field(description="Country")
    compute: dict[str, Any] = Field(description="Known GPU clusters, H100 equivalents, an estimate")
    best_free: str | None = Field(description="Best accelerator to be had without a licence")
    lag: dict[str, Any] = Field(description="Months behind the world's best accelerator, an estimate")


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
    compute: dict[str, Any] = Field(description="Known GPU clusters of all members, an estimate")
    compute_on: str = Field(description="Day of the compute")
    compute_note: str = Field(description="What the compute counts")
    month: str = Field(description="Month of the access to accelerators")
    freest: str | None = Field(description="Member that may buy the best accelerator without a licence")
    members: list[MemberReach] = Field(description="Every member: a bloc has no right that its members lack")


def bloc_reach(name: str, members: Sequence[str], behind: str, others: Sequence[str]) -> ReachSection:
    """Return what a bloc's members have between them.

    The compute of a bloc is the sum of its members'. The right to buy is not pooled: an accelerator
    that one member may buy is not thereby another's.

    Parameters
    ----------
    name, members
        The bloc.
    behind, others
        The bloc whose frontier it is held against.
    """
    from parity.chips import NOTE, accelerators, installed, last_day, last_month, reach, rulebook

    clusters, book, table = load_table("clusters"), rulebook(), accelerators()
    day, month = last_day(clusters), last_month(book)
    rows, levels = [], {}
    sums = [0.0, 0.0, 0.0]
    for code in members:
        compute = installed(clusters, code, [day])[0].h100e
        ends = (compute.value or 0.0, compute.low or 0.0, compute.high or 0.0)
        sums = [total + end for total, end in zip(sums, ends, strict=True)]
        found = reach(book, table, code, month, month)
        last = found.table().row(0, named=True)
        levels[code] = last["level"] if last["level"] is not None else -1.0
        rows.append(
            MemberReach(
                iso3=code,
                compute=compute.as_dict(),
                best_free=last["best_free"],
                lag=found.lags[-1].as_dict(),
            )
        )
    freest = max(levels, key=lambda code: levels[code])
    lag, reason = _frontier(name, members, behind, others)
    return ReachSection(
        bloc=name,
        frontier=lag,
        frontier_reason=reason,
        compute={
            "value": sums[0],
            "low": sums[1],
            "high": sums[2],
            "level": None,
            "unit": "H100 equivalents",
        },
        compute_on=str(day),
        compute_note=NOTE,
        month=str(month)[:7],
        freest=freest if levels[freest] >= 0 else None,
        members=rows,
    )


def _frontier(
    name: str, members: Sequence[str], behind: str, others: Sequence[str]
) -> tuple[FrontierLag | None, str]:
    """Return the lag of the members' best model behind the others'."""
    from parity.errors import NoAnswerError
    from parity.frontier import BootstrapOptions, carried, fit_evidence, frontier, lag

    capability = fit_evidence(carried(), resampling=BootstrapOptions(draws=DRAWS))
    both = frontier(capability.abilities, "bloc", blocs={name: list(members), behind: list(others)})
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
