"""The address of the page that checks a text."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, field_validator

from parity.claims import FAMILIES
from parity.web.days import Day
from parity.web.state import State

MOST_TEXT = 20_000
"""Characters of the longest text taken: some three thousand words, about a second's work."""
FIRST_DAY = dt.date(1950, 1, 1)


class CheckState(State):
    """A text and how it is read. A text too long for an address comes with a form.

    Attributes
    ----------
    text
        The text; empty: none yet.
    date
        Date of the text; by default the one at its head.
    family
        Family of claims to keep; empty: all.
    """

    text: Annotated[str, Field(max_length=MOST_TEXT)] = ""
    date: Annotated[Day, Field(ge=FIRST_DAY)] | None = None
    family: str = ""

    @field_validator("date", mode="before")
    @classmethod
    def _no_day(cls, given: object) -> object:
        # A form sends an empty field where nobody wrote a date.
        return given or None

    @field_validator("family")
    @classmethod
    def _family(cls, family: str) -> str:
        if family and family not in FAMILIES:
            raise ValueError(f"allowed are {', '.join(FAMILIES)}")
        return family
