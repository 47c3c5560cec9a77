"""Figures of the ranking page: rank intervals, and the world."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.palette import EMPTY, GROUND, INK, LINE, SCALE, SERIES

SOURCE = "Open AI index, 59 indicators from openly licensed data (page “Data and methods”)"
SHAPES = "/static/world.json"
MOST_ROWS = 40
ROW_HEIGHT, HEAD_HEIGHT = 19, 90


def interval_figure(rows: pl.DataFrame, vintage: str, command: str) -> Figure:
    """Draw the rank and its interval, one country a line, as the table is sorted."""
    top = rows.head(MOST_ROWS)
    names, ranks = top["name"].to_list(), top["rank"].to_list()
    low = [a if a is not None else b for a, b in zip(top["rank_low"], ranks, strict=True)]
    high = [a if a is not None else b for a, b in zip(top["rank_high"], ranks, strict=True)]
    told = [
        f"<b>{name}</b><br>rank {rank}, interval {a} to {b}<br>{vintage}"
        for name, rank, a, b in zip(names, ranks, low, high, strict=True)
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": low,
        "x": [b - a for a, b in zip(low, high, strict=True)],
        "marker": {"color": SERIES[5], "opacity": 0.55},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    points = {
        "type": "scatter",
        "mode": "markers",
        "y": names,
        "x": ranks,
        "marker": {"color": INK, "size": 7, "symbol": "diamond"},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }
    layout: dict[str, Any] = {
        "bargap": 0.45,
        "xaxis": {"title": {"text": "Rank (1 is best)"}, "side": "top", "zeroline": False},
        "yaxis": {"autorange": "reversed", "showgrid": False, "type": "category"},
    }
    columns = (
        Column("rank", "Rank", 0),
        Column("name", "Country"),
        Column("score", "Score"),
        Column("rank_low", "Interval: best", 0),
        Column("rank_high", "Interval: worst", 0),
    )
    title = "Rank intervals" + (f", first {MOST_ROWS} of {rows.height}" if rows.height > MOST_ROWS else "")
    return Figure(
        name="rank-intervals",
        title=title,
        data=[bars, points],
        layout=layout,
        table=Table(columns, rows),
        source=SOURCE,
        vintage=vintage,
        command=command,
        note="Diamond: rank under the setting. Bar: where it lies in 90 % of rebuilds with other choices.",
        height=HEAD_HEIGHT + ROW_HEIGHT * max(top.height, 3),
    )


def map_figure(rows: pl.DataFrame, vintage: str, command: str) -> Figure:
    """Colour the world by score."""
    told = [
        f"<b>{name}</b><br>score {score:.1f}, rank {rank}"
        for name, score, rank in rows.select("name", "score", "rank").iter_rows()
    ]
    trace = {
        "type": "choropleth",
        "geojson": SHAPES,
        "locationmode": "geojson-id",
        "locations": rows["id"].to_list(),
        "z": rows["score"].to_list(),
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "colorscale": SCALE,
        "marker": {"line": {"color": GROUND, "width": 0.4}},
        "colorbar": {
            "title": {"text": "Score", "side": "top"},
            "orientation": "h",
            "thickness": 8,
            "len": 0.5,
            "x": 0.5,
            "y": -0.02,
            "yanchor": "top",
            "outlinewidth": 0,
        },
    }
    unranked = sorted(set(shapes()) - set(rows["id"]))
    others = {
        "type": "choropleth",
        "geojson": SHAPES,
        "locationmode": "geojson-id",
        "locations": unranked,
        "z": [0] * len(unranked),
        "colorscale": [[0, EMPTY], [1, EMPTY]],
        "showscale": False,
        "hoverinfo": "skip",
        "marker": {"line": {"color": GROUND, "width": 0.4}},
    }
    layout = {
        "geo": {
            "visible": False,
            "projection": {"type": "natural earth"},
            "bgcolor": "rgba(0,0,0,0)",
            "lataxis": {"range": [-58, 85]},
            "framecolor": LINE,
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 56},
    }
    columns = (Column("name", "Country"), Column("score", "Score"), Column("rank", "Rank", 0))
    return Figure(
        name="world-map",
        title="Scores around the world",
        data=[others, trace],
        layout=layout,
        table=Table(columns, rows),
        source=SOURCE + "; shapes: Natural Earth",
        vintage=vintage,
        command=command,
        note="De facto boundaries, of no meaning for anybody's claims. Grey: too little data to rank.",
        height=430,
    )


@cache
def shapes() -> tuple[str, ...]:
    """Return the codes of all shapes of the map."""
    body = json.loads((files("parity.show") / "world.json").read_text(encoding="utf-8"))
    return tuple(shape["id"] for shape in body["features"])
