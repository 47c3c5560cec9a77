"""What commands share that do work and are no questions: their JSON, their tables."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import polars as pl

MAX_ROWS = 200


def json_option(command: Any) -> Any:
    """Give a command the ``--json`` flag, passed on as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")(command)


def print_json(data: str, **body: Any) -> None:
    """Print an answer as JSON on standard output, below the keys that every answer has.

    Parameters
    ----------
    data
        Vintage of the data.
    body
        The answer.
    """
    from parity import __version__
    from parity.ask.serialise import to_json

    head = {"parity": __version__, "data": data, "command": shlex.join(["parity", *sys.argv[1:]])}
    click.echo(to_json(head | body))


def print_table(frame: pl.DataFrame, title: str = "") -> None:
    """Print a table, at most ``MAX_ROWS`` of it.

    Parameters
    ----------
    frame
        Table to print.
    title
        Heading above it; none where it is empty.
    """
    from parity.show import terminal
    from parity.show.document import Block, Column, Document, Note, Table

    columns = tuple(
        Column(name, name, role="value" if dtype.is_float() else "time" if "year" in name else "text")
        for name, dtype in frame.schema.items()
    )
    blocks: list[Block] = [Table(frame.head(MAX_ROWS), columns)]
    if frame.height > MAX_ROWS:
        more = frame.height - MAX_ROWS
        blocks.append(Note(f"... and {more:,} more rows: write them to a file, or use --json"))
    text = terminal.text(Document(title, tuple(blocks)), terminal.width_of(sys.stdout))
    click.echo(text.strip("\n"))
