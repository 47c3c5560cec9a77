"""What the page on data and methods shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from parity.catalogue import Card, describe, find_country, listing, vintage
from parity.errors import ParityError
from parity.views.methods import TITLES
from parity.web.figure import Column, Figure, Table
from parity.web.methods import method_html
from parity.web.pages.data.state import DataState
from parity.web.palette import SERIES

KINDS = {"indicators": "Indicators", "sources": "Sources", "tables": "Tables", "methods": "Methods"}
LABELS = {
    "indicator": "Code",
    "sub_pillar": "Sub-pillar",
    "use": "Use",
    "countries": "Countries",
    "first": "First year",
    "last": "Last year",
    "title": "Title",
    "unit": "Unit",
    "source": "Key",
    "licence": "Licence",
    "vintage": "Vintage",
    "table": "Name",
    "rows": "Rows",
}
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def view(state: DataState) -> Mapping[str, Any]:
    """Return the list, and the card or the page on methods that is open."""
    rows = None if state.kind == "methods" else _listed(state)
    card, told = _card(state)
    return {
        "kinds": KINDS,
        "titles": TITLES,
        "rows": rows,
        "columns": [] if rows is None else [(name, LABELS[name]) for name in rows.columns],
        "card": card,
        "told": told,
        "method": _method(state),
        "figures": [] if card is None else _figures(card),
        "series": card is not None and card.kind == "indicator",
        "vintage": vintage(),
    }


def _listed(state: DataState) -> pl.DataFrame:
    """Return the rows that hold the text, whatever the column and the case."""
    frame = listing(state.kind)
    if not state.find.strip():
        return frame
    wanted = state.find.strip().lower()
    texts = (
        pl.col(name).fill_null("").str.to_lowercase()
        for name, kind in frame.schema.items()
        if kind == pl.String
    )
    return frame.filter(pl.any_horizontal(text.str.contains(wanted, literal=True) for text in texts))


def _card(state: DataState) -> tuple[Card | None, str]:
    """Return the card that is open; where it cannot be had as asked, the nearest to it and why."""
    if not state.show or state.kind == "methods":
        return None, ""
    name = f"{state.kind.removesuffix('s')}:{state.show}"
    try:
        return describe(name, state.countries()), ""
    except ParityError as problem:
        told = str(problem)
    try:
        return describe(name), told
    except ParityError:
        return None, told


def _method(state: DataState) -> Mapping[str, Any] | None:
    if state.kind != "methods":
        return None
    name = state.show if state.show in TITLES else next(iter(TITLES))
    return {"name": name, "title": TITLES[name], "html": method_html(name)}


def _figures(card: Card) -> list[Figure]:
    """Draw the series asked for, and how many countries each year covers."""
    drawn = [_series(card)] if card.series.height else []
    return drawn + ([_coverage(card)] if card.coverage.height else [])


def _series(card: Card) -> Figure:
    frame = card.series.with_columns(
        name=pl.col("iso3").map_elements(lambda code: find_country(code).name, return_dtype=pl.String)
    )
    unit = card.facts.get("unit", "")
    traces = []
    for place, ((name,), rows) in enumerate(
        frame.partition_by("name", as_dict=True, maintain_order=True).items()
    ):
        told = [
            f"<b>{name}</b> {year}<br>{value:,.4g} {unit}<br>{flag}; no interval is published"
            for year, value, flag in rows.select("year", "value", "flag").iter_rows()
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "x": rows["year"].to_list(),
                "y": rows["value"].to_list(),
                "line": {"color": SERIES[place], "width": 2, "dash": DASHES[place]},
                "marker": {"symbol": SYMBOLS[place], "size": 7},
                "hovertext": told,
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )
    columns = (
        Column("name", "Country"),
        Column("year", "Year", 0),
        Column("value", "Value", 3),
        Column("flag", "Flag"),
    )
    return Figure(
        name="series",
        title=card.title,
        data=traces,
        layout={"yaxis": {"title": {"text": unit}}, "xaxis": {"tickformat": "d"}, "showlegend": True},
        table=Table(columns, frame),
        source=_source(card),
        vintage=vintage(),
        command=f"parity data show {card.id} "
        + " ".join(f"--country {code}" for code in frame["iso3"].unique().sort()),
        note="As published; the publisher gives no intervals, so none are drawn.",
        height=340,
    )


def _coverage(card: Card) -> Figure:
    columns = (Column("year", "Year", 0), Column("countries", "Countries", 0))
    bars = {
        "type": "bar",
        "x": card.coverage["year"].to_list(),
        "y": card.coverage["countries"].to_list(),
        "marker": {"color": SERIES[0]},
        "hovertemplate": "%{x}: %{y} countries<extra></extra>",
    }
    return Figure(
        name="coverage",
        title="Countries with a value, by year",
        data=[bars],
        layout={"xaxis": {"tickformat": "d"}, "yaxis": {"rangemode": "tozero"}},
        table=Table(columns, card.coverage),
        source=_source(card),
        vintage=vintage(),
        command=f"parity data show {card.id}",
        height=260,
    )


def _source(card: Card) -> str:
    return "; ".join(f"{one.publisher}, {one.title} ({one.licence})" for one in card.sources[:3]) or "Parity"
