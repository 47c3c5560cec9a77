"""Figures of dependence: supply by origin over time, and how concentrated it is."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.trade.words import called, source_of
from parity.web.palette import GROUND, SERIES, sheer

if TYPE_CHECKING:
    from parity.estimate import Estimate
    from parity.trade import Dependence

# Origins drawn by themselves; the rest together.
NAMED = len(SERIES) - 1
REST = "All others"
# A band thinner than this share of the last year has no room for its name.
_ROOM = 0.055
_HATCHES = ("", "/", "", "\\", "", ".", "")
_NAME, _TICKS = 16, 6


def origins_figure(answer: Dependence, command: str) -> Figure:
    """Draw shares of the origins as a stacked area; amounts where the whole is not known."""
    shares = not answer.supply.partial
    rows = _named_rows(answer)
    years = list(answer.supply.years)
    order = _order(rows)
    data = [_area(rows, name, place, years, answer, shares) for place, name in enumerate(order)]
    what = "Share of imports, %" if shares else "Million USD"
    layout: dict[str, Any] = {
        "xaxis": _years_axis(years) | {"showgrid": False},
        "yaxis": {"title": {"text": what}, "rangemode": "tozero", "nticks": 6}
        | ({"range": [0, 100]} if shares else {}),
        "annotations": _labels(rows, order, years, shares),
        "legend": {"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0},
        "margin": {"l": 8, "r": 12, "t": 12, "b": 40},
    }
    who = called(answer.supply.country)
    return Figure(
        name="origins",
        title=f"Supply of {who} by origin" + ("" if shares else ": what is covered"),
        data=data,
        layout=layout,
        table=Table(_columns(shares), _table(answer)),
        source=source_of(answer.sources),
        vintage=answer.vintage,
        command=command,
        note="As the country itself reports its imports." if answer.supply.side == "import" else
        "As suppliers report their exports to it: those whose reports are at hand. A customs record has no "
        "sampling error.",
        height=430,
    )  # fmt: skip


def _columns(shares: bool) -> tuple[Column, ...]:
    common = (Column("year", "Year"), Column("origin", "Origin"), Column("value", "Million USD"))
    return (*common, Column("share", "Share, %")) if shares else common


def _table(answer: Dependence) -> pl.DataFrame:
    return answer.table().with_columns(
        pl.col("origin").map_elements(called, return_dtype=pl.String),
        pl.col("value") / 1e6,
        pl.col("share") * 100,
    )


def _years_axis(years: list[str]) -> dict[str, Any]:
    return {"dtick": ceil(len(years) / _TICKS), "tick0": int(years[-1]), "tickformat": "d"}


def _named_rows(answer: Dependence) -> pl.DataFrame:
    """Return ``year, name, value`` with shares, the smaller origins together."""
    table = answer.table()
    top = table.group_by("origin").agg(pl.col("value").sum()).top_k(NAMED, by="value")["origin"]
    name = pl.when(pl.col("origin").is_in(top.implode())).then("origin").otherwise(pl.lit(REST))
    summed = table.with_columns(name=name).group_by("year", "name").agg(pl.col("value").sum())
    share = 100 * pl.col("value") / pl.col("value").sum().over("year")
    return summed.with_columns(share=share).sort("year", "name")


def _order(rows: pl.DataFrame) -> list[str]:
    """Return the names, the largest first and the rest last."""
    sizes = rows.group_by("name").agg(pl.col("value").sum()).sort("value", "name", descending=[True, False])
    return sorted(sizes["name"], key=lambda name: name == REST)


def _height(rows: pl.DataFrame, name: str, year: str, column: str) -> float:
    found = rows.filter((pl.col("name") == name) & (pl.col("year") == year))[column]
    return float(found[0]) if len(found) else 0.0


def _area(
    rows: pl.DataFrame, name: str, place: int, years: list[str], answer: Dependence, shares: bool
) -> dict[str, Any]:
    colour = SERIES[-1] if name == REST else SERIES[place]
    amounts = [_height(rows, name, year, "value") / 1e6 for year in years]
    parts = [_height(rows, name, year, "share") for year in years]
    source = source_of(answer.sources)
    told = [
        f"<b>{called(name)}, {year}</b><br>{amount:,.1f} million USD"
        + (f"<br>{part:.1f} % of imports" if shares else "")
        + f"<br>{source}"
        for year, amount, part in zip(years, amounts, parts, strict=True)
    ]
    common: dict[str, Any] = {"name": called(name), "x": [int(year) for year in years]}
    common |= {"y": parts if shares else amounts}
    common |= {"hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"}
    pattern = {"shape": _HATCHES[place], "bgcolor": colour, "fgcolor": GROUND, "size": 6, "solidity": 0.15}
    if len(years) == 1:
        return common | {"type": "bar", "marker": {"color": colour, "pattern": pattern}}
    area = {"type": "scatter", "mode": "lines", "stackgroup": "supply", "fillpattern": pattern}
    return common | area | {"line": {"color": GROUND, "width": 1}, "fillcolor": colour}


def _labels(rows: pl.DataFrame, order: list[str], years: list[str], shares: bool) -> list[dict[str, Any]]:
    """Name the bands at their right end where there is room."""
    if len(years) == 1:
        return []
    column = "share" if shares else "value"
    scale = 1.0 if shares else 1e-6
    labels, below = [], 0.0
    total = sum(_height(rows, name, years[-1], column) for name in order)
    for name in order:
        height = _height(rows, name, years[-1], column)
        if total and height / total >= _ROOM:
            labels.append(
                {"x": int(years[-1]), "y": scale * (below + height / 2), "text": _short(called(name))}
                | {"xanchor": "right", "xshift": -4, "showarrow": False, "bgcolor": GROUND, "opacity": 0.92}
                | {"font": {"size": 11}}
            )
        below += height
    return labels


def _short(name: str) -> str:
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"


def concentration_figure(answer: Dependence, command: str) -> Figure:
    """Draw the coalition's share and the Herfindahl index, with bounds for what hubs hide."""
    rows = pl.DataFrame(
        [(one.year, one.total / 1e6, *_ends(one.coalition), *_ends(one.herfindahl)) for one in answer.years],
        schema=[column.name for column in _CONCENTRATION],
        orient="row",
    )
    source = source_of(answer.sources)
    data = [
        *_band(rows, "coalition", "Share of the coalition", 0, source),
        *_band(rows, "herfindahl", "Herfindahl index", 1, source),
    ]
    layout: dict[str, Any] = {
        "xaxis": _years_axis(rows["year"].to_list()),
        "yaxis": {"range": [0, 1], "nticks": 6, "title": {"text": "0 to 1"}},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    }
    return Figure(
        name="concentration",
        title=f"{called(answer.supply.country)}: share of the states that impose controls, and concentration",
        data=data,
        layout=layout,
        table=Table(_CONCENTRATION, rows),
        source=source,
        vintage=answer.vintage,
        command=command,
        note="Bands are bounds: all or none of what comes through hubs (the Emirates, Hong Kong, Singapore) "
        "is from there. Where hubs deliver little they are thinner than the line.",
        height=300,
    )


_CONCENTRATION = (
    Column("year", "Year"),
    Column("total", "Total, million USD", 0),
    Column("coalition", "Share of the coalition", 3),
    Column("coalition_low", "Low", 3),
    Column("coalition_high", "High", 3),
    Column("herfindahl", "Herfindahl index", 3),
    Column("herfindahl_low", "Low", 3),
    Column("herfindahl_high", "High", 3),
)


def _ends(found: Estimate) -> tuple[float | None, float | None, float | None]:
    return found.value, found.low, found.high


def _band(rows: pl.DataFrame, column: str, name: str, place: int, source: str) -> list[dict[str, Any]]:
    x = [int(year) for year in rows["year"]]
    line: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": x}
    quiet = {"hoverinfo": "skip", "showlegend": False, "line": {"width": 0}}
    low, high = rows[f"{column}_low"], rows[f"{column}_high"]
    told = [
        f"<b>{name}, {year}</b><br>{value:.3f} ({least:.3f} to {most:.3f}, bounds)<br>{source}"
        for year, value, least, most in zip(rows["year"], rows[column], low, high, strict=True)
        if value is not None
    ]
    marker = {"size": 7, "symbol": ("circle", "diamond")[place]}
    return [
        line | quiet | {"y": low.to_list()},
        line | quiet | {"y": high.to_list(), "fill": "tonexty", "fillcolor": sheer(SERIES[place], 0.25)},
        line
        | {"y": rows[column].to_list(), "mode": "lines+markers", "name": name, "marker": marker}
        | {"line": {"color": SERIES[place], "width": 2, "dash": ("solid", "dash")[place]}}
        | {"hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"},
    ]
