"""The address of the trade page."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator

from parity.ask.question import FirstDay
from parity.ask.trade import START, codes_of
from parity.errors import ParityError
from parity.web.groups import code_of
from parity.web.pages.trade.choices import controlled, supplied
from parity.web.state import State

MOST_THIRD = 12
FIRST_DAY = date(2012, 1, 1)


class TradeState(State):
    """Which control is looked at from whose exports, and whose supply.

    Attributes
    ----------
    sanctioned
        Country that the control is on, ISO3, to be chosen.
    start
        First day of the control.
    reporter
        Who exports: the European Union (all goods), or Taiwan (integrated circuits).
    third
        Third countries to judge, ISO3 with commas; the usual ones where empty.
    by
        Whether paths are drawn by year or by month.
    country
        Whose supply is looked at, ISO3; that of the country under control where empty.
    goods
        All goods, or integrated circuits.
    split
        Whether supply is told by group of origins or by every origin.
    """

    sanctioned: str = ""
    start: Annotated[FirstDay, Field(ge=FIRST_DAY)] = START
    reporter: Literal["EU", "TWN"] = "EU"
    third: str = Field(default="", max_length=200)
    by: Literal["year", "month"] = "year"
    country: str = ""
    goods: Literal["total", "chips"] = "total"
    split: Literal["group", "origin"] = "group"

    @field_validator("sanctioned", "country", mode="before")
    @classmethod
    def _by_name(cls, text: str) -> str:
        return code_of(text)

    @field_validator("sanctioned")
    @classmethod
    def _is_controlled(cls, code: str) -> str:
        if code and code not in controlled():
            raise ValueError("no control on it is on record; choose from the list")
        return code

    @field_validator("country")
    @classmethod
    def _is_supplied(cls, code: str) -> str:
        if code and code not in supplied():
            raise ValueError("no trade with it is at hand; choose from the list")
        return code

    @field_validator("third")
    @classmethod
    def _are_countries(cls, text: str) -> str:
        try:
            found = codes_of([text])
        except ParityError as problem:
            raise ValueError(str(problem)) from None
        if len(found) > MOST_THIRD:
            raise ValueError(f"at most {MOST_THIRD} countries")
        return ",".join(found)
