"""Groups of countries that a reader can choose."""

from __future__ import annotations

from functools import cache


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


def known_group(group: str) -> str:
    """Return a group as it is, or raise ``ValueError`` where there is none of that name."""
    if group and not any(group in names for names in groups().values()):
        raise ValueError("there is no such group")
    return group
