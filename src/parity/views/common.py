"""What documents of all topics share: the frame around the blocks, rows of estimates."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.serialise import plain
from parity.show.document import Block, Document, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parity.ask.answer import Answer
    from parity.estimate import Estimate


def document(answer: Answer[Any], title: str, headline: str, blocks: Iterable[Block | None]) -> Document:
    """Return the document of an answer, with its vintage, sources and command.

    Parameters
    ----------
    answer
        What is shown.
    title, headline
        What was asked, and the answer in a sentence.
    blocks
        The detail; ``None`` is left out.
    """
    known = answer.known_to
    if isinstance(known, dict):
        known = ", ".join(f"{side} {day}" for side, day in plain(known).items())
    return Document(
        title,
        tuple(block for block in blocks if block is not None),
        headline,
        answer.data,
        str(known or ""),
        answer.question.command,
        tuple(_sources()[key] for key in answer.sources if key in _sources()),
    )


@cache
def _sources() -> dict[str, Source]:
    from parity.catalogue import load_table

    rows = load_table("sources").select("source", "title", "url", "licence").iter_rows()
    return {key: Source(title, url or "", licence or "") for key, title, url, licence in rows}


def frame(rows: Iterable[tuple[Any, ...]], *columns: str, **types: Any) -> pl.DataFrame:
    """Return rows as a frame; of estimates, four columns each: value, ``_low``, ``_high``, ``_reason``.

    Parameters
    ----------
    rows
        Cells; an ``Estimate`` stands for four.
    *columns
        Names, one per cell.
    **types
        Types of columns that polars would not find by itself.
    """
    made: list[dict[str, Any]] = []
    for row in rows:
        cells: dict[str, Any] = {}
        for name, cell in zip(columns, row, strict=True):
            cells |= spread(name, cell) if hasattr(cell, "as_dict") else {name: cell}
        made.append(cells)
    return pl.DataFrame(made, schema_overrides=types, infer_schema_length=None)


def spread(name: str, found: Estimate) -> dict[str, Any]:
    """Return an estimate as cells, named as by `parity.show.document.estimate`."""
    return {
        name: found.value,
        f"{name}_low": found.low,
        f"{name}_high": found.high,
        f"{name}_reason": found.reason or None,
    }
