"""``parity brief``: a country on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from pydantic import BaseModel, ConfigDict, Field

from parity.brief.model import BriefCountry, Sections
from parity.cli.answers import Answer, json_option, print_json
from parity.errors import ParityError

if TYPE_CHECKING:
    from parity.brief.model import Brief


class BriefAnswer(Answer):
    """Answer of ``parity brief`` for one country."""

    country: BriefCountry
    sections: Sections


class OneBrief(BaseModel):
    """One country of several."""

    model_config = ConfigDict(extra="forbid")

    country: BriefCountry
    sections: Sections


class BriefsAnswer(Answer):
    """Answer of ``parity brief`` for several countries."""

    briefs: list[OneBrief] = Field(description="In the order of the countries given")


@click.command(name="brief")
@click.argument("countries", metavar="COUNTRY...", nargs=-1)
@click.option(
    "--variant",
    default="both",
    show_default=True,
    help="scale (absolute), intensity (per person or GDP) or both.",
)
@click.option("--html", type=click.Path(), help="Write one self-contained HTML file.")
@click.option("--md", type=click.Path(), help="Write Markdown.")
@click.option("--pdf", type=click.Path(), help="Write a PDF (needs the extra 'pdf').")
@click.option("--all", "every", is_flag=True, help="Write the HTML brief of every ranked country to --out.")
@click.option("--out", type=click.Path(), help="Folder for --all; a stopped run goes on where it was.")
@json_option
def command(
    countries: tuple[str, ...],
    variant: str,
    every: bool,
    out: str | None,
    as_json: bool,
    **paths: str | None,
) -> None:
    r"""Brief a COUNTRY: position, strengths, gaps, evidence, change, lag, hardware, sources.

    COUNTRY is an ISO code or a usual English name; several are put side by side.

    \b
    Examples:
      parity brief RUS
      parity brief "South Korea" --variant intensity
      parity brief RUS CHN USA --html three.html
      parity brief Brazil --json
      parity brief --all --out briefs
    """
    from parity.brief.compose import compose
    from parity.cli._brief_files import write_all

    if every or out:
        if countries or not (every and out):
            raise ParityError("--all and --out FOLDER go together, without a country")
        write_all(out, variant)
        return
    if not countries:
        raise ParityError("name a country: an ISO code or a usual English name, for example RUS")
    briefs = [compose(country, variant) for country in countries]
    wanted = {form: path for form, path in paths.items() if path}
    if wanted:
        _write(briefs, wanted)
    if as_json:
        _print_json(briefs)
    elif not wanted:
        _print(briefs)


def _write(briefs: list[Brief], paths: dict[str, str]) -> None:
    from parity.brief.document import document, side_by_side
    from parity.cli._brief_files import write

    laid_out = document(briefs[0]) if len(briefs) == 1 else side_by_side(briefs)
    for form, path in paths.items():
        write(laid_out, path, form)
        click.echo(f"written to {path}", err=True)


def _print_json(briefs: list[Brief]) -> None:
    if len(briefs) == 1:
        brief = briefs[0]
        print_json(BriefAnswer(data=brief.data, country=brief.country, sections=brief.sections))
        return
    rows = [OneBrief(country=brief.country, sections=brief.sections) for brief in briefs]
    print_json(BriefsAnswer(data=briefs[0].data, briefs=rows))


def _print(briefs: list[Brief]) -> None:
    from rich.console import Console

    if len(briefs) == 1:
        from parity.brief.terminal import render

        render(briefs[0], Console())
        return
    import polars as pl

    from parity.brief.document import side_by_side
    from parity.cli._tables import print_table

    for part in side_by_side(briefs).parts:
        for grid in part.grids:
            names = [column or part.title for column in grid.columns]
            print_table(pl.DataFrame(grid.rows, schema=names, orient="row"))
