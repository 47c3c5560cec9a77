"""``parity data``: query, export, update, verify and reset the data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from parity.cli.by_hand import json_option, print_json, print_table


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
        print_json(catalogue.vintage(), columns=frame.columns, rows=frame)
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
        print_json(catalogue.vintage(), file=str(file), rows=frame.height)
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
    be. Rank intervals and the fit of capability are made anew once, which takes a minute. The folder for
    updated data is $PARITY_DATA, or the platform's own.

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
        print_json(catalogue.vintage(), sources=rows, changes=moves)
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
@click.argument("place", required=False, type=click.Path(path_type=Path))
@json_option
def keep(place: Path | None, as_json: bool) -> None:
    """Keep a snapshot, so that its answers can be given again after Parity has been updated.

    By default the one that ships; PLACE is the folder of another, or the file of a release (.whl). Asked
    for with `parity --snapshot DATE ...`, it is read without the updates of `parity data update`.

    \b
    Examples:
      parity data keep
      parity data keep parity-0.1.0-py3-none-any.whl
    """
    from parity import catalogue

    day = catalogue.keep(place)
    if as_json:
        print_json(catalogue.vintage(), snapshot=day, kept=catalogue.kept())
    else:
        click.echo(
            f"Kept: {day}. There are: {', '.join(catalogue.kept())}. Ask: parity --snapshot {day} rank"
        )


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
        print_json("" if wrong else catalogue.vintage(), files=rows)
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
        print_json(catalogue.vintage(), sources=gone)
    else:
        click.echo(
            f"Dropped: {', '.join(gone) or 'nothing, for nothing was updated'}. Data: {catalogue.vintage()}"
        )


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
