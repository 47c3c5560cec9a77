"""A document as HTML: a page of its own without scripts, a part for notebooks, figures for the app."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from parity.show import cells, draw
from parity.show.document import Block, Chart, Document, Table
from parity.show.theme import DARK, LIGHT, Palette

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# Height of the track of one mark, in the units of the drawing.
TRACK = 12
# Rows that a notebook shows of a table; a page has all.
FEW = 50
# Series are told apart by shape first, then by lightness: colour alone says nothing.
_SHAPES = (
    '<circle r="4"/>',
    '<rect x="-3.6" y="-3.6" width="7.2" height="7.2"/>',
    '<path d="M0-5 5 0 0 5-5 0Z"/>',
    '<path d="M0-4.6 4.8 4-4.8 4Z"/>',
)


class Live(NamedTuple):
    """What an app offers around figures and tables; empty addresses are offers not made.

    Attributes
    ----------
    shapes
        Address of the shapes of countries; the app serves the script of `parity.show.draw` as well.
    files
        Address of a figure or table as a file, with ``{kind}`` and ``{name}`` in it.
    places
        Addresses that names in tables lead to, by name.
    """

    shapes: str
    files: str = ""
    places: Mapping[str, str] = {}

    def file(self, kind: str, name: str) -> str:
        """Return the address of a file."""
        return self.files.replace("{kind}", kind).replace("{name}", quote(name, safe="."))


NOWHERE = Live("")
FIGURE_FILES, TABLE_FILES = ("png", "svg", "csv"), ("csv",)


def page(document: Document) -> str:
    """Return a document as one self-contained page: no network, no scripts, prints well.

    Figures are drawn in it where the extra ``figures`` is installed; their tables are there in any case.
    """
    return (
        environment()
        .get_template("page.html")
        .render(document=document, style=style(), live=NOWHERE, level=1)
    )


def part(document: Document, *, live: Live = NOWHERE, level: int = 2) -> str:
    """Return a document as a part of a page.

    Parameters
    ----------
    document
        What to show; everything in it that comes from data is escaped.
    live
        What an app offers: with shapes the browser draws the figures, without they stand there as drawings.
    level
        Of the heading.
    """
    return environment().get_template("document.html").render(document=document, live=live, level=level)


def notebook(document: Document) -> str:
    """Return a document for Jupyter and marimo: a part with its style."""
    return f"<style>{style()}</style>{part(document)}"


def figure(chart: Chart, document: Document, *, live: Live = NOWHERE, level: int = 3) -> Markup:
    """Return a figure with its caption, its table and its citation; arguments as for `part`."""
    from markupsafe import Markup

    macros: Any = environment().get_template("macros.html").module
    return Markup(macros.figure(chart, document, live, level))


def block(block: Block, document: Document, *, live: Live = NOWHERE, level: int = 3) -> Markup:
    """Return one block of a document as a part of a page; arguments as for `part`."""
    from markupsafe import Markup

    macros: Any = environment().get_template("macros.html").module
    return Markup(macros.part(block, document, live, level))


def table(table: Table, rows: int | None = None, *, live: Live = NOWHERE) -> Markup:
    """Return a table, at most so many rows of it; arguments as for `part`."""
    from markupsafe import Markup

    macros: Any = environment().get_template("macros.html").module
    return Markup(macros.table(table, live, rows))


def card(table: Table, document: Document, name: str, note: str = "", *, live: Live = NOWHERE) -> Markup:
    """Return a table as a card: its title, what to know, its numbers, its citation.

    Parameters
    ----------
    table, document
        What to show, and what it is from.
    name
        Unique on the page.
    note
        What has to be known to read it right.
    live
        What an app offers.
    """
    from markupsafe import Markup

    macros: Any = environment().get_template("macros.html").module
    return Markup(macros.card(table, document, name, note, live))


@cache
def style() -> Markup:
    """Return the style sheet, light and dark; it touches nothing outside of the document."""
    from importlib.resources import files

    from markupsafe import Markup

    sheet = (files("parity.show") / "templates" / "style.css").read_text(encoding="utf-8")
    dark = f"@media (prefers-color-scheme: dark) {{ @media not print {{ {_colours(DARK)} }} }}"
    return Markup(f"{_colours(LIGHT)} {dark}\n{sheet}")


def _colours(palette: Palette) -> str:
    named = {name: getattr(palette, name) for name in ("ink", "soft", "line", "ground")}
    named |= {f"c{number}": colour for number, colour in enumerate(palette.series, 1)}
    return ":root { " + " ".join(f"--{name}: {colour};" for name, colour in named.items()) + " }"


@cache
def environment() -> Environment:
    """Return the templates; everything they print is escaped, and a missing value is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=PackageLoader("parity.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: cells.clean(value) if type(value) is str else value,
    )
    made.globals |= {
        "shown": cells.shown,
        "classes": _classes,
        "rows_of": _rows_of,
        "key": lambda number: Markup(
            f'<svg width="12" height="12" aria-hidden="true" overflow="visible">{_shape(50, 6, number)}</svg>'
        ),
        "drawn": _drawn,
        "name_of": name_of,
        "FIGURE_FILES": FIGURE_FILES,
        "TABLE_FILES": TABLE_FILES,
        "WIDTH": draw.WIDTH,
        "WIDTHS": draw.WIDTHS,
        "can_draw": draw.can_draw,
    }
    made.filters |= {
        "script": lambda spec: Markup(json.dumps(spec).replace("<", "\\u003c")),
        "web": lambda address: bool(re.match("https?://", address)),
    }
    return made


def name_of(table: Table) -> str:
    """Return the name under which a table of a document is found: the words of its caption."""
    return re.sub(r"[^a-z0-9]+", "-", table.caption.lower()).strip("-")[:60] or "table"


def _classes(laid: cells.Shown, place: int) -> str:
    kinds = {
        "number": place in laid.right,
        "estimated": len(laid.names[place]) > 1,
        "spare": place in laid.spare,
    }
    return " ".join(name for name, holds in kinds.items() if holds)


def _rows_of(laid: cells.Shown, places: Mapping[str, str]) -> Markup:
    """Return the rows of a table: a page may have thousands of cells, which a template takes long for."""
    from markupsafe import Markup, escape

    tags = [
        (f'<th scope="row" class="{_classes(laid, place)}">', "</th>")
        if place in laid.keys
        else (f'<td class="{_classes(laid, place)}">', "</td>")
        for place in range(len(laid.heads))
    ]
    parts = []
    for number, row in enumerate(laid.rows):
        parts.append("<tr>")
        for cell, (start, end) in zip(row, tags, strict=True):
            about, away = places.get(cell.text, ""), ' rel="noreferrer"' if cell.address else ""
            address, text = cell.address or about, escape(cells.clean(cell.text))
            linked = f'<a href="{escape(cells.clean(address))}"{away}>{text}</a>' if address else text
            parts += (start, linked, end)
        if laid.tracks:
            parts.append(f'<td class="tracks" aria-hidden="true">{tracks_svg(laid.tracks.rows[number])}</td>')
        parts.append("</tr>\n")
    return Markup("".join(parts))


def _drawn(chart: Chart, width: int) -> Iterator[tuple[str, Markup]]:
    """Yield the drawings of a figure, light and dark; the reader's system says which one is shown."""
    from markupsafe import Markup

    if not draw.can_draw():
        return
    for palette in ("light", "dark"):
        # What a drawing defines must not be taken for that of another one of the page.
        own = f"{chart.name}-{palette}-"
        yield palette, Markup(re.sub(r'( id="|url\(#|href="#)', rf"\1{own}", draw.svg(chart, palette, width)))


def tracks_svg(row: tuple[cells.Mark, ...]) -> str:
    """Return the marks of a row as a drawing: a line for the scale, a bar, a shape for the value."""
    drawn = "".join(_track(mark, number) for number, mark in enumerate(row))
    return f'<svg height="{TRACK * len(row)}" aria-hidden="true" focusable="false">{drawn}</svg>'


def _track(mark: cells.Mark, number: int) -> str:
    y = TRACK * number + TRACK / 2
    parts = [f'<line class="axis" x1="0" x2="100%" y1="{y}" y2="{y}"/>']
    if mark.low is not None and mark.high is not None:
        start, width = 100 * mark.low, 100 * (mark.high - mark.low)
        parts.append(
            f'<rect class="range" x="{start:.2f}%" width="{width:.2f}%" y="{y - 2.5}" height="5" rx="2"/>'
        )
    if mark.value is not None:
        parts.append(_shape(100 * mark.value, y, number))
    return "".join(parts)


def _shape(x: float, y: float, number: int) -> str:
    """Return the shape of a series at a place: nested drawings take places in per cent."""
    kind = number % len(_SHAPES)
    return f'<svg class="mark s{kind}" x="{x:.2f}%" y="{y}" overflow="visible">{_SHAPES[kind]}</svg>'
