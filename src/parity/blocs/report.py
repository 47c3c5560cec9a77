"""A bloc with all that is asked about it, and blocs side by side, as results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from parity.blocs.compare import Comparison
from parity.blocs.contributions import Contributions
from parity.blocs.history import History
from parity.blocs.intervals import Intervals
from parity.blocs.pool import Bloc, Pool, in_order
from parity.blocs.what_if import Changes
from parity.estimate import Estimate

BEFORE = "before"
"""Name of the composition that a what-if starts from."""

MOST_JOINING = 12
"""Countries named that would add most."""


@dataclass(frozen=True, slots=True, eq=False)
class BlocList:
    """The blocs that are known.

    Attributes
    ----------
    on
        Date; none for the present.
    blocs
        ``bloc``: name to use in commands, ``title, since`` (first members joined), ``members`` (of whom
        ``suspended``), ``partners, observers, invited``, ``disputed`` (countries whose status public sources
        disagree on), ``approximate`` (countries whose date, or only source, is not sure).
    """

    on: dt.date | None
    blocs: pl.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class MemberList:
    """Who belongs to a bloc, since when, and by what source.

    Attributes
    ----------
    bloc, title
        Its name in commands, and its full name.
    on
        Date; none for the present.
    members
        Full members.
    countries
        Members, partners, observers and invited countries: ``iso3, name, date_from`` with its ``precision``
        (day, month or year), ``date_to`` (first day on which it no longer holds), ``status, suspended``
        (it stays a member, and takes no part), ``disputed`` (public sources disagree), ``certainty``
        (sourced, or approximate: day not in the source, or one secondary source), ``source, note``.
    """

    bloc: str
    title: str
    on: dt.date | None
    members: tuple[str, ...]
    countries: pl.DataFrame


@dataclass(frozen=True, slots=True)
class NodePlace:
    """Place of a bloc in the index, a pillar or a sub-pillar.

    Attributes
    ----------
    rank
        Among the countries outside the bloc; ties share the smallest rank.
    score
        On the scale that single countries set; above 100 is possible.
    rank_low, rank_high
        Best and worst rank of the interval.
    score_low, score_high
        Ends of the interval of the score.
    covered
        Share of the weight that rests on members with data, 0 to 1.
    """

    rank: int | None
    score: float | None
    rank_low: int | None
    rank_high: int | None
    score_low: float | None
    score_high: float | None
    covered: float

    @classmethod
    def of(cls, pool: Pool, drawn: Intervals | None, node: int) -> NodePlace:
        """Return a bloc's place in a node, given by its position."""
        none = np.full(3, np.nan)
        ranks = none if drawn is None else drawn.ranks[:, node]
        scores = none if drawn is None else drawn.scores[:, node]
        return cls(
            _whole(pool.ranks[node]),
            _known(pool.scores[node]),
            _whole(ranks[0]),
            _whole(ranks[2]),
            _known(scores[0]),
            _known(scores[2]),
            float(pool.node_coverage[node]),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Points that a member brings to a node.

    Attributes
    ----------
    value
        Shapley value in points; all members' add up to the bloc's score.
    low, high
        Ends of the interval; none where the value is exact and nothing is drawn.
    """

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class MemberPart:
    """What one member brings.

    Attributes
    ----------
    iso3
        Country.
    part
        Points of the score of the index.
    leaving, leaving_low, leaving_high
        Change in the bloc's score if it left, with the ends of its interval.
    alone
        Its score by itself.
    pillars
        What it brings to every pillar and sub-pillar.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"part": ""}

    iso3: str
    part: Part
    leaving: float | None
    leaving_low: float | None
    leaving_high: float | None
    alone: float | None
    pillars: Mapping[str, Part]


@dataclass(frozen=True, slots=True, eq=False)
class PoolReport:
    """An alliance as one unit, and what each member brings.

    Attributes
    ----------
    bloc
        Bloc, with who joined and who left.
    on
        Date of the membership; none for the present.
    index, variant
        Index, and the variant of a built-in one.
    members
        Members that are pooled.
    without_data
        Members without any data: in no figure.
    suspended
        Members that are suspended; they are pooled all the same.
    place
        Place in the index.
    of
        Countries outside the bloc that the index ranks, and the bloc: how many there are.
    level
        Probability that the intervals cover; none without them.
    draws
        Rebuilds of the index behind the intervals.
    beyond
        Indicators in which the bloc lies beyond every single country.
    pillars
        Place in the index, every pillar and sub-pillar.
    shapley
        Members, the largest value first.
    exact
        Whether the Shapley values are exact, or estimated from drawn orders.
    weaknesses
        Groups of the index, the worst-ranked first: ``node, rank``; ``lifter``: member whose leaving would
        cost most there, ``loss``: points that it would cost; ``drag``: member whose leaving would gain most,
        ``gain``: points that it would gain.
    joining
        Countries outside that would add most: ``iso3, gain`` in points, ``low, high``, ``rank`` of the
        enlarged bloc, ``best``: share of rebuilds in which no other country would add more.
    before
        The bloc before countries joined or left; none where none did.
    change
        Against the bloc before, in every group: ``node, change`` in points, ``low, high, rank_before, rank``.
    titles
        Titles of the groups of the index, each before its members.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"place": "", "of": None, "before": None, "titles": None}

    bloc: str
    on: dt.date | None
    index: str
    variant: str
    members: tuple[str, ...]
    without_data: tuple[str, ...]
    suspended: tuple[str, ...]
    place: NodePlace
    of: int
    level: float | None
    draws: int
    beyond: tuple[str, ...]
    pillars: Mapping[str, NodePlace]
    shapley: tuple[MemberPart, ...]
    exact: bool
    weaknesses: pl.DataFrame
    joining: pl.DataFrame
    before: str | None
    change: pl.DataFrame
    titles: Mapping[str, str]


def pool_report(
    bloc: Bloc,
    parts: Contributions,
    drawn: Intervals | None,
    more: Changes | None,
    change: Changes | None,
    titles: Mapping[str, str],
    variant: str,
) -> PoolReport:
    """Put together what is known of a bloc.

    Parameters
    ----------
    bloc
        The bloc.
    parts
        What each member brings.
    drawn
        Intervals over rebuilds of the index.
    more
        What each country outside would add.
    change
        The bloc before (``BEFORE``) held against the bloc: what is gained by going back.
    titles
        Titles of all nodes, by code.
    variant
        Of a built-in index.
    """
    pool = parts.pool
    tree = pool.base.tree
    nodes = in_order(tree)
    places = {tree.codes[node]: NodePlace.of(pool, drawn, node) for node in nodes}
    return PoolReport(
        bloc=bloc.name,
        on=bloc.on,
        index=pool.base.spec.index.id,
        variant=variant,
        members=pool.members,
        without_data=pool.without_data,
        suspended=bloc.suspended,
        place=places[tree.codes[-1]],
        of=int(np.count_nonzero(~np.isnan(pool.base.scores[pool.outside, -1]))) + 1,
        level=None if drawn is None else drawn.level,
        draws=0 if drawn is None else drawn.draws,
        beyond=tuple(code for code, far in zip(pool.base.spec.codes, pool.beyond, strict=True) if far),
        pillars=places,
        shapley=_shapley(parts, drawn),
        exact=parts.exact,
        weaknesses=_weaknesses(parts, drawn),
        joining=_joining(more),
        before=bloc.before.name if bloc.before else None,
        change=_change(change, [tree.codes[node] for node in nodes]),
        titles={tree.codes[node]: titles[tree.codes[node]] for node in nodes},
    )


def _shapley(parts: Contributions, drawn: Intervals | None) -> tuple[MemberPart, ...]:
    """Return what every member brings: with the rebuilds' interval, else that of the drawn orders."""
    pool, found = parts.pool, []
    tree = pool.base.tree
    groups = {tree.codes[node]: _parts(parts, drawn, node) for node in tree.groups}
    top = groups.pop(tree.codes[-1])
    for k, code in enumerate(pool.members):
        low, high = (np.nan, np.nan) if drawn is None else drawn.leaving[[0, 2], k, -1]
        found.append(
            MemberPart(
                code,
                top[k],
                _known(parts.leaving[k, -1]),
                _known(low),
                _known(high),
                _known(parts.alone[k, -1]),
                {node: each[k] for node, each in groups.items()},
            )
        )
    return tuple(sorted(found, key=lambda one: -one.part.value))


def _parts(parts: Contributions, drawn: Intervals | None, node: int) -> list[Part]:
    """Return what every member brings to a node, in the order of the members."""
    values, code = parts.values[:, node], parts.pool.base.tree.codes[node]
    ends = np.full((2, len(values)), np.nan)
    if drawn is not None:
        ends = drawn.brings(parts, code)
    elif not parts.exact:
        ends = parts.ends(code)
    return [Part(float(v), _known(a), _known(b)) for v, a, b in zip(values, *ends, strict=True)]


_WEAK = {"node": pl.String, "rank": pl.Int64, "lifter": pl.String, "drag": pl.String} | dict.fromkeys(
    ("loss", "loss_low", "loss_high", "gain", "gain_low", "gain_high"), pl.Float64
)


def _weaknesses(parts: Contributions, drawn: Intervals | None) -> pl.DataFrame:
    """Return who lifts and who drags every group, with intervals; nothing for a bloc of one."""
    pool, rows = parts.pool, []
    for row in parts.complements().iter_rows(named=True) if len(pool.members) > 1 else ():
        low, high = _left(pool, drawn, row["node"], row["lifter"])
        row |= {"loss_low": None if high is None else -high, "loss_high": None if low is None else -low}
        row["gain_low"], row["gain_high"] = _left(pool, drawn, row["node"], row["drag"])
        rows.append({name: row[name] for name in _WEAK})
    return pl.DataFrame(rows, _WEAK)


def _left(
    pool: Pool, drawn: Intervals | None, node: str, member: str | None
) -> tuple[float | None, float | None]:
    """Return the interval of the change in a node if a member left."""
    if drawn is None or member is None:
        return None, None
    low, high = drawn.leaving[[0, 2], pool.members.index(member), pool.base.node(node)]
    return _known(low), _known(high)


def _joining(found: Changes | None) -> pl.DataFrame:
    columns = ("iso3", "gain", "low", "high", "rank", "best")
    if found is None:
        return pl.DataFrame(schema=columns)
    return found.table().rename({"name": "iso3"}).select(columns).head(MOST_JOINING)


def _change(found: Changes | None, nodes: list[str]) -> pl.DataFrame:
    """Return what joining and leaving changed: going back turned around."""
    rows = []
    for code in nodes if found else ():
        assert found is not None
        place, back = found.pool.base.node(code), found.gain(BEFORE, code)
        ends = (None if end is None else -end for end in (back.value, back.high, back.low))
        before = found.ranks[found.names.index(BEFORE), place]
        rows.append((code, *ends, _whole(before), _whole(found.pool.ranks[place])))
    kinds: dict[str, type[pl.DataType]] = {"node": pl.String}
    kinds |= dict.fromkeys(("change", "low", "high"), pl.Float64)
    kinds |= dict.fromkeys(("rank_before", "rank"), pl.Int64)
    return pl.DataFrame(rows, kinds, orient="row")


@dataclass(frozen=True, slots=True, eq=False)
class CompareReport:
    """Blocs side by side.

    Attributes
    ----------
    on
        Date of the membership; none for the present.
    index, variant
        Index, and the variant of a built-in one.
    level
        Probability that the intervals cover; none without them.
    draws
        Rebuilds of the index behind the intervals.
    blocs
        Members of each bloc that are pooled.
    rows
        Standing by group of the index and bloc: ``node, bloc``, rank and score with their ends, ``covered``.
    gaps
        Score of the first less that of each other: ``node, a, b, gap, low, high``, ``ahead``: share of
        rebuilds in which the first is ahead.
    years
        Standing as of the end of each year, on the scale of the last; empty unless asked for.
    year_gaps
        Gaps over the years; without a year: change from the first year to the last.
    year_indicators
        Indicators with data as of every year, which alone count over the years.
    year_note
        What the years rest on; empty unless asked for.
    titles
        Titles of the groups of the index, each before its members.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"titles": None}

    on: dt.date | None
    index: str
    variant: str
    level: float | None
    draws: int
    blocs: Mapping[str, tuple[str, ...]]
    rows: pl.DataFrame
    gaps: pl.DataFrame
    years: pl.DataFrame
    year_gaps: pl.DataFrame
    year_indicators: int
    year_note: str
    titles: Mapping[str, str]

    def gap(self, other: str, node: str | None = None, *, change: bool = False) -> Estimate:
        """Return the gap of the first bloc to another in a node (the index by default).

        With ``change``: by how much it changed over the years.
        """
        rows = self.year_gaps.filter(pl.col("year").is_null()) if change else self.gaps
        rows = rows.filter(b=other, node=node or next(iter(self.titles)))
        if rows.is_empty() or rows["gap"][0] is None:
            return Estimate(None, unit="points", reason="a bloc has no score")
        return Estimate(rows["gap"][0], rows["low"][0], rows["high"][0], self.level, "points")


def compare_report(
    found: Comparison,
    past: History | None,
    titles: Mapping[str, str],
    variant: str,
    *,
    years: bool = False,
    on: dt.date | None = None,
) -> CompareReport:
    """Put blocs side by side, over the ``years`` as well.

    Parameters
    ----------
    found
        The blocs.
    past
        Their years; ``None`` where no indicator goes through all of them.
    titles
        Titles of all nodes, by code.
    variant
        Of a built-in index.
    years
        Whether years are asked for.
    on
        Date of the membership.
    """
    base, drawn = found.pools[0].base, found.intervals
    note = "no indicator goes through all years" if years else ""
    if past is not None:
        note = (
            f"Over the years: {past.tree.n_indicators} indicators with data as of every year, today's "
            f"members, the scale of {past.years[-1]}."
        )
    return CompareReport(
        on=on,
        index=base.spec.index.id,
        variant=variant,
        level=drawn[0].level if drawn else None,
        draws=drawn[0].draws if drawn else 0,
        blocs={pool.name: pool.members for pool in found.pools},
        rows=found.table(),
        gaps=found.gaps(),
        years=pl.DataFrame() if past is None else past.table(),
        year_gaps=pl.DataFrame() if past is None else past.gaps(),
        year_indicators=0 if past is None else past.tree.n_indicators,
        year_note=note,
        titles={base.tree.codes[node]: titles[base.tree.codes[node]] for node in in_order(base.tree)},
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
