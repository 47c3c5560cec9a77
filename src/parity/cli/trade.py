"""``parity trade``: dependence, diversion and substitution in trade statistics."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from parity import dates
from parity.answers.trade import (
    START,
    ask,
    countries,
    diversion_question,
    fallback_codes,
    more,
    reporter_of,
)
from parity.cli import _trade_import, _trade_rows
from parity.cli._trade_ask import question_options, save, side_option, tell
from parity.cli.answers import json_option

# Rows that are printed; all are in the answer as JSON.
SHOWN = 25

if TYPE_CHECKING:
    from parity.trade import Side
    from parity.trade.spec import Adjustment


@click.group(name="trade")
def command() -> None:
    """Find the traces of export controls in public trade statistics, and say how sure they are.

    \b
    Examples:
      parity trade diversion --sanctioned RUS --date 2022-02-24 --reporter EU
      parity trade depend KAZ
      parity trade substitute KAZ
      parity trade mirror KGZ --reporter EU
      parity trade import baci BACI_HS17_Y*.csv --out flows.parquet
    """


command.add_command(_trade_import.command)


@command.command(name="depend")
@click.argument("country")
@click.option("--coalition", help="States that impose the controls, with commas; the usual ones by default.")
@side_option
@question_options
@json_option
def depend(
    country: str,
    coalition: str | None,
    side: Side,
    codes: str | None,
    concord: bool,
    data: str | None,
    figure: str | None,
    as_json: bool,
) -> None:
    """Show where COUNTRY's supply comes from: shares, concentration, trend, who else sells the same.

    Low and high ends of a share are bounds: what comes through hubs is from there, or not.

    \b
    Examples:
      parity trade depend RUS --codes chpl1
      parity trade depend KAZ --figure supply.png
      parity trade depend RUS --codes chips --data flows.parquet --json
    """
    from parity.catalogue import find_country
    from parity.trade import HUBS, dependence, supply_over_time

    iso3 = find_country(country).iso3
    asked = ask(codes, concord, data)
    answer = dependence(
        asked.flows,
        asked.codes,
        iso3,
        coalition=countries(coalition) or asked.blocs.coalition,
        hubs=HUBS,
        states=asked.blocs.union,
        side=side,
        vintage=asked.vintage,
    )
    save(partial(supply_over_time, answer), figure)
    tell(
        asked,
        answer,
        as_json,
        partial(_trade_rows.dependence_answer, answer),
        [(answer.summary(), f"{iso3}: supply of '{asked.codes.name}' by year (million USD)")],
        [
            "" if coalition else asked.blocs.coalition_in_words,
            *more(asked, iso3, data, answer.supply.partial),
        ],
    )


@command.command(name="diversion")
@click.option("--sanctioned", required=True, help="Country that the control is on.")
@click.option("--date", "start", default=START, show_default=True, help="First day of the control.")
@click.option("--reporter", default="EU", show_default=True, help="Who exports: a country, or EU.")
@click.option("--candidates", help="Third countries to judge, with commas.")
@click.option("--exclude", help="More countries that may not stand for what would have been.")
@click.option("--since", help="First period to use.")
@click.option("--until", help="Last period to use.")
@click.option("--level", type=click.FloatRange(0.5, 0.99), default=0.9, show_default=True)
@click.option("--adjust", type=click.Choice(["bh", "holm"]), default="bh", show_default=True)
@click.option("--robust", is_flag=True, help="Ask again with other donors, periods and a false date.")
@click.option("--ranking", type=click.Path(), help="Write a figure of the excess by country.")
@click.option("--months", type=click.Path(), help="Write a figure by month, where years are judged.")
@question_options
@json_option
def diversion_command(
    sanctioned: str,
    start: str,
    reporter: str,
    candidates: str | None,
    exclude: str | None,
    since: str | None,
    until: str | None,
    level: float,
    adjust: Adjustment,
    robust: bool,
    ranking: str | None,
    months: str | None,
    codes: str | None,
    concord: bool,
    data: str | None,
    figure: str | None,
    as_json: bool,
) -> None:
    """Find third countries to which exports rose beyond what was to be expected after a control.

    The counterfactual of each country is a weighted mean of countries left alone (synthetic control);
    p-values come from placebo tests. A date before the first known control sees only the time before it.

    \b
    Examples:
      parity trade diversion --sanctioned RUS --date 2022-02-24 --reporter EU --robust
      parity trade diversion --sanctioned RUS --date 2021-03-01 --reporter EU
      parity trade diversion --sanctioned RUS --candidates TUR,ARE,SRB --figure paths.png --json
    """
    from parity.catalogue import find_country
    from parity.trade import check, diversion, diversion_months, diversion_paths, diversion_ranking

    exporter, target = reporter_of(reporter), find_country(sanctioned).iso3
    asked = ask(codes, concord, data, fallback=fallback_codes(exporter))
    spec, note = diversion_question(
        asked,
        target,
        dates.read(start, first=True),
        exporter,
        candidates=countries(candidates),
        exclude=countries(exclude),
        since=since,
        until=until,
        level=level,
        adjust=adjust,
    )
    answer = diversion(asked.flows, asked.codes, spec, vintage=asked.vintage)
    checks = check(answer, asked.flows, asked.codes) if robust else None
    save(partial(diversion_paths, answer), figure)
    save(partial(diversion_ranking, answer), ranking)
    save(partial(diversion_months, answer), months)
    span = f"{answer.after[0]} to {answer.after[-1]}"
    tables = [
        (answer.summary(), f"Exports of {exporter} beyond expectation, {span} (million USD a month)"),
        *([(checks.summary(), "\nadjusted p under other choices")] if checks else []),
    ]
    model = partial(_trade_rows.diversion_answer, answer, checks)
    tell(asked, answer, as_json, model, tables, [note])


@command.command(name="substitute")
@click.argument("country")
@click.option("--date", "start", default=START, show_default=True, help="First day of the control.")
@click.option(
    "--by", type=click.Choice(["group", "origin"]), default="group", show_default=True, help="What moves."
)
@side_option
@question_options
@json_option
def substitute(
    country: str,
    start: str,
    by: str,
    side: Side,
    codes: str | None,
    concord: bool,
    data: str | None,
    figure: str | None,
    as_json: bool,
) -> None:
    """Show how COUNTRY's supply moved between the coalition, China, Taiwan, hubs, neighbours and others.

    The change of each group is split into what the market grew or shrank, and what the group won of it.
    With --by origin every supplier stands for itself, the largest first.

    \b
    Examples:
      parity trade substitute KAZ
      parity trade substitute RUS --by origin
      parity trade substitute RUS --codes chips --data flows.parquet --figure shares.png
    """
    from parity.catalogue import find_country
    from parity.trade import shares_over_time, substitution

    iso3 = find_country(country).iso3
    asked = ask(codes, concord, data)
    answer = substitution(
        asked.flows,
        asked.codes,
        iso3,
        dates.read(start, first=True),
        asked.blocs.groups(iso3) if by == "group" else None,
        states=asked.blocs.union,
        side=side,
        vintage=asked.vintage,
    )
    save(partial(shares_over_time, answer), figure)
    tell(
        asked,
        answer,
        as_json,
        partial(_trade_rows.substitution_answer, answer),
        [(answer.summary().head(SHOWN), f"{iso3}: supply of '{asked.codes.name}' (million USD a year)")],
        [
            asked.blocs.coalition_in_words if by == "group" else "",
            *more(asked, iso3, data, answer.supply.partial),
        ],
    )


@command.command(name="mirror")
@click.argument("importer")
@click.option("--reporter", default="EU", show_default=True, help="Who exports: a country, or EU.")
@click.option(
    "--date", "start", default=START, show_default=True, help="Years before it give the usual ratio."
)
@question_options
@json_option
def mirror_command(
    importer: str,
    reporter: str,
    start: str,
    codes: str | None,
    concord: bool,
    data: str | None,
    figure: str | None,
    as_json: bool,
) -> None:
    """Hold what exporters say they sent to IMPORTER against what it says arrived.

    \b
    Examples:
      parity trade mirror KGZ --reporter EU
      parity trade mirror KAZ --figure mirror.png --json
    """
    from parity.catalogue import find_country
    from parity.trade import mirror, mirror_by_year

    iso3, exporter = find_country(importer).iso3, reporter_of(reporter)
    asked = ask(codes, concord, data, reporters=lambda blocs: (*blocs.states(exporter), iso3))
    since = dates.read(start, first=True)
    states = asked.blocs.states(exporter)
    answer = mirror(asked.flows, asked.codes, states, iso3, since, vintage=asked.vintage)
    save(partial(mirror_by_year, answer), figure)
    title = f"Exports of {exporter} to {iso3} and its imports from there (million USD)"
    tell(asked, answer, as_json, partial(_trade_rows.mirror_answer, answer), [(answer.summary(), title)])
