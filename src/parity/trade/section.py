"""What a country's brief says about trade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.trade._diversion_result import Diversion, Judged
from parity.trade._panel import annual
from parity.trade._words import CAVEATS
from parity.trade.codes import CodeList, select_codes
from parity.trade.defaults import HUBS, Blocs, candidates
from parity.trade.dependence import dependence
from parity.trade.diversion import diversion
from parity.trade.mirror import mirror
from parity.trade.spec import DiversionSpec

CHIPS = CodeList("chips", ("8542",))
ALL = CodeList("total", ("TOTAL",))
CHIPMAKER, UNION = "TWN", "EU"


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
        The number with its interval, or why it is unknown.
    detail
        What it is held against, and how sure it is.
    sources
        Keys of the sources.
    """

    what: str
    period: str
    value: Estimate
    detail: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TradeSection:
    """What a brief says about a country's trade.

    Attributes
    ----------
    lines
        Numbers; what the data do not hold is left out.
    caveats
        What none of them can show.
    """

    lines: tuple[TradeLine, ...]
    caveats: tuple[str, ...] = CAVEATS


def trade_section(
    flows: pl.DataFrame, country: str, blocs: Blocs, *, sanctioned: str, start: date
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
    """
    lines = [
        line
        for find in (_chips, _supply, _rise, _gap)
        if (line := find(flows, country, blocs, sanctioned, start)) is not None
    ]
    return TradeSection(tuple(lines)) if lines else None


def _chips(flows: pl.DataFrame, country: str, _: Blocs, __: str, start: date) -> TradeLine | None:
    """Return integrated circuits received from Taiwan in the last year, and in that before the control."""
    goods = select_codes(flows, CHIPS).filter(pl.col("reporter") == CHIPMAKER, pl.col("flow") == "export")
    if goods.is_empty():
        return None
    years = annual(goods).group_by("period").agg(pl.col("value").filter(pl.col("partner") == country).sum())
    by_year = dict(years.rows())
    last, before = max(by_year), str(start.year - 1)
    if not any(by_year.values()):
        return None
    return TradeLine(
        "Integrated circuits received from Taiwan, as declared",
        last,
        Estimate(by_year[last], unit="USD", reason="a customs record has no sampling error"),
        f"{by_year.get(before, 0.0) / 1e6:,.1f} million USD in {before}",
        _sources(goods),
    )


def _supply(flows: pl.DataFrame, country: str, blocs: Blocs, _: str, __: date) -> TradeLine | None:
    """Return the share of the coalition in the country's imports of all goods."""
    try:
        found = dependence(flows, ALL, country, coalition=blocs.coalition, hubs=HUBS, states=blocs.union)
    except NoAnswerError:
        return None
    last = found.years[-1]
    if last.coalition.value is None:
        return None
    largest = ", ".join(f"{origin} {share:.0%}" for origin, share in last.largest)
    detail = f"all goods; largest origins {largest}; Herfindahl index {last.herfindahl.text(2)}"
    what = "Share of imports from states that impose export controls on Russia"
    return TradeLine(what, last.year, last.coalition, detail, found.sources)


def _rise(flows: pl.DataFrame, country: str, blocs: Blocs, sanctioned: str, start: date) -> TradeLine | None:
    """Return the Union's exports beyond expectation, for third countries judged and the sanctioned one."""
    family = candidates(flows, blocs, sanctioned, UNION)
    if country not in (*family, sanctioned):
        return None
    spec = DiversionSpec(
        sanctioned=sanctioned,
        start=start,
        reporter=UNION,
        states=blocs.union,
        candidates=family,
        exclude=blocs.excluded(sanctioned),
    )
    try:
        answer = diversion(flows, ALL, spec)
    except NoAnswerError:
        return None
    judged = {one.iso3: one for one in (*answer.partners, *([answer.direct] if answer.direct else []))}
    return _risen(judged[country], answer) if country in judged else None


def _risen(one: Judged, answer: Diversion) -> TradeLine:
    p = one.p_placebo if one.p_adjusted is None else one.p_adjusted
    return TradeLine(
        f"Exports of the European Union beyond expectation since the controls on {answer.spec.sanctioned}",
        f"{answer.after[0]}-{answer.after[-1]}",
        one.excess,
        f"all goods; {one.rise.value:+.0f} % against {len(answer.donors)} other destinations, p {p:.3f}",
        answer.sources,
    )


def _gap(flows: pl.DataFrame, country: str, blocs: Blocs, _: str, start: date) -> TradeLine | None:
    """Return what the Union says it sent and the country does not say arrived, in the last year."""
    try:
        answer = mirror(flows, ALL, blocs.union, country, start)
    except NoAnswerError:
        return None
    last = answer.years[-1]
    return TradeLine(
        "Sent by the European Union, and not reported as arrived as usual",
        last.year,
        last.gap,
        f"all goods; sent {last.exported / 1e6:,.0f}, arrived {last.imported / 1e6:,.0f} million USD",
        answer.sources,
    )


def _sources(rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(rows["source"].unique().sort()) if "source" in rows.columns else ()
