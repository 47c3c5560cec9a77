"""Days in an address: ``2024-06-01``, or the number of a day that a slider without script sends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

_EPOCH = date(1970, 1, 1)
# 2100-01-01; a number beyond it is no day of a slider.
_LAST = 47_482


def number_of(day: date) -> int:
    """Return a day as the number of days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: float) -> date:
    """Return the day of a number of days since 1970-01-01."""
    return _EPOCH + timedelta(days=round(number))


def _read(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    if given.isascii() and given.isdigit() and int(given[:9]) <= _LAST:
        return _EPOCH + timedelta(days=int(given[:9]))
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError("write a day as 2024-06-01") from None


def _past(day: date) -> date:
    if day > datetime.now(UTC).date():
        raise ValueError("the day lies in the future")
    return day


Day = Annotated[date, BeforeValidator(_read), AfterValidator(_past)]
"""A day up to today, as a field of a page's state."""
