"""Colours that stay apart for every kind of sight, by the name that the style sheet gives them.

The style sheet has one value of each for a light and one for a dark screen. The light ones are those of
Okabe and Ito (2008), which the figures of the command line use too.
"""

from __future__ import annotations

SERIES = tuple(f"var(--c{number})" for number in range(1, 8))
"""For lines, bars and points, in this order: blue, vermilion, green, purple, orange, sky, grey."""

INK, SOFT, LINE, GROUND = "var(--ink)", "var(--soft)", "var(--line)", "var(--card)"
EMPTY = "var(--empty)"
"""For what has no value."""

SCALE = [[place / 4, f"var(--s{place + 1})"] for place in range(5)]
"""For one quantity from little to much."""


def series(place: int) -> str:
    """Return the colour of the series at a place, from the start again after the last."""
    return SERIES[place % len(SERIES)]


def sheer(colour: str, opacity: float) -> str:
    """Return a colour that lets through what lies behind it, for bands and regions.

    Parameters
    ----------
    colour
        One of the above.
    opacity
        From 0 to 1.
    """
    return f"{colour}{round(255 * opacity):02x}"
