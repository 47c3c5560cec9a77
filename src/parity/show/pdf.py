"""A document as PDF, set by Typst."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.errors import ParityError, missing_extra
from parity.show import document as blocks
from parity.show import draw
from parity.show.cells import Cell, Mark, Shown, clean, shown
from parity.show.document import Block, Document, Table
from parity.show.theme import LIGHT

# Columns whose cells are no longer than this take no more room than they need.
SHORT = 20
MOST_ROWS = 500
_HEAD = """#set page(paper: "a4", margin: (x: 1.7cm, y: 1.5cm), numbering: "1 / 1")
#set text(size: 9pt, lang: "en")
#set par(justify: false)
#show heading: it => block(above: 1.4em, below: 0.7em, sticky: true, it)
#let soft = rgb("SOFT")
#let blue = rgb("BLUE")
#let note(body) = block(above: 0.45em, below: 0.55em, body)
#let small(body) = text(size: 7.5pt, fill: soft, body)
#let mark(shape) = if shape == 0 { circle(radius: 2.3pt, fill: blue) } else if shape == 1 {
  square(size: 4.2pt, fill: white, stroke: 0.9pt + blue) } else if shape == 2 {
  rotate(45deg, square(size: 4pt, fill: blue)) } else {
  polygon.regular(size: 5.6pt, vertices: 3, fill: white, stroke: 0.9pt + blue) }
#let track(shape, value, low, high) = box(width: 100%, height: 7pt, {
  place(left + horizon, line(length: 100%, stroke: 0.5pt + luma(200)))
  if low != none { place(left + horizon, dx: low * 100%,
    rect(width: (high - low) * 100%, height: 3pt, radius: 1pt, fill: rgb("RANGE"))) }
  if value != none { place(left + horizon, dx: value * 100% - 2.3pt, mark(shape)) }
})
""".replace("SOFT", LIGHT.soft).replace("BLUE", LIGHT.series[0]).replace("RANGE", LIGHT.ramp[1])  # fmt: skip


def pdf(document: Document) -> bytes:
    """Return a document as a PDF file; figures are in it where the extra ``figures`` is installed.

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
    made = typst.compile(source(document).encode())
    if not isinstance(made, bytes):
        raise ParityError("Typst made no single PDF of this document")
    return made


def source(document: Document) -> str:
    """Return a document as Typst source; text is passed as strings, so that none of it is read as markup."""
    known = f"known to {document.known_to}" if document.known_to else ""
    state = ", ".join(part for part in (document.data, known) if part)
    foot = [f"Data: {state}." if state else ""]
    foot += [
        " ".join(filter(None, (f"Source {number}:", each.title, each.licence, each.address)))
        for number, each in enumerate(document.sources, 1)
    ]
    foot.append(f"Reproduce: {document.command}" if document.command else "")
    lines = [
        _HEAD,
        f"#set document(title: {_string(document.title)})",
        f"#block(below: 0.9em, text(size: 17pt, weight: 700, {_string(document.title)}))",
        f"#note(text(fill: soft, {_string(document.subtitle)}))" if document.subtitle else "",
        f"#block(above: 0.9em, below: 0.9em, text(size: 11pt, weight: 600, {_string(document.headline)}))"
        if document.headline
        else "",
        *(line for block in document.blocks for line in _block(block, 2)),
        "#v(1em)",
        *(f"#note(small({_string(line)}))" for line in foot if line),
    ]
    return "\n".join(lines) + "\n"


def _block(block: Block, level: int, columns: int = 1) -> Iterator[str]:
    match block:
        case blocks.Heading():
            yield f"#heading(level: {max(level, block.level)}, {_string(block.text)})"
        case blocks.Text():
            yield f"#note({_string(block.text)})"
        case blocks.Note():
            yield f"#note(text(fill: soft, {_string(block.text)}))"
        case blocks.Facts():
            cells = ", ".join(
                f"strong({_string(fact.topic)}), [#{_string(fact.text)} #small(raw({_string(fact.command)}))]"
                for fact in block.rows
            )
            yield (
                f"#block(fill: luma(244), inset: 9pt, width: 100%, stroke: (left: 2.5pt + blue), "
                f"grid(columns: (2.6cm, 1fr), row-gutter: 6pt, column-gutter: 8pt, {cells}))"
            )
        case blocks.Commands():
            told = "; [ · ]; ".join(f"small(raw({_string(command)}))" for command in block.commands)
            yield f"#note({{small[Reproduce: ]; {told}}})"
        case blocks.Table():
            if block.frame.height:
                yield from _table(block)
        case blocks.Chart():
            if columns == 1:
                yield f"#heading(level: {level}, {_string(block.title)})"
            else:
                yield f"#note(text(weight: 700, {_string(block.title)}))"
            if draw.can_draw():
                figure = draw.svg(block, width=draw.WIDTHS[columns])
                drawing = f"bytes({_string(figure, one_line=False)})"
                alt = _string(block.alt or block.title)
                yield f'#image({drawing}, format: "svg", width: 100%, alt: {alt})'
            yield f"#note(small({_string(block.caption)}))"
            if not draw.can_draw() or (columns == 1 and block.frame.height <= SHORT):
                yield from _table(block.table())
        case blocks.Group():
            if block.new_page:
                yield "#pagebreak(weak: true)"
            if block.title:
                yield f"#heading(level: {level}, {_string(block.title)})"
            inside = [list(_block(inner, level + 1, block.columns)) for inner in block.blocks]
            if block.columns > 1:
                cells = ", ".join("[" + "\n".join(lines) + "]" for lines in inside)
                yield f"#grid(columns: (1fr,) * {block.columns}, gutter: 10pt, {cells})"
            else:
                yield from (line for lines in inside for line in lines)


def _table(table: Table) -> Iterator[str]:
    laid = shown(table, MOST_ROWS)
    if laid.tracks and laid.tracks.series:
        named = ", ".join(
            f"box(height: 7pt, width: 8pt, align(horizon, mark({number % 4}))), {_string(name)}, h(10pt)"
            for number, name in enumerate(laid.tracks.series)
        )
        yield f"#note(stack(dir: ltr, spacing: 3pt, {named}))"
    if table.caption:
        caption = f"text(weight: 600, {_string(table.caption)})"
        yield f"#block(above: 1.1em, below: 0.5em, sticky: true, {caption})"
    widths = [_width(laid, place) for place in range(len(laid.heads))]
    align = ["right" if place in laid.right else "left" for place in range(len(laid.heads))]
    head = [f"text(fill: soft, {_string(title)})" for title in laid.heads]
    if laid.tracks:
        widths, align = [*widths, "1.6fr"], [*align, "left"]
        head.append(f"text(fill: soft, {_string(laid.tracks.title)})")
    cells = []
    for number, row in enumerate(laid.rows):
        cells += [_cell(cell) for cell in row]
        if laid.tracks:
            cells.append(_marks(laid.tracks.rows[number]))
    yield (
        f"#text(size: 8pt, table(columns: ({', '.join(widths)},), align: ({', '.join(align)},), "
        f"stroke: (x: none, top: none, bottom: 0.4pt + luma(200)), inset: 3pt, "
        f"table.header({', '.join(head)}), {', '.join(cells)}))"
    )
    if table.frame.height > MOST_ROWS:
        yield f"#note(small({_string(f'... and {table.frame.height - MOST_ROWS:,} more rows.')}))"


def _width(laid: Shown, place: int) -> str:
    """Return the width of a column: no more than it needs if short, else by the length of its cells."""
    lengths = [len(row[place].text) for row in laid.rows]
    if max(lengths) <= SHORT or place in laid.right:
        return "auto"
    return f"{max(1.0, min(4.0, sum(lengths) / len(lengths) / 20)):.1f}fr"


def _cell(cell: Cell) -> str:
    words = _string(_breakable(cell.text))
    return f"link({_string(cell.address)}, {words})" if cell.address else words


def _breakable(text: str) -> str:
    """Return one long word with places to break it."""
    return text if " " in text or len(text) <= SHORT else re.sub(r"([._/])", "\\1\u200b", text)


def _marks(row: tuple[Mark, ...]) -> str:
    def share(value: float | None) -> str:
        return "none" if value is None else f"{value:.4f}"

    tracks = (
        f"track({number % 4}, {share(mark.value)}, {share(mark.low)}, {share(mark.high)})"
        for number, mark in enumerate(row)
    )
    return f"stack(spacing: 1pt, {', '.join(tracks)})"


def _string(text: str, *, one_line: bool = True) -> str:
    """Return a Typst string literal."""
    text = clean(text) if one_line else text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
