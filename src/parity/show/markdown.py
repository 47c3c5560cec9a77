"""A document as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.show import document as blocks
from parity.show.cells import Cell, clean, shown
from parity.show.document import Block, Document, Table

MOST_ROWS = 200


def markdown(document: Document) -> str:
    """Return a document as Markdown with tables; text from data never becomes markup.

    Parameters
    ----------
    document
        What to print.
    """
    lines = [f"# {_plain(document.title)}", ""]
    lines += [_plain(document.subtitle), ""] if document.subtitle else []
    lines += [f"**{_plain(document.headline)}**", ""] if document.headline else []
    for block in document.blocks:
        lines += _block(block, 2)
    known = f"known to {document.known_to}" if document.known_to else ""
    if state := ", ".join(part for part in (document.data, known) if part):
        lines += [f"Data: {_plain(state)}.", ""]
    if document.sources:
        lines += ["Sources:", "", *map(_source, document.sources), ""]
    if document.command:
        lines += [f"Reproduce: {_code(document.command)}", ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case blocks.Heading():
            yield from ("", f"{'#' * max(level, block.level)} {_plain(block.text)}", "")
        case blocks.Text():
            yield from (_line(block.text), "")
        case blocks.Note():
            yield from (f"> {_line(block.text)}", "")
        case blocks.Facts():
            for fact in block.rows:
                command = f" {_code(fact.command)}" if fact.command else ""
                yield f"- **{_plain(fact.topic)}**: {_plain(fact.text)}{command}"
            yield ""
        case blocks.Commands():
            yield from ("Reproduce: " + ", ".join(_code(command) for command in block.commands), "")
        case blocks.Table():
            yield from _table(block)
        case blocks.Chart():
            told = " ".join(part for part in (block.alt, block.caption) if part)
            yield from (f"**Figure: {_plain(block.title)}.** {_plain(told)}".rstrip(), "")
            if block.frame.height <= MOST_ROWS:
                yield from _table(block.table())
        case blocks.Group():
            if block.title:
                yield from ("", f"{'#' * level} {_plain(block.title)}", "")
            for inner in block.blocks:
                yield from _block(inner, level + 1)


def _table(table: Table) -> Iterator[str]:
    if not table.frame.height:
        return
    laid = shown(table, MOST_ROWS)
    if table.caption:
        yield from (f"{_plain(table.caption)}:", "")
    yield _row([_plain(head) for head in laid.heads])
    yield _row(["---:" if place in laid.right else "---" for place in range(len(laid.heads))])
    yield from (_row([_cell(cell) for cell in row]) for row in laid.rows)
    yield ""
    if table.frame.height > MOST_ROWS:
        yield from (f"... and {table.frame.height - MOST_ROWS:,} more rows.", "")


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(cell: Cell) -> str:
    address = cell.address.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"[{_plain(cell.text)}](<{address}>)" if address else _plain(cell.text)


def _source(source: blocks.Source) -> str:
    title = _cell(Cell(source.title, source.address if source.address.startswith("http") else ""))
    return f"1. {title} ({_plain(source.licence)})" if source.licence else f"1. {title}"


def _code(text: str) -> str:
    """Return text as code; more backticks around it than it has inside."""
    text = clean(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{text}{fence}" if len(fence) == 1 else f"{fence} {text} {fence}"


def _line(text: str) -> str:
    """Return a paragraph that starts no list, heading or rule."""
    return re.sub(r"^(\d*)([-+.)](?=\s|$)|[#=~-]+(?=\s|$|[-=~]))", r"\1\\\2", _plain(text))


def _plain(text: str) -> str:
    """Return text whose marks mean themselves."""
    return re.sub(r"([\\`*_<>\[\]|]|~(?=~)|&(?=#?\w+;))", r"\\\1", clean(text).strip())
