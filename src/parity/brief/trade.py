"""Section on a country's trade: what the questions about trade answer of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from parity.ask.trade import UNION, Depend, Diverted, MirrorGaps, Substitute, blocs
from parity.brief.parts import Missing
from parity.catalogue import load_table
from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.trade import CAVEATS, Diversion, Judged

# The control that everything is dated by, with the defaults of the questions: 15 CFR 746.8.
SANCTIONED = "RUS"
CHIPMAKER = "TWN"
RECORD = "a customs record has no sampling error"
RISES = Diverted(sanctioned=SANCTIONED)


@dataclass(frozen=True, slots=True)
class TradeLine:
    """One number about the country's trade.

    Attributes
    ----------
    what, period
        What is measured, and the years that it is about.
    value
        The number.
    detail
        What it is held against, and how sure it is.
    command
        Command that reproduces it.
    sources
        Keys of the sources.
    """

    what: str
    period: str
    value: Estimate
    detail: str
    command: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Trade of a year, as its reporter declares it.

    Attributes
    ----------
    what
        Which trade.
    year
        Calendar year; one that is not over is left out.
    value
        US dollars.
    """

    what: str
    year: int
    value: float


@dataclass(frozen=True, slots=True)
class Trade:
    """What the carried data say about the country's trade.

    Attributes
    ----------
    lines
        Numbers; what the data do not hold is left out.
    caveats
        What none of them can show.
    flows
        Declared trade by year.
    """

    lines: tuple[TradeLine, ...]
    caveats: tuple[str, ...]
    flows: tuple[Flow, ...]


CIRCUITS, GOODS = "Integrated circuits, declared by Taiwan", "All goods, declared by the European Union"
_YEAR = len("2024")


def trade(unit: str, *, full: bool) -> Trade | Missing:
    """Return what the carried flows say about a country's trade.

    Parameters
    ----------
    unit
        The country.
    full
        Whether the Union's exports beyond expectation are wanted: they take seconds.
    """
    lines: list[TradeLine] = []
    for find in (_chips, _supply, *((_rise,) if full else ()), _sent, _gap):
        try:
            lines += find(unit)
        except NoAnswerError:
            continue
    if not lines:
        return Missing("the carried flows (European Union, Taiwan) hold none of it")
    return Trade(tuple(lines), tuple(CAVEATS), tuple(_flows(unit)))


def _flows(unit: str) -> Iterator[Flow]:
    """Yield what Taiwan and the European Union declare to have sent, by year."""
    sent = load_table("flows").filter(
        pl.col("partner") == unit, pl.col("flow") == "export", pl.col("period").str.len_chars() == _YEAR
    )
    for what, reporter, code in ((CIRCUITS, CHIPMAKER, "8542"), (GOODS, "EU27", "TOTAL")):
        rows = sent.filter(pl.col("reporter") == reporter, pl.col("hs").str.starts_with(code))
        for year, value in rows.group_by("period").agg(pl.col("value").sum()).sort("period").iter_rows():
            yield Flow(what, int(year), value)


def _line(
    asked: Depend | Diverted | MirrorGaps | Substitute, what: str, period: str, value: Estimate, detail: str
) -> TradeLine:
    sources = tuple(each for each in asked.answer().sources if isinstance(each, str))
    return TradeLine(what, period, value, detail, f"{asked.command} --json", sources)


def _chips(country: str) -> Iterator[TradeLine]:
    """Yield integrated circuits received from Taiwan in the last year, and in that before the control."""
    asked = Depend(country=country, codes="chips", side="export")
    found = asked.answer().result
    if found.supply.reporters != (CHIPMAKER,):
        return
    last, by_year = found.years[-1], {year.year: year.total for year in found.years}
    before = str(RISES.date.year - 1)
    what = "Integrated circuits received from Taiwan, as declared"
    told = f"{by_year.get(before, 0.0) / 1e6:,.1f} million USD in {before}"
    yield _line(asked, what, last.year, Estimate(last.total, unit="USD", reason=RECORD), told)


def _supply(country: str) -> Iterator[TradeLine]:
    """Yield the share of the coalition in the country's imports of all goods."""
    asked = Depend(country=country, side="import")
    last = asked.answer().result.years[-1]
    what = f"Share of imports from states that impose export controls on {SANCTIONED}"
    largest = ", ".join(f"{origin} {share:.0%}" for origin, share in last.largest)
    told = f"all goods; largest origins {largest}; Herfindahl index {last.herfindahl.text(2)}"
    yield _line(asked, what, last.year, last.coalition, told)


def _rise(country: str) -> Iterator[TradeLine]:
    """Yield the Union's exports to the country beyond expectation, or why they are not judged."""
    if country in blocs().union:
        return
    found = RISES.answer().result
    judged = [*found.partners, *([found.direct] if found.direct else []), *found.placebos]
    one = next((one for one in judged if one.iso3 == country), None)
    what = f"Exports of the European Union beyond expectation since the controls on {SANCTIONED}"
    period = f"{found.after[0]}-{found.after[-1]}"
    if one is None:
        unknown = Estimate(None, unit="USD per month", reason=found.why_not(country))
        yield _line(RISES, what, period, unknown, "all goods")
    else:
        told = f"all goods; {one.rise.value:+.0f} % against {_yardstick(one, found)}"
        yield _line(RISES, what, period, one.excess, told)


def _yardstick(one: Judged, found: Diversion) -> str:
    """Return what a country was held against, and how unusual it is."""
    count = len(found.donors)
    if one.p_adjusted is not None:
        judged = len(found.partners)
        return f"{count} other destinations, p {one.p_adjusted:.3f} adjusted for {judged} countries"
    if one is found.direct:
        return f"{count} other destinations, p of a fall {one.p_placebo:.3f}"
    return (
        f"{count - 1} other destinations; itself one of those that others are held against: "
        f"rank {round(one.p_placebo * count)} of {count}, which proves nothing by itself"
    )


def _sent(country: str) -> Iterator[TradeLine]:
    """Yield how the country's own exports to the sanctioned one changed, as it reports them."""
    for codes, goods in ((None, "all goods"), ("chips", "integrated circuits")):
        asked = Substitute(country=SANCTIONED, codes=codes, by="origin", side="export")
        found = asked.answer().result
        one = next((one for one in found.moved if one.group == country), None)
        if one is not None:
            what = f"Change of its exports to {SANCTIONED} ({goods}), as declared"
            span = f"{found.before[0]}-{found.before[-1]}"
            told = f"{one.before / 1e6:,.1f} million USD a year in {span}, {one.after / 1e6:,.1f} after"
            yield _line(asked, what, f"{found.after[0]}-{found.after[-1]}", one.change, told)
            return


def _gap(country: str) -> Iterator[TradeLine]:
    """Yield what the Union says it sent and the country does not say arrived, in the last year."""
    asked = MirrorGaps(importer=country, reporter=UNION)
    last = asked.answer().result.years[-1]
    what = "Sent by the European Union, and not reported as arrived as usual"
    told = f"all goods; sent {last.exported / 1e6:,.0f}, arrived {last.imported / 1e6:,.0f} million USD"
    yield _line(asked, what, last.year, last.gap, told)
