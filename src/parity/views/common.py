"""What documents of all topics share: the frame around the blocks, rows of estimates."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.answer import Page
from parity.ask.serialise import plain
from parity.show.document import Block, Chart, Column, Document, Group, Note, Plot, Source, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        known = ", ".join(f"{day} ({side})" for side, day in plain(known).items())
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
        tuple(_source(one) for one in answer.sources if isinstance(one, Page) or one in _sources()),
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


def _source(one: str | Page) -> Source:
    if isinstance(one, str):
        return _sources()[one]
    day = one.checked.isoformat() if one.checked else ""
    if not one.name.startswith("http"):
        return Source(one.name, retrieved=day)
    return Source(one.name.split("/")[2].removeprefix("www."), one.name, retrieved=day)


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


ENDS = (Column("low", "Low", role="low"), Column("high", "High", role="high"))
"""Columns of an interval whose ends have no other name."""
_KINDS: dict[str, type[pl.DataType]] = {
    "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "time": pl.Date
}  # fmt: skip


def rows_of(rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> pl.DataFrame:
    """Return rows as a frame, a cell for each column; a column without any value has the type of its role."""
    given = list(rows)
    kinds = {
        column.name: _KINDS.get(column.role, pl.String)
        for at, column in enumerate(columns)
        if all(row[at] is None for row in given)
    }
    names = [column.name for column in columns]
    return pl.DataFrame(given, names, schema_overrides=kinds, orient="row", infer_schema_length=None)


def listed(
    rows: Iterable[Sequence[Any]], columns: Sequence[Column], caption: str = "", plot: Plot | None = None
) -> Table:
    """Return rows as a table, a cell for each column."""
    return Table(rows_of(rows, columns), tuple(columns), caption, plot)


def rank_columns(name: str, label: str) -> tuple[Column, Column, Column]:
    """Return the columns of a rank and its interval: ``name``, ``name_low``, ``name_high``."""
    return (
        Column(name, label, role="value", digits=0),
        Column(f"{name}_low", f"{label}, best", role="low"),
        Column(f"{name}_high", f"{label}, worst", role="high"),
    )
