"""``parity trade import``: other people's trade statistics into one table of flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from parity.cli._trade_answers import ImportAnswer
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    from parity.catalogue.trade import Imported

out_option = click.option("--out", required=True, type=click.Path(), help="Parquet table to write.")


@click.group(name="import")
def command() -> None:
    """Read trade statistics of UN Comtrade, BACI, COMEXT or your own into a table for --data.

    \b
    Examples:
      parity trade import baci BACI_HS17_Y2021.csv BACI_HS17_Y2022.csv --out flows.parquet
      parity trade import csv mine.csv --map reporter==ARM --map partner=country ... --out flows.parquet
    """


@command.command(name="baci")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@out_option
@json_option
def baci(files: tuple[str, ...], out: str, as_json: bool) -> None:
    """Read yearly FILES of CEPII's BACI (columns t, i, j, k, v).

    \b
    Examples:
      parity trade import baci BACI_HS17_Y*_V202401b.csv --out baci.parquet
    """
    from parity.catalogue.trade import import_baci

    _say(import_baci(files, out), as_json)


@command.command(name="comext")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@out_option
@json_option
def comext(files: tuple[str, ...], out: str, as_json: bool) -> None:
    """Read unpacked bulk FILES of Eurostat's COMEXT, monthly or yearly; euros become US dollars.

    \b
    Examples:
      parity trade import comext full_202301.dat full_202302.dat --out eu.parquet
    """
    from parity.catalogue.trade import import_comext

    _say(import_comext(files, out), as_json)


@command.command(name="csv")
@click.argument("file", type=click.Path())
@click.option(
    "--map", "pairs", multiple=True, required=True, metavar="NAME=COLUMN", help="NAME==TEXT for all rows."
)
@click.option("--unit", default="one", show_default=True, help="one, thousand or million.")
@click.option("--currency", default="USD", show_default=True, help="USD or EUR.")
@out_option
@json_option
def csv(file: str, pairs: tuple[str, ...], unit: str, currency: str, out: str, as_json: bool) -> None:
    """Read any table FILE by a mapping of its columns to reporter, partner, flow, hs, period and value.

    \b
    Examples:
      parity trade import csv trade.csv --unit thousand --out armenia.parquet --map reporter==ARM \
        --map partner=country --map flow==export --map hs==TOTAL --map period=date --map value=export
    """
    from parity.catalogue.trade import import_csv, parse_mapping

    _say(import_csv(file, out, parse_mapping(pairs, unit, currency)), as_json)


@command.command(name="comtrade")
@click.option("--reporter", "reporters", required=True, help="Reporting countries, with commas.")
@click.option("--codes", required=True, help="HS codes with commas, chpl1 ..., or total.")
@click.option("--periods", required=True, help="Years or months, with commas; FIRST..LAST for a range.")
@click.option("--flow", type=click.Choice(["export", "import"]), default="export", show_default=True)
@click.option("--partner", "partners", help="Partner countries, with commas; all by default.")
@click.option("--address", help="Where the interface is, if not at its usual place.")
@out_option
@json_option
def comtrade(
    reporters: str,
    codes: str,
    periods: str,
    flow: str,
    partners: str | None,
    address: str | None,
    out: str,
    as_json: bool,
) -> None:
    """Download from UN Comtrade with your key in COMTRADE_API_KEY; goes on where it stopped.

    \b
    Examples:
      parity trade import comtrade --reporter TUR,KAZ --codes chpl1 --periods 2018..2023 --out hubs.parquet
    """
    from parity.answers.trade import countries
    from parity.catalogue import load_table
    from parity.catalogue.trade import Comtrade, Query
    from parity.trade import code_list, period_range

    query = Query(
        reporters=countries(reporters),
        codes=code_list(codes, load_table("hs_codes")).codes,
        periods=period_range(periods),
        flow=flow,
        partners=countries(partners),
    )
    connection = Comtrade(address=address) if address else Comtrade()
    _say(connection.download(query, out), as_json)


def _say(done: Imported, as_json: bool) -> None:
    from parity.catalogue import vintage

    if as_json:
        print_json(
            ImportAnswer(
                data=vintage(),
                path=str(done.path),
                rows=done.rows,
                value=done.value,
                dropped=done.dropped,
                dropped_value=done.dropped_value,
            )
        )
        return
    click.echo(f"{done.path}: {done.rows:,} flows, {done.value / 1e6:,.1f} million USD.")
    if done.dropped:
        click.echo(
            f"Left out: {done.dropped:,} rows ({done.dropped_value / 1e6:,.1f} million USD) whose reporter "
            "or partner is no country."
        )
    click.echo(f"Ask it with: parity trade depend RUS --data {done.path}")
