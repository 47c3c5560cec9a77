"""Groups of countries that a reader can choose."""

from __future__ import annotations

from functools import cache

from parity.catalogue import find_country
from parity.web.state import named

code_of = named(lambda text: find_country(text).iso3)
"""Return the code of a country that is given by code or name; no text stays none."""


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Return the groups under headings: blocs, income groups, regions."""
    from parity.catalogue import blocs, load_table

    countries = load_table("countries")
    return {
        "Blocs": tuple(blocs()["bloc"].sort()),
        "Income": ("High income", "Upper middle income", "Lower middle income", "Low income"),
        "Region": tuple(countries["region"].drop_nulls().unique().sort()),
    }


@cache
def by_region(codes: tuple[str, ...] | None = None) -> dict[str, dict[str, str]]:
    """Return countries by name, under their regions; all of them, or those of some codes."""
    from parity.catalogue import load_table

    found: dict[str, dict[str, str]] = {}
    rows = load_table("countries").sort("name").select("region", "iso3", "name")
    for region, code, name in rows.iter_rows():
        if codes is None or code in codes:
            found.setdefault(region or "Elsewhere", {})[code] = name
    return dict(sorted(found.items()))


def known_group(group: str) -> str:
    """Return a group as it is, or raise ``ValueError`` where there is none of that name."""
    if group and not any(group in names for names in groups().values()):
        raise ValueError("there is no such group")
    return group
