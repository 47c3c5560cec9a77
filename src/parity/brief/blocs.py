"""Blocs for people: pooled from the catalogue, with intervals, over the years, and in a country's brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl

from parity.ask.intervals import choices_below
from parity.ask.standing import Standing
from parity.blocs import (
    Bloc,
    Comparison,
    Contributions,
    Gravity,
    History,
    Intervals,
    Panel,
    Pool,
    compare,
    contributions,
    gravity,
    intervals,
    pool,
)
from parity.brief.result import Bloc as BlocSection
from parity.brief.result import BlocMember, Missing
from parity.catalogue import load_table, members, vintage
from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.index import assemble
from parity.index.spec import Units
from parity.robustness.rebuilds import rebuilds

_MEMBERS_SHOWN = 5
# Rebuilds behind the intervals of a bloc in a brief, which its command names.
DRAWS = 120


def everyone(found: Standing) -> pl.DataFrame:
    """Return the data of all countries, small ones too: a bloc is the sum of all its members."""
    spec = found.index.spec
    if found.cells is None:
        return found.index.stages["raw"].table
    open_to_all = spec.model_copy(update={"index": spec.index.model_copy(update={"units": Units()})})
    return assemble(open_to_all, load_table("observations"), load_table("countries")).table


def pooled(found: Standing, blocs: Sequence[Bloc]) -> tuple[Pool, ...]:
    """Return blocs as units of an index.

    Raises
    ------
    ParityError
        If a bloc has no member with data.
    """
    data = everyone(found)
    return tuple(pool(found.index, each.members, each.on, name=each.name, data=data) for each in blocs)


def with_intervals(pools: Sequence[Pool], draws: int) -> tuple[Intervals, ...]:
    """Return the intervals of blocs over rebuilds of their index; none without draws or assumptions."""
    made = list(rebuilds(pools[0].base, draws))
    return intervals(pools, made) if made else ()


def compared(found: Standing, blocs: Sequence[Bloc], draws: int) -> Comparison:
    """Put blocs side by side, with intervals over rebuilds of the index."""
    pools = pooled(found, blocs)
    made = list(rebuilds(found.index, draws))
    return compare(pools, made or None)


def by_year(found: Standing, blocs: Sequence[Bloc], draws: int = 0) -> History | None:
    """Return the standing of blocs year by year on a constant set of indicators.

    As in a brief, only indicators with data as of every year are kept and the scale is the last year's.

    Returns
    -------
    History or None
        ``None`` where no indicator goes through all years.
    """
    from parity.ask.history import constant_basket
    from parity.blocs import history

    named: Mapping[str, Sequence[str]] = {each.name: each.members for each in blocs}
    basket = constant_basket(found)
    if basket is None:
        return None
    last, tables = basket
    # With fewer indicators a z-score may fall below 0, of which there is no geometric mean.
    spec = last.spec.model_copy(update={"robustness": choices_below(last.spec.robustness, 0)})
    last = replace(last, spec=spec)
    return history(named, last, tables, rebuilds(last, draws))


@cache
def panel() -> Panel:
    """Return the catalogue's ties."""
    return Panel.of(load_table("ties"), vintage=vintage())


@cache
def gravity_model() -> Gravity:
    """Return the gravity model of the catalogue's latest ties."""
    return gravity(panel(), load_table("capitals"), load_table("languages"))


def gravity_affinity(a: str, b: str) -> Estimate:
    """Return observed over expected ties of a pair by the gravity model; unknown where it lacks one."""
    try:
        return gravity_model().affinity(a, b)
    except NoAnswerError as problem:
        return Estimate(None, unit="ratio", reason=str(problem))


def bloc_section(found: Standing, country: str, bloc: str, draws: int = DRAWS) -> BlocSection | Missing:
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
    whole, split, made = _bloc(found.index.spec.to_toml(), found, bloc, draws)
    if country not in whole.members:
        return Missing(reason=f"{bloc} is pooled without it, for want of data")
    brings = _brings(whole, split, made)
    rank = made.rank() if made else None
    order = sorted(brings, key=lambda code: -(brings[code].value or 0.0))
    return BlocSection(
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


_KEPT: dict[tuple[str, str, int], tuple[Pool, Contributions, Intervals | None]] = {}


def _bloc(spec: str, found: Standing, bloc: str, draws: int) -> tuple[Pool, Contributions, Intervals | None]:
    """Return a bloc pooled and split: the same for every member, so made once."""
    key = (spec, bloc, draws)
    if key not in _KEPT:
        (whole,) = pooled(found, [Bloc(bloc, tuple(members(bloc)))])
        made = with_intervals([whole], draws)
        _KEPT[key] = (whole, contributions(whole), made[0] if made else None)
    return _KEPT[key]
