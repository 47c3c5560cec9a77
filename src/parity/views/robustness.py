"""What a ranking rests on, in words, tables and figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from parity.robustness.results import SHIFT
from parity.show import marks
from parity.show.cells import interval
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, Text, estimate
from parity.views.common import ENDS, document, listed, rows_of
from parity.views.names import unit, upper_first

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.robustness.report import DrawReport, DrawsReport, Report
    from parity.robustness.results import Use
    from parity.robustness.swap_spread import SwapReport

_MOST_ALTERNATIVES = 8
_MOST_NAMED = 3
_MOST_CELLS = 40
"""Units of a heat map whose names can be read."""
_INTERVALS = (
    Column("code", "Code"),
    Column("name", "Country", role="key"),
    Column("rank", "Rank (90 %)", role="value", digits=0),
    Column("low90", "90 %, best", role="low"),
    Column("high90", "90 %, worst", role="high"),
    Column("median", "Median (50 %)", role="value", digits=0),
    Column("low50", "50 %, best", role="low"),
    Column("high50", "50 %, worst", role="high"),
    Column("low95", "95 %, best", spare=True),
    Column("high95", "95 %, worst", spare=True),
    Column("group", "Group", spare=True),
)
_SOBOL = (
    Column("assumption", "Assumption", role="key"),
    *estimate("first", "Alone", digits=2),
    *estimate("total", "With others", digits=2),
)


def robustness(answer: Answer[Report]) -> Document:
    """Return rank intervals, what drives them, and what was varied."""
    found, asked = answer.result, answer.question
    title = f"{_name(found)}: ranks in {found.draws:,} rebuilds"
    table = _intervals(found)
    asked_for = found.countries[0].top if found.countries else ()
    tops = tuple(
        Column(f"top{k}", f"P(rank {k} or better)", role="value", format="percent") for k in asked_for
    )
    blocks: list[Block] = [Table(table, (*_INTERVALS, *tops), title)]
    for one in found.countries:
        if one.above:
            others = ", ".join(one.not_apart) or "nobody else"
            blocks.append(Text(f"{one.name} cannot be told apart from {others}."))
    charts = {"ranks": [_ranks_chart(found, table, title)], "sobol": [], "above": []}
    if not found.sensitivity.is_empty():
        parts = _sensitivity(found)
        charts["sobol"] = [part for part in parts if isinstance(part, Chart)]
        rest = tuple(part for part in parts if not isinstance(part, Chart))
        blocks.append(Group("What moves the ranks", rest))
    if found.run.counts.above.size:
        charts["above"] = [_above_chart(found)]
    lines = tuple(Text(f"{upper_first(_use(use))}.") for use in found.assumptions)
    error = f"at most {found.monte_carlo_error:.2f} ranks. Seed {found.seed}."
    first = charts.pop(asked.kind)  # type: ignore[attr-defined]
    blocks += [
        Group("What was varied", lines, folded=True),
        Note(f"Monte Carlo error of interval ends: {error}"),
        *first,
        *(chart for some in charts.values() for chart in some),
    ]
    return document(answer, title, _headline(found), blocks)


def _name(found: Report) -> str:
    title = found.run.spec.index.title or found.index
    return title + (f", variant {found.variant}" if found.variant not in ("", "both") else "")


def _headline(found: Report) -> str:
    if len(found.countries) <= _MOST_NAMED:
        return " ".join(
            f"{upper_first(unit(one.iso3, one.name))} ranks {one.rank or 'nowhere'}; 90 % of {found.draws:,} "
            f"rebuilds put it at {one.low90} to {one.high90}."
            for one in found.countries
        )
    widths = sorted((one.high90 or 0) - (one.low90 or 0) for one in found.countries)
    middle = widths[len(widths) // 2]
    text = f"In {found.draws:,} rebuilds the 90 % interval of a rank spans {middle} places (median)"
    known = found.sensitivity
    if not known.is_empty():
        known = known.filter(pl.col("output") == SHIFT).drop_nulls("total").sort("total", descending=True)
    return f"{text}; ranks move most with {known['assumption'][0]}." if not known.is_empty() else f"{text}."


def _intervals(found: Report) -> pl.DataFrame:
    names = [column.name for column in _INTERVALS[1:]]
    rows = [
        {"code": one.iso3}
        | {name: getattr(one, name) for name in names}
        | {f"top{k}": p for k, p in one.top.items()}
        for one in found.countries
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _ranks_chart(found: Report, table: pl.DataFrame, title: str) -> Chart:
    spec = marks.spec(
        marks.dots(table, "rank", "name", low="low90", high="high90", tip=_INTERVALS[1:8]),
        x=marks.Axis("Rank (1 is best)"),
    )
    caption = "Dot: rank in the base build. Bar: where it lies in 90 % of the rebuilds."
    return Chart("rank-intervals", title, table, spec, _INTERVALS, caption, _headline(found))


def _sensitivity(found: Report) -> list[Block]:
    outputs = [f"rank {one.iso3}" for one in found.countries] if len(found.countries) <= 10 else [SHIFT]
    where = f", {found.condition}" if found.condition else ""
    blocks: list[Block] = []
    for output in outputs:
        rows = found.sensitivity.filter(output=output)
        title = f"Variance of {output} explained{where} (Sobol indices)"
        if rows.is_empty():
            continue
        if rows["reason"][0]:
            blocks.append(Text(f"{title}: none, for {rows['reason'][0]}."))
            continue
        rows = rows.sort("total", descending=True, nulls_last=True)
        blocks += [Table(rows, _SOBOL, title), _sobol_chart(output, title, rows)]
    pairs = found.interactions
    if not pairs.is_empty() and not (pairs := pairs.filter(pl.col("output").is_in(outputs))).is_empty():
        columns = (
            Column("output", "Output"),
            Column("first_assumption", "Assumption", role="key"),
            Column("second_assumption", "With", role="key"),
            Column("interaction", "Interaction", role="value", digits=3),
            *ENDS,
        )
        blocks.append(Table(pairs, columns, "Pairs: variance explained only together"))
    text = (
        "Alone: share of the variance that goes with an assumption by itself; with others: its interactions "
        "included. In brackets 95 % intervals."
    )
    return [*blocks, Note(text)]


def _sobol_chart(output: str, title: str, rows: pl.DataFrame) -> Chart:
    kinds = {"alone": "first", "with others": "total"}
    long = pl.concat(
        rows.select("assumption", how=pl.lit(how), share=name, low=f"{name}_low", high=f"{name}_high")
        for how, name in kinds.items()
    )
    columns = (
        Column("assumption", "Assumption", role="key"),
        Column("how", "How"),
        Column("share", "Share", role="value", digits=2),
        *ENDS,
    )
    spec = marks.spec(
        marks.dots(long, "share", "assumption", low="low", high="high", by="how", tip=columns),
        x=marks.Axis("Share of the variance"),
        at={"x": 0},
    )
    most = rows.row(0, named=True)
    share = interval(most["total"], most["total_low"], most["total_high"], 2)
    alt = f"{most['assumption']} explains most: {share}."
    name = "sobol-" + "".join(letter if letter.isalnum() else "-" for letter in output.lower())
    return Chart(name, title, long, spec, columns, "Bars: 95 % intervals.", alt)


def _above_chart(found: Report) -> Chart:
    named = [one.iso3 for one in found.countries][:_MOST_CELLS]
    rows = [found.run.row(code) for code in named]
    above = found.run.above()
    cells = [
        (found.run.names[i], found.run.names[j], float(above[i, j]) if i != j else None)
        for i in rows
        for j in rows
    ]
    columns = (
        Column("row", "This one", role="key"),
        Column("column", "above that one", role="key"),
        Column("share", "In so many rebuilds", role="value", format="percent", digits=0),
    )
    frame = rows_of(cells, columns)
    title = "How often the row's country is above the column's"
    spec = marks.spec(
        marks.heat(frame, "column", "row", "share", title="Share of rebuilds", middle=0.5, tip=columns)
    )
    return Chart(
        "above", title, frame, spec, columns, f"Of {found.draws:,} rebuilds; ties count for neither.", title
    )


def _use(use: Use) -> str:
    """Return an assumption with its alternatives and how many draws used each."""
    if not any(use.alternatives):
        return use.name
    if len(use.alternatives) == 1:
        return f"{use.name}: {use.alternatives[0]}"
    taken = [f"{name} ({n:,})" for name, n in zip(use.alternatives, use.draws, strict=True)]
    more = len(taken) - _MOST_ALTERNATIVES
    return (
        f"{use.name}: " + "; ".join(taken[:_MOST_ALTERNATIVES]) + (f"; and {more} more" if more > 0 else "")
    )


def swap(answer: Answer[SwapReport]) -> Document:
    """Return what weights would make two countries change places."""
    found, top = answer.result, answer.question.top  # type: ignore[attr-defined]
    ahead, behind = map(unit, (found.ahead, found.behind), found.names)
    lead = f"{upper_first(ahead)} is {found.gap:.2f} points ahead of {behind}"
    moved, built = f"{found.moved:.1%}", found.rebuilds
    if built is not None and built.moved_low is not None:
        moved += f" ({built.level:.0%} interval {built.moved_low:.1%} to {built.moved_high:.1%})"
    blocks: list[Block] = []
    if built is not None:
        blocks.append(
            Text(
                f"Built with every combination of the step choices ({built.builds}), it is ahead in "
                f"{built.ahead:.0%}; gap {interval(None, built.gap_low, built.gap_high, 2)} "
                f"({built.level:.0%} interval)."
            )
        )
    alone = [one for one in found.weights if one.needed is not None][:top]
    for rows, caption in (
        (alone, "One weight alone (share in its group)"),
        (found.joint[:top], f"All together: {moved} of the weight moves (share of the index)"),
    ):
        columns = (
            Column("title", "Weight", role="key"),
            Column("share", "Now", role="value", format="percent", digits=1),
            Column("needed", "Needed", role="value", format="percent", digits=1),
            Column("low", "Needed, low", role="low", format="percent"),
            Column("high", "Needed, high", role="high", format="percent"),
            Column("change", "Change", role="value", format="percent", digits=1),
            Column("found", "Some share does it in", role="value", format="percent", digits=0),
        )
        table = listed(
            [[getattr(one, each.name, None) for each in columns] for one in rows], columns, caption
        )
        sure = table.frame["found"].count()
        blocks.append(table if sure else replace(table, columns=columns[:-1]))
    if not alone:
        blocks.append(Note("No weight alone makes them change places."))
    title = f"What weights would make {ahead} and {behind} change places"
    text = f"{lead}; moving {moved} of the weight makes them level."
    return document(answer, title, text, blocks)


# Draws that people see.
_DRAWS = 50


def draw(answer: Answer[DrawReport]) -> Document:
    """Return one draw: its choices and its ranking."""
    found = answer.result
    columns = (
        Column("rank", "Rank", role="value", digits=0),
        Column("iso3", "Code"),
        Column("name", "Country", role="key"),
        Column("score", "Score", role="value", digits=2),
    )
    title = f"Draw {found.draw} of '{found.index}'"
    first = found.countries.row(0, named=True)
    taken = "; ".join(f"{name}: {label}" for name, label in found.alternatives.items())
    blocks = (Text(f"{taken}."), Table(found.countries, columns, title))
    return document(answer, title, f"{first['name']} ranks first in draw {found.draw}.", blocks)


def draws(answer: Answer[DrawsReport]) -> Document:
    """Return draws, one a row: people see the choices and weights, files all."""
    found = answer.result
    table = found.draws
    shown = [name for name in table.columns if not name.startswith(("score:", "rank:"))]
    columns = tuple(
        Column(name, name.partition(":")[2] or name, role="value" if table[name].dtype.is_float() else "text")
        for name in shown
    )
    title = f"Draws of '{found.index}'"
    units = sum(name.startswith("rank:") for name in table.columns)
    headline = (
        f"{table.height:,} draws; scores and ranks of {units:,} units stand in files (--out draws.csv)."
    )
    block = Table(table.select(shown).head(_DRAWS), columns, title, whole=table)
    return document(answer, title, headline, (block,))
