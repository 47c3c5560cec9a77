"""``parity rank``: where every country stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import click

from parity.cli._options import index_options, settings_of, settings_options
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.standing import Standing
    from parity.robustness.forms import Forms


_NUMBERS = ("by size", "per person", "mixed", "imputed")
# Columns of a terminal that has room for what moves a rank.
_WIDE = 110


@click.command(name="rank")
@index_options
@click.option("--pillar", help="Rank by a pillar, sub-pillar or indicator in place of the whole index.")
@click.option(
    "--group", help="Show members of a bloc, income group or region only: BRICS, EU, 'High income'."
)
@click.option("--top", type=click.IntRange(min=1), help="Show the first N.")
@click.option(
    "--as-of",
    type=click.IntRange(2020, 2024),
    metavar="YEAR",
    help="Rank on the data of years up to this one only, 2020 to 2024.",
)
@settings_options
@click.option(
    "--no-intervals", is_flag=True, help="Leave out rank intervals: quicker for a spec of your own."
)
@json_option
def command(
    index_name: str,
    variant: str,
    data: str | None,
    pillar: str | None,
    group: str | None,
    top: int | None,
    as_of: int | None,
    no_intervals: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Rank countries by an index, a pillar or an indicator.

    \b
    Examples:
      parity rank --top 20
      parity rank --group BRICS --variant scale
      parity rank --pillar talent --json
      parity rank --as-of 2022 --group G7
      parity rank --weight innovation=12 --weight talent=2 --aggregate geometric
      parity rank --index gaii --data tortoise.csv
    """
    from parity.answers.rank import forms_of, rank_answer, ranked, with_intervals
    from parity.ask.settings import edited
    from parity.ask.standing import standing

    found = edited(standing(index_name, variant, data, as_of), settings_of(settings))
    pillar = pillar and found.code(pillar)
    shown = ranked(found, pillar, group, top)
    if not no_intervals:
        shown = with_intervals(found, shown, pillar)
    forms = None if no_intervals else forms_of(found, pillar)
    if as_json:
        print_json(rank_answer(found, shown, pillar, forms))
    else:
        _print(found, shown, pillar, forms)


def _print(found: Standing, table: pl.DataFrame, pillar: str | None, forms: Forms | None) -> None:
    from rich.console import Console
    from rich.table import Table

    from parity.ask.intervals import LEVEL

    index = found.index
    title = index.spec.index.title or index.spec.index.id
    if found.variant:
        title += f", variant {found.variant}"
    if pillar:
        title += f": {found.title(index.node(pillar))}"
    out = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    missing = bool((table["missing_share"] > 0).any())
    if forms is not None:
        _print_forms(found, table, forms)
        return
    headings = ["rank", "interval", "code", "country", "score", "imputed", "zero"]
    for heading in headings + ["no data"] * missing:
        out.add_column(heading, justify="left" if heading in ("code", "country") else "right")
    for row in table.iter_rows(named=True):
        score = "-" if row["score"] is None else f"{row['score']:.1f}"
        rank = "-" if row["rank"] is None else str(row["rank"])
        low, high = row.get("rank_low"), row.get("rank_high")
        interval = "-" if low is None else f"{low} to {high}"
        kinds = ["imputed_share", "zero_share", "missing_share"][: 2 + missing]
        shares = [f"{row[kind]:.0%}" for kind in kinds]
        out.add_row(rank, interval, row["id"], row["name"], score, *shares)
    console = Console()
    console.print(out)
    level = f"interval: {LEVEL:.0%} of rebuilds with other choices. " if "rank_low" in table.columns else ""
    console.print(
        f"\n{table.height} of {len(index.units)} ranked shown. {level}imputed, zero: share of the weight "
        f"on cells filled in, or taken as zero. Data: {found.vintage}.",
        highlight=False,
        soft_wrap=True,
    )


def _print_forms(found: Standing, table: pl.DataFrame, forms: Forms) -> None:
    """Print the three forms side by side, in the order of the one that was asked for."""
    from rich.console import Console
    from rich.table import Table

    out = Table(
        title=found.index.spec.index.title,
        title_justify="left",
        box=None,
        header_style="bold",
        pad_edge=False,
    )
    console = Console()
    wide = console.width >= _WIDE
    headings = ("code", "country", "by size", "per person", "mixed", "imputed", "moved most by")
    for heading in headings[: 6 + wide]:
        justify: Literal["left", "right"] = "right" if heading in _NUMBERS else "left"
        out.add_column(heading, justify=justify, no_wrap=heading in _NUMBERS)
    kept = {indicator.form for indicator in found.index.spec.indicators} - {None}
    asked = "mixed" if len(kept) > 1 else str(*kept)
    order = {"mixed": "the mixed form", "scale": "size", "intensity": "the form per person"}[asked]
    sides = forms.table().rows_by_key("id", named=True, unique=True)
    for row in table.iter_rows(named=True):
        # Of the form that was asked for intervals may be at hand where those of the others are not stored.
        known = {f"{end}_{asked}": row.get(end) for end in ("rank_low", "rank_high") if row.get(end)}
        here = sides[row["id"]] | known
        ranks = [_place(here, form) for form in ("scale", "intensity", "mixed")]
        moved = "-" if here["moved_by"] is None else f"{here['moved_by']} ({here['moved_share']:.0%})"
        out.add_row(row["id"], row["name"], *ranks, f"{row['imputed_share']:.0%}", *[moved] * wide)
    console.print(out)
    console.print(
        f"\n{table.height} of {len(found.index.units)} ranked shown, ordered by {order}. "
        "By size: how much there is. Per person: how good for its size (per person or per GDP). Mixed: "
        "both, either with a quarter to three quarters of the weight: a choice, which the interval covers.\n"
        f"In brackets: {forms.level:.0%} of rebuilds with other choices; imputed: share of the weight on "
        "cells filled in; moved most by (wide terminals, --json): the choice with the largest Sobol index "
        "of the mixed rank. "
        f"Data: {found.vintage}.",
        highlight=False,
        soft_wrap=True,
    )


def _place(row: dict[str, Any], form: str) -> str:
    """Return a rank with its interval, where that is known."""
    rank, low, high = (row[f"{name}_{form}"] for name in ("rank", "rank_low", "rank_high"))
    if rank is None:
        return "-"
    return f"{rank}" if low is None else f"{rank} ({low}-{high})"
