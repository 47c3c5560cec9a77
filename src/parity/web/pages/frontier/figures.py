"""The figure of the lag between two frontiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from parity.dates import day_of, number_of
from parity.views.names import upper_first
from parity.web.figure import Column, Figure, Table
from parity.web.frontiers import intervals
from parity.web.pages.frontier.names import called, sentence
from parity.web.palette import GROUND, INK, SERIES, sheer

if TYPE_CHECKING:
    from parity.estimate import Estimate
    from parity.frontier import Frontier, Lag

SOURCE = "Epoch AI benchmarking hub (CC BY 4.0) and scores that developers publish"
SHOWN_FROM = date(2022, 6, 1)
_LATEST_START = date(2024, 1, 1)
_BEFORE_FIRST = timedelta(days=550)
_MONTH = timedelta(days=365.25 / 12)
PER_CENT = 90
COLOURS = (SERIES[1], SERIES[0])
SYMBOLS, DASHES = ("circle", "diamond"), ("solid", "dash")


def months_text(found: Estimate) -> str:
    """Return a lag's size with its interval, "10.2 months (9.4 to 19.0)"."""
    size = f"{abs(found.value or 0.0):.1f} months"
    if found.low is None or found.high is None:
        return size
    low, high = _sizes(found)
    return f"{size} ({low:.1f} to {high:.1f})"


def _sizes(found: Estimate) -> tuple[float, float]:
    """Return both ends of a lag as the arrow shows them: lengths, negative where the sign would turn."""
    sign = 1 if (found.value or 0.0) >= 0 else -1
    low, high = sorted((sign * (found.low or 0.0), sign * (found.high or 0.0)))
    return low, high


def lag_figure(found: Lag, board: Frontier, vintage: str, command: str) -> Figure:
    """Draw both frontiers with their bands, and the lag as an arrow from one to the other."""
    sides = (found.of, found.behind)
    start = _start(board, sides)
    data = [
        trace
        for place, side in enumerate(sides)
        for trace in _frontier_traces(board, side, start, found.on, place)
    ]
    arrow, notes = _arrow(found, board)
    layout: dict[str, Any] = {
        "xaxis": {"type": "date", "range": [start.isoformat(), found.on.isoformat()], "nticks": 6},
        "yaxis": {"title": {"text": "Capability"}, "zeroline": False, "nticks": 7},
        "showlegend": False,
        "margin": {"l": 8, "r": 76, "t": 16, "b": 36},
        "annotations": [*_end_labels(board, sides, found.on), *notes],
    }
    title = upper_first(f"{sentence(found.of)} and {sentence(found.behind)} on {found.on:%-d %B %Y}")
    return Figure(
        name="lag",
        title=title if found.domain == "overall" else f"{title}: {found.domain}",
        data=[*data, *arrow],
        layout=layout,
        table=Table(RECORD_COLUMNS, records(board, sides, found.on)),
        source=SOURCE,
        vintage=vintage,
        command=command,
        note=f"Each step is a model that beat all before it; bands and the pale bar on the arrow are "
        f"{PER_CENT} % intervals. The arrow is the standing lag.",
        height=440,
    )


RECORD_COLUMNS = (
    Column("side", "Side"),
    Column("date", "Released"),
    Column("model", "Record set by"),
    Column("capability", "Capability", 2),
    Column("low", "Low", 2),
    Column("high", "High", 2),
)


def _start(board: Frontier, sides: Sequence[str]) -> date:
    """Return a day shortly before the younger frontier begins."""
    youngest = max(day_of(float(board.steps(side).date[0])) for side in sides)
    return max(SHOWN_FROM, min(youngest, _LATEST_START) - _BEFORE_FIRST)


def records(board: Frontier, sides: Sequence[str], until: date) -> pl.DataFrame:
    """Return the records of some sides by a day, with the ends of their intervals.

    Parameters
    ----------
    board
        Frontiers of the sides.
    sides
        Names of groups.
    until
        Last day.
    """
    low, high = intervals(board.abilities.domain)
    names = board.abilities.models["model"]
    rows = [
        (called(side), day_of(float(when)), names[int(model)], level, low[model], high[model])
        for side in sides
        for when, level, model in zip(*board.steps(side), strict=True)
        if when <= number_of(until)
    ]
    return pl.DataFrame(rows, schema=[column.name for column in RECORD_COLUMNS], orient="row")


def _frontier_traces(board: Frontier, side: str, start: date, end: date, place: int) -> list[dict[str, Any]]:
    """Return the band, the line and the records of one side."""
    known = board.steps(side)
    first = max(float(known.date[0]), number_of(start))
    inside = known.date[(known.date >= first) & (known.date <= number_of(end))]
    days = np.unique(np.concatenate([inside, np.arange(first, number_of(end), 7), [number_of(end)]]))
    low, high = board.band(side, days)
    x = [day_of(float(day)).isoformat() for day in days]
    colour = COLOURS[place]
    hidden = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "x": x}
    step = {"shape": "hv", "color": colour}
    rows = records(board, (side,), end).filter(pl.col("date") >= start)
    return [
        hidden | {"y": _list(low), "line": step | {"width": 0}},
        hidden
        | {
            "y": _list(high),
            "line": step | {"width": 0},
            "fill": "tonexty",
            "fillcolor": sheer(colour, 0.16),
        },
        hidden | {"y": _list(known.at(days)), "line": step | {"width": 2.5, "dash": DASHES[place]}},
        {
            "type": "scatter",
            "mode": "markers",
            "x": [when.isoformat() for when in rows["date"]],
            "y": rows["capability"].to_list(),
            "marker": {
                "color": colour,
                "size": 8,
                "symbol": SYMBOLS[place],
                "line": {"color": GROUND, "width": 1},
            },
            "hovertext": [record_hover(row) for row in rows.iter_rows(named=True)],
            "hovertemplate": "%{hovertext}<extra></extra>",
        },
    ]


def record_hover(row: dict[str, Any]) -> str:
    """Return what a record says when it is pointed at."""
    return (
        f"<b>{row['model']}</b><br>{row['side']}, {row['date']}<br>capability {row['capability']:.2f} "
        f"({row['low']:.2f} to {row['high']:.2f})<br>{SOURCE}"
    )


def _end_labels(board: Frontier, sides: Sequence[str], end: date) -> list[dict[str, Any]]:
    """Name each line at its end, the upper name a little higher, so that they never meet."""
    levels = [float(board.steps(side).at(np.array([number_of(end)]))[0]) for side in sides]
    upper = levels[0] >= levels[1]
    return [
        {
            "x": end.isoformat(),
            "y": level,
            "text": f"<b>{called(side).replace(' ', '<br>')}</b>",
            "align": "left",
            "showarrow": False,
            "xanchor": "left",
            "xshift": 6,
            "yshift": 10 if upper == (place == 0) else -10,
            "font": {"color": COLOURS[place]},
        }
        for place, (side, level) in enumerate(zip(sides, levels, strict=True))
    ]


def _arrow(found: Lag, board: Frontier) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the arrow between the lines and the bar of its interval, with the words beside it."""
    today = np.array([number_of(found.on)])
    level = float(min(board.steps(side).at(today)[0] for side in (found.of, found.behind)))
    size = abs(found.standing.value or 0.0)
    then = found.on - size * _MONTH
    text = ("at least " if found.lower_bound else "") + months_text(found.standing)
    traces = []
    if found.standing.low is not None:
        low, high = _sizes(found.standing)
        ends = [(found.on - end * _MONTH).isoformat() for end in (high, low)]
        bar = {"color": INK, "width": 12}
        told = f"<b>{text}</b><br>{PER_CENT} % interval<br>{SOURCE}"
        traces.append(
            {"type": "scatter", "mode": "lines", "x": ends, "y": [level, level], "line": bar, "opacity": 0.2}
            | {"hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"}
        )
    arrow = {"x": found.on.isoformat(), "y": level, "ax": then.isoformat(), "ay": level, "text": ""}
    arrow |= {"xref": "x", "yref": "y", "axref": "x", "ayref": "y", "showarrow": True, "arrowhead": 2}
    # At the foot, where late frontiers have no lines to cover.
    words = {"x": found.on.isoformat(), "y": 0.02, "yref": "paper", "text": f"Lag: {text}"}
    words |= {"showarrow": False, "xanchor": "right", "yanchor": "bottom", "font": {"color": INK}}
    return traces, [arrow | {"arrowcolor": INK, "arrowwidth": 1.6}, words]


def _list(values: Any) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]
