"""Reach of countries, kept for the next request."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.chips import Reach

START = date(2019, 1, 1)
COUNTED = ("free", "exception", "domestic")
"""What can be had without anyone's decision on an application."""


@lru_cache(maxsize=128)
def reached(country: str, metric: str, counting: tuple[str, ...], codified: bool) -> Reach:
    """Return the reach that ``parity chips reach`` tells.

    Parameters
    ----------
    country
        ISO3.
    metric
        Figure compared.
    counting
        Terms that count as "can have".
    codified
        Whether text that is not enforced counts.
    """
    from parity import chips

    book = chips.rulebook()
    end = chips.last_month(book)
    return chips.reach(book, chips.accelerators(), country, START, end, metric, counting, codified)
