"""What a country's brief says about trade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.trade._diversion_result import Diversion
from parity.trade._judged import Judged
from parity.trade._words import CAVEATS
from parity.trade.codes import CodeList
from parity.trade.defaults import HUBS, Blocs, candidates
from parity.trade.dependence import dependence
from parity.trade.diversion import PER_MONTH, diversion
from parity.trade.mirror import mirror
from parity.trade.spec import DiversionSpec
from parity.trade.substitution import substitution

CHIPS = CodeList("chips", ("8542",))
ALL = CodeList("total", ("TOTAL",))
CHIPMAKER, UNION = "TWN", "EU"
RECORD = "a customs record has no sampling error"


@dataclass(frozen=True, slots=True)
class TradeLine:
    """One number about a country's trade.

    Attributes
    ----------
    what
        What is measured, for people.
    period
        Years that it is about.
    value
        The number with its interval, or why it has none.
    detail
        What it is held against, and how sure it is.
    sources
        Keys of the sources.
    command
        What to run to get the number again.
    """

    what: str
    period: str
    value: Estimate
    detail: str
    sources: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class TradeSection:
    """What a brief says about a country's trade.

    Attributes
    ----------
    lines
        Numbers; what the data do not hold is left out.
    vintage
        Which data these are.
    caveats
        What none of them can show.
    """

    lines: tuple[TradeLine, ...]
    vintage: str
    caveats: tuple[str, ...] = CAVEATS


@dataclass(frozen=True, slots=True)
class _Asked:
    """One country's question: see `trade_section`."""

    flows: pl.DataFrame
    country: str
    blocs: Blocs
    sanctioned: str
    start: date
    rises: Diversion | None


def union_rises(flows: pl.DataFrame, blocs: Blocs, *, sanctioned: str, start: date) -> Diversion | None:
    """Return what became of the European Union's exports to everybody; the same for every country.

    Parameters
    ----------
    flows
        Table of flows of the catalogue.
    blocs
        Who belongs together.
    sanctioned, start
        The control.

    Returns
    -------
    Diversion or None
        ``None`` where the flows do not tell.
    """
    try:
        spec = DiversionSpec(
            sanctioned=sanctioned,
            start=start,
            reporter=UNION,
            states=blocs.union,
            candidates=candidates(flows, blocs, sanctioned, UNION),
            exclude=blocs.excluded(sanctioned),
        )
        return diversion(flows, ALL, spec)
    except NoAnswerError:
        return None


def trade_section(
    flows: pl.DataFrame,
    country: str,
    blocs: Blocs,
    *,
    sanctioned: str,
    start: date,
    rises: Diversion | None = None,
    vintage: str = "",
) -> TradeSection | None:
    """Return what the data at hand say about a country's trade; ``None`` where they say nothing.

    Parameters
    ----------
    flows
        Table of flows of the catalogue.
    country
        ISO3.
    blocs
        Who belongs together.
    sanctioned, start
        The control that rises in exports are dated by.
    rises
        What `union_rises` returned: it takes seconds, and is the same for all; left out without.
    vintage
        Which data these are.
    """
    asked = _Asked(flows, country, blocs, sanctioned, start, rises)
    lines = [line for find in (_chips, _supply, _rise, _sent, _gap) if (line := find(asked)) is not None]
    return TradeSection(tuple(lines), vintage) if lines else None


def _chips(asked: _Asked) -> TradeLine | None:
    """Return integrated circuits received from Taiwan in the last year, and in that before the control."""
    theirs = asked.flows.filter(pl.col("reporter") == CHIPMAKER)
    try:
        found = dependence(theirs, CHIPS, asked.country, coalition=(), hubs=(), side="export")
    except NoAnswerError:
        return None
    last, by_year = found.years[-1], {year.year: year.total for year in found.years}
    before = str(asked.start.year - 1)
    return TradeLine(
        "Integrated circuits received from Taiwan, as declared",
        last.year,
        Estimate(last.total, unit="USD", reason=RECORD),
        f"{by_year.get(before, 0.0) / 1e6:,.1f} million USD in {before}",
        found.sources,
        f"parity trade depend {asked.country} --codes {CHIPS.name} --side export --json",
    )


def _supply(asked: _Asked) -> TradeLine | None:
    """Return the share of the coalition in the country's imports of all goods."""
    country, blocs = asked.country, asked.blocs
    try:
        found = dependence(
            asked.flows, ALL, country, coalition=blocs.coalition, hubs=HUBS, states=blocs.union, side="import"
        )
    except NoAnswerError:
        return None
    last = found.years[-1]
    largest = ", ".join(f"{origin} {share:.0%}" for origin, share in last.largest)
    return TradeLine(
        f"Share of imports from states that impose export controls on {asked.sanctioned}",
        last.year,
        last.coalition,
        f"all goods; largest origins {largest}; Herfindahl index {last.herfindahl.text(2)}",
        found.sources,
        f"parity trade depend {country} --side import --json",
    )


def _rise(asked: _Asked) -> TradeLine | None:
    """Return the Union's exports to the country beyond expectation, or why they are not judged."""
    rises, country = asked.rises, asked.country
    if rises is None or country in asked.blocs.union:
        return None
    judged = [*rises.partners, *([rises.direct] if rises.direct else []), *rises.placebos]
    one = next((one for one in judged if one.iso3 == country), None)
    return TradeLine(
        f"Exports of the European Union beyond expectation since the controls on {asked.sanctioned}",
        f"{rises.after[0]}-{rises.after[-1]}",
        one.excess if one else Estimate(None, unit=PER_MONTH, reason=rises.why_not(country)),
        f"all goods; {one.rise.value:+.0f} % against {_yardstick(one, rises)}" if one else "all goods",
        rises.sources,
        f"parity trade diversion --sanctioned {asked.sanctioned} --date {asked.start} "
        f"--reporter {UNION} --json",
    )


def _yardstick(one: Judged, rises: Diversion) -> str:
    """Return what a country was held against, and how unusual it is."""
    count = len(rises.donors)
    if one.p_adjusted is not None:
        return (
            f"{count} other destinations, p {one.p_adjusted:.3f} adjusted for {len(rises.partners)} countries"
        )
    if one is rises.direct:
        return f"{count} other destinations, p of a fall {one.p_placebo:.3f}"
    return (
        f"{count - 1} other destinations; itself one of those that others are held against: "
        f"rank {round(one.p_placebo * count)} of {count}, which proves nothing by itself"
    )


def _sent(asked: _Asked) -> TradeLine | None:
    """Return how the country's own exports to the sanctioned one changed, as it reports them."""
    blocs, country = asked.blocs, asked.country
    mine = asked.flows.filter(pl.col("reporter") == country)
    for goods in (ALL, CHIPS):
        try:
            found = substitution(
                mine, goods, asked.sanctioned, asked.start, None, states=blocs.union, side="export"
            )
        except NoAnswerError:
            continue
        (one,) = found.moved
        named = "all goods" if goods.covers_all_goods else "integrated circuits"
        return TradeLine(
            f"Change of its exports to {asked.sanctioned} ({named}), as declared",
            f"{found.after[0]}-{found.after[-1]}",
            one.change,
            f"{one.before / 1e6:,.1f} million USD a year in {found.before[0]}-{found.before[-1]}, "
            f"{one.after / 1e6:,.1f} after",
            found.sources,
            f"parity trade substitute {asked.sanctioned} --date {asked.start} --codes {goods.name} "
            "--by origin --json",
        )
    return None


def _gap(asked: _Asked) -> TradeLine | None:
    """Return what the Union says it sent and the country does not say arrived, in the last year."""
    try:
        answer = mirror(asked.flows, ALL, asked.blocs.union, asked.country, asked.start)
    except NoAnswerError:
        return None
    last = answer.years[-1]
    return TradeLine(
        "Sent by the European Union, and not reported as arrived as usual",
        last.year,
        last.gap,
        f"all goods; sent {last.exported / 1e6:,.0f}, arrived {last.imported / 1e6:,.0f} million USD",
        answer.sources,
        f"parity trade mirror {asked.country} --reporter {UNION} --date {asked.start}",
    )
