"""The figure of all accelerators: TPP against performance density, and where each paragraph applies."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.chips.terms import TERMS
from parity.web.palette import GROUND, INK, SERIES, SOFT, sheer

TPP, DENSITY = (50.0, 40_000.0), (0.1, 30.0)
SOURCE = "Epoch AI, Machine learning hardware (CC BY 4.0); rules as cited in each ruling"
# Stricter paragraphs stand out more; the letter after the entry tells them apart.
_SHADES = {"a": sheer(SERIES[1], 0.16), "b": sheer(SERIES[4], 0.13)}
_OTHER_SHADE = sheer(SERIES[6], 0.15)
_TICKS = {"x": (100, 1_000, 10_000), "y": (0.1, 1, 10)}
_COLUMNS = (
    Column("name", "Accelerator"),
    Column("maker", "Maker"),
    Column("released_by", "Out by"),
    Column("market", "Market"),
    Column("tpp", "TPP", 0),
    Column("density", "Performance density", 2),
    Column("words", "Terms"),
)


@lru_cache(maxsize=256)
def known(to: str, on: date) -> pl.DataFrame:
    """Return every accelerator with its figures and a country's terms on a day.

    Parameters
    ----------
    to
        Destination, ISO3; the parties have their seat there.
    on
        Day.
    """
    from parity import chips

    devices = chips.accelerators()
    terms = chips.access(chips.rulebook(), devices, to, [on]).terms[0]
    market = {True: "data centre", False: "other"}
    return devices.with_columns(
        terms=pl.Series(terms.tolist(), dtype=pl.String),
        density=pl.col("tpp") / pl.col("die_area"),
        market=pl.col("data_center").replace_strict(market, default="open", return_dtype=pl.String),
    ).with_columns(words=pl.col("terms").replace_strict({name: one.words for name, one in TERMS.items()}))


def landscape(device: str, to: str, country: str, on: date, vintage: str) -> Figure:
    """Draw the devices that are out on a day, by the terms of a destination, over the rule's regions.

    Parameters
    ----------
    device
        Device to mark.
    to, country
        Destination, ISO3 and name.
    on
        Day.
    vintage
        Of the data.
    """
    rows = known(to, on)
    drawn = rows.filter(pl.col("density").is_not_null(), pl.col("terms") != "not_released")
    data = [*_region_traces(on), *_mark(drawn.filter(name=device))]
    data += [_points(part, name) for name in TERMS if (part := drawn.filter(terms=name)).height]
    axis = {"type": "log", "zeroline": False, "tickformat": ",~r"}
    layout: dict[str, Any] = {
        "xaxis": axis
        | {"title": {"text": "Total processing performance (TPP)"}}
        | {"range": _log(TPP), "tickvals": list(_TICKS["x"])},
        "yaxis": axis
        | {"title": {"text": "Performance density (TPP per mm²)"}}
        | {"range": _log(DENSITY), "tickvals": list(_TICKS["y"])},
        "legend": {"orientation": "h", "y": -0.14, "yanchor": "top", "x": 0},
        "margin": {"l": 8, "r": 12, "t": 16, "b": 130},
    }
    unknown = rows.filter(pl.col("density").is_null(), pl.col("terms") != "not_released").height
    return Figure(
        name="landscape",
        title=f"The rule on {on:%-d %B %Y}, and what it means for {country}",
        data=data,
        layout=layout,
        table=Table(_COLUMNS, rows.sort("tpp", descending=True, nulls_last=True)),
        source=SOURCE,
        vintage=vintage,
        command=f"parity chips list --to {to} --on {on}",
        note="Shaded: paragraphs of the control list for data-centre parts, as the rule of that day has "
        "them. Points: devices out by then, by the terms for parties with their seat there. "
        f"{unknown} more lack a published die area and stand in the table alone.",
        height=560,
    )


def _log(span: tuple[float, float]) -> list[float]:
    from math import log10

    return [log10(end) for end in span]


def _region_traces(on: date) -> list[dict[str, Any]]:
    """Return each paragraph's region, and its name in a corner."""
    from parity import chips

    traces: list[dict[str, Any]] = []
    names: dict[str, list[Any]] = {"x": [], "y": [], "text": []}
    for region in chips.regions(chips.rulebook(), on, TPP, DENSITY):
        x: list[float | None] = []
        y: list[float | None] = []
        for (left, right), (bottom, top) in region.boxes:
            x += [left, right, right, left, left, None]
            y += [bottom, bottom, top, top, bottom, None]
        clause = region.paragraph.split(".")[1][:1] if "." in region.paragraph else ""
        told = f"<b>{region.paragraph}</b><br>" + "<br>".join(region.tests)
        line = {"width": 1, "color": sheer(SOFT, 0.5)}
        traces.append(
            {"type": "scatter", "mode": "lines", "x": x, "y": y, "fill": "toself", "hoveron": "fills"}
            | {"line": line, "fillcolor": _SHADES.get(clause, _OTHER_SHADE), "showlegend": False}
            | {"text": told, "hoverinfo": "text", "name": region.paragraph}
        )
        (left, _), (bottom, _) = region.boxes[0]
        for axis, value in (("x", left * 1.03), ("y", bottom * 1.03), ("text", region.paragraph)):
            names[axis].append(value)
    text = {"type": "scatter", "mode": "text", "textposition": "top right", "hoverinfo": "skip"}
    return [*traces, text | names | {"showlegend": False, "textfont": {"color": SOFT, "size": 11}}]


def _mark(row: pl.DataFrame) -> list[dict[str, Any]]:
    """Return a ring around the chosen device with its name, where its figures are known."""
    if not row.height:
        return []
    ring = {"symbol": "circle-open", "size": 20, "color": INK, "line": {"width": 2}}
    return [
        {"type": "scatter", "mode": "markers+text", "x": row["tpp"].to_list(), "y": row["density"].to_list()}
        | {"text": [f"<b>{row['name'][0]}</b>"], "textposition": "top left", "textfont": {"color": INK}}
        | {"marker": ring, "hoverinfo": "skip", "showlegend": False}
    ]


def _points(rows: pl.DataFrame, name: str) -> dict[str, Any]:
    terms = TERMS[name]
    told = [
        f"<b>{row['name']}</b><br>TPP {row['tpp']:,.0f}, density {row['density']:.2f}<br>"
        f"{row['market']} market, out by {row['released_by'] or 'an unknown day'}<br>{terms.words}<br>"
        f"{row['source']}"
        for row in rows.iter_rows(named=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": terms.words,
        "x": rows["tpp"].to_list(),
        "y": rows["density"].to_list(),
        "marker": {
            "color": terms.colour,
            "symbol": terms.symbol,
            "size": 9,
            "line": {"color": GROUND if "open" not in terms.symbol else terms.colour, "width": 1},
        },
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
