"""The figure of mirror statistics: sent, arrived, and the gap with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.trade.words import called, source_of
from parity.web.palette import INK, SERIES

if TYPE_CHECKING:
    from parity.trade import Mirror

COLUMNS = (
    Column("year", "Year"),
    Column("exported", "Sent, million USD", 0),
    Column("imported", "Arrived", 0),
    Column("gap", "Did not arrive as usual", 0),
    Column("low", "Low", 0),
    Column("high", "High", 0),
    Column("p_adjusted", "Adjusted p", 3),
)
_EMPTY_BAR = "rgba(0,0,0,0)"


def mirror_figure(answer: Mirror, command: str) -> Figure:
    """Draw both reports of the same trade, and below them what did not arrive as usual."""
    numbers = ("exported", "imported", "gap", "low", "high")
    rows = answer.table().with_columns(pl.col(numbers).cast(pl.Float64) / 1e6)
    level = 100 * (answer.usual.level or 0)
    source = source_of(answer.sources)
    layout: dict[str, Any] = {
        "xaxis": {"type": "category", "anchor": "y2", "showgrid": False},
        "yaxis": {"domain": [0.56, 1], "rangemode": "tozero", "nticks": 5, "title": {"text": "Million USD"}},
        "yaxis2": {"domain": [0, 0.42], "nticks": 5, "zeroline": True, "title": {"text": "Gap"}},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    }
    who = called(answer.importer)
    return Figure(
        name="mirror",
        title=f"The European Union's exports to {who}, and its imports from there",
        data=[
            *_reports(rows, source),
            _gap(rows, level, source, [answer.departs(one) for one in answer.years]),
        ],
        layout=layout,
        table=Table(COLUMNS, rows),
        source=source,
        vintage=answer.vintage,
        command=command,
        note=f"Gap: what should have arrived by the usual ratio, less what did; lines are {level:.0f} % "
        "intervals of one year by itself. A gap counts, either way, where p adjusted for all years after the "
        f"date (Holm) is below {1 - level / 100:.2f}.",
        height=440,
    )


def _reports(rows: pl.DataFrame, source: str) -> list[dict[str, Any]]:
    looks = (("exported", "Sent", "circle", "solid", 0), ("imported", "Arrived", "diamond", "dash", 1))
    return [
        {"type": "scatter", "mode": "lines+markers", "name": name, "x": rows["year"].to_list()}
        | {"y": rows[column].to_list(), "line": {"color": SERIES[place], "dash": dash, "width": 2}}
        | {"marker": {"symbol": symbol, "size": 8}, "hovertemplate": "%{hovertext}<extra></extra>"}
        | {
            "hovertext": [
                f"<b>{name}, {year}</b><br>{value:,.0f} million USD<br>{source}"
                for year, value in rows.select("year", column).iter_rows()
            ]
        }
        for column, name, symbol, dash, place in looks
    ]


def _gap(rows: pl.DataFrame, level: float, source: str, departs: list[bool]) -> dict[str, Any]:
    told, above, below = [], [], []
    for year, gap, low, high in rows.select("year", "gap", "low", "high").iter_rows():
        known = low is not None and high is not None
        ends = f"<br>{low:,.0f} to {high:,.0f} ({level:.0f} % interval)" if known else ""
        told.append(f"<b>Gap, {year}</b><br>{gap:,.0f} million USD{ends}<br>{source}")
        above.append(high - gap if known else 0.0)
        below.append(gap - low if known else 0.0)
    error = {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "color": INK}
    return {
        "type": "bar",
        "name": "Gap (filled: beyond chance)",
        "yaxis": "y2",
        "x": rows["year"].to_list(),
        "y": rows["gap"].to_list(),
        "marker": {
            "color": [SERIES[4] if one else _EMPTY_BAR for one in departs],
            "line": {"color": SERIES[4], "width": 1.5},
        },
        "error_y": error | {"thickness": 1.4, "width": 4},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textposition": "none",
        "width": 0.5,
    }
