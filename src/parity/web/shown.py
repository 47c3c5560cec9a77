"""Answers' documents as pieces of pages: figures and tables, each with its citation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parity.show import html

if TYPE_CHECKING:
    from markupsafe import Markup

    from parity.show.document import Block, Chart, Document, Table

SHAPES = "/static/world.json"
"""Address of the shapes of countries."""


def figure(document: Document, chart: Chart) -> Markup:
    """Return a figure that the browser draws, with its numbers and its citation."""
    return html.figure(chart, document.citation(chart.title), shapes=SHAPES)


def block(document: Document, block: Block) -> Markup:
    """Return a block of a document whose figures the browser draws."""
    return html.block(block, document, shapes=SHAPES)


def table(document: Document, table: Table, name: str, note: str = "") -> dict[str, Any]:
    """Return the values of the macro ``numbers``.

    Parameters
    ----------
    document
        What the table is of.
    table
        What to show.
    name
        Unique on the page; letters, digits and hyphens.
    note
        What has to be known to read it right.
    """
    return {
        "name": name,
        "title": table.caption,
        "table": html.table(table),
        "note": note,
        "citation": document.citation(table.caption),
    }
