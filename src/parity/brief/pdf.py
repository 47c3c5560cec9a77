"""A brief as PDF, set by Typst."""

from __future__ import annotations

import re

from parity.brief.document import Document, Fact, Grid, Mark, Part, Plot, link
from parity.errors import ParityError, missing_extra

# Columns whose cells are no longer than this take no more room than they need.
SHORT = 20
_HEAD = """#set page(paper: "a4", margin: (x: 1.7cm, y: 1.7cm), numbering: "1 / 1")
#set text(size: 9pt, lang: "en")
#set par(justify: false)
#show heading.where(level: 2): it => block(above: 1.5em, below: 0.7em, sticky: true, it)
#let soft = luma(85)
#let note(body) = block(above: 0.45em, below: 0.55em, body)
#let said(command) = text(size: 7.5pt, fill: soft, raw(command))
#let mark(shape) = if shape == 0 { circle(radius: 2.3pt, fill: rgb("#0b4a8f")) } else if shape == 1 {
  square(size: 4.2pt, fill: white, stroke: 0.9pt + rgb("#0b4a8f")) } else if shape == 2 {
  rotate(45deg, square(size: 4pt, fill: rgb("#0b4a8f"))) } else {
  polygon.regular(size: 5.6pt, vertices: 3, fill: white, stroke: 0.9pt + rgb("#0b4a8f")) }
#let track(shape, value, low, high) = box(width: 100%, height: 7pt, {
  place(left + horizon, line(length: 100%, stroke: 0.5pt + luma(200)))
  if low != none { place(left + horizon, dx: low * 100%,
    rect(width: (high - low) * 100%, height: 3pt, radius: 1pt, fill: rgb("#8fb4dc"))) }
  if value != none { place(left + horizon, dx: value * 100% - 2.3pt, mark(shape)) }
})
"""


def typst_source(document: Document) -> str:
    """Return a document as Typst source.

    Parameters
    ----------
    document
        What to print; text is passed as strings, so that none of it is read as markup.
    """
    lines = [
        _HEAD,
        f"#set document(title: {_string(document.title)})",
        f"#block(below: 1em, text(size: 17pt, weight: 700, {_string(document.title)}))",
        f"#note(text(fill: soft, {_string(document.subtitle)}))",
        f"#note(text(size: 11pt, weight: 600, {_string(document.headline)}))",
        _facts(document.facts),
    ]
    for part in document.parts:
        lines += _part(part)
    lines.append(
        f"#v(1em)#text(size: 7.5pt, fill: soft, {_string(f'Data: {document.data}. Made with Parity.')})"
    )
    return "\n".join(lines) + "\n"


def pdf(document: Document) -> bytes:
    """Return a document as a PDF file.

    Parameters
    ----------
    document
        What to print.

    Raises
    ------
    ParityError
        If the extra ``pdf`` is not installed.
    """
    try:
        import typst
    except ModuleNotFoundError:
        raise missing_extra("a PDF", "pdf") from None
    made = typst.compile(typst_source(document).encode())
    if not isinstance(made, bytes):
        raise ParityError("Typst made no single PDF of this document")
    return made


def _facts(facts: tuple[Fact, ...]) -> str:
    cells = ", ".join(
        f"strong({_string(fact.topic)}), [#{_string(fact.text)} #said({_string(fact.command)})]"
        for fact in facts
    )
    return (
        '#block(fill: rgb("#eef2f6"), inset: 9pt, width: 100%, stroke: (left: 2.5pt + rgb("#0b4a8f")), '
        f"grid(columns: (2.6cm, 1fr), row-gutter: 7.5pt, column-gutter: 8pt, {cells}))"
    )


def _part(part: Part) -> list[str]:
    lines = [f"#heading(level: 2, {_string(part.title)})"]
    lines += [f"#note({_string(text)})" for text in part.notes]
    lines += [_grid(grid) for grid in part.grids if grid.rows]
    commands = "; [ · ]; ".join(f"said({_string(command)})" for command in part.commands)
    return [*lines, f"#note({{text(size: 7.5pt, fill: soft)[Reproduce: ]; {commands}}})"]


def _grid(grid: Grid) -> str:
    kept = range(len(grid.columns))
    widths = [_width(grid, place) for place in kept]
    align = ["right" if place in grid.numbers else "left" for place in kept]
    head = [f"text(fill: soft, {_string(grid.columns[place])})" for place in kept]
    if grid.plot is not None:
        widths.append("1.6fr")
        align.append("left")
        head.append(f"text(fill: soft, {_string(grid.plot.title)})")
    cells = [
        cell
        for number, row in enumerate(grid.rows)
        for cell in (*map(_cell, row), *([_marks(grid.plot, number)] if grid.plot else []))
    ]
    above = _key(grid.plot) + (f"#note(text(fill: soft, {_string(grid.caption)}))" if grid.caption else "")
    return (
        f"{above}#text(size: 8pt, table(columns: ({', '.join(widths)},), align: ({', '.join(align)},), "
        f"stroke: (x: none, top: none, bottom: 0.4pt + luma(200)), inset: 3pt, "
        f"table.header({', '.join(head)}), "
        f"{', '.join(cells)}))"
    )


def _width(grid: Grid, place: int) -> str:
    """Return the width of a column: no more than it needs if short, else by the length of its cells."""
    lengths = [len(link(row[place]) or row[place]) for row in grid.rows]
    if max(lengths) <= SHORT:
        return "auto"
    return f"{max(1.0, min(4.0, sum(lengths) / len(lengths) / 20)):.1f}fr"


def _cell(cell: str) -> str:
    host = link(cell)
    return f"link({_string(cell)}, {_string(_breakable(host))})" if host else _string(_breakable(cell))


def _breakable(cell: str) -> str:
    """Return a cell that is one long word with places to break it."""
    return cell if " " in cell or len(cell) <= SHORT else re.sub(r"([._/])", "\\1\u200b", cell)


def _marks(plot: Plot, row: int) -> str:
    tracks = [_track(plot, mark, number) for number, mark in enumerate(plot.marks[row])]
    return f"stack(spacing: 1pt, {', '.join(tracks)})"


def _track(plot: Plot, mark: Mark, number: int) -> str:
    value = "none" if mark.value is None else f"{plot.share(mark.value):.4f}"
    low, high = (mark.value if end is None else end for end in (mark.low, mark.high))
    if low is None:
        return f"track({number % 4}, {value}, none, none)"
    ends = f"{plot.share(low):.4f}, {1.0 if high is None else plot.share(high):.4f}"
    return f"track({number % 4}, {value}, {ends})"


def _key(plot: Plot | None) -> str:
    if plot is None or not plot.series:
        return ""
    parts = ", ".join(
        f"box(height: 7pt, width: 8pt, align(horizon, mark({number % 4}))), {_string(name)}, h(10pt)"
        for number, name in enumerate(plot.series)
    )
    return f"#note(stack(dir: ltr, spacing: 3pt, {parts}))"


def _string(text: str) -> str:
    """Return a Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
