"""Briefs that requests share: composed once per country and process, as documents and as files."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from parity.brief.compose import compose
from parity.brief.layout import lay_out

if TYPE_CHECKING:
    from parity.brief.document import Document
    from parity.brief.model import Brief

MOST_KEPT = 64

TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
"""Forms that a brief is written in, and their media types."""


@lru_cache(maxsize=MOST_KEPT)
def brief_of(unit: str) -> Brief:
    """Return the brief of a ranked country, by its code."""
    return compose(unit)


@lru_cache(maxsize=MOST_KEPT)
def document_of(unit: str) -> Document:
    """Return the brief of a ranked country as a document."""
    return lay_out(brief_of(unit))


@cache
def forms() -> tuple[str, ...]:
    """Return the forms that this installation can write; a PDF needs the extra ``pdf``."""
    return tuple(form for form in TYPES if form != "pdf" or find_spec("typst"))


@lru_cache(maxsize=MOST_KEPT)
def file_of(unit: str, form: str) -> bytes:
    """Return the brief of a ranked country as a file of one of the ``forms``, JSON aside."""
    document = document_of(unit)
    if form == "pdf":
        from parity.brief.pdf import pdf

        return pdf(document)
    if form == "md":
        from parity.brief.markdown import markdown

        return markdown(document).encode()
    from parity.brief.html import html

    return html(document).encode()
