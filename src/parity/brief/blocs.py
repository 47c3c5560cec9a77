"""What a country brings to its bloc."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parity.ask import blocs as shared
from parity.ask.standing import Standing
from parity.blocs import Bloc as Members
from parity.blocs import Contributions, Intervals, Pool
from parity.brief.parts import Missing
from parity.catalogue import members
from parity.estimate import Estimate

_MEMBERS_SHOWN = 5
DRAWS = shared.DRAWS
"""Rebuilds behind the intervals of a bloc in a brief, which its command names."""


@dataclass(frozen=True, slots=True)
class BlocMember:
    """What one member brings.

    Attributes
    ----------
    iso3
        Country.
    brings
        Points of the bloc's score: Shapley value.
    """

    iso3: str
    brings: Estimate


@dataclass(frozen=True, slots=True)
class Bloc:
    """A bloc as one unit, and what the country brings.

    Attributes
    ----------
    bloc
        Bloc.
    members
        Members with data.
    rank, rank_low, rank_high
        Rank of the bloc as one unit among the countries outside it, and its interval.
    score
        Score of the bloc.
    covered
        Share of the score's weight on members with data.
    brings
        Points that the country brings (Shapley value); of a group's own brief unknown.
    place
        Its place among the members by that value.
    leaving
        Change in the bloc's score if it left.
    draws
        Rebuilds of the index behind the intervals.
    largest
        Members by what they bring, the largest first.
    """

    bloc: str
    members: tuple[str, ...]
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    score: Estimate
    covered: float
    brings: Estimate
    place: int | None
    leaving: Estimate
    draws: int
    largest: tuple[BlocMember, ...]


def bloc_section(found: Standing, country: str, bloc: str, draws: int = DRAWS) -> Bloc | Missing:
    """Return a brief's section on the country's bloc.

    Parameters
    ----------
    found
        The built index.
    country
        ISO3 code of a ranked country.
    bloc
        Bloc that it is a member of.
    draws
        Rebuilds behind the rank interval.
    """
    if country not in members(bloc):
        return Missing(reason=f"it is no member of {bloc}")
    chosen = Members(bloc, tuple(members(bloc)))
    whole, split = shared.pooled(found, chosen), shared.split(found, chosen)
    made = shared.drawn(found, chosen, draws)
    if country not in whole.members:
        return Missing(reason=f"{bloc} is pooled without it, for want of data")
    brings = _brings(whole, split, made)
    rank = made.rank() if made else None
    order = sorted(brings, key=lambda code: -(brings[code].value or 0.0))
    return Bloc(
        bloc=bloc,
        members=tuple(whole.members),
        rank=whole.rank(),
        rank_low=None if rank is None or rank.low is None else int(rank.low),
        rank_high=None if rank is None or rank.high is None else int(rank.high),
        score=made.score() if made else Estimate(whole.score(), unit="points"),
        covered=float(whole.node_coverage[-1]),
        brings=brings[country],
        place=order.index(country) + 1,
        leaving=_leaving(whole, split, made, whole.members.index(country)),
        draws=draws,
        largest=tuple(BlocMember(code, brings[code]) for code in order[:_MEMBERS_SHOWN]),
    )


def _brings(whole: Pool, split: Contributions, made: Intervals | None) -> dict[str, Estimate]:
    """Return what each member brings, with its interval over rebuilds."""
    values = split.values[:, -1]
    if made is None:
        return {
            code: Estimate(float(value), unit="points")
            for code, value in zip(whole.members, values, strict=True)
        }
    low, high = made.brings(split)
    return {
        code: Estimate(float(value), float(least), float(most), made.level, "points")
        for code, value, least, most in zip(whole.members, values, low, high, strict=True)
    }


def _leaving(whole: Pool, split: Contributions, made: Intervals | None, member: int) -> Estimate:
    """Return the change in the bloc's score if a member left, with its interval over rebuilds."""
    value = float(split.leaving[member, -1])
    if np.isnan(value):
        return Estimate(None, unit="points", reason=f"nobody is left in {whole.name}")
    if made is None:
        return Estimate(value, unit="points")
    low, _, high = made.leaving[:, member, -1]
    return Estimate(value, float(low), float(high), made.level, "points")
