"""The sides of a comparison to choose from."""

from __future__ import annotations

from parity.ask.frontier import board, developers
from parity.views.names import called

MOST_DEVELOPERS = 30
_BLOCS = ("EU", "BRICS", "G7", "OECD", "ASEAN", "SCO")


def choices(*, derived: bool) -> dict[str, dict[str, str]]:
    """Return the sides to choose from under headings, countries with the highest frontier first."""
    found = board(derived=derived)
    leading = found.leading(len(found.groups))
    return {
        "Countries": {code: called(code) for code in leading},
        "Blocs": {bloc: bloc for bloc in _BLOCS},
        "Weights": {kind: f"{kind.capitalize()} weights" for kind in ("open", "closed")},
        "Developers": {name: name for name in developers()[:MOST_DEVELOPERS]},
    }
