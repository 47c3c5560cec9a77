"""Figures of an index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from parity.show import marks
from parity.show.cells import number
from parity.show.document import Block, Chart, Column, Document, Table
from parity.views.common import document

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.index.drawn import Drawn

# Units in a figure of units, and names in a scatter.
_UNITS, _NAMED = 60, 12


def plot(answer: Answer[Drawn]) -> Document:
    """Return one figure of an index with its table."""
    found = answer.result
    makers = {"framework": _framework, "distribution": _distribution, "dot": _dot, "scatter": _scatter}
    headline, columns, chart = makers[found.kind](found)
    blocks: tuple[Block, ...] = (Table(found.rows, columns, chart.title), chart)
    return document(answer, chart.title, headline, blocks)


def _framework(found: Drawn) -> tuple[str, tuple[Column, ...], Chart]:
    columns = (
        Column("group", "Group", role="key"),
        Column("title", "Indicator", role="key"),
        Column("code", "Code"),
        Column("share", "Of the index", role="value", format="percent", digits=1),
    )
    most = found.rows.sort("share", descending=True).row(0, named=True)
    headline = (
        f"{found.rows.height} indicators in {found.rows['group'].n_unique()} groups; {most['title']} weighs "
        f"most, {most['share']:.0%} of the index."
    )
    bars = marks.bars(found.rows, "share", "title", by="group", stack=True, tip=columns)
    spec = marks.spec(bars, x=marks.Axis("Share of the index", format="%", zero=True))
    title = f"Framework of {found.index}"
    return headline, columns, Chart("framework", title, found.rows, spec, columns, "", headline)


def _distribution(found: Drawn) -> tuple[str, tuple[Column, ...], Chart]:
    ends = found.rows.select("low", "high").rows()
    digits = max(0, 1 - math.floor(math.log10(ends[0][1] - ends[0][0])))
    told = [f"{low:,.{digits}f} to {high:,.{digits}f}" for low, high in ends]
    rows = found.rows.with_columns(between=pl.Series(told))
    columns = (
        Column("low", "From", role="value"),
        Column("high", "To", role="text"),
        Column("units", "Units", role="value", digits=0),
    )
    headline = f"{found.rows['units'].sum()} units have a value of {found.of}."
    spec = marks.spec(marks.bars(rows, "units", "between", tip=columns), x=marks.Axis("Units", zero=True))
    title = f"Distribution of {found.of}"
    return headline, columns, Chart("distribution", title, rows, spec, columns, "", headline)


def _dot(found: Drawn) -> tuple[str, tuple[Column, ...], Chart]:
    columns = (
        Column("name", "Unit", role="key"),
        Column("id", "Code"),
        Column("value", found.of, role="value"),
    )
    top = found.rows.head(_UNITS)
    more = f", first {_UNITS} of {found.rows.height}" if found.rows.height > _UNITS else ""
    headline = f"{top['name'][0]} is highest in {found.of}."
    spec = marks.spec(marks.dots(top, "value", "name", tip=columns), x=marks.Axis(found.of))
    return headline, columns, Chart("dot", f"{found.of}{more}", found.rows, spec, columns, "", headline)


def _scatter(found: Drawn) -> tuple[str, tuple[Column, ...], Chart]:
    columns = (
        Column("name", "Unit", role="key"),
        Column("id", "Code"),
        Column("x", found.of, role="value"),
        Column("y", found.against, role="value"),
    )
    told = "none can be told" if found.correlation is None else number(found.correlation, 2)
    headline = f"Correlation of {found.of} and {found.against}: {told}, over {found.rows.height} units."
    far = found.rows.with_columns(
        distance=((pl.col("x") - pl.col("x").mean()) / pl.col("x").std()) ** 2
        + ((pl.col("y") - pl.col("y").mean()) / pl.col("y").std()) ** 2
    ).sort("distance", descending=True, nulls_last=True)
    spec = marks.spec(
        marks.labels(far.head(_NAMED), "x", "y", "name"),
        marks.dots(found.rows, "x", "y", tip=columns),
        x=marks.Axis(found.of),
        y=marks.Axis(found.against),
    )
    title = f"{found.of} and {found.against}"
    return (
        headline,
        columns,
        Chart("scatter", title, found.rows, spec, columns, "The furthest are named.", headline),
    )
