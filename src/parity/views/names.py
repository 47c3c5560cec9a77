"""Names of places and days, as they stand in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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


def called(side: str) -> str:
    """Return the name of a side: countries by name, several joined by "and", others as they are."""
    if side in ("open", "closed"):
        return f"{side} weights"
    return " and ".join(countries().get(part, part) for part in side.split("+"))


def in_sentence(side: str) -> str:
    """Return the name of a side as it stands in a sentence: "the United States"."""
    return sentence(side) if side in countries() else called(side)


def unit(code: str, name: str) -> str:
    """Return the name of a ranked unit as it stands in a sentence, a country or not."""
    return sentence(code) if code in countries() else name


def joined(parts: Iterable[str]) -> str:
    """Return words with commas, and "and" before the last."""
    words = list(parts)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def written(day: dt.date) -> str:
    """Return a day as it stands in a sentence: "17 September 2026"."""
    return f"{day.day} {day:%B %Y}"


def ordinal(rank: float | None) -> str:
    """Return a rank as it stands in a sentence: "37th"."""
    if rank is None:
        return "nowhere"
    if rank % 100 in (11, 12, 13):
        return f"{rank:.0f}th"
    return f"{rank:.0f}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(int(rank) % 10, 'th') }"
