"""``parity data``: list, show, query, export and update the data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import Field

from parity.cli._tables import cell_text, print_table
from parity.cli.answers import Answer, json_option, print_json

if TYPE_CHECKING:
    import polars as pl

    from parity.catalogue import Card


class SqlAnswer(Answer):
    """Answer of ``parity data sql QUERY --json``."""

    columns: list[str] = Field(description="Names of the columns")
    rows: list[dict[str, Any]] = Field(description="Rows of the answer")


class ExportAnswer(Answer):
    """Answer of ``parity data export ID FILE --json``."""

    file: str = Field(description="File written")
    rows: int = Field(description="Rows in it")


class VerifyAnswer(Answer):
    """Answer of ``parity data verify --json``."""

    files: list[dict[str, str]] = Field(description="Per file or updated source: what is wrong, or nothing")


class ResetAnswer(Answer):
    """Answer of ``parity data reset --json``."""

    sources: list[str] = Field(description="Sources whose update was dropped")


class UpdateAnswer(Answer):
    """Answer of ``parity data update --json``."""

    sources: list[dict[str, str]] = Field(description="Per source: status and message")
    changes: list[str] = Field(default=[], description="With --dry-run: ranks and lags that would change")


class AuditFactsAnswer(Answer):
    """Answer of ``parity data audit-facts --json``."""

    tables: list[dict[str, Any]] = Field(description="Per hand-written table: rows, unverified, old, oldest")
    rows: list[dict[str, Any]] = Field(
        description="Rows that are old or unverified, with why and their source"
    )


@click.group()
def command() -> None:
    """List, show, query, export and update the data.

    Everything works offline from the embedded snapshot; `update` lays newer data of a source over it.

    \b
    Examples:
      parity data list
      parity data show gpu_cluster_h100e --country Russia
      parity data update epoch
    """


@command.command(name="list")
@click.argument("kind", type=click.Choice(["all", "tables", "indicators", "sources"]), default="all")
@json_option
def list_(kind: str, as_json: bool) -> None:
    """List the tables, the indicators with their coverage, and the sources.

    \b
    Examples:
      parity data list
      parity data list indicators
      parity data list sources --json
    """
    from parity import catalogue

    if as_json:
        from parity.answers.data import list_answer

        print_json(list_answer(kind))
        return
    kinds = ("tables", "indicators", "sources")
    found = {name: catalogue.listing(name) for name in kinds if kind in ("all", name)}
    for name, frame in found.items():
        print_table(frame, title=name.capitalize())
    click.echo(f"Data: {catalogue.vintage()}. 'parity data show ID' says more about each.")


@command.command()
@click.argument("name", metavar="ID")
@click.option("--country", "countries", multiple=True, help="Show this country's values; may be repeated.")
@json_option
def show(name: str, countries: tuple[str, ...], as_json: bool) -> None:
    """Show what an indicator, a table or a source is: publisher, licence, vintage, citation, coverage.

    \b
    Examples:
      parity data show wgi_ge --country Russia --country CHN
      parity data show observations
      parity data show worldbank-wgi --json
    """
    from parity import catalogue

    card = catalogue.describe(name, countries)
    if as_json:
        from parity.answers.data import answer_of

        print_json(answer_of(card))
    else:
        _print_card(card)


@command.command()
@click.argument("query")
@click.option(
    "--rows", type=click.IntRange(1), default=1_000_000, show_default=True, help="Most rows of the answer."
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Longest time to think.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the rows to a CSV, Parquet, JSON or Excel file."
)
@json_option
def sql(query: str, rows: int, seconds: float, out: Path | None, as_json: bool) -> None:
    """Answer a question in SQL (DuckDB) over the tables; it can read nothing else and write nothing.

    \b
    Examples:
      parity data sql "select name, population from countries order by population desc limit 5"
      parity data sql "show tables"
      parity data sql "select iso3, value from observations where indicator = 'gtmi' and year = 2022" --json
    """
    from parity import catalogue

    frame = catalogue.query(query, rows=rows, seconds=seconds)
    if out is not None:
        catalogue.files.write_table(out, frame)
    if as_json:
        print_json(SqlAnswer(data=catalogue.vintage(), columns=frame.columns, rows=frame.to_dicts()))
    elif out is not None:
        click.echo(f"{out}: {frame.height:,} rows ({catalogue.vintage()})")
    else:
        print_table(frame)


@command.command()
@click.argument("name", metavar="ID")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def export(name: str, file: Path, as_json: bool) -> None:
    """Write a table, or the values of an indicator or a source, to a CSV, Parquet, JSON or Excel file.

    The ending of FILE names the format. In CSV and Excel a text cell that a spreadsheet would run
    as a formula gets a leading apostrophe.

    \b
    Examples:
      parity data export observations observations.parquet
      parity data export gtmi gtmi.csv
      parity data export countries countries.xlsx
    """
    from parity import catalogue

    frame = catalogue.rows_of(name)
    catalogue.files.write_table(file, frame)
    if as_json:
        print_json(ExportAnswer(data=catalogue.vintage(), file=str(file), rows=frame.height))
    else:
        click.echo(f"{file}: {frame.height:,} rows of {name} ({catalogue.vintage()})")


@command.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
@click.option("--mirror", default="", help="Fetch from copies laid out as MIRROR/HOST/PATH.")
@click.option("--timeout", default=30.0, show_default=True, help="Seconds to wait for an answer.")
@click.option(
    "--checksums",
    type=click.Path(path_type=Path),
    help="File of SHA-256 checksums ('sha256sum' format) that downloads must match.",
)
@click.option("--accept-fewer", is_flag=True, help="Use a new edition although it has far fewer rows.")
@click.option("--accept-jumps", is_flag=True, help="Use values that are many times the earlier ones.")
@click.option(
    "--dry-run", is_flag=True, help="Say what would change, ranks and lags included; change nothing."
)
@json_option
def update(
    names: tuple[str, ...],
    mirror: str,
    timeout: float,
    checksums: Path | None,
    accept_fewer: bool,
    accept_jumps: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Fetch the current data of sources from their publishers; all that can be updated by default.

    A source is updated series by series: one that cannot be had, has lost rows or jumps is held back and
    said, and its earlier data stay in use. With --dry-run nothing is kept: you see what ranks and lags would
    be. Rank intervals and the fit of capability are made anew once, which takes a minute. The folder for updated
    data is $PARITY_DATA, or the platform's own.

    \b
    Examples:
      parity data update epoch worldbank-wgi
      parity data update owid-cset-cat --dry-run
      parity data update --json
      parity data update epoch --mirror https://mirror.example.org/parity --checksums SHA256SUMS
    """
    from parity import catalogue
    from parity.catalogue import refresh

    pinned = None if checksums is None else refresh.read_checksums(checksums)
    with _progress(quiet=as_json) as progress:
        client = refresh.Client(mirror=mirror, timeout=timeout, checksums=pinned, progress=progress)
        if dry_run:
            from parity.cli._data_trial import tried

            done, moves = tried(names, client, accept_fewer=accept_fewer, accept_jumps=accept_jumps)
        else:
            done = refresh.update(names, client, accept_fewer=accept_fewer, accept_jumps=accept_jumps)
            moves = []
    if catalogue.stored().records and not dry_run:
        from parity.ask.cache import shown
        from parity.ask.stored import renew
        from parity.cli._progress import progress_bar

        with shown(progress_bar):
            renew()
    if as_json:
        rows = [{"source": one.source, "status": one.status, "message": one.message} for one in done]
        print_json(UpdateAnswer(data=catalogue.vintage(), sources=rows, changes=moves))
    else:
        for one in done:
            status = "would be updated" if dry_run and one.status == "updated" else one.status
            click.echo(f"{one.source}: {status}. {one.message}", err=one.status == "failed")
        for move in moves:
            click.echo(move)
        if dry_run and not moves:
            click.echo("No rank and no lag would change.")
    return int(any(one.status == "failed" for one in done))


@command.command()
@click.argument("table", default="")
@click.option(
    "--older-than",
    type=click.IntRange(0),
    default=365,
    show_default=True,
    help="Days after which a row that was checked is old.",
)
@json_option
def audit_facts(table: str, older_than: int, as_json: bool) -> None:
    """List what is old or unverified in the tables that people wrote: all of them, or the rows of TABLE.

    An unverified row (basis "background") is shown and decides nothing.

    \b
    Examples:
      parity data audit-facts
      parity data audit-facts published_ranks
      parity data audit-facts --older-than 5 --json
    """
    from parity import catalogue, dates
    from parity.errors import ParityError, one_of

    found = catalogue.audit_facts(dates.today(), older_than)
    known = found.tables["table"].to_list()
    if table and table not in known:
        raise ParityError(f"'{table}' is no hand-written table; allowed are {one_of(known)}")
    rows = found.rows.filter(table=table) if table else found.rows
    if as_json:
        answer = AuditFactsAnswer(data=catalogue.vintage(), tables=_plain(found.tables), rows=_plain(rows))
        print_json(answer)
    elif table:
        print_table(rows.drop("table"))
    else:
        print_table(found.tables)
        click.echo(f"Old: checked more than {older_than} days ago. Rows: parity data audit-facts TABLE")


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows with days as text."""
    return [
        {name: value if isinstance(value, int | str | None) else str(value) for name, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]


@command.command()
@json_option
def verify(as_json: bool) -> int:
    """Compare every file of the data with the checksum it was written with.

    Exit status 1 if one differs. What an answer rests on is compared whenever it is read, too.

    \b
    Examples:
      parity data verify
    """
    from parity import catalogue

    found = catalogue.verify()
    wrong = [(name, fault) for name, fault in found if fault]
    if as_json:
        rows = [{"file": name, "fault": fault} for name, fault in found]
        print_json(VerifyAnswer(data="" if wrong else catalogue.vintage(), files=rows))
    else:
        for _, fault in wrong:
            click.echo(fault)
        click.echo(f"{len(found) - len(wrong)} of {len(found)} files and updates are what was written.")
    return int(bool(wrong))


@command.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
@json_option
def reset(names: tuple[str, ...], as_json: bool) -> None:
    """Drop the updates of sources, all by default: the data that ship with Parity are used again.

    \b
    Examples:
      parity data reset epoch
      parity data reset
    """
    from parity import catalogue

    gone = catalogue.reset(names)
    if as_json:
        print_json(ResetAnswer(data=catalogue.vintage(), sources=gone))
    else:
        click.echo(
            f"Dropped: {', '.join(gone) or 'nothing, for nothing was updated'}. Data: {catalogue.vintage()}"
        )


def _print_card(card: Card) -> None:
    """Print what is to be known, then coverage by year and the series asked for."""
    click.secho(f"{card.title} ({card.id})", bold=True)
    width = max(map(len, card.facts), default=0)
    for field, text in card.facts.items():
        click.echo(f"  {field:<{width}}  {text}")
    for source in card.sources:
        click.echo(f"\n{source.title}")
        click.echo(f"  publisher  {source.publisher}\n  licence    {source.licence}  {source.licence_url}")
        click.echo(f"  vintage    {source.vintage}\n  cite as    {source.citation}")
        if source.note:
            click.echo(f"  note       {source.note}")
    _print_coverage(card.coverage)
    for (iso3,), rows in card.series.partition_by("iso3", as_dict=True, maintain_order=True).items():
        _print_series(str(iso3), rows)


def _print_coverage(coverage: pl.DataFrame) -> None:
    from parity.catalogue import sparkline

    if coverage.height:
        years, counts = coverage["year"].to_list(), coverage["countries"].to_list()
        line = f"countries by year, {years[0]} to {years[-1]}: {sparkline(counts)}"
        click.echo(f"\n{line}  most {max(counts)}, last {counts[-1]}")


def _print_series(iso3: str, rows: pl.DataFrame) -> None:
    from parity.catalogue import sparkline

    years, values = rows["year"].to_list(), rows["value"].to_list()
    flag = rows["flag"].to_list()[-1]
    last = f"{cell_text(values[-1])} in {years[-1]}" + ("" if flag == "observed" else f" ({flag})")
    click.echo(f"{iso3}, {years[0]} to {years[-1]}: {sparkline(values)}  {last}")


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show downloads as bars on a terminal, and nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda file, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show_progress(file: str, done: int, total: int) -> None:
            if file not in tasks:
                tasks[file] = bars.add_task(file, total=total or None)
            bars.update(tasks[file], completed=done, total=total or None)

        yield show_progress
