"""Six kinds of mark that every figure is made of: dots, lines, bars, heat, world, labels.

Each takes a table and the names of its columns; `spec` puts marks of one figure on common axes. `arcs` are
lines that lie over `world`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from parity.show.cells import shown
from parity.show.document import Column, Table
from parity.show.spec import WORLD, Axis, Layer, Mark, plain, spec

__all__ = ["Axis", "Mark", "arcs", "bars", "dots", "heat", "labels", "lines", "spec", "world"]


def dots(
    frame: pl.DataFrame,
    x: str,
    y: str,
    *,
    low: str = "",
    high: str = "",
    by: str = "",
    colour: str = "",
    tip: Sequence[Column] = (),
) -> Mark:
    """Return points, each with a bar for its interval where ``low`` and ``high`` are named.

    Parameters
    ----------
    frame
        One row per point.
    x, y
        Columns. The interval lies along the one that is a number; along ``x`` if both are.
    low, high
        Columns of the ends; where one is missing, the bar ends at the point.
    by
        Column of the series, told apart by colour and shape, and beside each other in rows of names.
    colour
        ``ink`` or ``soft`` where there are no series.
    tip
        Columns of the table that a pointer shows.
    """
    series = _series(frame, by)
    place = _place(frame, x, y)
    across = not frame.schema[x].is_numeric() and not frame.schema[x].is_temporal()
    along, beside = ("y", "x") if across else ("x", "y")
    if by and not frame.schema[x if across else y].is_numeric() and len(series) > 1:
        place[f"{beside}Offset"] = {"field": by, "scale": {"domain": list(series)}}
    told = _tips(frame, tip)
    layers: list[Layer] = []
    if low and high:
        ends = {along: place[along] | {"field": low}, f"{along}2": {"field": high}}
        bar = {"type": "rule", "strokeWidth": 6, "opacity": 0.45, "strokeCap": "round"}
        layers.append({"mark": bar | _ink(by, colour or "soft"), "encoding": place | ends | _by(by) | told})
    point = {"type": "point", "filled": True, "opacity": 1, "size": 60, "strokeWidth": 1}
    layers.append({"mark": point | _ink(by, colour or "ink"), "encoding": place | _by(by, "shape") | told})
    value = y if across else x
    rows = _rows(frame, tip)
    if low and high:
        for row in rows:
            row[low], row[high] = (row[value] if row[end] is None else row[end] for end in (low, high))
    return Mark(rows, layers, series)


def lines(
    frame: pl.DataFrame,
    x: str,
    y: str,
    *,
    low: str = "",
    high: str = "",
    by: str = "",
    step: bool = False,
    points: bool = False,
    tip: Sequence[Column] = (),
) -> Mark:
    """Return a line for each series, with a band for its interval where ``low`` and ``high`` are named.

    Parameters
    ----------
    frame
        One row per point of a line.
    x, y, low, high, by, tip
        Columns, as for `dots`.
    step
        Whether a value holds until the next one.
    points
        Whether each point is marked.
    """
    series = _series(frame, by)
    place = _place(frame, x, y)
    shape = {"interpolate": "step-after" if step else "linear"}
    layers: list[Layer] = []
    if low and high:
        ends = {"y": place["y"] | {"field": low}, "y2": {"field": high}}
        band = {"type": "area", "opacity": 0.16} | shape | _ink(by, "ink")
        layers.append({"mark": band, "encoding": {"x": place["x"]} | ends | _by(by)})
    line = {"type": "line", "strokeWidth": 2.2} | shape | _ink(by, "ink")
    layers.append({"mark": line, "encoding": place | _by(by, "strokeDash")})
    told = _tips(frame, tip)
    # Without marks, a pointer still finds the points.
    point = {"type": "point", "filled": True, "size": 50, "opacity": 1 if points else 0} | _ink(by, "ink")
    if points or told:
        layers.append({"mark": point, "encoding": place | _by(by, "shape") | told})
    return Mark(_rows(frame, tip), layers, series)


def bars(
    frame: pl.DataFrame,
    x: str,
    y: str,
    *,
    low: str = "",
    high: str = "",
    by: str = "",
    stack: bool = False,
    tip: Sequence[Column] = (),
) -> Mark:
    """Return bars from zero, beside each other or stacked, with whiskers for their intervals.

    Parameters
    ----------
    frame
        One row per bar.
    x, y, low, high, by, tip
        Columns, as for `dots`; one of ``x`` and ``y`` is a number, the other names the bar.
    stack
        Put series on top of each other; their intervals are then not drawn.
    """
    series = _series(frame, by)
    place = _place(frame, x, y)
    along, beside = ("x", "y") if frame.schema[x].is_numeric() else ("y", "x")
    place[along] = place[along] | {"stack": "zero" if stack else None}
    if by and not stack and by not in (x, y):
        place[f"{beside}Offset"] = {"field": by, "scale": {"domain": list(series)}}
    told = _tips(frame, tip)
    bar = {"type": "bar", "opacity": 0.85} | ({} if by else {"color": {"expr": "soft"}})
    layers: list[Layer] = [{"mark": bar, "encoding": place | _by(by) | told}]
    if low and high and not stack:
        ends = {along: place[along] | {"field": low}, f"{along}2": {"field": high}}
        whisker = {"type": "rule", "strokeWidth": 1.5, "color": {"expr": "ink"}}
        layers.append({"mark": whisker, "encoding": place | ends | told})
    return Mark(_rows(frame, tip), layers, series)


def heat(
    frame: pl.DataFrame,
    x: str,
    y: str,
    value: str,
    *,
    title: str = "",
    middle: float | None = None,
    digits: int | None = None,
    tip: Sequence[Column] = (),
) -> Mark:
    """Return a cell for each pair of names, coloured by a number.

    Parameters
    ----------
    frame
        One row per cell; one without a value is left grey.
    x, y, value, tip
        Columns.
    title
        What the colour counts.
    middle
        Where the colours of the two sides meet; without it one colour grows darker.
    digits
        Write the number into its cell, with so many digits.
    """
    place = {name: each | {"scale": {"paddingInner": 0.04}} for name, each in _place(frame, x, y).items()}
    known = [number for number in frame[value].to_list() if number is not None]
    reach = max((abs(number - (middle or 0.0)) for number in known), default=1.0) or 1.0
    scale: dict[str, Any] = {} if middle is None else {"domain": [middle - reach, middle + reach]}
    colour = {
        "field": value,
        "type": "quantitative",
        "title": title or None,
        "scale": scale | {"range": "ramp" if middle is None else "diverging", "interpolate": "lab"},
        "legend": {"title": title, "titleOrient": "top", "gradientLength": 160} if title else None,
    }
    layers: list[Layer] = [
        {"mark": {"type": "rect", "color": {"expr": "empty"}}, "encoding": place},
        {
            "transform": [{"filter": f"isValid(datum[{value!r}])"}],
            "mark": "rect",
            "encoding": place | {"color": colour} | _tips(frame, tip),
        },
    ]
    if digits is not None:
        low, high = (min(known, default=0.0), max(known, default=1.0))
        dark = (
            f"abs(datum[{value!r}] - {middle}) > {0.6 * reach}"
            if middle is not None
            else f"datum[{value!r}] > {low + 0.55 * (high - low)}"
        )
        text = {"field": value, "type": "quantitative", "format": f",.{digits}f"}
        ink = {"condition": {"test": dark, "value": {"expr": "ground"}}, "value": {"expr": "ink"}}
        layers.append(
            {
                "transform": [{"filter": f"isValid(datum[{value!r}])"}],
                "mark": {"type": "text", "fontSize": 11},
                "encoding": place | {"text": text, "color": ink},
            }
        )
    return Mark(_rows(frame, tip), layers)


def labels(
    frame: pl.DataFrame, x: str, y: str, text: str, *, by: str = "", align: str = "left", above: int = 0
) -> Mark:
    """Return words at points.

    Parameters
    ----------
    frame
        One row per label.
    x, y, text, by
        Columns.
    align
        ``left`` writes to the right of the point, ``right`` to its left, ``center`` over it.
    above
        Pixels to lift the words by.
    """
    shift = {"left": 7, "right": -7}.get(align, 0)
    words = {"type": "text", "align": align, "dx": shift, "dy": -above, "fontSize": 12, "clip": False}
    series = _series(frame, by)
    place = _place(frame, x, y) | {"text": {"field": text}}
    # A rim in the colour of the page parts the words from the lines below them.
    rim = {"color": {"expr": "ground"}, "stroke": {"expr": "ground"}, "strokeWidth": 4, "strokeJoin": "round"}
    layers = [
        {"mark": words | rim | {"opacity": 0.8}, "encoding": place},
        {"mark": words | _ink(by, "ink"), "encoding": place | _by(by)},
    ]
    return Mark(_rows(frame, ()), layers, series)


def world(
    frame: pl.DataFrame, code: str, value: str = "", *, title: str = "", tip: Sequence[Column] = ()
) -> Mark:
    """Return a map of countries coloured by a number; those without one are grey.

    Parameters
    ----------
    frame
        One row per country.
    code
        Column of ISO 3166 codes of three letters.
    value, tip
        Columns; without a value, the countries of the table are shaded alike.
    title
        What the colour counts.
    """
    told = _tips(frame, tip)
    rows = _rows(frame, tip)
    shape = {"type": "geoshape", "stroke": {"expr": "ground"}, "strokeWidth": 0.5}
    colour = {
        "field": value,
        "type": "quantitative",
        "scale": {"range": "ramp", "interpolate": "lab"},
        "legend": {"title": title or value, "titleOrient": "top", "gradientLength": 220},
    }
    even = {} if value else {"fill": {"expr": "soft"}, "fillOpacity": 0.5}
    fields = list(rows[0]) if rows else [code, value or code]
    found = {"data": {"name": "rows"}, "key": code, "fields": fields}
    ground = {"data": {"name": WORLD}, "projection": _PROJECTION}
    layers: list[Layer] = [
        ground | {"mark": shape | {"fill": {"expr": "empty"}, "tooltip": None}},
        ground
        | {
            "transform": [
                {"lookup": "id", "from": found},
                {"filter": f"isValid(datum[{value or code!r}])"},
            ],
            "mark": shape | even,
            "encoding": ({"color": colour} if value else {}) | told,
        },
    ]
    return Mark(rows, layers)


def arcs(
    frame: pl.DataFrame,
    start: tuple[str, str],
    end: tuple[str, str],
    width: str,
    *,
    by: str = "",
    tip: Sequence[Column] = (),
) -> Mark:
    """Return lines between places of a map; they lie over `world`.

    Parameters
    ----------
    frame
        One row per line.
    start, end
        Columns of longitude and latitude, in degrees.
    width
        Column of what the width of a line counts.
    by, tip
        Columns, as for `dots`.
    """
    places = dict(zip(("longitude", "latitude", "longitude2", "latitude2"), (*start, *end), strict=True))
    place: dict[str, Layer] = {channel: {"field": name} for channel, name in places.items()}
    thick = {
        "field": width,
        "type": "quantitative",
        "legend": None,
        "scale": {"type": "sqrt", "range": [0.7, 6]},
    }
    layer = {
        "projection": _PROJECTION,
        "mark": {"type": "rule", "opacity": 0.75, "strokeCap": "round"} | _ink(by, "ink"),
        "encoding": place | {"strokeWidth": thick} | _by(by, "strokeDash") | _tips(frame, tip),
    }
    ends = [
        {
            "projection": _PROJECTION,
            "mark": {"type": "point", "filled": True, "size": 22, "opacity": 1} | _ink(by, "ink"),
            "encoding": {channel: {"field": name} for channel, name in place_of.items()} | _by(by, "shape"),
        }
        for place_of in (dict(zip(("longitude", "latitude"), names, strict=True)) for names in (start, end))
    ]
    return Mark(_rows(frame, tip), [layer, *ends], _series(frame, by))


_PROJECTION = {"type": "naturalEarth1"}


def _series(frame: pl.DataFrame, by: str) -> tuple[str, ...]:
    return tuple(str(name) for name in frame[by].unique(maintain_order=True)) if by else ()


def _place(frame: pl.DataFrame, x: str, y: str) -> dict[str, Layer]:
    return {
        channel: {"field": name, "type": _type(frame.schema[name])} for channel, name in (("x", x), ("y", y))
    }


def _type(dtype: pl.DataType) -> str:
    return "quantitative" if dtype.is_numeric() else "temporal" if dtype.is_temporal() else "nominal"


def _ink(by: str, colour: str) -> Layer:
    return {} if by else {"color": {"expr": colour}}


def _by(by: str, *channels: str) -> dict[str, Layer]:
    """Return the channels that tell series apart."""
    return {channel: {"field": by, "type": "nominal"} for channel in ("color", *channels)} if by else {}


def _tips(frame: pl.DataFrame, tip: Sequence[Column]) -> dict[str, Any]:
    """Return what a pointer shows: the cells of a table, so that both say the same."""
    if not tip:
        return {}
    heads = shown(Table(frame.head(1), tuple(tip))).heads
    return {
        "tooltip": [{"field": f"tip{n}", "type": "nominal", "title": head} for n, head in enumerate(heads)]
    }


def _rows(frame: pl.DataFrame, tip: Sequence[Column]) -> list[dict[str, Any]]:
    """Return the rows as JSON holds them, with the texts that a pointer shows."""
    rows = [{name: plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]
    if tip:
        for row, cells in zip(rows, shown(Table(frame, tuple(tip))).rows, strict=True):
            row |= {f"tip{number}": cell.text for number, cell in enumerate(cells)}
    return rows
