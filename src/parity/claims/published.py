"""What was published, by edition: places in indices and figures of reports, as claims look them up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from parity.catalogue import deciding, load_table, vintage
from parity.claims.verdict import Finding
from parity.estimate import Estimate, rounded

# An edition is in force for so long, unless a newer one comes out: after it the table is too old to say.
IN_FORCE = dt.timedelta(days=760)
# Indicator of the catalogue -> measures of published figures, each with the beginning of its unit; the factor
# to the claim's unit.
FIGURES: dict[str, tuple[tuple[tuple[str, str], ...], float]] = {
    "ai_investment": ((("private_ai_investment", "billion US dollars, nominal"),), 1e9),
    "notable_models": ((("notable_models", "models"),), 1.0),
    "top500_systems": ((("supercomputers_top500", "systems"),), 1.0),
    "top500_rmax": ((("supercomputer_petaflops", "PFlop/s, sum of Rmax"),), 1.0),
    "genai_patents": ((("genai_patents", "patent families"),), 1.0),
    "genai_investment": ((("genai_private_investment", "billion US dollars, nominal"),), 1e9),
    "funded_companies": ((("newly_funded_ai_companies", "companies"),), 1.0),
    "enterprise_ai": ((("enterprise_ai", "% of enterprises with 10 or more people"),), 1.0),
    "ai_patents_per_100k": ((("ai_patents_per_100k", "patents per 100 000 people"),), 1.0),
    "genai_users": ((("genai_users", "million people"),), 1e6),
    "robots_installed": ((("industrial_robots_installed", "robots"),), 1.0),
    "genai_diffusion": ((("ai_users_share", "% of working-age people"), ("genai_adoption", "% of p")), 1.0),
}
SHARES: dict[str, tuple[tuple[tuple[str, str], ...], float]] = {
    "ai_publications": ((("ai_publications_share", "% of world"),), 1.0),
    "ai_patents": ((("ai_patents_granted_share", "% of world"), ("ai_patents_share", "% of world")), 1.0),
    "gpu_cluster_h100e": ((("h100e_compute_share", "% of "),), 1.0),
    "top500_rmax": ((("supercomputer_petaflops", "% of the sum of Rmax"),), 1.0),
}
# Indices of a country's place in AI as a whole, in the order to show.
GENERAL = ("Global AI Index", "Global AI Vibrancy Tool")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of an index.

    Attributes
    ----------
    index, label, published
        Which one; its last possible day where only the month is known.
    year
        Year that its data are about, as the edition says.
    countries
        Number of countries ranked; ``None`` where not known.
    places
        ISO3 -> place.
    sources
        ISO3 -> page that states it.
    """

    index: str
    label: str
    published: dt.date
    year: str
    countries: int | None
    places: dict[str, int]
    sources: dict[str, str]

    def within(self, iso3: str, group: tuple[str, ...]) -> int | None:
        """Return a country's place among a group; ``None`` unless every better place is on record."""
        place = self.places.get(iso3)
        if place is None:
            return None
        better = [other for other, rank in self.places.items() if rank < place]
        if len(better) < place - 1:
            return None
        return 1 + sum(other in group for other in better)

    def evidence(self, iso3: str, place: int, name: str, group: str = "") -> Finding:
        """Return the finding on a country."""
        size = f", {self.countries} countries" if self.countries else ""
        of = f" of {self.countries}" if self.countries and not group else ""
        among = f" in {group}" if group else ""
        return Finding(
            f"{self.index}, edition {self.label} of {self.published}{size}",
            f"{name}: rank {place}{of}{among}, as published",
            self.sources.get(iso3, ""),
            Estimate(float(place), float(place), float(place), None, "rank"),
            question=sql(self.index, iso3),
            address=self.sources.get(iso3, ""),
        )


def sql(index: str, *countries: str) -> str:
    """Return the command that shows the places of countries in an index."""
    listed = ", ".join(f"'{iso3}'" for iso3 in countries)
    return (
        f'parity data sql "select edition, published, countries, iso3, rank, source from published_ranks '
        f"where index = '{index}' and iso3 in ({listed}) order by published, rank\""
    )


@cache
def editions(index: str) -> tuple[Edition, ...]:
    """Return the editions of an index that are on record, the oldest first."""
    rows = deciding(load_table("published_ranks")).filter(
        pl.col("index") == index, pl.col("rank").is_not_null()
    )
    found = []
    for (label, published), own in sorted(rows.group_by("edition", "published"), key=lambda pair: pair[0][1]):
        found.append(
            Edition(
                index,
                str(label),
                published,
                str(own["data_year"][0] or ""),
                max((n for n in own["countries"].to_list() if n is not None), default=None),
                dict(own.select("iso3", "rank").rows()),
                dict(own.select("iso3", "source").rows()),
            )
        )
    return tuple(found)


def known_indices() -> tuple[str, ...]:
    """Return the indices of which places are on record."""
    return tuple(load_table("published_ranks")["index"].unique().sort())


def in_force(index: str, on: dt.date) -> Edition | None:
    """Return the edition that a text of a day means; ``None`` where the newest is too old to tell."""
    out = [edition for edition in editions(index) if _out(edition) <= on]
    newest = max(out, key=lambda edition: edition.published, default=None)
    return newest if newest is not None and on - newest.published <= IN_FORCE else None


def _out(edition: Edition) -> dt.date:
    """Return the first day on which an edition may have been out: its month, where only that is known."""
    last = edition.published
    return last.replace(day=1) if (last + dt.timedelta(days=1)).day == 1 else last


def figures(indicator: str, iso3: str, *, share: bool = False) -> list[dict[str, Any]]:
    """Return the published levels of an indicator for a country, in the units of claims, by edition.

    Parameters
    ----------
    indicator
        Indicator, a key of ``FIGURES``; none are known of others.
    iso3
        Country.
    share
        Whether shares of the world are asked for, by the keys of ``SHARES``.

    Returns
    -------
    list of dict
        ``report``, ``edition``, ``published``, ``period``, ``value``, ``now`` (the figure as it stands in a
        later edition, else None), ``unit``, ``source``; the oldest edition first.
    """
    known = SHARES if share else FIGURES
    if indicator not in known:
        return []
    measures, factor = known[indicator]
    rows = _figures().filter(
        pl.any_horizontal(
            (pl.col("measure") == measure) & pl.col("unit").str.starts_with(unit)
            for measure, unit in measures
        ),
        pl.col("iso3") == iso3,
    )
    return [
        row | {"value": row["value"] * factor, "now": None if row["now"] is None else row["now"] * factor}
        for row in rows.sort("published").iter_rows(named=True)
    ]


@cache
def _figures() -> pl.DataFrame:
    rows = deciding(load_table("published_figures"))
    return rows.filter(
        pl.col("comparison").is_in(("level", "share")),
        pl.col("qualifier") == "",
        pl.col("published").is_not_null(),
    )


def figure_evidence(row: dict[str, Any], name: str, unit: str) -> Finding:
    """Return what a report said, with what it says now."""
    now = "" if row["now"] is None else f"; in a later edition {rounded(row['now'], 5)}"
    return Finding(
        f"{row['publisher']}, {row['report']} {row['edition']}, published {row['published']}",
        f"{name} {row['period']}: {rounded(row['value'], 5)} {unit}{now}",
        f"{row['source']}; {vintage()}",
        Estimate(row["value"], row["value"], row["value"], None, unit),
        question=(
            f'parity data sql "select report, edition, period, value, now, source from published_figures '
            f"where measure = '{row['measure']}' and iso3 = '{row['iso3']}' order by period, published\""
        ),
        address=str(row["source"] or ""),
    )
