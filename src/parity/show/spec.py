"""From marks to the description of a figure: common axes, one legend, the data beside it."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parity.show.theme import DASHES, SHAPES

Layer = dict[str, Any]
WORLD = "world"
"""Name of the shapes of countries, which a renderer puts in: `parity.show.draw`."""
# Room for a row, and for each series in it, in pixels.
ROW, SERIES_ROW = 22, 11
# Letters of all names that lie flat below a figure.
FLAT = 60


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Layers over the rows of one table, and the order of the series that they tell apart."""

    rows: list[dict[str, Any]]
    layers: list[Layer]
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """How a direction is read.

    Attributes
    ----------
    title
        What it counts, unit included.
    domain
        Its ends; those of the data where it is empty.
    log, reverse, zero
        A logarithmic scale; the largest first; begin at zero.
    format
        Of its labels, as d3 writes formats: ``%``, ``.1f``, ``%Y``.
    """

    title: str = ""
    domain: tuple[Any, Any] | None = None
    log: bool = False
    reverse: bool = False
    zero: bool = False
    format: str = ""


def spec(
    *marks: Mark,
    x: Axis | None = None,
    y: Axis | None = None,
    height: int = 0,
    at: Mapping[str, float] | None = None,
) -> Layer:
    """Return the description of a figure: marks over each other on common axes.

    Parameters
    ----------
    *marks
        From the ground up.
    x, y
        How the axes are read.
    height
        In pixels; by the number of rows where they are names.
    at
        Lines across the figure: ``{"x": 0}`` marks where nothing differs.

    Returns
    -------
    dict
        Vega-Lite with its data, without size, fonts and colours: those come with the page.
    """
    if not any(mark.rows for mark in marks):
        words = {"type": "text", "text": "There is nothing to draw.", "color": {"expr": "soft"}}
        return {"height": 2 * ROW, "datasets": {}, "layer": [{"data": {"values": [{}]}, "mark": words}]}
    axes = {"x": x or Axis(), "y": y or Axis()}
    datasets: dict[str, list[dict[str, Any]]] = {}
    layers: list[Layer] = []
    for direction, value in (at or {}).items():
        rule = {"type": "rule", "color": {"expr": "soft"}, "strokeDash": [3, 3], "aria": False}
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": rule,
                "encoding": {direction: {"datum": value, "type": "quantitative"}},
            }
        )
    for number, mark in enumerate(marks):
        name = f"rows{number or ''}"
        datasets[name] = mark.rows
        layers += [_named({"data": {"name": "rows"}} | layer, name) for layer in mark.layers]
    for direction, axis in axes.items():
        _read(layers, direction, axis, _names(marks, direction))
    _tell_apart(layers, list(dict.fromkeys(name for mark in marks for name in mark.series)))
    mapped = any(layer["data"] == {"name": WORLD} for layer in layers)
    return {
        **({"usermeta": {"aspect": 0.47}} if mapped and not height else {}),
        "height": height or _height(layers, _names(marks, "y")),
        "datasets": datasets,
        "layer": layers,
    }


def _height(layers: list[Layer], rows: list[str]) -> int:
    """Return the height of a figure: by its rows where they are names, and the series beside each other."""
    if not rows:
        return 360
    offsets = (layer.get("encoding", {}).get("yOffset", {}) for layer in layers)
    beside = max((len(offset["scale"]["domain"]) for offset in offsets if offset), default=1)
    return max(3, len(rows)) * max(ROW, beside * SERIES_ROW + SERIES_ROW // 2)


def _tell_apart(layers: list[Layer], series: list[str]) -> None:
    """Give every series one colour, shape and dash in all layers, and one legend."""
    choices: dict[str, Sequence[Any]] = {"shape": SHAPES, "strokeDash": DASHES}
    for layer in layers:
        for channel in ("color", "shape", "strokeDash"):
            told = layer.get("encoding", {}).get(channel, {})
            if told.get("type") != "nominal":
                continue
            told["scale"] = {"domain": series}
            if channel in choices:
                told["scale"]["range"] = [
                    choices[channel][n % len(choices[channel])] for n in range(len(series))
                ]
            # A legend of one entry tells nothing.
            told["legend"] = {"symbolOpacity": 1, "symbolStrokeWidth": 0} if len(series) > 1 else None


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: days as numbers, nothing for what is not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    # Days as milliseconds of UTC: the same day whatever the clock of the reader says.
    if isinstance(value, dt.datetime):
        return round(value.replace(tzinfo=value.tzinfo or dt.UTC).timestamp() * 1000)
    if isinstance(value, dt.date):
        return (value - dt.date(1970, 1, 1)).days * 86_400_000
    return value


def _named(layer: Layer, name: str) -> Layer:
    """Return a layer that reads the rows of its mark."""
    layer = layer | {"encoding": {each: _escaped(place) for each, place in layer.get("encoding", {}).items()}}
    if layer["data"] == {"name": "rows"}:
        return layer | {"data": {"name": name}}
    transform = [
        step | {"from": step["from"] | {"data": {"name": name}}} if "from" in step else step
        for step in layer.get("transform", ())
    ]
    return layer | ({"transform": transform} if transform else {})


def _escaped(place: Any) -> Any:
    """Return a channel whose column is meant as a whole: Vega reads dots and brackets as a path."""
    if not isinstance(place, dict) or "field" not in place:
        return place
    return place | {"field": re.sub(r"([.\[\]'\"\\])", r"\\\1", place["field"])}


def _names(marks: Sequence[Mark], direction: str) -> list[str]:
    """Return the names along an axis, in the order of the rows; none where it counts."""
    found: dict[str, None] = {}
    for mark in marks:
        for layer in mark.layers:
            place = layer.get("encoding", {}).get(direction, {})
            if place.get("type") == "nominal":
                found |= dict.fromkeys(str(row[place["field"]]) for row in mark.rows)
    return list(found)


def _read(layers: list[Layer], direction: str, axis: Axis, names: list[str]) -> None:
    """Give every layer the same axis in a direction; one of them states its ends for all."""
    domain = [_end(end) for end in axis.domain] if axis.domain else []
    for layer in layers:
        place = layer.get("encoding", {}).get(direction)
        if place is None:
            continue
        scale: Layer = place.get("scale", {}) | {"reverse": True} if axis.reverse else place.get("scale", {})
        drawn: Layer = {"format": axis.format} if axis.format else {}
        if names:
            scale = {"paddingInner": 0.25} | scale | {"domain": names}
            if direction == "x":  # short names lie flat, others lean
                drawn |= {"labelAngle": 0 if max(map(len, names)) * len(names) <= FLAT else -40}
        elif place["type"] == "temporal":
            scale = scale | {"type": "utc"}
            drawn |= {"tickCount": 6, "labelOverlap": True}
        else:
            scale = scale | (
                {"type": "log", "nice": not axis.domain}
                if axis.log
                else {"zero": axis.zero, "nice": not axis.domain}
            )
        if domain:
            scale, domain = scale | {"domain": domain}, []
        layer["encoding"][direction] = place | {"title": axis.title or None, "scale": scale, "axis": drawn}


def _end(value: Any) -> Any:
    """Return an end of an axis; a day by its parts, since Vega's interpreter makes no date of a number."""
    if isinstance(value, dt.date):
        return {"year": value.year, "month": value.month, "date": value.day, "utc": True}
    return value
