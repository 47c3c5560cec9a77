"""``parity brief``: a country on one page."""

from __future__ import annotations

import click

from parity.brief.model import BriefCountry, Sections
from parity.cli.answers import Answer, json_option, print_json


class BriefAnswer(Answer):
    """Answer of ``parity brief``."""

    country: BriefCountry
    sections: Sections


@click.command(name="brief")
@click.argument("country")
@click.option(
    "--variant",
    default="both",
    show_default=True,
    help="scale (absolute), intensity (per person or GDP) or both.",
)
@json_option
def command(country: str, variant: str, as_json: bool) -> None:
    """Brief a COUNTRY: position, strengths, gaps, evidence, change, sources.

    COUNTRY is an ISO code or a usual English name.

    \b
    Examples:
      parity brief RUS
      parity brief "South Korea" --variant intensity
      parity brief Brazil --json
    """
    from rich.console import Console

    from parity.brief.compose import compose
    from parity.brief.terminal import render

    brief = compose(country, variant)
    if as_json:
        print_json(BriefAnswer(data=brief.data, country=brief.country, sections=brief.sections))
    else:
        render(brief, Console())
