"""The pages, in the order of the navigation. A page is one module or folder here that holds ``PAGE``."""

from __future__ import annotations

import importlib
from functools import cache

from parity.web.page import Page

NAMES = ("ranking",)


@cache
def pages() -> tuple[Page, ...]:
    """Return all pages."""
    return tuple(importlib.import_module(f"parity.web.pages.{name}").PAGE for name in NAMES)


def warm() -> None:
    """Make what the first visitor would wait for: the indices, and their variants for intervals."""
    from parity.web.tables import VARIANTS, built, prepared_index

    for page in pages():
        page.view(page.state())
    for variant in VARIANTS:
        built(variant)
        prepared_index(variant, None, None)
