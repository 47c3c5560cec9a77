"""Chips: what the export-control rules of a day say about a device, a destination, a country's reach."""

from parity.web.page import Page
from parity.web.pages.chips.state import ChipsState
from parity.web.pages.chips.view import choose, reach_part, view

PAGE = Page(
    slug="chips",
    title="Chips",
    summary="What export-control rules say about an accelerator and a destination on any day, cited.",
    state=ChipsState,
    view=view,
    choose=choose,
    sample="to=CHN",
    parts={"reach": reach_part},
    warmed=("reach",),
)

__all__ = ["PAGE"]
