"""Names of countries, as a list and as they stand in a sentence."""

from __future__ import annotations

from functools import cache

# Those that take an article in English.
_ARTICLE = frozenset({"ARE", "BHS", "CAF", "COD", "COG", "DOM", "GBR", "GMB", "MDV", "NLD", "PHL", "USA"})


@cache
def countries() -> dict[str, str]:
    """Return the names of countries by code, in the order of names."""
    from parity.catalogue import load_table

    return dict(load_table("countries").sort("name").select("iso3", "name").iter_rows())


def sentence(iso3: str) -> str:
    """Return the name of a country as it stands in a sentence: "the United States"."""
    name = countries().get(iso3, iso3)
    return f"the {name}" if iso3 in _ARTICLE else name


def upper_first(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]
