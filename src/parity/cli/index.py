"""``parity index new``, ``schema``, ``import-coinr`` and ``import-coin-tool``: specs to start from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parity.cli.by_hand import json_option, print_json

if TYPE_CHECKING:
    import polars as pl


@click.group()
def command() -> None:
    """Build, audit and compare composite indices from a spec.

    \b
    Examples:
      parity index new my-index.toml
      parity index build my-index.toml --out scores.csv
      parity index audit my-index.toml
    """


@command.command()
def schema() -> None:
    """Print the JSON Schema of a spec, for editors.

    \b
    Examples:
      parity index schema
    """
    from parity.index import IndexSpec

    click.echo(json.dumps(IndexSpec.json_schema(), indent=2))


@command.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.option("--from", "source", metavar="INDEX", help="A built-in index to start from: open-ai-index.")
def new(file: str | None, source: str | None) -> None:
    """Print a commented spec to start from, or write it to FILE (.toml), or to a folder with data that run.

    \b
    Examples:
      parity index new my-index
      parity index new my-index.toml
      parity index new my-index.toml --from open-ai-index
    """
    from parity.catalogue.files import write_text
    from parity.errors import ParityError
    from parity.index import builtin_text, starter

    text = starter()[0] if source is None else builtin_text(source)
    if file is None:
        click.echo(text, nl=False)
        return
    if Path(file).exists():
        raise ParityError(f"{file} is there already; give another name")
    if source is None and not Path(file).suffix:
        _new_folder(Path(file), text)
        return
    write_text(file, text)
    click.echo(f"{file} written; put your indicators in and run: parity index build {file}")


def _new_folder(folder: Path, text: str) -> None:
    """Write the spec to start from with data to try it on."""
    from parity.catalogue.files import write_text
    from parity.errors import ParityError
    from parity.index import starter

    try:
        folder.mkdir(parents=True)
    except OSError as problem:
        raise ParityError(f"{folder}: {problem.strerror}") from None
    spec = folder / "spec.toml"
    write_text(spec, text)
    write_text(folder / "data.csv", starter()[1])
    click.echo(f"{spec} and {folder / 'data.csv'} written; put your own data in. It runs as it is:")
    for verb in ("index build", "rank --index", "robustness --draws 500 --base 0 --index"):
        click.echo(f"  parity {verb} {spec}")


@command.command(name="import-coinr")
@click.argument("idata", type=click.Path(dir_okay=False))
@click.argument("imeta", required=False, type=click.Path(dir_okay=False))
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder to write to.")
@json_option
def import_coinr(idata: str, imeta: str | None, out: str, as_json: bool) -> None:
    """Turn COINr's tables into a spec and its data.

    IDATA and IMETA are tables (CSV or Excel), or one workbook with the sheets iMeta and iData, or iData_YEAR
    for each year.

    \b
    Examples:
      parity index import-coinr iData.csv iMeta.csv --out asem
      parity index import-coinr asem.xlsx --out asem
      parity index build asem/spec.toml
    """
    from parity.catalogue.files import read_sheets, read_table
    from parity.index import coinr_sheets

    tables = coinr_sheets(read_sheets(idata)) if imeta is None else (read_table(idata), read_table(imeta))
    _write_import(*tables, Path(idata), Path(out), as_json)


@command.command(name="import-coin-tool")
@click.argument("workbook", type=click.Path(dir_okay=False))
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder to write to.")
@json_option
def import_coin_tool(workbook: str, out: str, as_json: bool) -> None:
    """Turn a workbook of the COIN Tool (European Commission) into a spec and its data.

    \b
    Examples:
      parity index import-coin-tool tool.xlsx --out mine
      parity index build mine/spec.toml
    """
    from parity.catalogue.files import read_cells
    from parity.index import coin_tool_sheets

    _write_import(*coin_tool_sheets(read_cells(workbook)), Path(workbook), Path(out), as_json)


def _write_import(
    idata: pl.DataFrame, imeta: pl.DataFrame, source: Path, folder: Path, as_json: bool
) -> None:
    """Write a spec and its data to a folder, and say so."""
    from parity.catalogue.files import write_table
    from parity.errors import ParityError
    from parity.index import import_coinr as convert

    if (folder / "spec.toml").exists():
        raise ParityError(f"{folder / 'spec.toml'} is there already; give another folder with --out")
    spec, table = convert(idata, imeta, folder.resolve().name, "data.csv")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ParityError(f"{folder}: {problem.strerror}") from None
    write_table(folder / "data.csv", table)
    spec.save(folder / "spec.toml")
    if as_json:
        print_json(
            f"file {source.name}",
            spec=str(folder / "spec.toml"),
            table=str(folder / "data.csv"),
            units=table.height,
            indicators=len(spec.indicators),
            groups=len(spec.groups),
        )
        return
    click.echo(
        f"{folder / 'spec.toml'} and {folder / 'data.csv'} written: {table.height:,} rows, "
        f"{len(spec.indicators)} indicators, {len(spec.groups)} groups\n"
        f"Build it: parity index build {folder / 'spec.toml'}"
    )
