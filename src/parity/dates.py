"""Days as users write them, read in one place."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from parity.errors import ParityError

_EPOCH = dt.date(1970, 1, 1)
_WRITTEN = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


def today() -> dt.date:
    """Return the present day in UTC."""
    return dt.datetime.now(dt.UTC).date()


def read(given: str | dt.date, *, first: bool = False, ahead: bool = False) -> dt.date:
    """Read a day.

    Parameters
    ----------
    given
        ``2024-01-31``, a month (``2024-01``), a year (``2024``), or a day.
    first
        Whether a year or month stands for its first day, as in "since 2024"; its last day otherwise, as
        in "known by 2024", and today for the present one.
    ahead
        Whether the day may lie in the future.

    Returns
    -------
    datetime.date
        The day.

    Raises
    ------
    ParityError
        If it is no day, or lies in the future.
    """
    if isinstance(given, dt.datetime):
        given = given.date()
    found = given if isinstance(given, dt.date) else _day(given.strip(), first, ahead)
    if found > today() and not ahead:
        raise ParityError(f"{given} lies in the future; give a day up to today")
    return found


def _day(text: str, first: bool, ahead: bool) -> dt.date:
    # The standard library's reader takes 20250131 and 2025-W05-5 as well, and no month or year.
    parts = text.split("-") if _WRITTEN.fullmatch(text) else []
    try:
        start = dt.date.fromisoformat("-".join([*parts, *["01"] * (3 - len(parts))]) if parts else "")
    except ValueError:
        raise ParityError(
            f"'{text}' is not a day; write YYYY-MM-DD, for example 2025-01-31, or a year or a month"
        ) from None
    if len(parts) == 3 or first:
        return start
    month = start.month if len(parts) == 2 else 12
    end = start.replace(month=month, day=calendar.monthrange(start.year, month)[1])
    return end if ahead or start > today() else min(end, today())


def number_of(day: dt.date) -> int:
    """Return a day as the number of days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: float) -> dt.date:
    """Return the day of a number of days since 1970-01-01."""
    return _EPOCH + dt.timedelta(days=round(number))
