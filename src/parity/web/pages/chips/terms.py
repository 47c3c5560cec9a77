"""What a country's terms for an accelerator are called, and how they are drawn."""

from __future__ import annotations

from typing import NamedTuple

from parity.web.palette import INK, SERIES


class Terms(NamedTuple):
    """Words, colour, symbol and dash of terms."""

    words: str
    colour: str
    symbol: str
    dash: str


TERMS = {
    "free": Terms("No licence needed", SERIES[2], "circle", "solid"),
    "exception": Terms("A licence exception may apply", SERIES[5], "diamond", "dash"),
    "approval": Terms("Licence, approval presumed", SERIES[0], "square", "dashdot"),
    "case_by_case": Terms("Licence, decided case by case", SERIES[4], "triangle-up", "dot"),
    "denied": Terms("Licence, denial is the policy", SERIES[1], "x", "longdash"),
    "open": Terms("Not settled by what is known", SERIES[3], "hexagon-open", "longdashdot"),
    "domestic": Terms("Made at home", INK, "star", "solid"),
    "not_sold": Terms("Not sold to others", SERIES[6], "circle-open", "dot"),
    "not_released": Terms("Not out yet", SERIES[6], "circle-open-dot", "dot"),
}
"""By the terms of `parity.chips.Access`, the easiest first."""
