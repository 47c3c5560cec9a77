"""Data and methods: sources, licences, vintages, downloads, formulas."""

from parity.web.page import Page
from parity.web.pages.data.state import DataState
from parity.web.pages.data.view import view

PAGE = Page(
    slug="data",
    title="Data and methods",
    summary="Every source with its licence and vintage, every table to download, every formula.",
    state=DataState,
    view=view,
)

__all__ = ["PAGE"]
