"""``parity brief``: a country on one page, then the detail."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from parity import dates
from parity.cli.answers import json_option, print_json
from parity.errors import ParityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from parity.brief.document import Document
    from parity.brief.model import Brief


@click.command(name="brief")
@click.argument("countries", metavar="COUNTRY...", nargs=-1)
@click.option(
    "--variant",
    default="both",
    show_default=True,
    help="scale (absolute), intensity (per person or GDP) or both.",
)
@click.option("--since", metavar="DATE", help="Tell what changed since this day; a year before the data.")
@click.option("--html", type=click.Path(), help="Write one self-contained HTML file.")
@click.option("--md", type=click.Path(), help="Write Markdown.")
@click.option("--pdf", type=click.Path(), help="Write a PDF (needs the extra 'pdf').")
@click.option("--all", "every", is_flag=True, help="Write the HTML brief of every ranked country to --out.")
@click.option("--out", type=click.Path(), help="Folder for --all; a stopped run goes on where it was.")
@json_option
def command(
    countries: tuple[str, ...],
    variant: str,
    since: str | None,
    every: bool,
    out: str | None,
    as_json: bool,
    **paths: str | None,
) -> None:
    """Brief a COUNTRY: a page of findings, then the detail.

    Standing with intervals, lag, hardware reach, trade, bloc and ties, information control of its models,
    pledges, public claims, what changed, what would change it, gaps in the data and sources; each with the
    command that reproduces it. COUNTRY is an ISO code or a usual English name; several are put side by side.

    \b
    Examples:
      parity brief RUS
      parity brief "South Korea" --variant intensity
      parity brief India --since 2024-01-01
      parity brief RUS CHN USA --html three.html
      parity brief Brazil --json
      parity brief --all --out briefs
    """
    from parity.cli._brief_files import write_all

    start = dates.read_if(since, first=True)
    if every or out:
        if countries or not (every and out):
            raise ParityError("--all and --out FOLDER go together, without a country")
        write_all(out, variant, start)
        return
    if not countries:
        raise ParityError("name a country: an ISO code or a usual English name, for example RUS")
    briefs = _compose(countries, variant, start)
    wanted = {form: path for form, path in paths.items() if path}
    if wanted:
        _write(briefs, wanted)
    if as_json:
        _print_json(briefs)
    elif not wanted:
        _print(briefs)


def _compose(countries: tuple[str, ...], variant: str, start: dt.date | None) -> list[Brief]:
    from parity.brief.compose import compose

    with _telling() as tell:
        briefs = [compose(country, variant, start, tell) for country in countries]
    codes = [brief.country.iso3 for brief in briefs]
    for code in codes:
        if codes.count(code) > 1:
            raise ParityError(f"{code} is given twice; name each country once")
    return briefs


@contextmanager
def _telling() -> Iterator[Callable[[str], object]]:
    """Give a function that says on a terminal what is being made."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("Briefing ...") as status:
        yield lambda what: status.update(f"Briefing: {what} (not stored for these data, takes seconds) ...")


def _document(briefs: list[Brief]) -> Document:
    from parity.brief.layout import lay_out, side_by_side

    return lay_out(briefs[0]) if len(briefs) == 1 else side_by_side(briefs)


def _write(briefs: list[Brief], paths: dict[str, str]) -> None:
    from parity.cli._brief_files import write

    laid_out = _document(briefs)
    for form, path in paths.items():
        write(laid_out, path, form)
        click.echo(f"written to {path}", err=True)


def _print_json(briefs: list[Brief]) -> None:
    from parity.answers.brief import brief_answer, briefs_answer

    print_json(brief_answer(briefs[0]) if len(briefs) == 1 else briefs_answer(briefs))


def _print(briefs: list[Brief]) -> None:
    from rich.console import Console

    from parity.brief.terminal import render

    render(_document(briefs), Console())
