"""Check a text: its claims highlighted in place, with verdicts and evidence."""

from parity.web.page import Page
from parity.web.pages.check.view import CheckState, view

PAGE = Page(
    slug="check",
    title="Check a text",
    summary="Paste a text on nations and AI: its claims are found and held against the evidence.",
    state=CheckState,
    view=view,
    posted=True,
)

__all__ = ["PAGE"]
