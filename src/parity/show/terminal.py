"""A document on a terminal, or as plain text on a pipe."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Lines
from rich.text import Text as Words

from parity.show import document as blocks
from parity.show.cells import Cell, Mark, Shown, clean, shown
from parity.show.document import MANY_SOURCES, Block, Document, Table

MOST_ROWS = 200
# Below this many columns plots are short.
WIDE = 100
# Where the output is not a terminal, nothing is fitted to a width that nobody has.
PIPE = 240
# No line is folded into less.
NARROWEST = 20
# Between two columns.
GAP = 2
SIGNS = ("●", "■", "◆", "▲")
_ASCII = str.maketrans("●■◆▲·━–—…−", "o#*^.=--.-")


def show(document: Document, stream: TextIO | None = None) -> None:
    """Print a document: to the width of the terminal, or plainly where there is none.

    Parameters
    ----------
    document
        What to print.
    stream
        Where to; standard output by default. A character that its encoding lacks is replaced.
    """
    stream = stream or sys.stdout
    live = stream.isatty()
    made = text(document, width_of(stream), colour=live and "NO_COLOR" not in os.environ)
    encoding = stream.encoding or "utf-8"
    try:
        made.encode(encoding)
    except UnicodeEncodeError:
        made = made.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    stream.write(made)


def width_of(stream: TextIO) -> int:
    """Return the columns of a stream: what ``COLUMNS`` says, else the terminal's, else ``PIPE``."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return max(NARROWEST, int(told))
    return max(NARROWEST, shutil.get_terminal_size((80, 24)).columns) if stream.isatty() else PIPE


def text(document: Document, width: int = WIDE, *, colour: bool = False) -> str:
    """Return a document as the text of a screen.

    Parameters
    ----------
    document
        What to print.
    width
        Columns; lines are folded, names never cut.
    colour
        Whether to mark headings and addresses with the codes of a terminal.
    """
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        legacy_windows=False,
    )
    for line in _document(document, width):
        console.print(line, soft_wrap=False)
    assert isinstance(console.file, io.StringIO)
    # Padding to the width of the screen helps nobody who copies or compares.
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())


def _document(document: Document, width: int) -> Iterator[RenderableType]:
    yield _words(document.title, "bold")
    if document.subtitle:
        yield _words(document.subtitle, "dim")
    if document.headline:
        yield Padding(_words(document.headline, "bold"), (1, 0, 0, 0))
    for block in document.screen or document.blocks:
        yield from _block(block, width)
    if document.data or document.known_to or document.sources or document.command:
        yield ""
    known = f"known to {document.known_to}" if document.known_to else ""
    if state := ", ".join(part for part in (document.data, known) if part):
        yield _words(f"Data: {state}.", "dim")
    many = len(document.sources) > MANY_SOURCES
    if document.screen and document.sources:
        yield _words(f"Sources: {len(document.sources)} (with --out FILE.md or --json)", "dim")
    elif many:
        first = "; ".join(source.short for source in document.sources[:3])
        rest = len(document.sources) - 3
        yield _words(f"Sources: {first}; and {rest} more (all of them with --out FILE.md or --json)", "dim")
    for source in () if many or document.screen else document.sources:
        address = f" {source.address}" if source.address else ""
        licence = f" ({source.licence})" if source.licence else ""
        yield _words(f"Source: {source.title}{licence}{address}", "dim")
    if document.command:
        yield _words(f"$ {document.command}", "dim")


def _block(block: Block, width: int) -> Iterator[RenderableType]:
    match block:
        case blocks.Heading():
            yield Padding(_words(block.text, "bold underline" if block.level <= 2 else "bold"), (1, 0, 0, 0))
        case blocks.Text() | blocks.Note():
            yield Padding(_words(block.text), (1, 0, 0, 0))
        case blocks.Facts():
            yield Padding(_facts(block.rows), (1, 0, 0, 0))
        case blocks.Commands():
            for command in block.commands:
                yield _words(f"$ {command}", "dim")
        case blocks.Table():
            if block.frame.height:
                yield from _table(block, width)
        case blocks.Group():
            if block.title:
                yield Padding(_words(block.title, "bold underline"), (1, 0, 0, 0))
            for inner in block.blocks:
                yield from _block(inner, width)
        case blocks.Chart():  # a screen of characters shows its table, which the document has beside it
            return


def _facts(rows: tuple[blocks.Fact, ...]) -> Lines:
    lines = Lines(box=None, pad_edge=False, show_header=False)
    lines.add_column(style="bold", overflow="fold")
    lines.add_column(overflow="fold")
    for fact in rows:
        said = _words(fact.text)
        if fact.command:
            said.append(f"\n$ {clean(fact.command)}", style="dim")
        lines.add_row(_words(fact.topic), said)
    return lines


def _table(table: Table, width: int) -> Iterator[RenderableType]:
    laid = shown(table, MOST_ROWS)
    whole = list(range(len(laid.heads)))
    few = [place for place in whole if place not in laid.spare]
    track = 0 if laid.tracks is None else 30 if width >= WIDE else 18
    if table.caption:
        yield Padding(_words(table.caption, "italic"), (1, 0, 0, 0))
    # What a narrow screen does without, in this order: spare columns, the plot, columns side by side.
    for kept, room in ((whole, track), (few, track), (few, 0)):
        if widths := _widths(laid, kept, width - (room + GAP if room else 0)):
            yield Padding(_lines(laid, widths, room), (0 if table.caption else 1, 0, 0, 0))
            if laid.tracks and laid.tracks.series and room:
                named = zip(SIGNS, laid.tracks.series, strict=False)
                yield _words("   ".join(f"{sign} {name}" for sign, name in named), "dim")
            break
    else:
        yield from _records(laid, few)
    if table.frame.height > MOST_ROWS:
        yield _words(
            f"... and {table.frame.height - MOST_ROWS:,} more rows: write them all with --out FILE.csv", "dim"
        )


def _lines(laid: Shown, widths: dict[int, int], track: int) -> Lines:
    lines = Lines(box=None, pad_edge=False, header_style="dim", padding=(0, GAP, 0, 0))
    for place, width in widths.items():
        right = place in laid.right
        lines.add_column(
            _words(laid.heads[place]), justify="right" if right else "left", overflow="fold", width=width
        )
    if laid.tracks and track:
        lines.add_column(_words(laid.tracks.title), no_wrap=True, width=track)
    for number, row in enumerate(laid.rows):
        cells = [_cell(row[place]) for place in widths]
        if laid.tracks and track:
            cells.append(Words(marks(laid.tracks.rows[number], track)))
        lines.add_row(*cells)
    return lines


def _widths(laid: Shown, kept: list[int], room: int) -> dict[int, int] | None:
    """Return the width of each column, or nothing where the room is too small for them.

    No column gets less than its longest word, or a number with its interval; what is left goes to those
    whose cells are longer.
    """
    # Spare columns are shown on one line or not at all.
    unbroken = laid.right | laid.spare
    least = {place: _longest(laid, place, place in unbroken) for place in kept}
    whole = {
        place: max(least[place], _longest(laid, place, True), cell_len(laid.heads[place])) for place in kept
    }
    free = room - sum(least.values()) - GAP * (len(kept) - 1)
    if free < 0:
        return None
    widths = dict(least)
    for place in sorted(kept, key=lambda each: whole[each] - least[each]):
        wanting = sum(1 for each in kept if widths[each] < whole[each])
        more = min(whole[place] - least[place], free // max(1, wanting))
        widths[place] += more
        free -= more
    return widths


def _longest(laid: Shown, place: int, whole: bool) -> int:
    """Return the columns of the longest cell of a column, or of its longest word; of headings, the word."""
    heads = laid.heads[place].split()
    texts = (row[place].text for row in laid.rows)
    words = texts if whole else (word for text in texts for word in text.split())
    return max(map(cell_len, (*heads, *words)), default=1)


def _records(laid: Shown, kept: list[int]) -> Iterator[RenderableType]:
    """Print each row as a few lines, for screens too narrow to hold its columns side by side."""
    kept = sorted(kept, key=lambda place: place not in laid.keys)
    for row in laid.rows:
        cells = [(laid.heads[place], row[place]) for place in kept if row[place].text]
        for number, (head, cell) in enumerate(cells):
            if number:
                yield Padding(Words.assemble((f"{head}: ", "dim"), _cell(cell)), (0, 0, 0, 2))
            else:
                yield Padding(Words.assemble((cell.text, "bold"), overflow="fold"), (1, 0, 0, 0))


def _cell(cell: Cell) -> Words:
    return Words(cell.text, style=f"link {cell.address}" if cell.address else "")


def _words(given: str, style: str = "") -> Words:
    return Words(clean(given), style=style, overflow="fold")


def marks(row: tuple[Mark, ...], width: int) -> str:
    """Return marks on a line of characters: the interval of a lone one heavy, the value a sign.

    Parameters
    ----------
    row
        One mark of each series.
    width
        Characters.
    """
    line = ["·"] * width

    def at(share: float) -> int:
        return round(share * (width - 1))

    for number, mark in enumerate(row):
        if len(row) == 1 and mark.low is not None and mark.high is not None:
            line[at(mark.low) : at(mark.high) + 1] = "━" * (at(mark.high) - at(mark.low) + 1)
        if mark.value is not None:
            line[at(mark.value)] = SIGNS[number % len(SIGNS)]
    return "".join(line)
