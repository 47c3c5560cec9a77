"""A brief as PDF, set by Typst."""

from __future__ import annotations

from parity.brief.document import Bar, Document, Grid, Part
from parity.errors import ParityError

# Columns whose cells are no longer than this take no more room than they need.
SHORT = 24
_HEAD = """#set page(paper: "a4", margin: (x: 1.8cm, y: 1.8cm), numbering: "1 / 1")
#set text(size: 9pt, lang: "en")
#set par(justify: false)
#show heading.where(level: 2): it => block(above: 1.4em, below: 0.6em, sticky: true, it)
#let note(body) = block(above: 0.4em, below: 0.5em, body)
#let command(body) = text(size: 7.5pt, fill: luma(90), [Reproduce: ] + body)
#let bar(share) = box(width: 100%, height: 0.75em, fill: rgb("#e8edf2"),
  align(left, box(width: share * 1%, height: 100%, fill: rgb("#0b5394"))))
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
        f"#heading(level: 1, {_string(document.title)})",
        f"#text(fill: luma(90), {_string(document.subtitle)})",
        '#block(fill: rgb("#e8edf2"), inset: 8pt, width: 100%, {'
        + "; ".join(f"note({_string(line)})" for line in document.headline)
        + "})",
    ]
    for part in document.parts:
        lines += _part(part)
    lines.append(
        f"#v(1em)#text(size: 7.5pt, fill: luma(90), {_string(f'Data: {document.data}. Made with Parity.')})"
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
        raise ParityError("a PDF needs Typst; install it with: pip install 'parity[pdf]'") from None
    made = typst.compile(typst_source(document).encode())
    if not isinstance(made, bytes):
        raise ParityError("Typst made no single PDF of this document")
    return made


def _part(part: Part) -> list[str]:
    lines = [f"#heading(level: 2, {_string(part.title)})"]
    lines += [f"#note({_string(text)})" for text in part.notes]
    if part.bars:
        lines.append(_bars(part.bars))
    lines += [_grid(grid) for grid in part.grids if grid.rows]
    return [*lines, f"#command(raw({_string(part.command)}))"]


def _bars(bars: tuple[Bar, ...]) -> str:
    cells = ", ".join(
        f"pad(left: {bar.depth}em, {_string(bar.label)}), bar({bar.score:.2f}), {_string(bar.note)}"
        for bar in bars
    )
    return f"#table(columns: (2fr, 2fr, 2fr), stroke: none, inset: 2.5pt, {cells})"


def _grid(grid: Grid) -> str:
    widths = ", ".join(
        "auto" if place in grid.numbers or _short(grid, place) else "1fr"
        for place in range(len(grid.columns))
    )
    align = ", ".join("right" if place in grid.numbers else "left" for place in range(len(grid.columns)))
    head = ", ".join(f"text(fill: luma(90), {_string(column)})" for column in grid.columns)
    cells = ", ".join(_string(cell) for row in grid.rows for cell in row)
    return (
        f"#text(size: 8pt, table(columns: ({widths},), align: ({align},), stroke: (bottom: 0.4pt + "
        f"luma(200)), "
        f"inset: 3pt, table.header({head}), {cells}))"
    )


def _short(grid: Grid, place: int) -> bool:
    return max(len(row[place]) for row in grid.rows) <= SHORT


def _string(text: str) -> str:
    """Return a Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
