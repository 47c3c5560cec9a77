"""Figures of the country page: ranks beside those of peers, parts of a gap, moves to a rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.palette import INK, SERIES

if TYPE_CHECKING:
    from parity.brief.model import PositionSection

SOURCE = "Open AI index, 59 indicators from openly licensed data (page “Data and methods”)"
SYMBOLS = ("diamond", "circle", "square", "triangle-up", "cross", "x")
COLOURS = (INK, SERIES[1], SERIES[0], SERIES[2], SERIES[3], SERIES[4])
ROW_HEIGHT, SIDE_HEIGHT, HEAD_HEIGHT = 26, 11, 120


def standing_figure(names: Mapping[str, str], sections: Sequence[PositionSection], vintage: str) -> Figure:
    """Draw ranks and their intervals by pillar, one symbol and colour for each country.

    Parameters
    ----------
    names
        Countries, code to name: the one that the page is about first.
    sections
        Where each of them stands, in the same order.
    vintage
        Of the data.
    """
    places = sections[0].places
    step = 0.78 / len(sections)
    traces = [
        _ranks(name, section, vintage, number, step * (number - (len(sections) - 1) / 2))
        for number, (name, section) in enumerate(zip(names.values(), sections, strict=True))
    ]
    most = max(place.of for place in places)
    layout: dict[str, Any] = {
        "xaxis": {"title": {"text": "Rank (1 is best)"}, "range": [-1, most + 1], "zeroline": False},
        "yaxis": {
            "tickvals": list(range(len(places))),
            "ticktext": [f"<b>{place.title}</b>" if place.depth < 2 else place.title for place in places],
            "range": [len(places) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
        },
        "shapes": [
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": row + 0.5, "y1": row + 0.5,
             "line": {"color": "var(--line)", "width": 1}}
            for row in range(len(places) - 1)
        ],
    }  # fmt: skip
    level = sections[0].interval_level or 0
    return Figure(
        name="standing",
        title="Ranks, overall and by pillar",
        data=traces,
        layout=layout,
        table=_rank_table(names, sections),
        source=SOURCE,
        vintage=vintage,
        command="parity rank --json",
        note=f"Symbol: rank. Line: where it lies in {level:.0%} of rebuilds with other choices that could be "
        "defended. Where lines overlap much, the order is not settled. A score has no interval of its own: "
        "each rebuild has another scale.",
        height=HEAD_HEIGHT + len(places) * (ROW_HEIGHT + SIDE_HEIGHT * (len(sections) - 1)),
    )


def _ranks(name: str, section: PositionSection, vintage: str, number: int, shift: float) -> dict[str, Any]:
    known = [(row, place) for row, place in enumerate(section.places) if place.rank is not None]
    ranks = [place.rank or 0 for _, place in known]
    lows = [place.rank_low or rank for (_, place), rank in zip(known, ranks, strict=True)]
    highs = [place.rank_high or rank for (_, place), rank in zip(known, ranks, strict=True)]
    told = [
        f"<b>{name}</b>: {place.title}<br>rank {rank} of {place.of}, interval {low} to {high}<br>{vintage}"
        for (_, place), rank, low, high in zip(known, ranks, lows, highs, strict=True)
    ]
    colour = COLOURS[number]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": ranks,
        "y": [row + shift for row, _ in known],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - rank for high, rank in zip(highs, ranks, strict=True)],
            "arrayminus": [rank - low for low, rank in zip(lows, ranks, strict=True)],
            "thickness": 3.5 if number == 0 else 2,
            "width": 0,
            "color": colour,
        },
        "cliponaxis": False,
        "marker": {"color": colour, "size": 11 if number == 0 else 8, "symbol": SYMBOLS[number]},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _rank_table(names: Mapping[str, str], sections: Sequence[PositionSection]) -> Table:
    rows = [
        (place.title, name, place.rank, place.rank_low, place.rank_high, place.score)
        for number in range(len(sections[0].places))
        for name, place in ((n, s.places[number]) for n, s in zip(names.values(), sections, strict=True))
    ]
    schema = {"what": pl.String, "name": pl.String, "rank": pl.Int64, "low": pl.Int64, "high": pl.Int64}
    columns = (
        Column("what", "Of"),
        Column("name", "Country"),
        Column("rank", "Rank", 0),
        Column("low", "Interval: best", 0),
        Column("high", "Interval: worst", 0),
        Column("score", "Score"),
    )
    return Table(columns, pl.DataFrame(rows, schema=schema | {"score": pl.Float64}, orient="row"))
