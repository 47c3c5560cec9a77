"""Days in an address: ``2024-06-01``, or the number of a day that a slider without script sends."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator

from parity import dates
from parity.errors import ParityError


def _read(given: Any, *, first: bool = False) -> Any:
    # Four digits are a year. A slider's numbers have five: its days lie after 1997.
    if isinstance(given, str) and len(given) == 5 and given.isascii() and given.isdigit():
        given = dates.day_of(int(given))
    if not isinstance(given, str | dt.date):
        return given
    try:
        return dates.read(given, first=first)
    except ParityError as problem:
        raise ValueError(str(problem)) from None


Day = Annotated[dt.date, BeforeValidator(_read)]
"""A day up to today, as a field of a page's state; of a year or month the last."""

FirstDay = Annotated[dt.date, BeforeValidator(partial(_read, first=True))]
"""A day from which something is counted; of a year or month the first."""
