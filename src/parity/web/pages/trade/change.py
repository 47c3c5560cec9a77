"""Figures of substitution: shares before and after, and the parts of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.trade.words import called, source_of
from parity.web.palette import INK, LINE, SERIES

if TYPE_CHECKING:
    from parity.trade import Substitution
    from parity.trade.substitution import Moved

# Origins that are drawn; the table has all.
SHOWN = 12
_ENDS = "least and most between a year before and one after"


def _largest(answer: Substitution) -> list[Moved]:
    return list(answer.moved[:SHOWN])


def _span(years: tuple[str, ...]) -> str:
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"


def shares_figure(answer: Substitution, command: str) -> Figure:
    """Draw the share of each group before and after, joined."""
    moved = _largest(answer)
    names = [called(one.group) for one in moved]
    source = source_of(answer.sources)
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "y": [name, name], "hoverinfo": "skip", "showlegend": False}
        | {"x": [100 * one.share_before, 100 * one.share_after], "line": {"color": LINE, "width": 5}}
        for name, one in zip(names, moved, strict=True)
    ]
    for title, column, symbol, colour in (
        (_span(answer.before), "share_before", "circle-open", INK),
        (_span(answer.after), "share_after", "diamond", SERIES[0]),
    ):
        values = [100 * getattr(one, column) for one in moved]
        told = [
            f"<b>{name}, {title}</b><br>{v:.1f} % of imports<br>{source}"
            for name, v in zip(names, values, strict=True)
        ]
        data.append(
            {"type": "scatter", "mode": "markers", "name": title, "y": names, "x": values}
            | {"marker": {"symbol": symbol, "color": colour, "size": 11, "line": {"width": 2}}}
            | {"hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"}
        )
    layout: dict[str, Any] = {
        "xaxis": {"title": {"text": "Share of imports, %"}, "rangemode": "tozero", "nticks": 6},
        "yaxis": {"autorange": "reversed", "type": "category", "showgrid": False},
    }
    return _figure(
        answer,
        command,
        name="substitution-shares",
        title=f"Who supplies {called(answer.supply.country)}: {_span(answer.before)} "
        f"and {_span(answer.after)}",
        data=data,
        layout=layout,
        note="Means of the years; a customs record has no sampling error.",
    )


def decomposition_figure(answer: Substitution, command: str) -> Figure:
    """Draw the change of each group in two parts: the market's size, and the group's share of it."""
    moved = _largest(answer)
    names = [called(one.group) for one in moved]
    source = source_of(answer.sources)
    data = []
    for part, title, place, hatch in (
        ("size", "The market grew or shrank", 5, ""),
        ("shift", "The share moved", 1, "/"),
    ):
        found = [getattr(one, part) for one in moved]
        values = [(one.value or 0.0) / 1e6 for one in found]
        lows = [value if one.low is None else one.low / 1e6 for one, value in zip(found, values, strict=True)]
        highs = [
            value if one.high is None else one.high / 1e6 for one, value in zip(found, values, strict=True)
        ]
        told = [
            f"<b>{name}: {title.lower()}</b><br>{value:+,.0f} million USD a year<br>"
            f"{low:+,.0f} to {high:+,.0f} ({_ENDS})<br>{source}"
            for name, value, low, high in zip(names, values, lows, highs, strict=True)
        ]
        error = {
            "type": "data",
            "symmetric": False,
            "array": [high - value for high, value in zip(highs, values, strict=True)],
            "arrayminus": [value - low for value, low in zip(values, lows, strict=True)],
            "color": INK,
            "thickness": 1.2,
            "width": 3,
        }
        data.append(
            {"type": "bar", "orientation": "h", "name": title, "y": names, "x": values, "error_x": error}
            | {"marker": {"color": SERIES[place], "pattern": {"shape": hatch, "size": 6}}}
            | {"hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>", "textposition": "none"}
        )
    layout: dict[str, Any] = {
        "barmode": "group",
        "bargap": 0.35,
        "xaxis": {"title": {"text": "Change, million USD a year"}, "zeroline": True, "nticks": 6},
        "yaxis": {"autorange": "reversed", "type": "category", "showgrid": False},
    }
    return _figure(
        answer,
        command,
        name="substitution-parts",
        title=f"Why supply of {called(answer.supply.country)} changed, {_span(answer.after)} against "
        f"{_span(answer.before)}",
        data=data,
        layout=layout,
        note=f"The two parts add up to the change. Lines: {_ENDS}.",
    )


def _figure(answer: Substitution, command: str, **given: Any) -> Figure:
    rows = max(len(_largest(answer)), 2)
    return Figure(
        table=Table(_columns(answer), _table(answer)),
        source=source_of(answer.sources),
        vintage=answer.vintage,
        command=command,
        height=110 + (46 if given["name"] == "substitution-parts" else 34) * rows,
        **given,
    )


def _columns(answer: Substitution) -> tuple[Column, ...]:
    shares = (Column("share_before", "Share before, %"), Column("share_after", "Share after, %"))
    parts = [
        column
        for part, title in (("change", "Change"), ("size", "Market's size"), ("shift", "Share moved"))
        for column in (
            Column(part, title, 1),
            Column(f"{part}_low", "Low", 1),
            Column(f"{part}_high", "High", 1),
        )
    ]
    amounts = (Column("before", "Million USD a year before"), Column("after", "After"))
    return (Column("group", "Origin"), *amounts, *(() if answer.supply.partial else shares), *parts)


def _table(answer: Substitution) -> pl.DataFrame:
    rows = []
    for one in answer.moved:
        row: dict[str, Any] = {
            "group": called(one.group),
            "before": one.before / 1e6,
            "after": one.after / 1e6,
        }
        row |= {"share_before": 100 * one.share_before, "share_after": 100 * one.share_after}
        for part in ("change", "size", "shift"):
            found = getattr(one, part)
            for name, end in (("", found.value), ("_low", found.low), ("_high", found.high)):
                row[part + name] = None if end is None else end / 1e6
        rows.append(row)
    numbers = dict.fromkeys((name for name in rows[0] if name != "group"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=numbers)
