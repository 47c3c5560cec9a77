"""Figures of the lag by parameter and of a trend carried forward."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.views.names import upper_first
from parity.web.figure import Column, Figure, Table
from parity.web.pages.frontier.figures import COLOURS, PER_CENT, SHOWN_FROM, SOURCE, record_hover, records
from parity.web.pages.frontier.names import called, sentence
from parity.web.palette import INK, SERIES, sheer

if TYPE_CHECKING:
    from parity.frontier import Frontier, ParameterLags, Projection

# Characters of a line of a label: a phone has room for no more.
_LABEL = 16


def parameters_figure(lags: ParameterLags, vintage: str, command: str) -> Figure:
    """Draw the lag in every parameter with its interval."""
    rows = lags.table()
    known = rows.filter(pl.col("months").is_not_null())
    names = ["<br>".join(wrap(name.removeprefix("capability: "), _LABEL)) for name in known["parameter"]]
    told = [
        f"<b>{name}</b><br>{'at least ' if bound else ''}{months:.1f} months ({low:.1f} to {high:.1f})"
        f"<br>{detail}"
        for name, months, low, high, bound, detail in known.iter_rows()
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": known["low"].to_list(),
        "x": (known["high"] - known["low"]).to_list(),
        "marker": {"color": SERIES[5], "opacity": 0.55},
        "hoverinfo": "skip",
    }
    symbols = ["triangle-right" if bound else "diamond" for bound in known["lower_bound"]]
    points = {
        "type": "scatter",
        "mode": "markers",
        "y": names,
        "x": known["months"].to_list(),
        "marker": {"color": INK, "size": 9, "symbol": symbols},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    layout: dict[str, Any] = {
        "showlegend": False,
        "bargap": 0.5,
        "xaxis": {
            "title": {"text": "Months behind"},
            "zeroline": True,
            "nticks": 6,
        },
        "yaxis": {"autorange": "reversed", "showgrid": False, "type": "category"},
    }
    frame = rows.with_columns(bound=pl.when("lower_bound").then(pl.lit("at least")).otherwise(pl.lit("")))
    return Figure(
        name="parameters",
        title=upper_first(f"{sentence(lags.of)} behind {sentence(lags.behind)}, parameter by parameter"),
        data=[bars, points],
        layout=layout,
        table=Table(PARAMETER_COLUMNS, frame),
        source=f"{SOURCE}; Epoch AI, notable models and GPU clusters (CC BY 4.0)",
        vintage=vintage,
        command=command,
        note=f"Below 0: ahead. Bars: {PER_CENT} % intervals. A triangle: known to be at least so much. A "
        "parameter whose data end earlier is looked at where they end.",
        height=90 + 36 * max(known.height, 3),
    )


PARAMETER_COLUMNS = (
    Column("parameter", "Parameter"),
    Column("bound", "Bound"),
    Column("months", "Months"),
    Column("low", "Low"),
    Column("high", "High"),
    Column("detail", "What against what"),
)


def ahead_figure(path: Projection, board: Frontier, group: str, vintage: str, command: str) -> Figure:
    """Draw the records of a frontier and, with its interval, where their trend leads."""
    ahead = path.ahead
    x = [when.isoformat() for when in ahead["date"]]
    line: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": x}
    told = [
        f"<b>{when:%B %Y}</b><br>{level:.2f} ({low:.2f} to {high:.2f})<br>prediction, {PER_CENT} % interval"
        for when, level, low, high in ahead.iter_rows()
    ]
    past = records(board, (group,), ahead["date"][0]).filter(pl.col("date") >= SHOWN_FROM)
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "markers", "x": [w.isoformat() for w in past["date"]]}
        | {"y": past["capability"].to_list(), "marker": {"color": COLOURS[0], "size": 8}}
        | {"hovertext": [record_hover(row) for row in past.iter_rows(named=True)]}
        | {"hovertemplate": "%{hovertext}<extra></extra>"},
        line | {"y": ahead["low"].to_list(), "line": {"width": 0}, "hoverinfo": "skip"},
        line
        | {"y": ahead["high"].to_list(), "line": {"width": 0}, "hoverinfo": "skip"}
        | {"fill": "tonexty", "fillcolor": sheer(COLOURS[0], 0.18)},
        line
        | {"y": ahead["level"].to_list(), "line": {"color": COLOURS[0], "dash": "dot"}}
        | {"hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"},
    ]
    columns = (Column("date", "Month"), Column("level", "Capability", 2), Column("low", "Low", 2))
    return Figure(
        name="ahead",
        title=f"{called(group)}: records, and where their trend leads",
        data=data,
        layout={
            "showlegend": False,
            "xaxis": {"type": "date", "nticks": 6},
            "yaxis": {"title": {"text": "Capability"}, "zeroline": False},
        },
        table=Table((*columns, Column("high", "High", 2)), ahead),
        source=SOURCE,
        vintage=vintage,
        command=command,
        note=f"Band: {PER_CENT} % prediction interval of a straight line through the records.",
        height=360,
    )
