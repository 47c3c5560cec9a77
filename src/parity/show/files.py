"""A document as a file: text, page, print, figure or data, by the ending of its name."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from parity import writing
from parity.errors import NoAnswerError, ParityError, one_of
from parity.show import KINDS
from parity.show.document import Document, Table

WHOLE = ("json", "md", "html", "pdf", "svg", "png", "figure-pdf")
"""Forms that are not tables."""


def kind_of(path: str | os.PathLike[str], kinds: tuple[str, ...] = KINDS) -> str:
    """Return the format that a file's ending names; ask before any work is done for the file.

    Raises
    ------
    ParityError
        If the ending is not one of ``kinds``, or nothing can be written there.
    """
    kind = Path(path).suffix.lower().removeprefix(".")
    if kind not in kinds:
        raise ParityError(
            f"{path}: cannot write '{kind}'; allowed endings are {one_of(f'.{each}' for each in kinds)}"
        )
    writing.check_place(path)
    return kind


def write(document: Document, path: str | os.PathLike[str], *, kind: str = "", json: str = "") -> None:
    """Write a document to a file, whole or not at all.

    Parameters
    ----------
    document
        What to write. Markdown, HTML and PDF hold all of it; SVG and PNG its first figure; CSV and Parquet
        its first table, unrounded, an Excel workbook all tables.
    path
        File to make or replace; ``-`` is standard output.
    kind
        One of ``KINDS``, or ``figure-pdf`` for the first figure alone; the ending of the path by default.
    json
        What a JSON file is to hold.

    Raises
    ------
    ParityError
        If the ending names no format, an extra that the format needs is not installed, the document has
        no figure or no table, or nothing can be written there.
    """
    kind = kind or kind_of(path)
    if kind in WHOLE:
        writing.write_bytes(path, body(document, kind, json=json))
        return
    if kind == "xlsx" and document.workbook is not None:
        about = {"Title": document.title, "Answer": document.headline, "Data": document.data}
        about |= {"Known to": document.known_to, "Command": document.command, "Citation": document.citation()}
        parts = {name: text for name, text in about.items() if text}
        about_it = ("About", pl.DataFrame({"what": list(parts), "said": list(parts.values())}))
        with writing.replacing(path) as draft:
            writing.write_sheets(draft, [about_it, *document.workbook()], drawn=1)
        return
    sheets = [(table.caption or document.title, _flat(table.data())) for table in _tables(document)]
    first = sheets[0][1]
    with writing.replacing(path) as draft:
        match kind:
            case "csv":
                writing.escape_formulas(first).write_csv(draft)
            case "parquet":
                first.write_parquet(draft)
            case _:
                writing.write_sheets(draft, sheets)


def body(document: Document, kind: str, *, json: str = "") -> bytes:
    """Return a document as the bytes of a file; ``kind`` is one of `WHOLE`, the rest as for `write`."""
    match kind:
        case "json":
            return f"{json.rstrip()}\n".encode()
        case "md":
            from parity.show.markdown import markdown

            return markdown(document).encode()
        case "html":
            from parity.show.html import page

            return page(document).encode()
        case "pdf":
            from parity.show.pdf import pdf

            return pdf(document)
        case _:
            from parity.show.draw import drawn

            if not (charts := document.charts()):
                raise NoAnswerError(
                    f"'{document.title}' has no figure; write it as .html, .md, .csv or .json"
                )
            return drawn(charts[0], kind.removeprefix("figure-"), document.citation())


def csv(table: Table) -> bytes:
    """Return a table as CSV: plain names of columns, numbers unrounded, dates as in ISO 8601."""
    return writing.escape_formulas(_flat(table.data())).write_csv().encode()


def _tables(document: Document) -> tuple[Table, ...]:
    """Return the tables of a document; those of its figures where it has no other."""
    tables = document.tables() or tuple(chart.table() for chart in document.charts())
    if not tables:
        raise NoAnswerError(f"'{document.title}' has no table to write; write it as .md, .html or .json")
    return tables


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table whose lists are text: a cell of a file holds one value."""
    nested = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in nested)
