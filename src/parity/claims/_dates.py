"""Dates and periods of a text, resolved against its own date."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from parity.claims._numbers import Quantity
from parity.claims._text import Sentence, Token

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {f"{name.lower()}.": number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {"sept": 9, "sept.": 9}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
_PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "beginning": (1, 3), "start": (1, 3),
          "middle": (5, 8),
          "end": (12, 12)}  # fmt: skip
_YEAR = re.compile(r"(?:19[5-9]|20[0-9])\d")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_ISO = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")
# Days of the longest stretch of time that is counted: two centuries.
LONGEST = 73_050
_QUARTER = re.compile(r"q([1-4])")
_FIRST_DAYS = {"first": "1", "second": "2", "third": "3"} | {f"{day}{end}": str(day) for day in range(1, 32)
                                                             for end in ("st", "nd", "rd", "th")}  # fmt: skip
_ORDINAL_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
# A month alone is one after these words ("may" is mostly a verb, "march" a walk).
_BEFORE_MONTH = frozenset((
    "in", "by", "since", "until", "till", "before", "after", "last", "next", "this", "of", "from", "through",
    "during", "early", "late", "mid", "end",
))  # fmt: skip
# Words before the day by which something is due.
_BEFORE_DUE = frozenset(("by", "before", "until", "till", "than"))
# Words that tell of what is to come: without one, a month is the last of its name.
_AHEAD = frozenset((
    "will", "shall", "would", "next", "plans", "planned", "expected", "due", "upcoming", "must",
))  # fmt: skip
# Numbers that look like years are counts before these words.
_COUNTED = frozenset((
    "models", "gpus", "chips", "systems", "papers", "patents", "people", "researchers", "developers",
    "dollars", "companies",
))  # fmt: skip


# Words that may begin a date.
_BEGIN = (
    set(_MONTHS) | set(_WEEKDAYS) | set(_SEASONS) | set(_PARTS) | set(_FIRST_DAYS) | set(_ORDINAL_QUARTERS)
    | {f"q{number}" for number in range(1, 5)}
    | {"yesterday", "today", "tomorrow", "last", "previous", "this", "next", "coming", "end"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days."""

    start: dt.date  # First and last day
    end: dt.date
    first: int  # Positions of its first and last token
    last: int
    relative: bool = False  # Whether it was counted from another date

    @property
    def year(self) -> int | None:
        """The calendar year that the period lies in; ``None`` where it spans several."""
        return self.start.year if self.start.year == self.end.year else None


def periods(
    sentence: Sentence, today: dt.date, numbers: Callable[[frozenset[int]], list[Quantity]]
) -> list[Period]:
    """Return the dates of a sentence."""
    words = sentence.tokens
    found: list[Period] = []
    place = 0
    while place < len(words):
        first = words[place].lower
        period = None
        if first in _BEGIN or first[:1].isdigit():
            period = _absolute(words, place, today) or _spoken(words, place, today)
        if period is not None:
            found.append(period)
        place = period.last + 1 if period is not None else place + 1
    taken = frozenset(position for period in found for position in range(period.first, period.last + 1))
    counted = [_counted(words, number, found, today) for number in numbers(taken) if _is_time(number)]
    return sorted((*found, *(period for period in counted if period)), key=lambda period: period.first)


def _absolute(words: Sequence[Token], place: int, today: dt.date) -> Period | None:
    """Return the calendar date that begins at a place."""
    lower = [word.lower for word in words[place : place + 5]] + [""] * 5
    if _ISO.fullmatch(lower[0]):
        return _day(lower[0], place, place)
    due = _led(words, place, _BEFORE_DUE) or (
        _led(words, place, frozenset(("the",))) and _led(words, place - 1, _BEFORE_DUE)
    )
    following = lower[2] if lower[1] == "," else lower[1]
    skip = 2 if lower[1] == "," else 1
    if lower[0] in _MONTHS and _DAY.fullmatch(lower[1]) and 0 < int(_digits(lower[1])) <= 31:
        year_at = 3 if lower[2] == "," else 2
        ends = (place + 1, place + year_at)
        return _dated(_digits(lower[1]), lower[0], lower[year_at], place, ends, today, due)
    if _DAY.fullmatch(lower[0]) and lower[1] in _MONTHS and words[place + 1].text[0].isupper():
        ends = (place + 1, place + 2)
        return _dated(_digits(lower[0]), lower[1], lower[2], place, ends, today, due)
    if lower[0] in _MONTHS and words[place].text[0].isupper() and _YEAR.fullmatch(following):
        return _month(int(following), _MONTHS[lower[0]], place, place + skip)
    if lower[0] in _MONTHS and words[place].text[0].isupper() and _led(words, place, _BEFORE_MONTH):
        return _bare_month(words, place, today)
    if lower[1] == "of" and lower[2] in _MONTHS and lower[0] in _FIRST_DAYS:
        year_at = 4 if lower[3] == "," else 3
        ends = (place + 2, place + year_at)
        return _dated(_FIRST_DAYS[lower[0]], lower[2], lower[year_at], place, ends, today, due)
    return _quarter(lower, place, today) or _year_part(words, place, lower)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _day(text: str, first: int, last: int) -> Period | None:
    """Return a day; ``None`` for one that no calendar has."""
    from dateutil import parser

    try:
        day = parser.parse(text, dayfirst=False).date()
    except (ValueError, OverflowError):
        return None
    return Period(day, day, first, last)


def _dated(
    day: str, month: str, year: str, first: int, lasts: tuple[int, int], today: dt.date, due: bool
) -> Period | None:
    """Return a day of a month; without a year, the one nearest to the text's date, ahead of it if due."""
    if _YEAR.fullmatch(year):
        return _day(f"{day} {month.rstrip('.')} {year}", first, lasts[1])
    options = [
        _day(f"{day} {month.rstrip('.')} {today.year + shift}", first, lasts[0]) for shift in (-1, 0, 1)
    ]
    known = [option for option in options if option is not None and (not due or option.start >= today)]
    return min(known, key=lambda option: abs((option.start - today).days), default=None)


def _led(words: Sequence[Token], place: int, leads: frozenset[str]) -> bool:
    return place > 0 and words[place - 1].lower in leads


def _bare_month(words: Sequence[Token], place: int, today: dt.date) -> Period:
    """Return a month without a year: the next one after "by" or "next", the nearest otherwise."""
    month = _MONTHS[words[place].lower]
    lead = words[place - 1].lower
    shifts: tuple[int, ...] = (-1, 0, 1)
    if lead in _BEFORE_DUE | {"next"}:
        shifts = (0, 1)
    elif lead in ("last", "since") or not _AHEAD & {word.lower for word in words}:
        shifts = (-1, 0)
    options = [_month(today.year + shift, month, place, place) for shift in shifts]
    if lead in _BEFORE_DUE | {"next"}:
        options = [option for option in options if option.end >= today]
    elif shifts == (-1, 0):
        options = [option for option in options if option.start <= today]
    return min(options, key=lambda option: abs((option.start - today).days))


def _month(year: int, month: int, first: int, last: int) -> Period:
    end = calendar.monthrange(year, month)[1]
    return Period(dt.date(year, month, 1), dt.date(year, month, end), first, last)


def _quarter(lower: list[str], place: int, today: dt.date) -> Period | None:
    """Return "Q1 2025", "the first quarter of 2025" or "the first half of the year"."""
    number = _QUARTER.fullmatch(lower[0])
    if number and _YEAR.fullmatch(lower[1]):
        return _months(
            int(lower[1]), 3 * int(number.group(1)) - 2, 3 * int(number.group(1)), place, place + 1
        )
    if lower[0] in _ORDINAL_QUARTERS and lower[1] in ("quarter", "half"):
        size = 3 if lower[1] == "quarter" else 6
        end = size * _ORDINAL_QUARTERS[lower[0]]
        at = 3 if lower[2] in ("of", "in") else 2
        if end <= 12 and _YEAR.fullmatch(lower[at]):
            return _months(int(lower[at]), end - size + 1, end, place, place + at)
        if end <= 12 and lower[2] == "of" and lower[3] in ("the", "this") and lower[4] == "year":
            return _months(today.year, end - size + 1, end, place, place + 4)
    return None


def _months(year: int, first_month: int, last_month: int, first: int, last: int) -> Period:
    closing = year + 1 if last_month < first_month else year
    end = dt.date(closing, last_month, calendar.monthrange(closing, last_month)[1])
    return Period(dt.date(year, first_month, 1), end, first, last)


def _year_part(words: Sequence[Token], place: int, lower: list[str]) -> Period | None:
    """Return "early 2024", "the end of 2025", "summer 2023" or a year alone."""
    at = next((step for step in (1, 2, 3) if _YEAR.fullmatch(lower[step])), None)
    if at is not None and all(word in ("-", "of", "the", "in", ",") for word in lower[1:at]):
        months = _SEASONS.get(lower[0]) or _PARTS.get(lower[0])
        if months:
            return _months(int(lower[at]), *months, place, place + at)
    if not _YEAR.fullmatch(lower[0]) or lower[1] in _COUNTED:
        return None
    if place > 0 and words[place - 1].lower in ("$", "€", "£", "top", "some", "about", "rtx", "radeon"):
        return None
    if lower[1] in ("-", "–") and _YEAR.fullmatch(lower[2]):
        return Period(dt.date(int(lower[0]), 1, 1), dt.date(int(lower[2]), 12, 31), place, place + 2)
    return Period(dt.date(int(lower[0]), 1, 1), dt.date(int(lower[0]), 12, 31), place, place)


def _spoken(words: Sequence[Token], place: int, today: dt.date) -> Period | None:
    """Return "yesterday", "last year", "this month", "on Wednesday", "the end of the year"."""
    lower = [word.lower for word in words[place : place + 6]] + [""] * 6
    shift = {"yesterday": -1, "today": 0, "tomorrow": 1}.get(lower[0])
    if shift is not None:
        day = today + dt.timedelta(days=shift)
        return Period(day, day, place, place, relative=True)
    if lower[0] in _WEEKDAYS and _led(words, place, frozenset(("on", "last", "this"))):
        back = (today.weekday() - _WEEKDAYS[lower[0]]) % 7
        day = today - dt.timedelta(days=back)
        return Period(day, day, place, place, relative=True)
    step = {"last": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}.get(lower[0])
    if lower[:2] == ["end", "of"] and lower[2] in ("the", "this", "next") and lower[3] in ("year", "decade"):
        # The decade's end is taken as its round year: "by the end of the decade" is used for 2030.
        year = today.year + (lower[2] == "next") if lower[3] == "year" else today.year - today.year % -10
        return Period(dt.date(year, 12, 31), dt.date(year, 12, 31), place, place + 3, relative=True)
    # "Last year" is a calendar year, "over the last year" the twelve months before.
    if step is None or (step == -1 and _led(words, place, frozenset(("the",)))):
        return None
    return _neighbour(lower[1], step, today, place)


def _neighbour(unit: str, step: int, today: dt.date, place: int) -> Period | None:
    from dateutil.relativedelta import relativedelta

    if unit == "year":
        year = today.year + step
        return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), place, place + 1, relative=True)
    if unit == "month":
        moved = today + relativedelta(months=step)
        found = _month(moved.year, moved.month, place, place + 1)
        return Period(found.start, found.end, place, place + 1, relative=True)
    if unit == "week":
        monday = today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=step)
        return Period(monday, monday + dt.timedelta(days=6), place, place + 1, relative=True)
    return None


def _is_time(number: Quantity) -> bool:
    return number.unit in ("day", "week", "month", "quarter", "year", "decade")


def _counted(words: Sequence[Token], number: Quantity, known: list[Period], today: dt.date) -> Period | None:
    """Return "two years ago" or "within three months" as a day, give or take its unit."""
    after = [word.lower for word in words[number.last + 1 : number.last + 3]] + ["", ""]
    before = words[number.first - 1].lower if number.first else ""
    if after[0] == "ago" or (after[0] == "earlier" and not known):
        return _moved(today, number, -1, number.first, number.last + 1)
    ahead = before == "in" and after[0] in (".", ",", ";", "") and _AHEAD & {word.lower for word in words}
    if before == "within" or ahead:
        # "Within 180 days of 23 January" is counted from that day, "within three months" from the text's.
        start = next((period for period in known if number.last < period.first <= number.last + 3), None)
        counted = after[0] in ("of", "from", "after", "following") and start is not None
        return _moved(start.end if counted and start else today, number, 1, number.first, number.last)
    return None


def _moved(origin: dt.date, number: Quantity, sign: int, first: int, last: int) -> Period:
    """Return an origin moved by a number of units, as far as the number is sure."""
    ends = sorted(origin + sign * stretch(value, number.unit) for value in {number.low, number.high})
    return Period(ends[0], ends[-1], first, last, relative=True)


@cache
def stretch(value: float, unit: str) -> dt.timedelta:
    """Return a stretch of time in days, months counted as a twelfth of 365.25 days."""
    days = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "year": 365.25, "decade": 3652.5}
    return dt.timedelta(days=min(round(value * days[unit]), LONGEST))
