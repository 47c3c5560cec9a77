"""Answers' documents as pieces of pages: figures and tables, each with its citation and its own addresses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from parity.show import html
from parity.show.document import Chart, Document, Table, walk
from parity.views.names import countries

if TYPE_CHECKING:
    from markupsafe import Markup

    from parity.show.document import Block

SHAPES = "/static/world.json"
"""Address of the shapes of countries."""


@cache
def places() -> dict[str, str]:
    """Return where the names of countries lead."""
    return {name: f"/country?country={code}" for code, name in countries().items()}


@dataclass(frozen=True, slots=True)
class Piece:
    """A figure or table of a page, and the document that it is from."""

    document: Document
    block: Chart | Table

    @property
    def title(self) -> str:
        """What it shows."""
        return self.block.title if isinstance(self.block, Chart) else self.block.caption

    @property
    def table(self) -> Table:
        """Its numbers."""
        return self.block.table() if isinstance(self.block, Chart) else self.block


@dataclass(slots=True)
class Place:
    """Where pieces are shown: the page or a part of it, in one state.

    Attributes
    ----------
    slug, part
        The page, and the part; empty for what is there at once.
    query
        Address of the state, without question mark.
    pieces
        What has been shown, by name.
    """

    slug: str
    part: str = ""
    query: str = ""
    pieces: dict[str, Piece] = field(default_factory=dict)

    def live(self) -> html.Live:
        """Return what the app offers around a piece that is shown here."""
        before = f"{self.query.replace('{', '%7B')}&" if self.query else ""
        part = f"{self.part}." if self.part else ""
        return html.Live(SHAPES, f"/{self.slug}.{{kind}}?{before}table={part}{{name}}", places())


_place: ContextVar[Place | None] = ContextVar("place", default=None)


def _here() -> Place:
    return _place.get() or Place("")


def file(kind: str, name: str) -> str:
    """Return the address of a registered piece as a file."""
    return _here().live().file(kind, name)


@contextmanager
def at(place: Place) -> Iterator[Place]:
    """Let what is shown within be found at a place."""
    token = _place.set(place)
    try:
        yield place
    finally:
        _place.reset(token)


def figure(document: Document, chart: Chart) -> Markup:
    """Return a figure that the browser draws, with its numbers and its citation."""
    keep(document, (chart,))
    return html.figure(chart, document, live=_here().live())


def block(document: Document, block: Block) -> Markup:
    """Return a block of a document whose figures the browser draws."""
    keep(document, (block,))
    return html.block(block, document, live=_here().live())


def whole(document: Document) -> Markup:
    """Return a document whose figures the browser draws."""
    from markupsafe import Markup

    keep(document, document.blocks)
    return Markup(html.part(document, live=_here().live()))


def table(document: Document, table: Table, name: str, note: str = "") -> Markup:
    """Return a table as a card.

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
    register(document, table, name)
    return html.card(table, document, name, note, live=_here().live())


def register(document: Document, block: Chart | Table, name: str) -> None:
    """Give a piece that a template shows by hand its addresses."""
    _here().pieces.setdefault(name, Piece(document, block))


def keep(document: Document, blocks: tuple[Block, ...]) -> None:
    """Give all figures and tables among some blocks their addresses."""
    for one in walk(blocks):
        if isinstance(one, Chart):
            register(document, one, one.name)
        elif isinstance(one, Table) and one.frame.height:
            register(document, one, html.name_of(one))
