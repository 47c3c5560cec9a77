"""The answers of ``ties``: how closely countries work together, and since when more or less so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from parity.answers.base import Answer, EstimateModel
from parity.estimate import Estimate

if TYPE_CHECKING:
    import polars as pl

    from parity.blocs import Break, Network, Panel, Tie


class PeriodRow(BaseModel):
    """One quarter of a pair."""

    period: str = Field(description="Quarter")
    weight: float | None = Field(description="Events, both directions; null where nothing is published")
    affinity: float | None = Field(description="Observed over expected from both countries' totals")
    low: float | None = Field(description="Lower end of the affinity's interval")
    high: float | None = Field(description="Upper end of the affinity's interval")


class BreakRow(BaseModel):
    """A dated change: a step, or a slope between two quarters."""

    kind: str = Field(description="step, slope (over a year or more), or step or slope: the data do not tell")
    period: str = Field(description="First quarter of the new level of a step; quarter where a slope begins")
    earliest: str = Field(description="Lower end of the interval of that date")
    latest: str = Field(description="Upper end of the interval of that date")
    until: str = Field(description="First quarter of the new level; of a step the same as period")
    until_earliest: str = Field(description="Lower end of the interval of that date")
    until_latest: str = Field(description="Upper end of the interval of that date")
    change: EstimateModel = Field(description="Affinity in up to a year after, against up to a year before")
    raw_change: EstimateModel = Field(description="The same of collaboration itself")
    p: float = Field(description="Of a change this clear, at any date, in a straight line with own noise")
    p_step: float = Field(description="The same of a step")


class ArtefactRow(BaseModel):
    """Accounts that stand in another country than the people behind them."""

    iso3: str = Field(description="Where they stand")
    of: str = Field(description="Whose they are")
    kind: str = Field(description="exit (of tunnels) or moved (people went)")
    since: int = Field(description="Year in which it began, about")
    note: str = Field(description="What shows it")
    source: str = Field(description="Who says so")
    change: EstimateModel | None = Field(description="Change of affinity with both as one; null for people")
    raw_change: EstimateModel | None = Field(description="The same of collaboration itself")


class PairAnswer(Answer):
    """Answer of ``parity ties A B``."""

    a: str = Field(description="First country")
    b: str = Field(description="Second country")
    series: list[PeriodRow] = Field(description="By quarter")
    likeliest: BreakRow | None = Field(description="Likeliest change; null where none was looked for")
    breaks: list[BreakRow] = Field(description="That change where a test finds it; else empty")
    reason: str | None = Field(description="Why no break was looked for; null where one was")
    span: list[str] = Field(description="The two spans that the changes compare")
    change: EstimateModel = Field(description="Change of affinity between the spans")
    raw_change: EstimateModel = Field(description="Change of collaboration between the spans")
    artefacts: list[ArtefactRow] = Field(description="Accounts that stand elsewhere than their people")
    merged: list[str] = Field([], description="Countries counted as one (CHN+HKG)")
    without: list[str] = Field([], description="Countries left out of the panel")
    gravity: EstimateModel = Field(description="Observed over expected from totals, distance and language")
    one_sided: list[str] = Field(description="Quarters in which one direction alone is published")
    limits: list[str] = Field(description="What the data cannot show")


class PartnerRow(BaseModel):
    """One partner of a country."""

    iso3: str = Field(description="Partner")
    weight: float = Field(description="Events per quarter, mean of the latest four")
    affinity: float | None = Field(description="Observed over expected, latest four quarters")
    low: float | None = Field(description="Lower end of the 90 % interval of the affinity")
    high: float | None = Field(description="Upper end of the 90 % interval of the affinity")
    earlier: float | None = Field(description="Affinity in the first four quarters")
    published: int = Field(description="Quarters in which the pair is published")
    kind: str | None = Field(description="Likeliest change: step, slope, or step or slope; null if untested")
    period: str | None = Field(description="Its first quarter")
    until: str | None = Field(description="First quarter of the new level; of a step the same")
    change: float | None = Field(description="Change of affinity there, in per cent")
    change_low: float | None = Field(description="Lower end of its 90 % interval")
    change_high: float | None = Field(description="Upper end of its 90 % interval")
    p: float | None = Field(description="Of the change, its date being unknown")
    p_step: float | None = Field(description="Of a step, its date being unknown")
    p_holm: float | None = Field(description="Adjusted for all partners: chance of any false break")
    q: float | None = Field(description="False discovery rate among all partners")


class PartnersAnswer(Answer):
    """Answer of ``parity ties A``."""

    country: str = Field(description="Country")
    partners: list[PartnerRow] = Field(description="The largest first")
    limits: list[str] = Field(description="What the data cannot show")


class MeasureRow(BaseModel):
    """A bloc's network against random groups."""

    measure: str = Field(description="density, inside or affinity")
    against: str = Field(description="Random groups: any countries, or countries as large as the members")
    value: float | None = Field(description="Of the bloc")
    low: float | None = Field(description="5 % quantile of random groups")
    median: float | None = Field(description="Median of random groups")
    high: float | None = Field(description="95 % quantile of random groups")
    p: float = Field(description="Share of random groups at least as high")
    p_holm: float = Field(description="Adjusted for all of a bloc's measures: chance of any false finding")


class TieRow(BaseModel):
    """Affinity of two members."""

    a: str
    b: str
    weight: float = Field(description="Events per quarter, mean of the latest four")
    affinity: float = Field(description="Observed over expected")


class NetworkAnswer(Answer):
    """Answer of ``parity ties --bloc``."""

    bloc: str = Field(description="Bloc")
    members: list[str] = Field(description="Members with published ties")
    without_data: list[str] = Field(description="Members without")
    measures: list[MeasureRow]
    hub: str = Field(description="Member with the largest share of the ties inside")
    hub_share: float = Field(description="That share")
    ties: list[TieRow] = Field(description="Pairs of members, the largest first")
    limits: list[str] = Field(description="What the data cannot show")


def ties_of(merge: Sequence[str] = (), without: Sequence[str] = ()) -> Panel:
    """Return the catalogue's ties, with some countries counted as one, or left out.

    Parameters
    ----------
    merge
        Groups of countries, by name or code: ``CHN+HKG``.
    without
        Countries, by name or code.
    """
    from parity.brief.blocs import panel
    from parity.catalogue import find_country

    ties = panel()
    groups = [[find_country(part.strip()).iso3 for part in group.split("+")] for group in merge]
    if without:
        ties = ties.without([find_country(one).iso3 for one in without])
    return ties.merged(groups) if groups else ties


def _artefacts(ties: Panel, found: Tie, first: str, last: str) -> list[ArtefactRow]:
    from parity.blocs import artefacts, tie
    from parity.catalogue import load_table

    rows = []
    for one in artefacts(load_table("tie_artefacts"), found.a, found.b):
        sizes: list[EstimateModel | None] = [None, None]
        if one.iso3 not in ties.codes:
            continue
        if one.kind == "exit" and {one.iso3, one.of} != {found.a, found.b}:
            a, b = (one.of if code == one.iso3 else code for code in (found.a, found.b))
            whole = tie(ties.merged([(one.of, one.iso3)]), a, b)
            sizes = [EstimateModel.of(whole.change(first, last, adjusted=kind)) for kind in (True, False)]
        rows.append(
            ArtefactRow(
                iso3=one.iso3, of=one.of, kind=one.kind, since=one.year, note=one.note, source=one.source,
                change=sizes[0], raw_change=sizes[1],
            )
        )  # fmt: skip
    return rows


def told_change(answer: PairAnswer) -> list[str]:
    """Return the change between the two spans in one sentence, with what disturbs it; nothing if unknown."""
    if answer.change.value is None:
        return []

    def text(change: EstimateModel | None) -> str:
        return Estimate(change.value, change.low, change.high).text(0) if change else ""

    first, last = answer.span
    line = f"{first} to {last}: collaboration {text(answer.raw_change)} %, affinity {text(answer.change)} %"
    for one in answer.artefacts:
        if one.change is None:
            line += f"; {one.iso3} holds accounts of people who left {one.of} in {one.since}"
        else:
            line += (
                f"; {one.iso3} holds accounts of {one.of} since about {one.since}: both as one (--merge "
                f"{one.of}+{one.iso3}), collaboration {text(one.raw_change)} %, affinity {text(one.change)} %"
            )
    return [line + "."]


def pair_answer(
    ties: Panel,
    found: Tie,
    first: str | None = None,
    last: str | None = None,
    merge: Sequence[str] = (),
    without: Sequence[str] = (),
) -> PairAnswer:
    """Return how two countries' ties went, and the change between two spans.

    Parameters
    ----------
    ties
        All ties.
    found
        The pair.
    first, last
        Years or quarters that the change compares; by default the first year and the last.
    merge, without
        What was done to the ties, as in `ties_of`.
    """
    from parity.blocs import LIMITS
    from parity.brief.blocs import gravity_affinity

    span = [first or ties.periods[0][:4], last or ties.periods[-1][:4]]
    return PairAnswer(
        data=ties.vintage,
        a=found.a,
        b=found.b,
        series=[PeriodRow(**row) for row in found.table().iter_rows(named=True)],
        likeliest=_break(found.likeliest) if found.likeliest else None,
        breaks=[_break(one) for one in found.breaks],
        reason=found.reason or None,
        span=span,
        change=EstimateModel.of(found.change(span[0], span[1])),
        raw_change=EstimateModel.of(found.change(span[0], span[1], adjusted=False)),
        artefacts=_artefacts(ties, found, span[0], span[1]),
        merged=list(merge),
        without=list(without),
        gravity=EstimateModel.of(gravity_affinity(found.a, found.b)),
        one_sided=list(found.one_sided),
        limits=list(LIMITS),
    )


def partners_answer(country: str, table: pl.DataFrame, data: str) -> PartnersAnswer:
    """Return the partners of a country, given by code, from what `parity.blocs.scan` found."""
    from parity.blocs import LIMITS

    rows = table.rename({"b": "iso3"}).drop("a").iter_rows(named=True)
    partners = [PartnerRow(**row) for row in rows]
    return PartnersAnswer(data=data, country=country, partners=partners, limits=list(LIMITS))


def _break(one: Break) -> BreakRow:
    sizes = {name: EstimateModel.of(getattr(one, name)) for name in ("change", "raw_change")}
    plain = {field.name: getattr(one, field.name) for field in fields(one) if field.name not in sizes}
    return BreakRow(**plain, **sizes)


def told_break(found: Tie) -> str:
    """Return the likeliest change of a pair in one sentence, and whether a test finds it."""
    one = found.likeliest
    if one is None:
        return f"No break: {found.reason}."
    if one.kind == "slope":
        shape = (
            f"slope from {one.period} ({one.earliest} to {one.latest}) "
            f"to {one.until} ({one.until_earliest} to {one.until_latest})"
        )
    elif one.kind == "step":
        shape = f"step in {one.period} ({one.earliest} to {one.latest})"
    else:
        shape = f"step or slope, {one.period} to {one.until} ({one.earliest} to {one.until_latest})"
    tested = f"p = {one.p:.2g}; of a step {one.p_step:.2g}"
    if not found.breaks:
        return (
            f"No break is found: the likeliest change, a {shape}, is no clearer than chance makes it in a "
            f"straight line with this pair's autocorrelation ({tested})."
        )
    return (
        f"{shape[0].upper()}{shape[1:]}: affinity {one.change.text(0)} %, collaboration "
        f"{one.raw_change.text(0)} %, year before to year after ({tested})."
    )


def network_answer(name: str, found: Network) -> NetworkAnswer:
    """Return the ties among the members of a bloc."""
    from parity.blocs import LIMITS

    n = len(found.members)
    pairs = [
        TieRow(
            a=found.members[i],
            b=found.members[j],
            weight=float(found.weights[i, j]),
            affinity=float(found.affinity[i, j]),
        )
        for i in range(n)
        for j in range(i + 1, n)
        if found.weights[i, j] > 0
    ]
    return NetworkAnswer(
        data=found.vintage,
        bloc=name,
        members=list(found.members),
        without_data=list(found.without_data),
        measures=[MeasureRow(**row) for row in found.table().iter_rows(named=True)],
        hub=found.hub[0],
        hub_share=found.hub[1],
        ties=sorted(pairs, key=lambda row: -row.weight),
        limits=list(LIMITS),
    )
