"""Colours and type of all figures, light and dark; told apart by every kind of colour vision.

The series of the light one are those of Okabe and Ito (2008), two of them darker for contrast on white.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The first one comes with vl-convert, which measures text by it; Arial is as wide.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Series differ in shape and dash as well: colour alone says nothing.
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-right")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2], [1, 3], [10, 4])


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they are for.

    Attributes
    ----------
    ink, soft, line, ground, empty
        Text and marks of a lone series; what stands back; grid; page; what has no value.
    series
        In this order: blue, vermilion, green, purple, orange, sky, grey.
    ramp
        For one quantity from little to much.
    balance
        For one quantity on two sides of a middle.
    """

    ink: str
    soft: str
    line: str
    ground: str
    empty: str
    series: tuple[str, ...]
    ramp: tuple[str, ...]
    balance: tuple[str, ...]


LIGHT = Palette(
    ink="#14202b",
    soft="#52606d",
    line="#dfe4e8",
    ground="#ffffff",
    empty="#e4e1da",
    series=("#0072b2", "#d55e00", "#009e73", "#b0568f", "#c98a00", "#56b4e9", "#6b7680"),
    ramp=("#e7eef4", "#b3cfe3", "#6fa8cf", "#2776ae", "#083d6b"),
    balance=("#b5430a", "#f0b48c", "#f4f2ee", "#8fb9da", "#0b4f85"),
)
DARK = Palette(
    ink="#e8edf1",
    soft="#a5b2bd",
    line="#2d3a45",
    ground="#172129",
    empty="#29343d",
    series=("#58aee8", "#ff8c42", "#3ccb9d", "#e094c4", "#efb73e", "#8fd0f7", "#9aa7b1"),
    ramp=("#1f303d", "#24506f", "#2f79a9", "#57a9dd", "#bfe3fb"),
    balance=("#ff9d5c", "#8a5636", "#2a343c", "#2f6f9c", "#7cc0f2"),
)
PALETTES = {"light": LIGHT, "dark": DARK}


def config(palette: Palette) -> dict[str, Any]:
    """Return the settings of Vega-Lite for a palette; marks name its colours ``ink``, ``soft``, ..."""
    names = ("ink", "soft", "line", "ground", "empty")
    label = {"labelColor": palette.soft, "labelFontSize": 12, "titleColor": palette.soft, "titleFontSize": 12}
    axis = label | {
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "gridColor": palette.line,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelLimit": 220,
    }
    return {
        "background": None,
        "font": FONT,
        "padding": 4,
        "params": [{"name": name, "value": getattr(palette, name)} for name in names],
        "view": {"stroke": None},
        "axis": axis,
        "axisBand": {"grid": False, "labelColor": palette.ink, "labelLimit": 300},
        "axisTemporal": {"grid": False},
        "legend": label
        | {
            "orient": "top",
            "title": None,
            "labelColor": palette.ink,
            "symbolSize": 90,
            "gradientThickness": 8,
            "titleFontWeight": "normal",
        },
        "range": {
            "category": list(palette.series),
            "ramp": list(palette.ramp),
            "heatmap": list(palette.ramp),
            "diverging": list(palette.balance),
            "symbol": list(SHAPES),
        },
        "title": {"color": palette.ink, "subtitleColor": palette.soft, "anchor": "start", "fontSize": 15},
    }
