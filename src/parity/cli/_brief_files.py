"""Briefs as files: one document, or one file for every country."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parity.catalogue import files
from parity.errors import ParityError

if TYPE_CHECKING:
    from parity.brief.document import Document

FORMS = ("html", "md", "pdf")


def write(document: Document, path: str, form: str) -> None:
    """Write a document in one of the forms.

    Parameters
    ----------
    document
        What to write.
    path
        File.
    form
        One of ``FORMS``.
    """
    if form == "pdf":
        from parity.brief.pdf import pdf

        files.write_bytes(path, pdf(document))
    elif form == "md":
        from parity.brief.markdown import markdown

        files.write_text(path, markdown(document))
    else:
        from parity.brief.html import html

        files.write_text(path, html(document))


def write_all(folder: str, variant: str) -> None:
    """Write the HTML brief of every ranked country; a run that was stopped goes on where it was.

    Parameters
    ----------
    folder
        Where to; made if absent. A brief of the same data that is there already is kept.
    variant
        Variant of the index.

    Raises
    ------
    ParityError
        If the folder cannot be made.
    """
    from rich.console import Console
    from rich.progress import Progress

    from parity.brief.compose import compose
    from parity.brief.document import document
    from parity.brief.standing import ranking, standing
    from parity.catalogue import vintage

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
            if not _is_current(path, vintage(), variant):
                write(document(compose(country, variant)), str(path), "html")
                written += 1
    kept = len(countries) - written
    click.echo(f"{written} briefs written to {folder}, {kept} of the same data were there", err=True)


def _is_current(path: Path, data: str, variant: str) -> bool:
    if not path.exists():
        return False
    text = files.read_text(path)
    return f"Data: {data}." in text and f"variant {variant}." in text
