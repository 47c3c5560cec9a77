"""Tables on the terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import polars as pl

MAX_ROWS = 200
# Where the output is not a terminal, nothing is cut to its width.
WIDE = 240


def print_table(frame: pl.DataFrame, title: str = "", max_rows: int = MAX_ROWS) -> None:
    """Print a table, numbers to the right, and say how many rows are left out.

    Parameters
    ----------
    frame
        Table to print.
    title
        Heading above it.
    max_rows
        Most rows to print.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column, dtype in frame.schema.items():
        table.add_column(Text(column), justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in frame.head(max_rows).iter_rows():
        table.add_row(*(Text(cell_text(cell)) for cell in row))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE
    Console(width=width).print(table)
    if frame.height > max_rows:
        click.echo(f"... and {frame.height - max_rows:,} more rows: write them to a file, or use --json")


def cell_text(cell: Any) -> str:
    """Return a cell as it is printed: numbers with up to six significant digits, nothing for null."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1e5 and cell == round(cell) else f"{cell:.6g}"
    return str(cell)
