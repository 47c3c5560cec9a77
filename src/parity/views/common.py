"""What documents of all topics share: the frame around the blocks, rows of estimates."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.serialise import plain
from parity.show.document import Block, Chart, Column, Document, Group, Note, Source, Table

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
    own = (Note(f"{note}.") for note in answer.own_data)
    kept = (*(block for block in blocks if block is not None), *own)
    if answer.setting:
        title, kept = f"{title} ({answer.setting})", tuple(_marked(block, answer.setting) for block in kept)
    return Document(
        title,
        kept,
        headline,
        answer.data,
        str(known or ""),
        answer.question.command,
        tuple(_sources()[key] for key in answer.sources if key in _sources()),
    )


def _marked(block: Block, setting: str) -> Block:
    """Return a block with the reader's own settings in its title, and in a column of its table."""
    match block:
        case Group():
            return replace(block, blocks=tuple(_marked(one, setting) for one in block.blocks))
        case Chart():
            return replace(block, title=f"{block.title} ({setting})")
        case Table():
            caption = f"{block.caption} ({setting})" if block.caption else ""
            own = pl.lit(setting).alias("setting")
            whole = None if block.whole is None else block.whole.with_columns(own)
            columns = (*block.columns, Column("setting", "Setting", hidden=True))
            return replace(
                block, frame=block.frame.with_columns(own), columns=columns, caption=caption, whole=whole
            )
        case _:
            return block


@cache
def _sources() -> dict[str, Source]:
    from parity.catalogue import load_table

    columns = ("title", "url", "licence", "source", "publisher", "vintage", "retrieved")
    rows = load_table("sources").select(pl.col(columns).cast(pl.String).fill_null("")).iter_rows()
    return {row[3]: Source(*row) for row in rows}


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
