"""How closely the members work together: matrix, map, and what random groups have."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from parity.views.names import countries
from parity.web.figure import Column, Figure, Table
from parity.web.pages.blocs import model
from parity.web.pages.blocs.profile import span
from parity.web.palette import EMPTY, GROUND, LINE, SERIES, sheer
from parity.web.shown import SHAPES

if TYPE_CHECKING:
    from parity.blocs import Network
    from parity.web.pages.blocs.state import BlocsState

SOURCE = "GitHub Innovation Graph (CC0), git pushes and pull requests between developers of two economies"
ABOVE, BELOW = SERIES[4], SERIES[3]
# Doublings and halvings of what is expected at which the colours end.
_END = 4.0
# Chance of any false finding among a bloc's measures below which one is told.
_ALPHA = 0.05
_TICKS = {-4: "1/16", -2: "1/4", 0: "as expected", 2: "4 ×", 4: "16 ×"}
MOST_NUMBERS, MOST_LINES = 14, 60
# Degrees up to which the map shows a region, and how far around it.
_REGION, _AROUND = 80, 8
_PAIR_COLUMNS = (
    Column("a_name", "Country"),
    Column("b_name", "With"),
    Column("weight", "Events a quarter", 0),
    Column("affinity", "Affinity", 2),
    Column("low", "Low", 2),
    Column("high", "High", 2),
    Column("kind", "Likeliest change"),
    Column("period", "From"),
    Column("until", "Until"),
    Column("change", "Change there, %", 0),
    Column("change_low", "Low", 0),
    Column("change_high", "High", 0),
    Column("q", "False discovery rate", 3),
)
_MEANINGS = {
    "density": "Pairs of members with published ties",
    "inside": "The members' ties that stay inside",
    "affinity": "Ties inside, over those expected",
}


@cache
def shapes() -> tuple[str, ...]:
    """Return the codes of all shapes of the map."""
    body = json.loads((files("parity.show") / "world.json").read_text(encoding="utf-8"))
    return tuple(shape["id"] for shape in body["features"])


def ties_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the matrix, the map and what random groups of countries have."""
    found = model.chosen(state)
    members = found.bloc.members if found.bloc else ()
    if len(members) < 2:
        return {"figures": [], "table": None, "without": []}
    ties = model.network(members)
    name, command = found.bloc.name if found.bloc else "", _command(state)
    return {
        "figures": [matrix_figure(ties, name, command), map_figure(ties, name, command)],
        "table": measures_table(ties, name, command),
        "without": [countries().get(code, code) for code in ties.without_data],
    }


def _command(state: BlocsState) -> str:
    return shlex.join(["parity", "ties", "--bloc", *model.as_side(state)])


def pairs(ties: Network) -> pl.DataFrame:
    """Return the pairs of members with published ties, the largest first, and each one's likeliest change."""
    inside = [pl.col(side).is_in(ties.members) for side in ("a", "b")]
    rows = model.tested().filter(*inside, pl.col("weight") > 0)
    names = {side: pl.col(side).replace(countries()).alias(f"{side}_name") for side in ("a", "b")}
    return rows.with_columns(*names.values())


def matrix_figure(ties: Network, name: str, command: str) -> Figure:
    """Draw the affinities between members."""
    n, shown = len(ties.members), pairs(ties)
    with np.errstate(invalid="ignore", divide="ignore"):
        doublings = np.clip(np.log2(ties.affinity), -_END, _END)
    told = {frozenset((row["a"], row["b"])): _told(row) for row in shown.iter_rows(named=True)}
    trace: dict[str, Any] = {
        "type": "heatmap",
        "x": list(ties.members),
        "y": list(ties.members),
        "z": [[None if np.isnan(x) else float(x) for x in row] for row in doublings],
        "zmin": -_END,
        "zmax": _END,
        "xgap": 1,
        "ygap": 1,
        "colorscale": [[0, BELOW], [0.5, GROUND], [1, ABOVE]],
        "hovertext": [[told.get(frozenset((a, b)), "") for a in ties.members] for b in ties.members],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "hoverongaps": False,
        "colorbar": {
            "orientation": "h",
            "thickness": 8,
            "y": -0.04,
            "yanchor": "top",
            "tickvals": list(_TICKS),
            "ticktext": list(_TICKS.values()),
            "outlinewidth": 0,
        },
    }
    if n <= MOST_NUMBERS:
        trace["text"] = [[_short(x) for x in row] for row in ties.affinity]
        trace |= {"texttemplate": "%{text}", "textfont": {"size": 10}}
    axis = {"showgrid": False, "zeroline": False, "type": "category", "tickfont": {"size": 10}}
    layout = {
        "xaxis": axis | {"side": "top", "tickangle": -90},
        "yaxis": axis | {"autorange": "reversed"},
        "margin": {"l": 8, "r": 12, "t": 44, "b": 56},
        # What is not published lets the ground through.
        "plot_bgcolor": EMPTY,
    }
    return Figure(
        name="matrix",
        title=f"Who works with whom in {name}, {ties.periods[0]} to {ties.periods[-1]}",
        data=[trace],
        layout=layout,
        table=Table(_PAIR_COLUMNS, shown),
        source=SOURCE,
        vintage=ties.vintage,
        command=command,
        note="Affinity: observed over expected from both countries' totals. Orange: more than expected; "
        "purple: less; grey: not published. Low and high: 90 % intervals; pairs with quarters that are not "
        "published have none, and no test for a break. False discovery rate: among all pairs of the world.",
        height=130 + max(24 * n, 160),
    )


def _told(row: Mapping[str, Any]) -> str:
    return (
        f"<b>{row['a_name']} and {row['b_name']}</b>"
        f"<br>{span(row['affinity'], row['low'], row['high'], 2)} times what is expected"
        f"<br>{row['weight']:,.0f} events a quarter<br>{SOURCE.split(',')[0]}"
    )


def _short(ratio: float) -> str:
    if np.isnan(ratio):
        return ""
    return f"{ratio:.2f}" if ratio < 0.1 else f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def map_figure(ties: Network, name: str, command: str) -> Figure:
    """Draw the members and their largest ties on a small map."""
    from parity.catalogue import load_table

    where = {row[0]: row[1:] for row in load_table("capitals").select("iso3", "longitude", "latitude").rows()}
    shown = pairs(ties).head(MOST_LINES)
    largest = float(shown["weight"][0]) if shown.height else 1.0
    ground: dict[str, Any] = {
        "type": "choropleth",
        "geojson": SHAPES,
        "locationmode": "geojson-id",
        "hoverinfo": "skip",
    }
    ground |= {"showscale": False, "marker": {"line": {"color": GROUND, "width": 0.4}}}
    known = [code for code in shapes() if code not in ties.members]
    inside = [code for code in shapes() if code in ties.members]
    colour = sheer(SERIES[5], 0.5)
    data: list[dict[str, Any]] = [
        ground | {"locations": known, "z": [0] * len(known), "colorscale": [[0, EMPTY], [1, EMPTY]]},
        ground | {"locations": inside, "z": [0] * len(inside), "colorscale": [[0, colour], [1, colour]]},
    ]
    for row in shown.iter_rows(named=True):
        a, b = row["a"], row["b"]
        if a in where and b in where:
            data.append(_line(row, where[a], where[b], largest))
    layout = {
        "showlegend": False,
        "geo": {"visible": False, "bgcolor": "rgba(0,0,0,0)", "framecolor": LINE}
        | _window([where[code] for code in ties.members if code in where]),
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    }
    more = f" The largest {MOST_LINES} are drawn." if shown.height == MOST_LINES else ""
    return Figure(
        name="ties-map",
        title=f"Ties within {name} on the map",
        data=data,
        layout=layout,
        table=Table(_PAIR_COLUMNS, shown),
        source=SOURCE + "; shapes: Natural Earth",
        vintage=ties.vintage,
        command=command,
        note="Between capitals; width by events. Orange, solid: more than expected from both totals; "
        f"purple, dotted: less.{more} De facto boundaries, of no meaning for anybody's claims.",
        height=340,
    )


def _window(capitals: list[tuple[float, ...]]) -> dict[str, Any]:
    """Return the part of the world that is shown: all of it, or the region of a bloc of neighbours."""
    west, east = min(place[0] for place in capitals), max(place[0] for place in capitals)
    south, north = min(place[1] for place in capitals), max(place[1] for place in capitals)
    if east - west > _REGION or north - south > _REGION:
        return {"projection": {"type": "natural earth"}, "lataxis": {"range": [-58, 85]}}
    return {
        "projection": {"type": "mercator"},
        "lonaxis": {"range": [west - _AROUND, east + _AROUND]},
        "lataxis": {"range": [south - _AROUND, north + _AROUND]},
    }


def _line(
    row: Mapping[str, Any], a: tuple[float, ...], b: tuple[float, ...], largest: float
) -> dict[str, Any]:
    above = row["affinity"] >= 1
    return {
        "type": "scattergeo",
        "mode": "lines",
        "lon": [a[0], b[0]],
        "lat": [a[1], b[1]],
        "line": {"color": ABOVE if above else BELOW, "dash": "solid" if above else "dot"}
        | {"width": 0.8 + 5 * float(np.sqrt(row["weight"] / largest))},
        "opacity": 0.85,
        "text": _told(row),
        "hovertemplate": "%{text}<extra></extra>",
    }


def measures_table(ties: Network, name: str, command: str) -> Figure:
    """Return the bloc's network against random groups of countries."""
    rows = [
        {"title": _MEANINGS[row["measure"]], **row, "words": _against(row)}
        for row in ties.table().iter_rows(named=True)
    ]
    columns = (
        Column("title", "Measure"),
        Column("against", "Random groups of"),
        Column("value", "The bloc", 3),
        Column("low", "Their 5 %", 3),
        Column("median", "Median", 3),
        Column("high", "95 %", 3),
        Column("p", "At least as high, share", 3),
        Column("p_holm", "p, Holm", 3),
        Column("words", "So"),
    )
    hub = countries().get(ties.hub[0], ties.hub[0])
    return Figure(
        name="random",
        title=f"{name} against chance",
        data=[],
        layout={},
        table=Table(columns, pl.DataFrame(rows)),
        source=SOURCE,
        vintage=ties.vintage,
        command=command,
        note=f"2,000 random groups of the same size, and 2,000 of countries with about as many ties. "
        f"Hub: {hub}, with {ties.hub[1]:.0%} of the ties inside.",
    )


def _against(row: Mapping[str, Any]) -> str:
    if row["p_holm"] < _ALPHA:
        return "more than by chance"
    if row["value"] > row["high"] or row["value"] < row["low"]:
        return "unusual by itself, not among so many tests"
    return "not told from chance"
