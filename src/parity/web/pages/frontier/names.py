"""What the sides of a comparison are called."""

from __future__ import annotations

from functools import cache

from parity.web.pages.frontier.model import board, developers

MOST_DEVELOPERS = 30
_BLOCS = ("EU", "BRICS", "G7", "OECD", "ASEAN", "SCO")
_ARTICLE = ("ARE", "GBR", "NLD", "PHL", "USA")


def called(side: str) -> str:
    """Return the name of a side: countries by name, several joined by "and", others as they are."""
    if side in ("open", "closed"):
        return f"{side} weights"
    return " and ".join(_country(part) for part in side.split("+"))


@cache
def _countries() -> dict[str, str]:
    from parity.catalogue import load_table

    return dict(load_table("countries").select("iso3", "name").iter_rows())


def _country(code: str) -> str:
    return _countries().get(code, code)


def sentence(side: str) -> str:
    """Return the name of a side as it stands in a sentence: "the United States"."""
    return f"the {called(side)}" if side in _ARTICLE else called(side)


def upper_first(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def choices(*, derived: bool) -> dict[str, dict[str, str]]:
    """Return the sides to choose from under headings, countries with the highest frontier first."""
    found = board("country", "", derived)
    leading = found.leading(len(found.groups))
    return {
        "Countries": {code: called(code) for code in leading},
        "Blocs": {bloc: bloc for bloc in _BLOCS},
        "Weights": {kind: f"{kind.capitalize()} weights" for kind in ("open", "closed")},
        "Developers": {name: name for name in developers()[:MOST_DEVELOPERS]},
    }
