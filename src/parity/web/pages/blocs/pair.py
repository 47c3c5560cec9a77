"""Two countries' collaboration over time, with dated breaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from parity.answers.ties import told_break
from parity.errors import ParityError
from parity.views.names import sentence, upper_first
from parity.web.figure import Column, Figure, Table
from parity.web.pages.blocs import model
from parity.web.pages.blocs.profile import span
from parity.web.pages.blocs.ties import SOURCE, pairs
from parity.web.palette import GROUND, INK, SERIES, SOFT, sheer

if TYPE_CHECKING:
    from parity.blocs import Tie
    from parity.web.pages.blocs.state import BlocsState

_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_COLUMNS = (
    Column("period", "Quarter"),
    Column("weight", "Events", 0),
    Column("affinity", "Affinity", 2),
    Column("low", "Low", 2),
    Column("high", "High", 2),
)


def pair_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the collaboration of the chosen pair, with its breaks and what the data cannot show."""
    from parity.blocs import LIMITS
    from parity.brief.blocs import gravity_affinity

    asked = pair(state)
    if asked is None:
        return {"figure": None, "told": [], "limits": LIMITS}
    found = model.tie(*asked)
    told = _changes(found)
    gravity = gravity_affinity(found.a, found.b)
    if gravity.value is not None:
        told.append(
            "Against what totals, distance and language let expect: "
            f"{span(gravity.value, gravity.low, gravity.high, 2)} times."
        )
    return {"figure": tie_figure(found), "told": told, "limits": LIMITS}


def pair(state: BlocsState) -> tuple[str, str] | None:
    """Return the pair of the address; by default the members with the largest ties."""
    found = model.chosen(state)
    members = found.bloc.members if found.bloc else ()
    if state.a and state.b:
        return state.a, state.b
    try:
        shown = pairs(model.network(members))
    except ParityError:
        return None
    only = state.a or state.b
    codes = [row for row in shown.select("a", "b").rows() if not only or only in row]
    if not codes:
        return None
    a, b = codes[0]
    return (a, b) if state.a in ("", a) and state.b in ("", b) else (b, a)


def _changes(found: Tie) -> list[str]:
    """Return the likeliest change, and the change from the first year to the last, as sentences."""
    if found.reason:
        return [upper_first(found.reason) + "."]
    first, last = found.periods[0][:4], found.periods[-1][:4]
    return [
        told_break(found),
        f"{first} to {last}: collaboration {found.change(first, last, adjusted=False).text(0)} %, "
        f"affinity {found.change(first, last).text(0)} %.",
    ]


def tie_figure(found: Tie) -> Figure:
    """Draw events and affinity by quarter; breaks as lines, the doubt about their date as a band."""
    table = found.table()
    t = list(range(len(found.periods)))
    told = [
        f"<b>{row['period']}</b><br>{_events(row['weight'])}"
        f"<br>affinity {span(row['affinity'], row['low'], row['high'], 2)}<br>{SOURCE.split(',')[0]}"
        for row in table.iter_rows(named=True)
    ]
    hover = {"hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"}
    line = {"type": "scatter", "mode": "lines+markers", "x": t}
    hidden = {"type": "scatter", "mode": "lines", "x": t, "yaxis": "y2", "line": {"width": 0}}
    hidden |= {"hoverinfo": "skip"}
    blue, red = SERIES[0], SERIES[1]
    data = [
        line | hover | {"y": table["weight"].to_list(), "line": {"color": blue}}
        | {"marker": {"color": blue, "symbol": "circle", "size": 6}},
        hidden | {"y": table["low"].to_list()},
        hidden | {"y": table["high"].to_list(), "fill": "tonexty", "fillcolor": sheer(red, 0.16)},
        line | hover | {"y": table["affinity"].to_list(), "yaxis": "y2", "line": {"color": red}}
        | {"marker": {"color": red, "symbol": "diamond", "size": 6}},
    ]  # fmt: skip
    first = [k for k in t if found.periods[k].endswith("Q1")]
    layout: dict[str, Any] = {
        "showlegend": False,
        "xaxis": {"tickvals": first, "ticktext": [found.periods[k][:4] for k in first]}
        | {"showgrid": False, "zeroline": False, "anchor": "y2"},
        "yaxis": {"domain": [0.56, 1], "rangemode": "tozero", "nticks": 5},
        "yaxis2": {"domain": [0, 0.42], "type": "log", "tickvals": _TICKS},
        "shapes": [shape for one in found.breaks for shape in _break_shapes(found, one)]
        + [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y2", "y0": 1, "y1": 1}
           | {"line": {"color": SOFT, "width": 1, "dash": "dot"}}],
        "annotations": [_heading("Events a quarter", 1.0), _heading("Affinity (1: as expected)", 0.42)]
        + [_break_label(found, one) for one in found.breaks],
        "margin": {"l": 8, "r": 12, "t": 30, "b": 36},
    }  # fmt: skip
    one_sided = (
        f" One direction alone is published in {', '.join(found.one_sided)}." if found.one_sided else ""
    )
    return Figure(
        name="tie",
        title=upper_first(f"{sentence(found.a)} and {sentence(found.b)}: collaboration on GitHub"),
        data=data,
        layout=layout,
        table=Table(_COLUMNS, table),
        source=SOURCE,
        vintage=found.vintage,
        command=f"parity ties {found.a} {found.b}",
        note="Affinity takes out what either country does with everybody. Pale: 90 % interval of a quarter. "
        f"Dashed: the beginning of a break, and where it may lie.{one_sided}",
        height=480,
    )


def _events(weight: float | None) -> str:
    return "not published" if weight is None else f"{weight:,.0f} events"


def _heading(text: str, y: float) -> dict[str, Any]:
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": y, "xanchor": "left", "yanchor": "bottom"}
    return place | {"text": f"<b>{text}</b>", "showarrow": False, "font": {"color": INK}}


def _break_shapes(found: Tie, one: Any) -> list[dict[str, Any]]:
    at, early, late = (found.periods.index(p) - 0.5 for p in (one.period, one.earliest, one.latest))
    whole = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1}
    band = {"type": "rect", "x0": early, "x1": max(late, early + 0.06), "fillcolor": sheer(SOFT, 0.18)}
    line = {"type": "line", "x0": at, "x1": at, "line": {"color": INK, "width": 1.2, "dash": "dash"}}
    return [whole | band | {"line": {"width": 0}}, whole | line]


def _break_label(found: Tie, one: Any) -> dict[str, Any]:
    at = found.periods.index(one.period) - 0.5
    left = at > len(found.periods) * 0.6
    text = f"{one.period}: {one.change.value:+.0f} %"
    place = {"xref": "x", "yref": "paper", "x": at, "y": 0.56, "yanchor": "bottom"}
    place |= {"xanchor": "right" if left else "left", "xshift": -4 if left else 4}
    return place | {"text": text, "showarrow": False, "font": {"color": INK}, "bgcolor": GROUND}
