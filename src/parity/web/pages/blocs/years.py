"""A counterweight? The gap of the bloc to others, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.blocs import model
from parity.web.pages.blocs.names import in_sentence
from parity.web.pages.blocs.profile import COLOURS, LEVEL, SOURCE, SYMBOLS, span, titles
from parity.web.palette import INK, SOFT, sheer

if TYPE_CHECKING:
    from parity.answers.bloc_compare import YearGapRow
    from parity.blocs import History
    from parity.web.pages.blocs.state import BlocsState

PANELS = ("index", "implementation", "innovation", "investment")
DASHES = ("solid", "dash", "dot", "dashdot")
_COLUMNS = (
    Column("title", "Pillar"),
    Column("b", "Less"),
    Column("when", "Year"),
    Column("gap", "Points", 2),
    Column("low", "Low", 2),
    Column("high", "High", 2),
)


def years_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the gaps over the years, and what became of the first of them."""
    asked = model.chosen(state)
    if not asked.bloc or not asked.beside:
        return {"figure": None, "findings": []}
    found = model.years(state.variant, asked.blocs)
    if found is None:
        return {"figure": None, "findings": []}
    return {"figure": years_figure(state, found), "findings": findings(found)}


def findings(found: History) -> list[str]:
    """Return a sentence for each other bloc: whether the gap in the index has closed."""
    first, (start, end) = found.blocs[0], (found.years[0], found.years[-1])
    lines = []
    for other in found.blocs[1:]:
        change = found.closing(first, other)
        if change.value is None or change.low is None or change.high is None:
            continue
        low, high = sorted((abs(change.low), abs(change.high)))
        points = span(abs(change.value), low, high)
        if change.low > 0:
            lines.append(f"From {start} to {end} {first} gained {points} points on {in_sentence(other)}.")
        elif change.high < 0:
            lines.append(f"From {start} to {end} {first} lost {points} points against {in_sentence(other)}.")
        else:
            signed = span(change.value, change.low, change.high, plus="+")
            lines.append(
                f"From {start} to {end} the gap to {in_sentence(other)} changed by {signed} points: "
                "not told from none."
            )
    return lines


def years_figure(state: BlocsState, found: History) -> Figure:
    """Draw the gaps over the years with their bands, one panel for the index and each pillar."""
    from parity.answers.bloc_compare import YearGapRow, year_fields
    from parity.catalogue import vintage

    fields, names = year_fields(found), titles()
    rows = [YearGapRow(**row) for row in found.gaps().iter_rows(named=True)]
    known = {row.node for row in rows}
    panels = [node for node in PANELS if node in known]
    data = [
        trace
        for place, node in enumerate(panels)
        for number, other in enumerate(found.blocs[1:])
        for trace in _traces([r for r in rows if r.node == node and r.b == other and r.year], place, number)
    ]
    frame = pl.DataFrame(
        [
            row.model_dump() | {"title": names[row.node], "when": str(row.year or "change")}
            for row in rows
            if row.node in names
        ],
        infer_schema_length=None,
    )
    others = " and ".join(found.blocs[1:])
    return Figure(
        name="years",
        title=f"A counterweight? {found.blocs[0]} less {others}, year by year",
        data=data,
        layout=_layout(panels, names, found),
        table=Table(_COLUMNS, frame),
        source=SOURCE,
        vintage=vintage(),
        command=model.compare_command(state, "--years"),
        note=f"Points; above 0 the bloc is ahead. Bands: {LEVEL.format(draws=model.draws())}. "
        f"{fields['year_note']}",
        height=560,
    )


def _traces(rows: list[YearGapRow], place: int, number: int) -> list[dict[str, Any]]:
    """Return the band and the line of one gap in one panel."""
    colour = COLOURS[number + 1]
    suffix = "" if place == 0 else str(place + 1)
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "x": [row.year for row in rows]}
    hidden = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    told = [
        f"<b>less {row.b}, {row.year}</b><br>{span(row.gap, row.low, row.high, 1, '+')} points<br>{SOURCE}"
        for row in rows
    ]
    return [
        axes | hidden | {"y": [row.low for row in rows], "showlegend": False},
        axes
        | hidden
        | {"y": [row.high for row in rows], "showlegend": False}
        | {"fill": "tonexty", "fillcolor": sheer(colour, 0.16)},
        axes
        | {"type": "scatter", "mode": "lines+markers", "y": [row.gap for row in rows]}
        | {"name": f"less {rows[0].b}" if rows else "", "showlegend": place == 0}
        | {"line": {"color": colour, "width": 2.2, "dash": DASHES[number]}}
        | {"marker": {"color": colour, "symbol": SYMBOLS[number + 1], "size": 7}}
        | {"hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"},
    ]


def _layout(panels: list[str], names: Mapping[str, str], found: History) -> dict[str, Any]:
    years = list(found.years)
    layout: dict[str, Any] = {
        "grid": {"rows": (len(panels) + 1) // 2, "columns": 2, "pattern": "independent"}
        | {"xgap": 0.16, "ygap": 0.3},
        "margin": {"l": 8, "r": 12, "t": 56, "b": 36},
        "legend": {"orientation": "h", "y": 1.08, "yanchor": "bottom", "x": 0} | {"traceorder": "normal"},
        "annotations": [],
    }
    for place, node in enumerate(panels):
        suffix = "" if place == 0 else str(place + 1)
        ticks = {
            "tickvals": [years[0], years[len(years) // 2], years[-1]],
            "showgrid": False,
            "zeroline": False,
        }
        layout[f"xaxis{suffix}"] = ticks
        layout[f"yaxis{suffix}"] = {"zeroline": True, "zerolinecolor": SOFT, "nticks": 5}
        layout["annotations"].append(
            {"text": f"<b>{names[node]}</b>", "xref": f"x{suffix} domain", "yref": f"y{suffix} domain"}
            | {"x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
            | {"font": {"color": INK}}
        )
    return layout
