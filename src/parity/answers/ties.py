"""The answers of ``ties``: how closely countries work together, and since when more or less so."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from parity.answers.base import Answer, EstimateModel

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


def pair_answer(ties: Panel, found: Tie, first: str | None = None, last: str | None = None) -> PairAnswer:
    """Return how two countries' ties went, and the change between two spans.

    Parameters
    ----------
    ties
        All ties.
    found
        The pair.
    first, last
        Years or quarters that the change compares; by default the first year and the last.
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
