"""An index built, audited or compared, in words, tables and figures."""

from __future__ import annotations

from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from parity.index.audit import indicator_correlations
from parity.index.compare import TOP
from parity.index.report import KINDS, UnitScores, result_table
from parity.index.workbook import sheets
from parity.show import marks
from parity.show.cells import number
from parity.show.document import Block, Chart, Column, Document, Group, Note, Role, Table, Text
from parity.views.common import document, listed
from parity.views.names import upper_first

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.index import Comparison, Index, Record
    from parity.index.report import AuditReport, BuildReport, CompareReport, WeightsReport

_TOP, _BARS, _MOST, _FEW = 20, 30, 50, 8
# Below this share of weight on data, a place is said to rest on little.
_THIN = 2 / 3
# Columns that a narrow page has room for.
_WIDE = 6
_SHARES = (*KINDS, "cagr")
_AUDITS = {
    "statistics": "Raw data",
    "treatment": "Outlier test (0 before, 1 and 2 after the first and second treatment)",
    "outliers": "Raw cells more than three interquartile ranges outside the quartiles",
    "denominators": "Raw indicators that go with a denominator",
    "correlations": "Flagged correlations (redundant: members nearly the same; conflict: members pull apart)",
    "across": "Elements that go better with another group than with their own",
    "groups": "Groups: Cronbach's alpha, share of variance on the first principal component",
    "components": "Principal components of each group's members: eigenvalue, share of variance, loadings",
    "weights": "Weights: nominal share of the index, importance by correlation and by share of variance",
    "removal": "Rank change of the index when an element is left out",
}


def built(answer: Answer[BuildReport]) -> Document:
    """Return what each step did, and the scores."""
    result, index = answer.result, answer.result.built
    title = index.spec.index.title or result.index
    if result.values is not None:
        headline = f"{result.values.height:,} rows after the step that gives the stage {result.stage}."
        stage = _plain(result.values, f"Stage {result.stage}")
        return document(answer, title, headline, [stage, *_steps(result.steps)])
    units = result.units
    shown = _ranked(index, units)
    last = [unit for unit in units if unit.year == units[-1].year]
    first = last[0]
    year = f" in {first.year}" if first.year is not None else ""
    thin = f", with {_share(first)} of its weight without data" if first.observed < _THIN else ""
    headline = f"{first.name} ranks first of {len(set(index.units.tolist())):,} units{year}{thin}."
    blocks: list[Block] = [
        replace(_plain(shown, title, _TOP, mixed=False), whole=result_table(index, result.zeros)),
        *_unsupported(units, result.steps),
    ]
    if result.trends is not None and not result.trends.is_empty():
        caption = "Change from the first to the last year with a score"
        blocks.append(_plain(result.trends, caption, _TOP, mixed=False))
    made = document(answer, title, headline, [*blocks, *_steps(result.steps), _scores(index)])
    return replace(made, workbook=lambda: sheets(index, units, result.zeros, result.intervals()))


def _share(unit: UnitScores) -> str:
    return f"{1 - unit.observed:.0%}"


def _unsupported(units: tuple[UnitScores, ...], steps: tuple[Record, ...]) -> list[Note]:
    """Name the ranked units of which much rests on no data, and the step that would leave them out."""
    ranked = [unit for unit in units if list(unit.ranks.values())[-1] is not None]
    thin = sorted((unit for unit in ranked if unit.observed < _THIN), key=lambda unit: unit.observed)
    if not thin:
        return []
    years = [f" {unit.year}" if unit.year is not None else "" for unit in thin]
    few = zip(thin[:_FEW], years, strict=False)
    named = ", ".join(f"{unit.name}{year} ({unit.observed:.0%})" for unit, year in few)
    more = f" and {len(thin) - _FEW} more" if len(thin) > _FEW else ""
    told = f"Less than {_THIN:.0%} of the weight rests on data of: {named}{more}."
    if any(step.step == "screen" and step.status == "skipped" for step in steps):
        told += " [steps.screen] with min_available = 0.66 leaves such units out."
    return [Note(told)]


_WEIGHTS = (
    Column("title", "Pillar, sub-pillar, indicator", role="key"),
    Column("code", "Code"),
    Column("share", "Of its group", role="value", format="percent", digits=1),
    Column("share_of_index", "Of the index", role="value", format="percent", digits=1),
)


def weights(answer: Answer[WeightsReport]) -> Document:
    """Return the weights of an index, each group before its members."""
    found = answer.result
    whole = pl.DataFrame(found.weights)
    rows = whole.with_columns(
        title=pl.when(pl.col("depth") == 1)
        .then(pl.col("title"))
        .otherwise(pl.lit("· ").repeat_by(pl.col("depth") - 1).list.join("") + pl.col("title"))
    )
    top = max((each for each in found.weights if each.depth == 1), key=lambda each: each.share)
    first = next(each for each in found.weights if each.depth == 1)
    headline = f"{upper_first(top.title)} weighs most: {top.share:.0%} of the index."
    note = (
        f"To set one: --weight {quote(f'{first.code}=30%')} gives it 30 % of its group, and the others "
        "keep their proportions. The same option works with rank, explain, goal, robustness and brief."
    )
    blocks = (Table(rows, _WEIGHTS, f"Weights of the {found.title}", whole=whole), Note(note))
    return document(answer, f"{found.title}: weights", headline, blocks)


def _steps(log: tuple[Record, ...]) -> tuple[Block, ...]:
    lines: list[Block] = []
    for record in log:
        lines.append(Text(f"{upper_first(record.step)}: {record.message}."))
        lines += [Note(f"{upper_first(note)}.") for note in record.notes]
    return (Group("What each step did", tuple(lines)),)


def _ranked(index: Index, units: tuple[UnitScores, ...]) -> pl.DataFrame:
    tree = index.tree
    top = int(tree.levels.max())
    groups = [tree.codes[node] for node in reversed(tree.groups) if tree.levels[node] >= top - 1]
    ranks = index.ranks_table().select(pl.col(tree.codes[-1]).alias("rank"))
    labels = ["id", *(["year"] if index.years is not None else [])]
    table = index.stage("aggregated").select(*labels, *groups).hstack(ranks).select("rank", *labels, *groups)
    rests = pl.DataFrame(
        [
            {"id": unit.id, "year": unit.year, "name": unit.name} | {k: getattr(unit, k) for k in KINDS}
            for unit in units
        ],
        {"id": pl.String, "year": pl.Int64, "name": pl.String} | dict.fromkeys(KINDS, pl.Float64),
    )
    # What is the same for all, as no zeros or nothing imputed, is left out; names where they say more than
    # codes.
    held = [kind for kind in KINDS if rests[kind].n_unique() > 1 or kind == "observed"]
    name = ["name"] if (rests["name"] != rests["id"]).any() else []
    table = table.join(rests, on=labels, how="left").select("rank", *labels, *name, *groups, *held)
    if index.years is None:
        return table.sort("rank", nulls_last=True)
    return table.sort("year", "rank", descending=[True, False], nulls_last=True)


def _scores(index: Index) -> Chart:
    """Draw the scores of the highest units; of the last year, in a panel."""
    rows = np.flatnonzero(~np.isnan(index.scores[:, -1]))
    year = ""
    if index.years is not None and len(rows):
        last = index.years[rows].max()
        rows, year = rows[index.years[rows] == last], f", {last}"
    rows = rows[np.argsort(-index.scores[rows, -1], kind="stable")][:_BARS]
    names = [str(index.names[row]) for row in rows]
    frame = pl.DataFrame(
        {"unit": names, "score": index.scores[rows, -1]}, schema_overrides={"unit": pl.String}
    )
    columns = (Column("unit", "Unit", role="key"), Column("score", "Score", role="value"))
    spec = marks.spec(marks.bars(frame, "score", "unit", tip=columns), x=marks.Axis("Score", zero=True))
    title = f"The highest scores in {index.spec.index.title or index.spec.index.id}{year}"
    return Chart("scores", title, frame, spec, columns, "", title)


def _plain(frame: pl.DataFrame, caption: str, rows: int = _MOST, *, mixed: bool = True) -> Table:
    """Return a table as it is: labels are the names of its columns; people see so many rows of it.

    Columns of mixed numbers have digits by the cell, others by their spread.
    """
    columns = tuple(
        Column(
            name,
            name.replace("_", " "),
            role="key"
            if n == 0 and dtype == pl.String
            else "time"
            if name in ("year", "first", "last")
            else _role(dtype),
            format="percent" if name in _SHARES else "number",
            mixed=dtype.is_float() and mixed and name not in _SHARES,
            spare=n >= _WIDE and not name.startswith("flag"),
        )
        for n, (name, dtype) in enumerate(frame.schema.items())
    )
    more = f"; the first {rows} of {frame.height:,}" if frame.height > rows else ""
    return Table(frame.head(rows), columns, f"{caption}{more}", whole=frame)


def _role(dtype: pl.DataType) -> Role:
    return "value" if dtype.is_float() else "text"


def audited(answer: Answer[AuditReport]) -> Document:
    """Return the tables of an audit."""
    result, found = answer.result, answer.result.audit
    tables = {name: result.treatment if name == "treatment" else getattr(found, name) for name in _AUDITS}
    tables["correlations"] = found.correlations.filter(pl.col("flag") != "")
    index = found.index
    flagged, far = tables["correlations"].height, found.outliers.height
    headline = (
        f"{len(index.spec.codes)} indicators: {flagged} flagged correlations, {far} cells far outside the "
        f"quartiles, {found.across.height} elements that go better with another group."
    )
    title = f"Audit of {index.spec.index.title or result.index}"
    blocks = [_plain(frame, _AUDITS[name]) for name, frame in tables.items() if frame.height]
    return document(answer, title, headline, [*blocks, *_steps(result.steps), _correlations(index)])


def _correlations(index: Index) -> Chart:
    codes = index.spec.codes
    matrix = indicator_correlations(index)
    frame = pl.DataFrame(
        {
            "one": [code for code in codes for _ in codes],
            "other": [code for _ in codes for code in codes],
            "correlation": pl.Series(matrix.ravel()).fill_nan(None),
        }
    )
    columns = (
        Column("one", "Indicator", role="key"),
        Column("other", "With", role="key"),
        Column("correlation", "Correlation", role="value", digits=2),
    )
    heat = marks.heat(frame, "other", "one", "correlation", title="Correlation", middle=0.0, tip=columns)
    title = "Correlations of the normalised indicators"
    return Chart("correlations", title, frame, marks.spec(heat), columns, "", title)


def compared(answer: Answer[CompareReport]) -> Document:
    """Return an index beside a published one, with what the differences come from."""
    result, found = answer.result, answer.result.compared
    table = found.table()
    headline = f"Rank correlation (Spearman) {number(found.spearman, 4)} over {found.n} units."
    if result.forms:
        told = ", ".join(f"{_FORMS[each.form]} {number(each.spearman, 2)}" for each in result.forms)
        headline = f"Rank correlation (Spearman) over {found.n} countries: {told}."
    several: list[Block] = []
    if result.several is not None:
        headline = (
            "Rank correlation (Spearman): "
            + ", ".join(
                f"{name} {number(spearman, 3)}"
                for name, spearman in result.several.agreement.select("other", "spearman").rows()
            )
            + "."
        )
        several = [
            _plain(result.several.agreement, "Agreement with each"),
            _plain(result.several.ranks, "Ranks side by side, each among the units that both have"),
        ]
    blocks: list[Block] = [
        *several,
        *([_agreement(result)] if result.forms else []),
        _plain(table, f"{result.node}: own and published"),
        *(Note(f"{upper_first(reason)}.") for reason in found.reasons()),
    ]
    if found.implied_weights is not None:
        blocks.append(_plain(found.implied_weights, "Weights that fit the published scores best"))
    for label, units in (("not published", found.only_here), ("not here", found.only_published)):
        if units:
            more = f" and {len(units) - _TOP} more" if len(units) > _TOP else ""
            blocks.append(Note(f"{len(units)} units {label}: {', '.join(units[:_TOP])}{more}."))
    return document(answer, f"{result.index} and a published index", headline, [*blocks, _ranks(found)])


_FORMS = {"scale": "by size", "intensity": "per person", "mixed": "mixed"}


def _agreement(result: CompareReport) -> Table:
    """Return the rank correlation of every form, overall and among the published first."""
    rows = [(_FORMS[each.form], each.spearman, each.spearman_top) for each in result.forms]
    columns = (
        Column("form", "Form", role="key"),
        Column("all", "All", role="value", digits=2),
        Column("top", f"Published top {TOP}", role="value", digits=2),
    )
    return listed(rows, columns, "Agreement by form")


def _ranks(found: Comparison) -> Chart:
    """Draw published against own ranks; the units that move most are named."""
    table = found.table()
    columns = (
        Column("name", "Unit", role="key"),
        Column("rank", "Own rank"),
        Column("published_rank", "Published rank"),
    )
    moved = table.sort(pl.col("rank_difference").abs(), descending=True, maintain_order=True).head(8)
    level = pl.DataFrame({"rank": [1, found.n], "published_rank": [1, found.n]})
    spec = marks.spec(
        marks.lines(level, "rank", "published_rank"),
        marks.labels(moved, "rank", "published_rank", "name"),
        marks.dots(table, "rank", "published_rank", tip=columns),
        x=marks.Axis("Own rank"),
        y=marks.Axis("Published rank"),
    )
    title = f"Own and published ranks, correlation {number(found.spearman, 3)}"
    caption = "On the line both agree; the units that move most are named."
    return Chart("ranks", title, table, spec, columns, caption, title)
