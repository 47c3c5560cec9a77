"""Models, benchmarks and fits of capability in words, tables and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from parity.show import marks
from parity.show.cells import interval, number
from parity.show.document import Block, Chart, Column, Document, Note, Plot, Table, Text, estimate
from parity.views.common import document, frame
from parity.views.names import called, in_sentence, upper_first, written

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.ask.capability import CapabilityList
    from parity.frontier import Benchmarks, Fit, Model, Models, Shown

SHOWN_FROM = dt.date(2022, 6, 1)
_BY = {"country": "country", "developer": "developer", "openness": "openness of weights", "domain": "domain"}
_MODELS = (
    Column("model", "Model", role="key"),
    Column("country", "Country"),
    Column("developer", "Developer"),
    Column("date", "Released", role="time"),
    *estimate("capability", "Capability", digits=2),
    Column("capability_reason", role="reason"),
    Column("scores", "Scores"),
    Column("note", "Note"),
)
_POINTS = (
    Column("group", "Group"),
    Column("model", "Model", role="key"),
    Column("developer", "Developer"),
    Column("country", "Country"),
    Column("date", "Released", role="time"),
    Column("capability", "Capability", role="value", digits=2),
    Column("low", "Low", role="low", digits=2),
    Column("high", "High", role="high", digits=2),
    Column("n_scores", "Scores"),
)
_TESTS = (
    Column("test", "Benchmark", role="key"),
    Column("domain", "Domain"),
    Column("released", "Released", role="time"),
    Column("difficulty", "Difficulty", role="value", digits=2),
    Column("slope", "Slope", role="value", digits=2),
    Column("n_scores", "Scores"),
    Column("rmse", "Residual", role="value", digits=3),
)
_DEVIATIONS = (
    Column("model", "Model", role="key"),
    Column("test", "Benchmark", role="key"),
    Column("score", "Score", role="value", digits=3),
    Column("fitted", "Fitted", role="value", digits=3),
    Column("deviation", "Deviation", role="value", digits=1),
)
_INTERVALS = (
    "In brackets 80 % intervals: what the wider of 90 % of resampled scores and of resampled benchmarks "
    "covers in simulation."
)
_FEW = "Models with few scores set no frontier."
_RESIDUAL = "Difficulty on the scale of capability; residual: root mean square of score less curve."


def models(answer: Answer[Models]) -> Document:
    """Return models by capability, and the frontiers that they set."""
    result, asked = answer.result, answer.question
    of = f" of {in_sentence(asked.country)}" if asked.country else ""  # type: ignore[attr-defined]
    where = "" if result.domain == "overall" else f" in {result.domain}"
    title = f"Models{of} by capability{where}"
    if not result.models:
        return document(answer, title, f"No model{of} has enough scores{where}.", [*_left_out(result)])
    first = result.models[0]
    headline = f"The most capable model{of}{where} is {first.model}: {_size(first)}."
    chart = _chart(result, asked, where)  # type: ignore[arg-type]
    table = Table(_frame(result.models), _MODELS, title)
    blocks: list[Block | None] = [table, Note(_INTERVALS), *_left_out(result), *_few(result.models), chart]
    return document(answer, title, headline, blocks)


def model(answer: Answer[Shown]) -> Document:
    """Return one model with its scores."""
    found, table = answer.result.model, answer.result.scores
    made = f", {found.developer}" if found.developer else ""
    released = f", released {written(found.date)}" if found.date else ""
    headline = f"{found.model}{made}{released}: capability {_size(found)}, by {_scores(found.scores)}."
    caption = "Scores, fitted scores, and deviations in standard deviations"
    plot = Plot("Score and fitted score, 0 to 1", ("score", "fitted"), 0, 1)
    blocks: list[Block | None] = [
        Table(_frame((found,)), _MODELS, found.model),
        Table(table, _DEVIATIONS[1:], caption, plot),
        Note(_INTERVALS),
    ]
    return document(answer, f"Capability of {found.model}", headline, blocks)


def benchmarks(answer: Answer[Benchmarks]) -> Document:
    """Return benchmarks by difficulty."""
    table = answer.result.benchmarks
    hardest = table.row(-1, named=True)
    headline = f"The hardest of {table.height} benchmarks is {hardest['test']}, with difficulty "
    headline += f"{number(hardest['difficulty'], 2)}."
    blocks: list[Block | None] = [_tests(table), Note(_RESIDUAL), *_difficulty(table)]
    return document(answer, "Benchmarks by difficulty", headline, blocks)


def fit(answer: Answer[Fit]) -> Document:
    """Return a fit: models, benchmarks, and how well the curves hold."""
    result = answer.result
    headline = f"{len(result.models)} models and {result.benchmarks.height} benchmarks are on one scale"
    sure = next((one for one in result.models if not one.few), None)
    if sure:
        headline += f"; of those with enough scores {sure.model} leads: {_size(sure)}"
    search = f"Objective {result.objective:.6f} after {result.steps} steps; {result.anchor} is the anchor."
    blocks: list[Block | None] = [
        Table(_frame(result.models), _MODELS, "Models by capability"),
        Note(_INTERVALS),
        *_few(result.models),
        *(Note(f"{upper_first(note)}.") for note in result.notes),
        _tests(result.benchmarks),
        Note(_RESIDUAL),
        Table(result.outliers, _DEVIATIONS, "Farthest from their curves, in standard deviations"),
        Text(search),
        *_difficulty(result.benchmarks),
    ]
    return document(answer, "A fit of capability", f"{headline}.", blocks)


def _frame(rows: Iterable[Model]) -> pl.DataFrame:
    cells = (
        (
            row.model,
            row.country,
            row.developer,
            row.date,
            row.capability,
            row.scores,
            "few scores" if row.few else "on foreign weights" if row.derived else "",
        )
        for row in rows
    )
    names = ("model", "country", "developer", "date", "capability", "scores", "note")
    return frame(cells, *names, date=pl.Date, country=pl.String, developer=pl.String)


def _size(found: Model) -> str:
    held = found.capability
    return interval(held.value, held.low, held.high, 2) if held.value is not None else held.reason


def _scores(count: int) -> str:
    return f"{count} score{'' if count == 1 else 's'}"


def _left_out(result: Models) -> Iterable[Note]:
    if result.folded:
        yield Note(
            f"One row per model, at its most capable: {result.folded} at other efforts of reasoning are "
            "folded (--efforts shows them)."
        )
    if result.left_out:
        text = f"{result.left_out} models with fewer scores are not shown (--least 1 shows all)."
        yield Note(text)


def _few(rows: Iterable[Model]) -> Iterable[Note]:
    if any(row.few for row in rows):
        yield Note(_FEW)


def _chart(result: Models, asked: CapabilityList, where: str) -> Chart:
    """Draw every model against its release, with the frontier of each group."""
    table = result.points.filter(pl.col("date") >= SHOWN_FROM).sort("capability", descending=True)
    names = {group: called(group) for group in table["group"].unique()}
    told = pl.col("group").replace(names)
    order = [*result.frontiers["group"].unique(maintain_order=True), "others"]
    rank = pl.col("group").replace_strict({group: n for n, group in enumerate(order)}, default=len(order))
    drawn = table.sort(rank, maintain_order=True).with_columns(told)
    title = f"Models{'' if asked.by == 'domain' else where} by {_BY[asked.by]}, and the frontier of each"
    spec = marks.spec(
        marks.lines(_stairs(result).with_columns(told), "date", "capability", by="group", step=True),
        marks.dots(drawn, "date", "capability", by="group", tip=_POINTS),
        y=marks.Axis("Capability"),
        height=460,
    )
    kept = "" if asked.include_derived else " and do not stand on foreign weights"
    caption = f"Lines: best so far of those that are measured closely enough{kept}."
    return Chart("models", title, table.with_columns(told), spec, _POINTS, caption, f"{title}.")


def _stairs(result: Models) -> pl.DataFrame:
    """Return each group's frontier, from the first day shown to the last of the evidence."""
    steps = result.frontiers.select("group", "date", "capability")
    before = steps.filter(pl.col("date") < SHOWN_FROM).group_by("group", maintain_order=True).last()
    last = steps.group_by("group", maintain_order=True).last()
    edges = (before.with_columns(date=pl.lit(SHOWN_FROM)), last.with_columns(date=pl.lit(result.until)))
    after = steps.filter(pl.col("date") >= SHOWN_FROM)
    whole = pl.concat([edges[0], after, edges[1]], how="vertical_relaxed")
    order = {group: n for n, group in enumerate(steps["group"].unique(maintain_order=True))}
    return whole.sort(pl.col("group").replace_strict(order, default=0), "date", maintain_order=True)


def _tests(table: pl.DataFrame) -> Table:
    columns = tuple(column for column in _TESTS if column.name in table.columns)
    return Table(table, columns, "Benchmarks by difficulty")


def _difficulty(table: pl.DataFrame) -> Iterable[Block]:
    """Draw the difficulty of benchmarks against their release, where that is known."""
    if "released" not in table.columns or table["released"].drop_nulls().is_empty():
        return
    # One way of taking each benchmark: the one with most scores.
    tests = table.drop_nulls("released").sort("n_scores", descending=True)
    tests = tests.unique(["released", "benchmark"], keep="first", maintain_order=True).sort("difficulty")
    title = "Difficulty of benchmarks against their release"
    spec = marks.spec(
        marks.labels(_apart(tests), "released", "difficulty", "test"),
        marks.dots(tests, "released", "difficulty", by="domain", tip=_TESTS),
        y=marks.Axis("Difficulty"),
        height=460,
    )
    yield Chart("difficulty", title, tests, spec, _TESTS, "One way of taking each benchmark.", f"{title}.")


def _apart(tests: pl.DataFrame) -> pl.DataFrame:
    """Return the benchmarks whose names have room, those with most scores first."""
    span = float(np.ptp(tests["difficulty"].to_numpy()))
    taken: list[tuple[dt.date, float]] = []
    kept = []
    for row in tests.sort("n_scores", descending=True).iter_rows(named=True):
        x, y = row["released"], row["difficulty"]
        if not any(abs((x - a).days) < 600 and abs(y - b) < span / 24 for a, b in taken):
            taken.append((x, y))
            kept.append(row)
    return pl.DataFrame(kept, schema=tests.schema)
