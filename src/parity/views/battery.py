"""Audited models, prompts, and how many of them a comparison needs, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from parity.show.document import Column, Document, Table
from parity.views.audit import asked_about
from parity.views.common import document, frame

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.audit.report import Audited, Power, Prompts


def models(answer: Answer[Audited]) -> Document:
    """Return the audited models."""
    table = answer.result.models
    columns = (
        Column("model", "Model", role="key"),
        Column("developer", "Developer"),
        Column("country", "From"),
        Column("base_country", "Weights from"),
        Column("labels", "Labels"),
        Column("languages", "Languages"),
        Column("governments", "Governments"),
    )
    headline = (
        f"{table.height} models were asked, by {table['developer'].drop_nulls().n_unique()} developers."
    )
    return document(answer, "Audited models", headline, [Table(table, columns, answer.data)])


def power(answer: Answer[Power]) -> Document:
    """Return how many prompts a difference needs."""
    found, asked = answer.result, answer.question
    level = asked.alpha / asked.claims  # type: ignore[attr-defined]
    headline = f"{found.pairs:,} matched prompts show {found.first:g} against {found.second:g}."
    rows = (
        ("Matched prompts", float(found.pairs), ""),
        ("Power reached", found.power, f"exact McNemar test at level {level:.2g}"),
        ("Share of pairs that differ", found.discordant, "expected"),
        ("Half-width of the interval", found.half_width, "of the difference, at that size"),
    )
    columns = (
        Column("what", "Quantity", role="key"),
        Column("value", "Value", role="value", mixed=True),
        Column("note", "What it is"),
    )
    table = Table(frame(rows, "what", "value", "note"), columns, "What a comparison needs")
    return document(answer, "Matched prompts that a difference needs", headline, [table])


def prompts(answer: Answer[Prompts]) -> Document:
    """Return the prompts: how many of which kind."""
    table = answer.result.prompts
    counts = (
        table.group_by("government", "kind", "language").len("prompts").sort("kind", "government", "language")
    )
    counts = counts.with_columns(pl.col("government").map_elements(asked_about, return_dtype=pl.String))
    columns = (
        Column("kind", "Kind", role="key"),
        Column("government", "About", role="key"),
        Column("language", "In", role="key"),
        Column("prompts", "Prompts"),
    )
    blocks = [Table(counts, columns, f"{answer.data}: prompts"), Table(*_texts(table))]
    headline = f"{table.height:,} prompts of {answer.data}; --json and --out prompts.jsonl hold their words."
    return document(answer, "Prompts", headline, blocks[:1] if table.height > 50 else blocks)


def _texts(table: pl.DataFrame) -> tuple[Any, ...]:
    columns = (Column("id", "Prompt", role="key"), Column("text", "Words"))
    return table, columns, "The prompts"
