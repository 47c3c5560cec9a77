"""Figures of an index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from parity.show import marks
from parity.show.cells import number
from parity.show.document import Block, Chart, Column, Document, Table
from parity.views.common import document
from parity.views.names import joined, ordinal

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.index.drawn import Drawn

# Units in a figure of units, names in a scatter, lines in a trend.
_UNITS, _NAMED, _LINES = 60, 12, 7


def plot(answer: Answer[Drawn]) -> Document:
    """Return one figure of an index with its table."""
    found = answer.result
    makers = {
        "framework": _framework,
        "distribution": _distribution,
        "dot": _dot,
        "scatter": _scatter,
        "profile": _profile,
        "trend": _trend,
    }
    headline, columns, chart = makers[found.kind](found)
    table = Table(found.rows, columns, chart.title)
    blocks: tuple[Block, ...] = (_by_year(found) if found.kind == "trend" else table, chart)
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


def _profile(found: Drawn) -> tuple[str, tuple[Column, ...], Chart]:
    columns = (
        Column("title", "Element", role="key"),
        Column("code", "Code"),
        Column("score", "Score", role="value", digits=1),
        Column("rank", "Rank", role="value", digits=0),
        Column("units", "Of", role="value", digits=0),
        Column("median", "Median of all", role="value", digits=1),
        Column("standing", "Standing"),
    )
    strong, weak = (
        found.rows.filter(standing=kind).sort("rank", descending=kind == "weakness")["title"].head(3)
        for kind in ("strength", "weakness")
    )
    said = (
        f"strongest in {joined(strong)}" if len(strong) else "",
        f"weakest in {joined(weak)}" if len(weak) else "",
    )
    whole = found.rows.row(0, named=True)
    headline = f"{found.of} ranks {ordinal(whole['rank'])} of {whole['units']}"
    headline = ", ".join(part for part in (headline, *said) if part) + "."
    spec = marks.spec(
        marks.dots(found.rows, "median", "title", low="low", high="high", colour="soft", tip=columns),
        marks.dots(found.rows, "score", "title", tip=columns),
        x=marks.Axis("Score"),
    )
    caption = "Dark: its score. Light: the median of all units, and where the middle 80 % of them lie."
    title = f"Profile of {found.of}"
    return headline, columns, Chart("profile", title, found.rows, spec, columns, caption, headline)


def _by_year(found: Drawn) -> Table:
    """Return the scores with a column for each of the last years, and the last change."""
    years = sorted(found.rows["year"].unique())[-_LINES:]
    last = found.rows.filter(year=years[-1]).select("id", "rank", "change", "ranks_gained")
    wide = found.rows.pivot(on="year", index=["id", "name"], values="score").join(last, on="id", how="left")
    columns = (
        Column("name", "Unit", role="key"),
        *(Column(str(year), str(year), role="value", digits=1) for year in years),
        Column("change", "Last change", role="value", digits=1),
        Column("rank", f"Rank {years[-1]}", role="value", digits=0),
        Column("ranks_gained", "Ranks gained", role="value", digits=0),
    )
    rows = wide.sort("rank", "id", nulls_last=True)
    return Table(rows, columns, f"{found.of} by year", whole=found.rows)


def _trend(found: Drawn) -> tuple[str, tuple[Column, ...], Chart]:
    columns = (
        Column("name", "Unit", role="key"),
        Column("id", "Code"),
        Column("year", "Year", role="time"),
        Column("score", found.of, role="value", digits=1),
        Column("rank", "Rank", role="value", digits=0),
        Column("change", "Change since the year before", role="value", digits=2),
        Column("ranks_gained", "Ranks gained", role="value", digits=0),
    )
    last = found.rows.filter(pl.col("year") == pl.col("year").max()).sort("rank")
    top = last["id"].head(_LINES)
    rows = found.rows.filter(pl.col("id").is_in(top.implode()))
    whole = found.rows.filter(pl.len().over("id") > 1)
    gain = whole.group_by("name").agg(pl.col("score").last() - pl.col("score").first()).sort("score")
    name, points = gain.row(-1)
    first, end = found.rows["year"].min(), found.rows["year"].max()
    headline = f"{name} changed most upwards from {first!s} to {end!s}: {points:+.1f} points."
    dated = rows.with_columns(year=pl.date(pl.col("year"), 1, 1))
    spec = marks.spec(
        marks.lines(dated, "year", "score", by="name", points=True, tip=columns),
        x=marks.Axis(format="%Y"),
        y=marks.Axis(found.of),
    )
    more = f", first {len(top)} of {last.height}" if last.height > len(top) else ""
    title = f"{found.of} by year{more}"
    return headline, columns, Chart("trend", title, found.rows, spec, columns, "", headline)
