"""What a country can lawfully reach over time, against the world's best accelerator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.views.names import sentence
from parity.web.figure import Column, Figure, Table
from parity.web.pages.chips.landscape import SOURCE
from parity.web.pages.chips.state import ChipsState
from parity.web.pages.chips.terms import TERMS
from parity.web.palette import INK, SERIES, SOFT, sheer
from parity.web.reaches import COUNTED, reached

if TYPE_CHECKING:
    from parity.chips import Reach
    from parity.estimate import Estimate

_MONTH = timedelta(days=365.25 / 12)
_LINES = ("free", "exception", "approval", "case_by_case", "domestic")
_TICKS = [digit * 10.0**power for power in range(-3, 6) for digit in (1, 2, 5)]
_COLUMNS = (
    Column("month", "Month"),
    Column("best_free", "No licence"),
    Column("best_exception", "Exception"),
    Column("best_approval", "Licence, approval presumed"),
    Column("best_case_by_case", "Licence, case by case"),
    Column("best_domestic", "Made at home"),
    Column("world", "World's best"),
    Column("words", "Lag, months"),
    Column("lag_low", "At least"),
    Column("lag_high", "At most"),
)


def reach_part(state: ChipsState) -> Mapping[str, Any]:
    """Return the reach of the destination, with the lag in the month of the address."""
    from parity.catalogue import find_country

    country = find_country(state.to)
    name = sentence(country.iso3)
    extra = tuple(name for name in ("approval", "case_by_case") if getattr(state, name))
    found = reached(country.iso3, state.metric, (*COUNTED, *extra), state.codified)
    place = _place(found, state.on)
    command = f"parity chips reach {country.iso3}" + "".join(f" --with {name}" for name in extra)
    command += f" --metric {state.metric}" if state.metric != "tpp" else ""
    command += " --codified" if state.codified else ""
    lag = found.lags[place]
    return {
        "figure": reach_figure(found, place, name, command),
        "lags": lag_figure(found, place, name, command),
        "lag": lag,
        "words": lag_words(lag),
        "country": name,
        "month": found.months["month"][place],
        "bound": lag.low if lag.value is None else None,
    }


def _place(found: Reach, on: date | None) -> int:
    """Return the last month that is over by a day."""
    months = found.months["month"].to_list()
    return max((place for place, month in enumerate(months) if on is None or month <= on), default=0)


def reach_figure(found: Reach, place: int, country: str, command: str) -> Figure:
    """Draw the best accelerator on each terms against the world's best, and the lag of a month."""
    from parity import chips

    months = found.months
    x = [month.isoformat() for month in months["month"]]
    step = {"type": "scatter", "mode": "lines", "x": x, "connectgaps": False}
    world = {"shape": "hv", "color": sheer(SOFT, 0.7), "width": 6}
    data = [
        step
        | {"y": months["world_level"].to_list(), "line": world, "name": "World's best"}
        | _hover([f"World's best: {name}" for name in months["world"]], months["world_level"]),
        *_band(step, months),
    ]
    for name in _LINES:
        level = months[f"level_{name}"]
        if level.is_not_null().any():
            terms = TERMS[name]
            line = {"shape": "hv", "color": terms.colour, "dash": terms.dash, "width": 2.2}
            told = [f"{terms.words}: {one}" for one in months[f"best_{name}"]]
            data.append(
                step | {"y": level.to_list(), "line": line, "name": terms.words} | _hover(told, level)
            )
    layout: dict[str, Any] = {
        "xaxis": {"type": "date", "nticks": 6},
        "yaxis": {"type": "log", "title": {"text": chips.METRICS[found.metric]}, "tickvals": _TICKS}
        | {"tickformat": ",~r"},
        "legend": {"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0, "traceorder": "normal"},
        "margin": {"l": 8, "r": 12, "t": 16, "b": 110},
        "annotations": _arrow(found, place),
        "shapes": [_marker(found, place)],
    }
    table = found.table().with_columns(words=pl.Series(found.words()))
    return Figure(
        name="reach",
        title=f"The best accelerator that {country} can lawfully have",
        data=data,
        layout=layout,
        table=Table(_COLUMNS, table.with_columns(pl.col("month").dt.strftime("%Y-%m"))),
        source=SOURCE,
        vintage=found.vintage,
        command=command,
        note="By the rules in force at each month's end. The arrow: how long ago the world first had what "
        "can be had without anyone's decision, or under the terms that you count too. Peak figures of "
        "announced parts; they say nothing of how many there are.",
        height=480,
    )


def _hover(told: list[str], levels: pl.Series) -> dict[str, Any]:
    text = [
        f"<b>{words}</b><br>{level:,.4g}" if level is not None else ""
        for words, level in zip(told, levels, strict=True)
    ]
    return {"hovertext": text, "hovertemplate": "%{x|%B %Y}<br>%{hovertext}<extra></extra>"}


def _band(step: dict[str, Any], months: pl.DataFrame) -> list[dict[str, Any]]:
    """Return what is not settled as a band between what is certain and what may be."""
    floor = float(months["world_level"].drop_nulls().min() or 1.0) / 2  # type: ignore[arg-type]
    low = months["level"].fill_null(floor)
    high = months["level_high"].fill_null(floor)
    if not (high > low).any():
        return []
    hidden = {"hoverinfo": "skip", "line": {"width": 0, "shape": "hv"}}
    return [
        step | hidden | {"y": low.to_list(), "showlegend": False},
        step
        | hidden
        | {"y": pl.select(pl.max_horizontal(low, high)).to_series().to_list(), "fill": "tonexty"}
        | {"fillcolor": sheer(SERIES[3], 0.22), "name": TERMS["open"].words},
    ]


def _marker(found: Reach, place: int) -> dict[str, Any]:
    day = found.months["month"][place].isoformat()
    line = {"color": SOFT, "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": day,
        "x1": day,
        "y0": 0,
        "y1": 1,
        "line": line,
    }


def _arrow(found: Reach, place: int) -> list[dict[str, Any]]:
    """Return the lag of a month as an arrow from the day on which the world first had the level."""
    from math import log10

    row, lag = found.months.row(place, named=True), found.lags[place]
    months, level = (lag.value, row["level"]) if lag.value is not None else (lag.low, row["level_high"])
    if not months or level is None:
        return []
    end = row["month"]
    start = max(end - months * _MONTH, found.months["month"][0])
    arrow = {"x": end.isoformat(), "ax": start.isoformat(), "y": log10(level), "ay": log10(level), "text": ""}
    arrow |= {"xref": "x", "yref": "y", "axref": "x", "ayref": "y", "showarrow": True, "arrowhead": 2}
    words = {"x": end.isoformat(), "y": log10(level), "text": lag_words(lag), "showarrow": False}
    words |= {"xanchor": "right", "yanchor": "top", "yshift": -6, "font": {"color": INK}}
    return [arrow | {"arrowcolor": INK, "arrowwidth": 1.5}, words]


def lag_words(lag: Estimate) -> str:
    """Return a hardware lag with its range."""
    if lag.value is None:
        return f"at least {lag.low:.0f} months" if lag.low is not None else lag.reason
    return f"{lag.text(0)} months"


def lag_figure(found: Reach, place: int, country: str, command: str) -> Figure:
    """Draw the hardware lag over time with the range of what is not settled."""
    table = found.table()
    x = [month.isoformat() for month in table["month"]]
    line: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": x}
    low, high = table["lag_low"], table["lag_high"]
    told = [f"<b>{words}</b> months" for words in found.words()]
    least = pl.select(pl.when(table["lag"].is_null()).then(low)).to_series()
    hover = {"hovertext": told, "hovertemplate": "%{x|%B %Y}<br>%{hovertext}<extra></extra>"}
    data: list[dict[str, Any]] = [
        line | {"y": low.to_list(), "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False},
        line
        | {"y": high.fill_null(low).to_list(), "line": {"width": 0}, "hoverinfo": "skip"}
        | {"fill": "tonexty", "fillcolor": sheer(SERIES[3], 0.22), "name": TERMS["open"].words},
        line
        | {"y": table["lag"].to_list(), "line": {"color": SERIES[0], "width": 2.5}, "name": "Lag"}
        | {"connectgaps": False}
        | hover,
        line
        | {
            "y": least.to_list(),
            "line": {"color": SERIES[1], "width": 2.5, "dash": "dot"},
            "name": "At least",
        }
        | {"connectgaps": False}
        | hover,
    ]
    columns = (Column("month", "Month"), Column("words", "Lag, months"), Column("lag", "Lag"))
    frame = table.with_columns(pl.col("month").dt.strftime("%Y-%m"), words=pl.Series(found.words()))
    return Figure(
        name="hardware-lag",
        title=f"How far {country} is behind the world's best accelerator",
        data=data,
        layout={
            "xaxis": {"type": "date", "nticks": 6},
            "yaxis": {"title": {"text": "Months"}, "rangemode": "tozero"},
            "legend": {"orientation": "h", "y": -0.16, "yanchor": "top", "x": 0, "traceorder": "normal"},
            "margin": {"l": 8, "r": 12, "t": 16, "b": 80},
            "shapes": [_marker(found, place)],
        },
        table=Table((*columns, Column("lag_low", "Low"), Column("lag_high", "High")), frame),
        source=SOURCE,
        vintage=found.vintage,
        command=command,
        note="The range is what is not settled, not a probability. Dotted: nothing can be had for "
        "certain, so the lag is at least this.",
        height=340,
    )
