"""A brief as Markdown."""

from __future__ import annotations

import re

from parity.brief.document import Document, Grid, Part


def markdown(document: Document) -> str:
    """Return a document as Markdown with tables.

    Parameters
    ----------
    document
        What to print.
    """
    lines = [f"# {_escaped(document.title)}", "", _escaped(document.subtitle), ""]
    lines += [f"- {_escaped(line)}" for line in document.headline]
    for part in document.parts:
        lines += _part(part)
    return "\n".join([*lines, "", f"Data: {_escaped(document.data)}.", ""])


def _part(part: Part) -> list[str]:
    lines = ["", f"## {_escaped(part.title)}", ""]
    lines += [line for note in part.notes for line in (_escaped(note), "")]
    if part.bars:
        rows = tuple(("\u2003" * bar.depth + bar.label, f"{bar.score:.1f}", bar.note) for bar in part.bars)
        lines += [*_grid(Grid(("", "score", ""), rows, frozenset({1}))), ""]
    for grid in part.grids:
        lines += [*_grid(grid), ""]
    return [*lines, f"Reproduce: `{part.command}`"]


def _grid(grid: Grid) -> list[str]:
    marks = ("---:" if place in grid.numbers else "---" for place in range(len(grid.columns)))
    head = [_row(grid.columns), "| " + " | ".join(marks) + " |"]
    return head + [_row(row) for row in grid.rows]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in cells) + " |"


def _escaped(text: str) -> str:
    """Return text whose marks mean themselves."""
    return re.sub(r"([\\`*_<>#])", r"\\\1", text.replace("\n", " "))
