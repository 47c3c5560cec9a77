"""Hold the open AI index against published rankings and write ``docs/methods/agreement.md``.

``python -m tools.agreement ../shared/data/validation``. The published tables are not openly licensed: they
are read from the user's copies, and only rank correlations and rank differences go into the page.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import polars as pl

from parity.catalogue import find_country, load_table, vintage
from parity.catalogue.files import read_table, write_text
from parity.index import assemble, build, builtin_spec

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "agreement.md"
SHOWN = 8


class Peer(NamedTuple):
    """A published ranking: its scores by country, and which of our scores each one matches."""

    name: str
    scores: pl.DataFrame
    pairs: tuple[tuple[str, str], ...]


SUB_PILLARS = {
    "Talent": "talent",
    "Infrastructure": "infrastructure",
    "Operating Environment": "operating_environment",
    "Research": "research",
    "Development": "development",
    "Commercial": "commercial",
    "Government Strategy": "government_strategy",
}


def by_iso3(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Give a published table the ISO3 code of each country."""
    codes = [find_country(str(name)).iso3 for name in table[column]]
    return table.with_columns(iso3=pl.Series(codes))


def peers(folder: Path) -> list[Peer]:
    """Read the published rankings."""
    tortoise = by_iso3(
        read_table(folder / "tortoise-global-ai-index" / "tortoise_2023_62_countries.csv"), "Country"
    )
    oxford = by_iso3(read_table(folder / "oxford-insights-gairi" / "gairi_2025.csv"), "code")
    stanford = read_table(folder / "stanford-ai-vibrancy-2021" / "ai_vibrancy_2017_2021.csv")
    stanford = by_iso3(stanford.filter(pl.col("year") == 2021), "country")
    return [
        Peer(
            "Global AI Index 2021",
            tortoise,
            (("Total score", "index"), *SUB_PILLARS.items()),
        ),
        Peer(
            "Government AI Readiness 2025",
            oxford,
            (
                ("total", "index"),
                ("ai_infrastructure", "infrastructure"),
                ("policy_capacity", "government_strategy"),
                ("development_diffusion", "development"),
                ("human_capital", "talent"),
            ),
        ),
        Peer(
            "Global AI Vibrancy 2021",
            stanford,
            (("vibrancy", "index"), ("econ_pillar", "investment"), ("rd_pillar", "innovation")),
        ),
    ]


def ours(variant: str) -> pl.DataFrame:
    """Return the open AI index's scores: one row per country, one column per pillar."""
    spec = builtin_spec("open-ai-index", variant)
    table = assemble(spec, load_table("observations"), load_table("countries")).table
    return build(spec, table).stage("aggregated").rename({"id": "iso3"})


def spearman(pairs: pl.DataFrame) -> float:
    """Return the rank correlation of the columns ``ours`` and ``theirs``."""
    return float(pairs.select(pl.corr("ours", "theirs", method="spearman")).item())


def paired(scores: pl.DataFrame, peer: Peer, theirs: str, our: str) -> pl.DataFrame:
    """Return both scores and ranks of the countries that both rank."""
    return (
        scores.select("iso3", ours=pl.col(our))
        .join(peer.scores.select("iso3", theirs=pl.col(theirs).cast(pl.Float64)), on="iso3")
        .drop_nulls()
        .with_columns(
            pl.col("ours", "theirs").rank("min", descending=True).cast(pl.Int64).name.suffix("_rank")
        )
    )


def correlations(scores: dict[str, pl.DataFrame], found: list[Peer]) -> list[str]:
    """Return the table of rank correlations by pillar and variant."""
    lines = [
        "| published ranking | its column | ours | countries | " + " | ".join(scores) + " |",
        "|---|---|---|---|" + "---|" * len(scores),
    ]
    for peer in found:
        for theirs, our in peer.pairs:
            tables = [paired(frame, peer, theirs, our) for frame in scores.values()]
            values = " | ".join(f"{spearman(table):.2f}" for table in tables)
            lines.append(f"| {peer.name} | {theirs} | {our} | {tables[0].height} | {values} |")
    return lines


def disagreements(scores: pl.DataFrame, peer: Peer) -> list[str]:
    """Return the countries whose rank differs most, with the pillars that make the difference."""
    (total, our_total), *pillars = peer.pairs
    ranks = {our: paired(scores, peer, theirs, our) for theirs, our in pillars}
    overall = paired(scores, peer, total, our_total).with_columns(
        shift=pl.col("theirs_rank") - pl.col("ours_rank")
    )
    names = dict(load_table("countries").select("iso3", "name").rows())
    lines = ["| country | ours | theirs | where the ranks differ most (ours, theirs) |", "|---|---|---|---|"]
    for row in (
        overall.sort(pl.col("shift").abs(), "iso3", descending=[True, False])
        .head(SHOWN)
        .iter_rows(named=True)
    ):
        where = []
        for pillar, table in ranks.items():
            for here in table.filter(iso3=row["iso3"]).iter_rows(named=True):
                shift = here["theirs_rank"] - here["ours_rank"]
                if shift * row["shift"] > 0:
                    where.append((abs(shift), f"{pillar} ({here['ours_rank']}, {here['theirs_rank']})"))
        why = ", ".join(text for _, text in sorted(where, reverse=True)[:3])
        lines.append(f"| {names[row['iso3']]} | {row['ours_rank']} | {row['theirs_rank']} | {why} |")
    return lines


def page(folder: Path) -> str:
    """Return the page."""
    found = peers(folder)
    scores = {variant: ours(variant) for variant in ("both", "scale", "intensity")}
    parts = [
        "# Agreement with published rankings",
        f"Spearman rank correlation over the countries that both rank; data: {vintage()}. Made by "
        "`python -m tools.agreement`; the published tables do not ship.",
        "\n".join(correlations(scores, found)),
        (Path(__file__).parent / "templates" / "agreement-notes.md").read_text(encoding="utf-8").strip(),
    ]
    for peer in found:
        parts.append(f"## Largest differences: {peer.name}")
        parts.append("Ranks among the countries that both rank; variant `both`.")
        parts.append("\n".join(disagreements(scores["both"], peer)))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    write_text(PAGE, page(Path(sys.argv[1])))
