"""Gathering a country's brief."""

from __future__ import annotations

import polars as pl

from parity.brief._change import change
from parity.brief._gap import gaps
from parity.brief._measures import chips, control, lag
from parity.brief._position import evidence, position
from parity.brief._profile import profile
from parity.brief.blocs import bloc_section
from parity.brief.model import Brief, BriefCountry, Sections, SourceLine, SourcesSection
from parity.brief.standing import Standing, standing
from parity.catalogue import find_country, load_table, members

# A country's first bloc in this order is its second peer group.
BLOCS = ("BRICS", "EU", "G7", "ASEAN", "SCO", "African Union", "OECD", "G20")


def compose(country: str, variant: str = "both") -> Brief:
    """Gather the brief of a country from the catalogue.

    Parameters
    ----------
    country
        Code or usual English name.
    variant
        Variant of the open AI index.

    Returns
    -------
    Brief
        Sections with their figures, ranks, shares and sources.

    Raises
    ------
    ParityError
        If the country is unknown or has too little data to be ranked.
    """
    known = find_country(country)
    found = standing("open-ai-index", variant)
    unit = found.unit(known.iso3)
    countries = load_table("countries")
    row = countries.filter(iso3=unit).row(0, named=True)
    blocs = [bloc for bloc in BLOCS if unit in members(bloc)]
    about = BriefCountry(
        iso3=unit, name=known.name, income_group=row["income_group"], region=row["region"], blocs=blocs
    )
    sections = Sections(
        position=position(found, unit),
        profile=profile(found, unit, peers(about)),
        gap=gaps(found, unit),
        evidence=evidence(found, unit),
        change=change(found.index.spec, list(found.index.units), unit, load_table("observations"), countries),
        lag=lag(unit),
        chips=chips(unit),
        bloc=bloc_section(found, unit, blocs[0]) if blocs else None,
        control=control(unit),
        sources=sources(found, unit),
    )
    return Brief(country=about, data=found.vintage, sections=sections)


def peers(country: BriefCountry) -> dict[str, list[str]]:
    """Return the groups that a country is held against: its income group, and its first bloc."""
    names = [name for name in (country.income_group, *country.blocs[:1]) if name]
    return {name: members(name) for name in names}


def sources(found: Standing, unit: str) -> SourcesSection:
    """Return the sources of a country's cells, those of most indicators first."""
    if found.cells is None:
        return SourcesSection(sources=[])
    stems = pl.col("code").str.replace(r"\.(scale|intensity)$", "")
    counts = (
        found.cells.filter(pl.col("iso3") == unit, pl.col("source").is_not_null())
        .group_by("source")
        .agg(indicators=stems.n_unique())
        .join(load_table("sources"), on="source", how="left")
        .sort("indicators", "source", descending=[True, False])
    )
    fields = list(SourceLine.model_fields)
    return SourcesSection(sources=[SourceLine(**row) for row in counts.select(fields).iter_rows(named=True)])
