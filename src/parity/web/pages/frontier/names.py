"""What the sides of a comparison are called."""

from __future__ import annotations

from parity.views import names as countries
from parity.web.frontiers import board, developers

MOST_DEVELOPERS = 30
_BLOCS = ("EU", "BRICS", "G7", "OECD", "ASEAN", "SCO")


def called(side: str) -> str:
    """Return the name of a side: countries by name, several joined by "and", others as they are."""
    if side in ("open", "closed"):
        return f"{side} weights"
    return " and ".join(countries.countries().get(part, part) for part in side.split("+"))


def sentence(side: str) -> str:
    """Return the name of a side as it stands in a sentence: "the United States"."""
    return countries.sentence(side) if side in countries.countries() else called(side)


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
