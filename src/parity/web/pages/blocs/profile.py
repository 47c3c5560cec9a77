"""Figures of a bloc as one unit: its profile beside others', the gaps, what each member brings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.views.names import countries
from parity.web.figure import Column, Figure, Table
from parity.web.pages.blocs import model
from parity.web.palette import INK, LINE, SERIES, SOFT

if TYPE_CHECKING:
    from parity.answers.bloc import ShapleyRow
    from parity.answers.bloc_compare import ComparedRow
    from parity.blocs import Bloc, Comparison
    from parity.web.pages.blocs.state import BlocsState

SOURCE = "Open AI index, 59 indicators from openly licensed data (page “Data and methods”)"
COLOURS = (SERIES[0], SERIES[1], SERIES[2], SERIES[3], SERIES[4])
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross")
LEVEL = "90 % intervals over {draws} rebuilds of the index with other choices"
MOST_BARS = 30
# Characters of a label: a phone has room for no more.
_WIDEST = 16


def titles() -> dict[str, str]:
    """Return the groups of the index with their titles, each before its members."""
    from parity.ask.standing import built
    from parity.blocs import in_order

    found = built()
    tree = found.index.tree
    return {tree.codes[node]: found.title(node) for node in in_order(tree)}


def span(value: float | None, low: float | None, high: float | None, digits: int = 1, plus: str = "") -> str:
    """Return a number with its interval, "12.3 (10.0 to 14.1)"."""
    if value is None:
        return "unknown"
    text = f"{value:{plus}.{digits}f}"
    return (
        text if low is None or high is None else f"{text} ({low:{plus}.{digits}f} to {high:{plus}.{digits}f})"
    )


def errors(
    values: Sequence[float | None], low: Sequence[float | None], high: Sequence[float | None]
) -> dict[str, Any]:
    """Return intervals as Plotly's error bars; none where there are no ends."""
    if all(end is None for end in low):
        return {"visible": False}
    up = [0 if b is None or v is None else max(b - v, 0) for v, b in zip(values, high, strict=True)]
    down = [0 if a is None or v is None else max(v - a, 0) for v, a in zip(values, low, strict=True)]
    return {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "thickness": 1.4, "width": 0}


def profile_figure(state: BlocsState, found: Comparison, vintage: str) -> Figure:
    """Draw the score in every pillar, one symbol and colour for each bloc, with intervals."""
    from parity.answers.bloc_compare import compared_rows

    rows, _ = compared_rows(found)
    names = titles()
    step = 0.7 / len(found.pools)
    data = [
        _points(
            [row for row in rows if row.bloc == pool.name], pool.name, number, step, names, len(found.pools)
        )
        for number, pool in enumerate(found.pools)
    ]
    layout: dict[str, Any] = {
        "xaxis": {
            "title": {"text": "Score"},
            "nticks": 6,
            "zeroline": False,
        },
        "yaxis": {
            "tickvals": list(range(len(names))),
            "ticktext": [_label(code, title) for code, title in names.items()],
            "range": [len(names) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
        },
        "shapes": [
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": row + 0.5, "y1": row + 0.5}
            | {"line": {"color": LINE, "width": 1}}
            for row in range(len(names) - 1)
        ],
    }
    frame = pl.DataFrame(
        [row.model_dump() | {"title": names[row.node], "covered": 100 * row.covered} for row in rows],
        infer_schema_length=None,
    )
    columns = (
        Column("title", "Pillar"),
        Column("bloc", "Bloc"),
        Column("score", "Score"),
        Column("score_low", "Low"),
        Column("score_high", "High"),
        Column("rank", "Rank", 0),
        Column("rank_low", "Best", 0),
        Column("rank_high", "Worst", 0),
        Column("covered", "Covered, %", 0),
    )
    drawn = f"Lines: {LEVEL.format(draws=model.draws())}. " if found.intervals else ""
    others = " beside " + " and ".join(pool.name for pool in found.pools[1:]) if len(found.pools) > 1 else ""
    return Figure(
        name="profile",
        title=f"{found.pools[0].name}{others}, pillar by pillar",
        data=data,
        layout=layout,
        table=Table(columns, frame),
        source=SOURCE,
        vintage=vintage,
        command=model.compare_command(state) if others else model.pool_command(state),
        note=f"{drawn}A bloc can score above 100: it has more than any one country. Ranks are among the "
        "countries outside it; covered: share of the weight with members' data.",
        height=110 + len(names) * (20 + 10 * len(found.pools)),
    )


def _label(code: str, title: str) -> str:
    text = title.replace(" ", "<br>", 1) if len(title) > _WIDEST else title
    return f"<b>{text}</b>" if code in ("index", "implementation", "innovation", "investment") else text


def _points(
    rows: Sequence[ComparedRow], name: str, number: int, step: float, names: dict[str, str], of: int
) -> dict[str, Any]:
    shift = step * (number - (of - 1) / 2)
    values = [row.score for row in rows]
    told = [
        f"<b>{name}: {names[row.node]}</b><br>score {span(row.score, row.score_low, row.score_high)}"
        f"<br>rank {span(row.rank, row.rank_low, row.rank_high, 0)}<br>{row.covered:.0%} covered<br>{SOURCE}"
        for row in rows
    ]
    bars = errors(values, [row.score_low for row in rows], [row.score_high for row in rows])
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": values,
        "y": [place + shift for place in range(len(rows))],
        "error_x": bars | {"color": COLOURS[number], "thickness": 3},
        "marker": {"color": COLOURS[number], "symbol": SYMBOLS[number], "size": 9},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": True,
    }


def gaps_table(state: BlocsState, found: Comparison, vintage: str) -> Figure:
    """Return the gaps to the others as a table."""
    from parity.answers.bloc_compare import compared_rows

    _, gaps = compared_rows(found)
    names = titles()
    frame = pl.DataFrame(
        [row.model_dump() | {"title": names[row.node], "ahead": 100 * (row.ahead or 0.0)} for row in gaps],
        infer_schema_length=None,
    )
    columns = (
        Column("title", "Pillar"),
        Column("b", "Less"),
        Column("gap", "Points"),
        Column("low", "Low"),
        Column("high", "High"),
        Column("ahead", "Ahead, % of rebuilds", 0),
    )
    return Figure(
        name="gaps",
        title=f"{found.pools[0].name} less the others",
        data=[],
        layout={},
        table=Table(columns, frame),
        source=SOURCE,
        vintage=vintage,
        command=model.compare_command(state),
        note="Differences are taken rebuild by rebuild: what moves both alike does not widen them.",
    )


def shares_figure(state: BlocsState, bloc: Bloc, vintage: str) -> Figure:
    """Draw what each member brings to the index or a pillar, as bars with intervals."""
    from parity.answers.bloc import shapley_rows

    parts, drawn = model.split(state.variant, bloc), model.drawn(state.variant, bloc)
    rows = _share_rows(state.node, shapley_rows(parts, drawn))
    top = rows.head(MOST_BARS)
    values = top["value"].to_list()
    where = titles()[state.node]
    told = [
        f"<b>{row['name']}</b>: {where}<br>{span(row['value'], row['low'], row['high'], 2)} points"
        f"<br>alone {span(row['alone'], None, None)}<br>{SOURCE}"
        for row in top.iter_rows(named=True)
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": top["name"].to_list(),
        "x": values,
        "error_x": errors(values, top["low"].to_list(), top["high"].to_list()) | {"color": INK},
        "marker": {"color": [COLOURS[0] if value >= 0 else COLOURS[1] for value in values], "opacity": 0.8},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    layout = {
        "bargap": 0.35,
        "showlegend": False,
        "xaxis": {"title": {"text": "Points of the score"}, "zerolinecolor": SOFT, "nticks": 6},
        "yaxis": {"autorange": "reversed", "showgrid": False, "type": "category"},
    }
    exact = "all coalitions" if parts.exact else "drawn orders of joining, whose error is in the lines"
    more = f" The first {MOST_BARS} of {rows.height} are drawn." if rows.height > MOST_BARS else ""
    return Figure(
        name="shares",
        title=f"What each member brings to {bloc.name}: {where}",
        data=[bars],
        layout=layout,
        table=Table(_share_columns(state.node), rows),
        source=SOURCE,
        vintage=vintage,
        command=model.pool_command(state, *(["--node", state.node] if state.node != "index" else [])),
        note=f"Shapley values, from {exact}: they add up to the score. Lines: "
        f"{LEVEL.format(draws=model.draws())}. Below 0: the ratios of the bloc fall when it joins.{more}",
        height=90 + 24 * max(top.height, 3),
    )


def _share_rows(node: str, rows: Sequence[ShapleyRow]) -> pl.DataFrame:
    """Return the members with what they bring to a node and to all others, the largest first."""
    names = countries()
    lines = []
    for row in rows:
        part = row if node == "index" else row.pillars[node]
        line = {
            "name": names.get(row.iso3, row.iso3),
            "value": part.value,
            "low": part.low,
            "high": part.high,
        }
        line |= {"alone": row.alone, "leaving": row.leaving}
        line |= {"leaving_low": row.leaving_low, "leaving_high": row.leaving_high}
        for code, each in {"index": row, **row.pillars}.items():
            line |= {f"{code}.value": each.value, f"{code}.low": each.low, f"{code}.high": each.high}
        lines.append(line)
    return pl.DataFrame(lines, infer_schema_length=None).sort("value", descending=True)


def _share_columns(node: str) -> tuple[Column, ...]:
    found = [
        Column("name", "Country"),
        Column("value", titles()[node], 2),
        Column("low", "Low", 2),
        Column("high", "High", 2),
        Column("leaving", "Index if it left", 2),
        Column("leaving_low", "Low", 2),
        Column("leaving_high", "High", 2),
        Column("alone", "Index alone"),
    ]
    for code, title in titles().items():
        if code != node:
            ends = (("value", title), ("low", "Low"), ("high", "High"))
            found += [Column(f"{code}.{end}", label, 2) for end, label in ends]
    return tuple(found)
