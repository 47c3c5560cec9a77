"""``parity rank``: where every country stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from pydantic import BaseModel, Field

from parity.cli._options import index_options
from parity.cli.answers import Answer, json_option, print_json

if TYPE_CHECKING:
    import polars as pl

    from parity.brief.standing import Standing


class PillarPlace(BaseModel):
    """Place of a country in one pillar."""

    rank: int | None = Field(description="1 is best; ties share the smallest rank")
    score: float | None = Field(description="0 to 100 for the built-in indices")


class CountryPlace(BaseModel):
    """Place of one country."""

    iso3: str = Field(description="ISO 3166 code (or the unit's code, for your own data)")
    name: str = Field(description="Usual English name")
    rank: int | None = Field(description="1 is best; ties share the smallest rank")
    score: float | None = Field(description="0 to 100 for the built-in indices")
    rank_low: int | None = Field(description="Best rank of the interval")
    rank_high: int | None = Field(description="Worst rank of the interval")
    pillars: dict[str, PillarPlace] = Field(description="Place in every pillar and sub-pillar")
    imputed_share: float = Field(description="Share of the weight that rests on imputed cells")
    zero_share: float = Field(description="Share of the weight that rests on cells taken as zero")
    missing_share: float = Field(description="Share of the weight on cells left out of the score")


class RankAnswer(Answer):
    """Answer of ``parity rank``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    ranked_by: str = Field(
        description="Pillar or indicator that the ranks are of; the index itself by default"
    )
    units: int = Field(description="Countries ranked, before --group and --top")
    interval_level: float | None = Field(
        description="Probability that rank intervals cover; null without them"
    )
    countries: list[CountryPlace] = Field(description="In order of rank")


@click.command(name="rank")
@index_options
@click.option("--pillar", help="Rank by a pillar, sub-pillar or indicator in place of the whole index.")
@click.option(
    "--group", help="Show members of a bloc, income group or region only: BRICS, EU, 'High income'."
)
@click.option("--top", type=click.IntRange(min=1), help="Show the first N.")
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
    no_intervals: bool,
    as_json: bool,
) -> None:
    """Rank countries by an index, a pillar or an indicator.

    \b
    Examples:
      parity rank --top 20
      parity rank --group BRICS --variant scale
      parity rank --pillar talent --json
      parity rank --index gaii --data tortoise.csv
    """
    from parity.brief.standing import ranking, standing

    found = standing(index_name, variant, data)
    pillar = pillar and found.code(pillar)
    table = ranking(found, pillar, group)
    shown = table if top is None else table.head(top)
    if not no_intervals:
        shown = _with_intervals(found, shown, pillar)
    if as_json:
        print_json(_answer(found, shown, pillar))
    else:
        _print(found, shown, pillar)


def _with_intervals(found: Standing, table: pl.DataFrame, pillar: str | None) -> pl.DataFrame:
    """Add the columns ``rank_low`` and ``rank_high``, where the spec names what to vary."""
    from parity.brief.intervals import rank_intervals

    intervals = rank_intervals(found, pillar)
    return table if intervals is None else table.join(intervals, on="id", how="left", maintain_order="left")


def _answer(found: Standing, table: pl.DataFrame, pillar: str | None) -> RankAnswer:
    from parity.brief.intervals import LEVEL

    index = found.index
    places = [
        CountryPlace(
            iso3=row["id"],
            name=row["name"],
            rank=row["rank"],
            score=row["score"],
            rank_low=row.get("rank_low"),
            rank_high=row.get("rank_high"),
            imputed_share=row["imputed_share"],
            zero_share=row["zero_share"],
            missing_share=row["missing_share"],
            pillars=_pillars(found, row["id"]),
        )
        for row in table.iter_rows(named=True)
    ]
    return RankAnswer(
        data=found.vintage,
        index=index.spec.index.id,
        variant=found.variant,
        ranked_by=pillar or index.tree.codes[-1],
        units=len(index.units),
        interval_level=LEVEL if "rank_low" in table.columns else None,
        countries=places,
    )


def _pillars(found: Standing, unit: str) -> dict[str, PillarPlace]:
    index = found.index
    codes = [index.tree.codes[node] for node in found.group_nodes()]
    return {
        code: PillarPlace(rank=index.rank(unit, code), score=known(index.score(unit, code))) for code in codes
    }


def known(score: float) -> float | None:
    """Return a score, or ``None`` where there is none."""
    return None if score != score else score


def _print(found: Standing, table: pl.DataFrame, pillar: str | None) -> None:
    from rich.console import Console
    from rich.table import Table

    from parity.brief.intervals import LEVEL

    index = found.index
    title = index.spec.index.title or index.spec.index.id
    if found.variant:
        title += f", variant {found.variant}"
    if pillar:
        title += f": {found.title(index.node(pillar))}"
    out = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    missing = bool((table["missing_share"] > 0).any())
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
