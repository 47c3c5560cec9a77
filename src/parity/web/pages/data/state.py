"""The address of the page on data and methods."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from parity.web.state import State

Kind = Literal["indicators", "sources", "tables", "methods"]
Text = Annotated[str, Field(max_length=80)]
MOST_COUNTRIES = 6


class DataState(State):
    """What is listed, and what of it is opened.

    Attributes
    ----------
    kind
        What is listed.
    find
        Rows shown: those that hold a text.
    show
        Code, name or key of what is opened; empty: nothing.
    country
        Countries whose series are drawn of an indicator, by any name, separated by commas.
    """

    kind: Kind = "indicators"
    find: Text = ""
    show: Text = ""
    country: Annotated[str, Field(max_length=200)] = ""

    def countries(self) -> tuple[str, ...]:
        """Return the countries asked for, as they were written."""
        parts = (part.strip() for part in self.country.split(","))
        return tuple(part for part in parts if part)[:MOST_COUNTRIES]
