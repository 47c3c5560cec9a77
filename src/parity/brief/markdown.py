"""A brief as Markdown."""

from __future__ import annotations

import re

from parity.brief.document import Document, Fact, Grid, Part, link


def markdown(document: Document) -> str:
    """Return a document as Markdown with tables.

    Parameters
    ----------
    document
        What to print.
    """
    lines = [f"# {_escaped(document.title)}", "", _escaped(document.subtitle), ""]
    lines += [f"**{_escaped(document.headline)}**", ""]
    lines += [_fact(fact) for fact in document.facts]
    for part in document.parts:
        lines += _part(part)
    return "\n".join([*lines, "", f"Data: {_escaped(document.data)}.", ""])


def _fact(fact: Fact) -> str:
    return f"- **{_escaped(fact.topic)}**: {_escaped(fact.text)} `{fact.command}`"


def _part(part: Part) -> list[str]:
    lines = ["", f"## {_escaped(part.title)}", ""]
    lines += [line for note in part.notes for line in (_escaped(note), "")]
    for grid in part.grids:
        if grid.rows:
            lines += [*([f"{_escaped(grid.caption)}:", ""] if grid.caption else []), *_grid(grid), ""]
    return [*lines, "Reproduce: " + ", ".join(f"`{command}`" for command in part.commands)]


def _grid(grid: Grid) -> list[str]:
    marks = ("---:" if place in grid.numbers else "---" for place in range(len(grid.columns)))
    head = [_row(grid.columns), "| " + " | ".join(marks) + " |"]
    return head + [_row(row) for row in grid.rows]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_cell(cell).replace("|", "\\|") for cell in cells) + " |"


def _cell(cell: str) -> str:
    host = link(cell)
    return f"[{host}](<{cell}>)" if host else _escaped(cell)


def _escaped(text: str) -> str:
    """Return text whose marks mean themselves."""
    return re.sub(r"([\\`*_<>#\[\]])", r"\\\1", text.replace("\n", " "))
