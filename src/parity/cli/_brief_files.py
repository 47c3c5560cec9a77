"""Briefs as files: one document, or one file for every country."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parity.catalogue import files
from parity.errors import ParityError

if TYPE_CHECKING:
    from parity.brief.document import Document

FORMS = ("html", "md", "pdf")


def write(document: Document, path: str, form: str, mark: str = "") -> None:
    """Write a document in one of the forms.

    Parameters
    ----------
    document
        What to write.
    path
        File.
    form
        One of ``FORMS``.
    mark
        Comment at the end of an HTML file.
    """
    if form == "pdf":
        from parity.brief.pdf import pdf

        files.write_bytes(path, pdf(document))
    elif form == "md":
        from parity.brief.markdown import markdown

        files.write_text(path, markdown(document))
    else:
        from parity.brief.html import html

        files.write_text(path, html(document) + mark)


def write_all(folder: str, variant: str, start: date | None = None) -> None:
    """Write the HTML brief of every ranked country; a run that was stopped goes on where it was.

    Parameters
    ----------
    folder
        Where to; made if absent. A brief of the same data, variant and day that is there already is kept.
    variant
        Variant of the index.
    start
        Day since which changes are told.

    Raises
    ------
    ParityError
        If the folder cannot be made.
    """
    from rich.console import Console
    from rich.progress import Progress

    from parity.ask.standing import ranking, standing
    from parity.brief.compose import compose
    from parity.brief.layout import lay_out

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ParityError(f"{folder}: no folder can be made there: {problem.strerror}") from None
    countries = ranking(standing("open-ai-index", variant))["id"].to_list()
    written = 0
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        for country in progress.track(countries, description="Briefs"):
            path = Path(folder) / f"{country}.html"
            mark = _mark(variant, start)
            if not (path.exists() and mark in files.read_text(path)):
                write(lay_out(compose(country, variant, start)), str(path), "html", mark)
                written += 1
    kept = len(countries) - written
    click.echo(f"{written} briefs written to {folder}, {kept} of the same data were there", err=True)


def _mark(variant: str, start: date | None) -> str:
    """Return the comment that says what a brief was made from."""
    from parity import __version__
    from parity.catalogue import snapshot_checksum, tables

    made = f"{__version__} {variant} {start or ''} {snapshot_checksum(*tables())}"
    return f"<!-- made from {hashlib.sha256(made.encode()).hexdigest()[:16]} -->"
