"""What a question about trade is asked of: flows, codes, blocs, dates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl

    from parity.trade import CodeList, DiversionSpec
    from parity.trade.defaults import Blocs
    from parity.trade.spec import Adjustment

START = "2022-02-24"


class Asked(NamedTuple):
    """What every question needs."""

    flows: pl.DataFrame
    codes: CodeList
    blocs: Blocs
    vintage: str


def ask(
    codes: str | None,
    concord: bool,
    data: str | None,
    *,
    reporters: Callable[[Blocs], Collection[str]] | None = None,
    fallback: str = "total",
) -> Asked:
    """Return what a question needs.

    Parameters
    ----------
    codes
        Goods as the user wrote them; ``fallback`` where none are.
    concord
        Whether to join renumbered codes.
    data
        The user's table; the snapshot by default.
    reporters
        From the blocs to the countries that must report.
    fallback
        Goods that are meant where the user names none.
    """
    from parity.catalogue import load_table, members, vintage
    from parity.catalogue.trade import load_flows
    from parity.trade import check_flows, code_list
    from parity.trade.defaults import Blocs

    blocs = Blocs.of(members)
    goods = code_list(codes or fallback, load_table("hs_codes"), concord=concord)
    flows = load_flows(
        data,
        codes=goods.codes,
        reporters=None if reporters is None else reporters(blocs),
    )
    line = f"{data}; {vintage()}" if data else vintage()
    goods = replace(goods, notes=(*goods.notes, *_noted(goods, data, flows)))
    return Asked(check_flows(flows, data or "flows"), goods, blocs, line)


def _mixed_editions(goods: CodeList, data: str) -> Iterator[str]:
    """Yield what to know of a table that holds codes of 2022 beside those which that edition replaced."""
    from parity.catalogue import load_table
    from parity.catalogue.trade import codes_held
    from parity.trade.codes import EDITION

    pairs = load_table("hs_codes").select("hs", "hs2017").drop_nulls()
    held = codes_held(data, [*pairs["hs"], *pairs["hs2017"]])
    new, old = ([code for code in held if code in set(pairs[name])] for name in ("hs", "hs2017"))
    if new and old:
        if goods.joined:
            do = f"joined are {', '.join(goods.joined)} with what was made of them"
        elif set(goods.codes) & {*new, *old}:
            do = "a series by code breaks between them; --concord joins those asked about"
        else:
            do = "none of them was asked about by itself, and a heading goes through"
        yield (
            f"the table mixes editions of the Harmonized System: {', '.join(old)} of before {EDITION} beside "
            f"{', '.join(new)}; {do}"
        )


def _absent(goods: CodeList, flows: pl.DataFrame) -> Iterator[str]:
    """Yield which of the codes asked about the table does not hold."""
    held = tuple(flows["hs"].unique())
    absent = [
        code
        for code in goods.codes
        if code not in goods.joined and not any(one.startswith(code) or code.startswith(one) for one in held)
    ]
    if absent:
        yield f"the table holds nothing of {', '.join(absent)}, and the answer is of the other codes alone"


def _noted(goods: CodeList, data: str | None, flows: pl.DataFrame) -> Iterator[str]:
    """Yield what to know about the goods in the user's own table."""
    from parity.catalogue.trade import left_out_of_total

    if data is None:
        return
    if not goods.covers_all_goods:
        yield from _absent(goods, flows)
        yield from _mixed_editions(goods, data)
    elif some := left_out_of_total(data):
        yield (
            f"{', '.join(some)} give no total in some years, and too few of the goods by code to add up: "
            "left out there"
        )


def more(asked: Asked, country: str, data: str | None, why: str) -> tuple[str, ...]:
    """Return what the catalogue knows about a country's supply, and how to know more.

    Parameters
    ----------
    asked
        The question.
    country
        ISO3.
    data
        The user's table; of that nothing is said.
    why
        Why shares are not known; empty where they are.
    """
    from parity.catalogue import load_table
    from parity.trade import at_hand

    if data or not why:
        return ()
    groups = asked.blocs.groups(country)
    others = (*groups["China"], *groups["hubs"], *groups["neighbours"])
    return at_hand(load_table("flows"), country, others, asked.blocs.union)


def diversion_question(
    asked: Asked,
    sanctioned: str,
    start: date,
    reporter: str,
    *,
    candidates: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    since: str | None = None,
    until: str | None = None,
    level: float = 0.9,
    adjust: Adjustment = "bh",
) -> tuple[DiversionSpec, str]:
    """Return a question about diversion with what it leaves open filled in, and a note on that.

    Parameters
    ----------
    asked
        Flows, goods and blocs.
    sanctioned
        Country that the control is on, ISO3.
    start
        First day of the control.
    reporter
        Who exports: ISO3, or a union.
    candidates
        Third countries to judge, ISO3; the usual ones where there are none.
    exclude
        More countries that may not stand for what would have been, ISO3.
    since, until
        First and last period to use; by default all, before the first known control after an early date.
    level, adjust
        As in `parity.trade.DiversionSpec`.
    """
    from parity.catalogue import load_table
    from parity.trade import DiversionSpec, period
    from parity.trade.defaults import candidates as usual
    from parity.trade.defaults import window

    known = window(load_table("timeline"), sanctioned, start)
    spec = DiversionSpec(
        sanctioned=sanctioned,
        start=start,
        reporter=reporter,
        states=asked.blocs.states(reporter),
        candidates=candidates or usual(asked.flows, asked.blocs, sanctioned, reporter),
        exclude=(*asked.blocs.excluded(sanctioned), *exclude),
        since=period(since) if since else None,
        until=period(until) if until else known.until,
        level=level,
        adjust=adjust,
    )
    return spec, "" if until else known.note


def fallback_codes(reporter: str) -> str:
    """Return the goods that the snapshot has of a reporter: chips of Taiwan, all goods of others."""
    return "chips" if reporter == "TWN" else "total"


def countries(text: str | None) -> tuple[str, ...]:
    """Return the ISO3 codes of countries separated by commas."""
    from parity.catalogue import find_country

    return tuple(find_country(name).iso3 for name in (text or "").split(",") if name.strip())


def reporter_of(text: str) -> str:
    """Return a reporter: a union by its name, or ISO3."""
    from parity.catalogue import find_country
    from parity.trade import UNIONS

    return text.upper() if text.upper() in UNIONS else find_country(text).iso3
