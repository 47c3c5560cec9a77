"""``parity trade import``: other people's trade statistics into one table of flows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from parity.cli.by_hand import json_option, print_json

if TYPE_CHECKING:
    from parity.catalogue.trade import Imported, Layout

Command = TypeVar("Command", bound=Callable[..., object])
# Left-out areas, codes and flows that are printed; all are in the answer as JSON.
SHOWN = 12


def reading_options(command: Command) -> Command:
    """Give a reader ``--out``, ``--json`` and how cells are read where a file leaves it open."""
    for option in (
        json_option,
        click.option(
            "--exports",
            type=click.Choice(["all", "domestic", "re-exports"]),
            default="all",
            show_default=True,
            help="Which exports: with re-exports, without, or these alone.",
        ),
        click.option("--quarters", is_flag=True, help="Add up the four quarters of a year."),
        click.option(
            "--decimal", type=click.Choice([".", ","]), help="Decimal mark, where it cannot be told."
        ),
        click.option(
            "--calendar", type=click.Choice(["western", "minguo"]), help="Taiwan's years: 112 is 2023."
        ),
        click.option("--strict", is_flag=True, help="Refuse the files if anything would be left out."),
        click.option("--out", required=True, type=click.Path(), help="Parquet table to write."),
    ):
        command = option(command)
    return command


@click.group(name="trade")
def command() -> None:
    """Find the traces of export controls in public trade statistics, and say how sure they are.

    \b
    Examples:
      parity trade diversion --sanctioned RUS --date 2022-02-24 --reporter EU
      parity trade depend KAZ
      parity trade substitute KAZ
      parity trade mirror KGZ --reporter EU
      parity trade import baci BACI_HS17_V202401b.zip --out flows.parquet
    """


@command.group(name="import")
def reads() -> None:
    """Read trade statistics as downloaded, or your own, into a table of flows for --data.

    World, sums, areas that are no country and rows without a value are left out and listed.

    \b
    Examples:
      parity trade import comtrade TradeData.csv --out flows.parquet
      parity trade import baci BACI_HS17_Y2021.csv BACI_HS17_Y2022.csv --out flows.parquet
      parity trade import csv mine.csv --map reporter==ARM --map partner=country ... --out flows.parquet
    """


def _preset(name: str, what: str, example: str) -> None:
    """Add the reader of one publisher's files."""

    @reads.command(name=name, help=f"Read {what}.\n\n\b\nExamples:\n  parity trade import {name} {example}")
    @click.argument("files", nargs=-1, required=True, type=click.Path())
    @reading_options
    def preset(files: tuple[str, ...], out: str, as_json: bool, **how: Any) -> None:
        from parity.catalogue.trade import PRESETS

        _read(files, out, PRESETS[name], as_json, how)


for _name, _what, _example in (
    (
        "wits",
        "FILES of the World Bank's WITS (Trade Value in 1000 USD)",
        "DataJobID-1.csv --out wits.parquet",
    ),
    (
        "baci",
        "yearly FILES of CEPII's BACI (columns t, i, j, k, v)",
        "BACI_HS17_Y*_V202401b.csv --out baci.parquet",
    ),
    (
        "comext",
        "unpacked bulk FILES of Eurostat's COMEXT, monthly or yearly; euros become US dollars",
        "full_202301.dat full_202302.dat --out eu.parquet",
    ),
    (
        "eurostat-sdmx",
        "SDMX-CSV FILES of Eurostat's trade tables (DS-045409 and like it); euros become US dollars",
        "ds-045409.csv --out eu.parquet",
    ),
    (
        "taiwan",
        "FILES of Taiwan's customs (portal GA30), in US dollars or thousands of them, years as 112 or 2023",
        "exports_8542.csv --out taiwan.parquet",
    ),
):
    _preset(_name, _what, _example)


@reads.command(name="csv")
@click.argument("file", type=click.Path())
@click.option(
    "--map", "pairs", multiple=True, required=True, metavar="NAME=COLUMN", help="NAME==TEXT for all rows."
)
@click.option("--unit", default="one", show_default=True, help="one, thousand or million.")
@click.option("--currency", default="USD", show_default=True, help="USD or EUR.")
@reading_options
def csv(
    file: str, pairs: tuple[str, ...], unit: str, currency: str, out: str, as_json: bool, **how: Any
) -> None:
    """Read any table FILE by a mapping of its columns to reporter, partner, flow, hs, period and value.

    \b
    Examples:
      parity trade import csv trade.csv --unit thousand --out armenia.parquet --map reporter==ARM \
        --map partner=country --map flow==export --map hs==TOTAL --map period=date --map value=export
    """
    from parity.catalogue.trade import parse_mapping

    _read([file], out, parse_mapping(pairs, unit, currency), as_json, how)


@reads.command(name="comtrade")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--reporter", "reporters", help="Reporting countries to download, with commas.")
@click.option("--codes", help="HS codes to download, with commas, chpl1 ..., or total.")
@click.option("--periods", help="Years or months to download, with commas; FIRST..LAST for a range.")
@click.option("--flow", type=click.Choice(["export", "import"]), default="export", show_default=True)
@click.option("--partner", "partners", help="Partner countries, with commas; all by default.")
@click.option("--address", help="Where the interface is, if not at its usual place.")
@reading_options
def comtrade(
    files: tuple[str, ...],
    reporters: str | None,
    codes: str | None,
    periods: str | None,
    flow: str,
    partners: str | None,
    address: str | None,
    out: str,
    as_json: bool,
    **how: Any,
) -> None:
    """Read FILES of UN Comtrade, of its site or interface, old or new headings; or download without FILES.

    Downloading needs your key in COMTRADE_API_KEY, and goes on where it stopped.

    \b
    Examples:
      parity trade import comtrade TradeData.csv --out flows.parquet
      parity trade import comtrade --reporter TUR,KAZ --codes chpl1 --periods 2018..2023 --out hubs.parquet
    """
    from parity.ask.trade import codes_of
    from parity.catalogue import load_table
    from parity.catalogue.trade import PRESETS, Comtrade, Query, Reading
    from parity.errors import ParityError
    from parity.trade import code_list, period_range

    asked = {"--reporter": reporters, "--codes": codes, "--periods": periods}
    if files:
        if given := [name for name, value in asked.items() if value]:
            raise ParityError(
                f"{', '.join(given)} choose what to download; leave them out where FILES are read"
            )
        _read(files, out, PRESETS["comtrade"], as_json, how)
        return
    if absent := [name for name, value in asked.items() if not value]:
        raise ParityError(f"give FILES to read, or {', '.join(absent)} to download")
    query = Query(
        reporters=codes_of([reporters or ""]),
        codes=code_list(codes or "", load_table("hs_codes")).codes,
        periods=period_range(periods or ""),
        flow=flow,
        partners=codes_of([partners or ""]),
    )
    connection = Comtrade(address=address) if address else Comtrade()
    _say(connection.download(query, out, Reading(**how)), as_json)


def _read(files: Sequence[str], out: str, layout: Layout, as_json: bool, how: dict[str, Any]) -> None:
    from parity.catalogue.trade import Reading, import_files

    _say(import_files(files, out, layout, Reading(**how)), as_json)


def _say(done: Imported, as_json: bool) -> None:
    from parity.ask.serialise import plain
    from parity.catalogue import vintage

    if as_json:
        print_json(vintage(), **plain(done))
        return
    click.echo(f"{done.path}: {done.rows:,} flows, {done.value / 1e6:,.6g} million USD.")
    if done.left_out:
        click.echo("Left out, with their value as a share of the table's:")
    for one in done.left_out[:SHOWN]:
        share = "" if one.share is None else f", {100 * one.share:.2f} %"
        click.echo(f"  {one.what}: {one.why}; {one.rows:,} rows, {one.value / 1e6:,.6g} million USD{share}")
    if len(done.left_out) > SHOWN:
        click.echo(f"  and {len(done.left_out) - SHOWN} more; all are in the answer with --json")
    click.echo(f"Ask it with: parity trade depend RUS --data {done.path}")
