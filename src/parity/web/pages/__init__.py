"""The pages, in the order of the navigation. A page is one module or folder here that holds ``PAGE``."""

from __future__ import annotations

import importlib
from functools import cache
from urllib.parse import parse_qsl

from parity.web.page import Page
from parity.web.state import read_state

NAMES = ("ranking", "country", "frontier", "chips", "blocs", "trade", "information", "check", "data")


@cache
def pages() -> tuple[Page, ...]:
    """Return all pages."""
    return tuple(importlib.import_module(f"parity.web.pages.{name}").PAGE for name in NAMES)


def warm() -> None:
    """Make what the first visitor would wait for: each page, and what intervals of the ranking take."""
    from parity.ask.intervals import prepared

    for page in pages():
        state = read_state(page.state, parse_qsl(page.sample)).state
        page.view(state)
        for name in page.warmed:
            page.parts[name](state)
    prepared("both", None, None)
