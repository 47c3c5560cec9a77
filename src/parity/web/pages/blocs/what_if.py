"""What another composition would change: who joined or left, who would add most, who lifts what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.views.names import countries
from parity.web.figure import Column, Figure, Table
from parity.web.pages.blocs import model
from parity.web.pages.blocs.profile import COLOURS, LEVEL, SOURCE, errors, span, titles
from parity.web.palette import INK, SOFT
from parity.web.state import with_changes

if TYPE_CHECKING:
    from parity.blocs import Bloc
    from parity.web.pages.blocs.state import BlocsState

MOST_JOINING = 12
MOST_LINKS = 5


def what_if_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the change against the bloc as it was, the best next members, and the weakest places."""
    found = model.chosen(state)
    if found.bloc is None:
        return {"figures": [], "tables": [], "links": []}
    figures = []
    if found.before is not None:
        figures.append(_change_figure(state, found.bloc, found.before))
    rows = _joining_rows(state, found.bloc)
    if rows is not None:
        figures.append(_joining_figure(state, found.bloc, rows))
    tables = [_weak_table(state, found.bloc)] if len(found.bloc.members) > 1 else []
    first = rows.head(MOST_LINKS).iter_rows(named=True) if rows is not None else []
    links = [(row["name"], row["iso3"], with_changes(state, **added(state, row["iso3"]))) for row in first]
    return {"figures": figures, "tables": tables, "links": links}


def added(state: BlocsState, code: str) -> dict[str, Any]:
    """Return the fields of a state that put a country into the bloc."""
    if code in state.drop:
        return {"drop": tuple(each for each in state.drop if each != code)}
    return {"add": tuple(sorted({*state.add, code}))}


def _change_figure(state: BlocsState, bloc: Bloc, before: Bloc) -> Figure:
    from parity.answers.bloc import change_rows
    from parity.brief.bloc_profile import BEFORE

    names = titles()
    rows = pl.DataFrame(
        [
            row.model_dump() | {"title": names[row.node]}
            for row in change_rows(model.changed(state.variant, bloc, before), BEFORE)
        ],
        infer_schema_length=None,
    )
    columns = (
        Column("title", "Pillar"),
        Column("change", "Points", 2),
        Column("low", "Low", 2),
        Column("high", "High", 2),
        Column("rank_before", "Rank before", 0),
        Column("rank", "Rank now", 0),
    )
    return _dots(
        rows.rename({"change": "value"}),
        name="change",
        title=f"{bloc.name} against {before.name}",
        axis="Change, points",
        columns=tuple(Column("value", c.label, c.digits) if c.name == "change" else c for c in columns),
        command=model.pool_command(state),
        note=f"Lines: {LEVEL.format(draws=model.draws())}, taken rebuild by rebuild.",
    )


def _joining_rows(state: BlocsState, bloc: Bloc) -> pl.DataFrame | None:
    from parity.answers.bloc import joining_rows

    found = model.joining(state.variant, bloc)
    if found is None:
        return None
    names = countries()
    rows = [
        row.model_dump()
        | {"title": names[row.iso3], "name": names[row.iso3], "best": 100 * (row.best or 0.0)}
        for row in joining_rows(found, MOST_JOINING)
    ]
    return pl.DataFrame(rows, infer_schema_length=None).rename({"gain": "value"})


def _joining_figure(state: BlocsState, bloc: Bloc, rows: pl.DataFrame) -> Figure:
    columns = (
        Column("title", "Country"),
        Column("value", "Points gained", 2),
        Column("low", "Low", 2),
        Column("high", "High", 2),
        Column("rank", "Rank with it", 0),
        Column("best", "Best of all, % of rebuilds", 0),
    )
    return _dots(
        rows,
        name="joining",
        title=f"Who would add most to {bloc.name}",
        axis="Points gained",
        columns=columns,
        command=model.pool_command(state),
        note=f"Each country outside joins alone. Lines: {LEVEL.format(draws=model.draws())}. The command "
        "prints the first five.",
    )


def _dots(
    rows: pl.DataFrame,
    *,
    name: str,
    title: str,
    axis: str,
    columns: tuple[Column, ...],
    command: str,
    note: str,
) -> Figure:
    """Draw one number with its interval a line."""
    from parity.catalogue import vintage

    values, low, high = (rows[column].to_list() for column in ("value", "low", "high"))
    told = [
        f"<b>{row['title']}</b><br>{span(row['value'], row['low'], row['high'], 2, '+')} points<br>{SOURCE}"
        for row in rows.iter_rows(named=True)
    ]
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": rows["title"].to_list(),
        "error_x": errors(values, low, high) | {"color": COLOURS[0], "thickness": 3},
        "marker": {"color": INK, "symbol": "diamond", "size": 8},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    layout = {
        "showlegend": False,
        "xaxis": {
            "title": {"text": axis},
            "rangemode": "tozero",
            "zeroline": True,
            "zerolinecolor": SOFT,
            "nticks": 6,
        },
        "yaxis": {"autorange": "reversed", "showgrid": False, "type": "category"},
    }
    return Figure(
        name=name,
        title=title,
        data=[points],
        layout=layout,
        table=Table(columns, rows),
        source=SOURCE,
        vintage=vintage(),
        command=command,
        note=note,
        height=90 + 24 * max(rows.height, 3),
    )


def _weak_table(state: BlocsState, bloc: Bloc) -> Figure:
    from parity.answers.bloc import weakness_rows
    from parity.catalogue import vintage

    codes, names = titles(), countries()
    rows = weakness_rows(model.split(state.variant, bloc), model.drawn(state.variant, bloc))
    lines = [
        {
            "title": codes[row.node],
            "rank": row.rank,
            "lifter": names.get(row.lifter or "", "nobody"),
            "loss": span(row.loss, row.loss_low, row.loss_high, 2) if row.lifter else "–",
            "drag": names.get(row.drag or "", "nobody"),
            "gain": span(row.gain, row.gain_low, row.gain_high, 2) if row.drag else "–",
        }
        for row in rows
        if row.node in codes
    ]
    columns = (
        Column("title", "Pillar, worst-ranked first"),
        Column("rank", "Rank", 0),
        Column("lifter", "Missed most"),
        Column("loss", "Points lost without it"),
        Column("drag", "Holds back most"),
        Column("gain", "Points gained without it"),
    )
    return Figure(
        name="weak",
        title=f"Where {bloc.name} is weakest, and who lifts it",
        data=[],
        layout={},
        table=Table(columns, pl.DataFrame(lines, infer_schema_length=None)),
        source=SOURCE,
        vintage=vintage(),
        command=model.pool_command(state),
        note=f"In brackets: {LEVEL.format(draws=model.draws())}.",
    )
