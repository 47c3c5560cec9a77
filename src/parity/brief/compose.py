"""Gathering a country's brief."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import polars as pl

from parity.ask.standing import Standing, built
from parity.brief import stored
from parity.brief._change import change
from parity.brief._gap import gaps
from parity.brief._goal import goal_section
from parity.brief._lacking import data_gaps
from parity.brief._measures import chips, control, lag
from parity.brief._position import evidence, position
from parity.brief._profile import profile
from parity.brief._record import claims, pledges
from parity.brief._since import since as since_section
from parity.brief._trade import trade_section
from parity.brief.blocs import bloc_section, ties_section
from parity.brief.model import (
    Brief,
    BriefCountry,
    FrontierSection,
    Missing,
    Section,
    Sections,
    SourceLine,
    SourcesSection,
)
from parity.catalogue import blocs as known_blocs
from parity.catalogue import find_country, load_table, members, snapshot_date
from parity.errors import ParityError

# A country's first bloc in this order is its second peer group.
BLOCS = ("BRICS", "EU", "G7", "ASEAN", "SCO", "African Union", "OECD", "G20")


def compose(
    country: str,
    variant: str = "both",
    start: date | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> Brief:
    """Gather the brief of a country from the catalogue.

    Parameters
    ----------
    country
        Code or usual English name.
    variant
        Variant of the open AI index.
    start
        Day since which changes are told; a year before the data by default.
    tell
        Called with the name of each section that takes seconds, before it is made.

    Returns
    -------
    Brief
        Sections with their figures, ranks, shares and sources.

    Raises
    ------
    ParityError
        If the country is unknown or has too little data to be ranked, or the day lies after the data.
    """
    until = snapshot_date()
    first = _first_day(start, until)
    about = _about(country, variant)
    found = built(variant)
    unit = about.iso3
    kept = partial(stored.section, unit=about.iso3, spec=found.index.spec.to_toml(), tell=tell)
    behind = kept("lag", make=lambda: lag(unit, year_before(until)))
    pledged, ties = pledges(unit, until), kept("ties", make=lambda: ties_section(unit))
    rests_on = evidence(found, unit)
    made: dict[str, Section] = {
        "position": position(found, unit),
        "profile": profile(found, unit, peers(about)),
        "gap": kept("gap", make=lambda: gaps(found, unit)),
        "goal": kept("goal", make=lambda: goal_section(found, unit)),
        "change": change(
            found.index.spec,
            list(found.index.units),
            unit,
            load_table("observations"),
            load_table("countries"),
        ),
        "since": since_section(unit, first, until, behind, pledged, ties),
        "lag": behind,
        "chips": chips(unit),
        "trade": kept("trade", make=lambda: trade_section(unit)),
        "bloc": kept("bloc", make=lambda: bloc_section(found, unit, about.blocs[0]))
        if about.blocs
        else Missing(reason=f"it is a member of none of {', '.join(BLOCS)}"),
        "ties": ties,
        "control": control(unit),
        "pledges": pledged,
        "claims": kept("claims", make=lambda: claims(unit)),
        "evidence": rests_on,
        "sources": sources(found, unit),
    }
    made["data_gaps"] = data_gaps(found, unit, rests_on, _absent(made))
    return Brief(country=about, data=found.vintage, sections=Sections.model_validate(made))


def year_before(day: date) -> date:
    """Return the day a year earlier; 29 February gives 28."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - 1, day=last)


def _first_day(start: date | None, until: date) -> date:
    if start is not None and start > until:
        raise ParityError(f"--since {start} lies after the data, which are of {until}; give an earlier day")
    return start or year_before(until)


def _about(country: str, variant: str) -> BriefCountry:
    bloc = {name.casefold(): name for name in known_blocs()["bloc"]}.get(country.strip().casefold())
    if bloc is not None:
        raise ParityError(
            f"{bloc} is a bloc, and a brief is of a country; `parity bloc show '{bloc}'` has what a bloc "
            "pools and what each member brings"
        )
    known = find_country(country)
    unit = built(variant).unit(known.iso3)
    row = load_table("countries").filter(iso3=unit).row(0, named=True)
    return BriefCountry(
        iso3=unit,
        name=known.name,
        income_group=row["income_group"],
        region=row["region"],
        blocs=[bloc for bloc in BLOCS if unit in members(bloc)],
    )


def _absent(made: dict[str, Section]) -> dict[str, str]:
    """Return the sections without an answer, with the reason."""
    reasons = {name: section.reason for name, section in made.items() if isinstance(section, Missing)}
    behind = made["lag"]
    if isinstance(behind, FrontierSection) and behind.on is None:
        reasons["lag"] = behind.standing.reason
    return reasons


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
