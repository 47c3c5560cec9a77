"""What the catalogue holds in words, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from parity.catalogue import sparkline
from parity.show import marks
from parity.show.cells import number
from parity.show.document import Block, Chart, Column, Document, Fact, Facts, Group, Note, Table
from parity.views.common import document
from parity.views.names import called

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.catalogue import Card, FactsAudit, Listing

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
"""Headings of the lists."""
_KEYS = ("indicator", "source", "table")
_YEARS = ("first", "last")
_FEW = 1e5


def listing(answer: Answer[Listing]) -> Document:
    """Return the tables, the indicators and the sources."""
    found = {name: getattr(answer.result, name) for name in ("tables", "indicators", "sources")}
    blocks: list[Block] = [
        Table(frame, _columns(frame), name.capitalize()) for name, frame in found.items() if frame.width
    ]
    counts = ", ".join(f"{frame.height} {name}" for name, frame in found.items() if frame.width)
    headline = f"{counts}; `parity data show ID` says more about each."
    return document(answer, "What the catalogue holds", headline, blocks)


def _columns(frame: pl.DataFrame) -> tuple[Column, ...]:
    return tuple(
        Column(
            name,
            LABELS[name],
            role="key" if name in _KEYS else "time" if name in _YEARS else "text",
            spare=name in ("sub_pillar", "use"),
        )
        for name in frame.columns
    )


def card(answer: Answer[Card]) -> Document:
    """Return what an indicator, a table or a source is."""
    found = answer.result
    blocks: list[Block] = [Facts(tuple(Fact(field, text) for field, text in found.facts.items() if text))]
    lines = [*_coverage_line(found.coverage), *_lines(found.series)]
    blocks += [Facts(tuple(lines))] if lines else []
    for source in found.sources:
        told = {
            "publisher": source.publisher,
            "licence": f"{source.licence}  {source.licence_url}".strip(),
            "vintage": source.vintage,
            "cite as": source.citation,
            "note": source.note,
        }
        facts = Facts(tuple(Fact(topic, text) for topic, text in told.items() if text))
        blocks.append(Group(source.title, (facts,)))
    blocks += charts(found)
    plain = f"{found.kind.capitalize()} {found.id}: {found.title}."
    return document(answer, f"{found.title} ({found.id})", plain, blocks)


def _coverage_line(coverage: pl.DataFrame) -> Iterator[Fact]:
    if coverage.height:
        years, counts = coverage["year"].to_list(), coverage["countries"].to_list()
        topic = f"countries by year, {years[0]} to {years[-1]}"
        yield Fact(topic, f"{sparkline(counts)}  most {max(counts)}, last {counts[-1]}")


def _lines(series: pl.DataFrame) -> Iterator[Fact]:
    if series.is_empty():
        return
    for (iso3,), rows in series.partition_by("iso3", as_dict=True, maintain_order=True).items():
        years, values, flag = rows["year"].to_list(), rows["value"].to_list(), rows["flag"].to_list()[-1]
        told = "" if flag == "observed" else f" ({flag})"
        last = f"{values[-1]:.6g}" if abs(values[-1]) < _FEW else number(values[-1], 0)
        yield Fact(f"{iso3}, {years[0]} to {years[-1]}", f"{sparkline(values)}  {last} in {years[-1]}{told}")


def charts(found: Card) -> Iterator[Chart]:
    """Draw the series asked for, and how many countries each year covers."""
    if found.series.height:
        names = {code: called(code) for code in found.series["iso3"].unique()}
        frame = found.series.with_columns(name=pl.col("iso3").replace(names))
        columns = (
            Column("name", "Country", role="key"),
            Column("year", "Year", role="time"),
            Column("value", "Value", role="value"),
            Column("flag", "Flag"),
            Column("iso3", "Code", hidden=True),
        )
        spec = marks.spec(
            marks.lines(frame, "year", "value", by="name", points=True, tip=columns[:4]),
            x=marks.Axis(format="d"),
            y=marks.Axis(found.facts.get("unit", "")),
        )
        caption = "As published; the publisher gives no intervals, so none are drawn."
        yield Chart("series", found.title, frame, spec, columns, caption, found.title)
    if found.coverage.height:
        counts = (Column("year", "Year", role="time"), Column("countries", "Countries"))
        shown = found.coverage.with_columns(pl.col("year").cast(pl.String))
        title = "Countries with a value, by year"
        spec = marks.spec(
            marks.bars(shown, "year", "countries", tip=counts), y=marks.Axis("Countries"), height=220
        )
        yield Chart("coverage", title, found.coverage, spec, counts, "", title)


def audit(answer: Answer[FactsAudit]) -> Document:
    """Return what is old or unverified in the tables that people wrote."""
    found, table = answer.result, answer.question.table  # type: ignore[attr-defined]
    unverified, old = (int(found.tables[name].sum()) for name in ("unverified", "old"))
    if table is not None:
        columns = tuple(
            Column(name, role="link" if name == "source" else "key" if name == "row" else "text")
            for name in found.rows.columns
            if name != "table"
        )
        headline = f"{found.rows.height} rows of {table} are old or unverified."
        return document(answer, f"Facts in {table}", headline, [Table(found.rows, columns, table)])
    columns = (
        Column("table", "Table", role="key"),
        Column("rows", "Rows"),
        Column("unverified", "Unverified"),
        Column("old", "Old"),
        Column("oldest", "Checked first", role="time"),
        Column("known_to", "Known to", role="time"),
    )
    rows = int(found.tables["rows"].sum())
    headline = f"Of {rows:,} rows that people wrote {unverified:,} are unverified and {old:,} are old."
    note = Note(
        f"Old: checked more than {found.older_than} days ago. Rows: parity data audit-facts TABLE. An "
        "unverified row is shown and decides nothing."
    )
    return document(answer, "Facts that people wrote", headline, [Table(found.tables, columns), note])
