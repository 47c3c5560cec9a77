"""The date of a text: as its page or its head gives it, else inferred from the dates that it names."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from parity import dates
from parity.catalogue import vintage
from parity.claims._dates import Period, periods
from parity.claims._layout import plain
from parity.claims._text import Sentence, sentences

# Characters at the head of a text in which its date stands, and in which a page's metadata do.
HEAD, METADATA = 300, 20_000
# Days between the last thing that is past and the first that is due: so close, the day is as good as known.
CLOSE = 150
# Days after which the last day that a text names tells nothing of its own.
OLD = 1096
# Characters of a text whose dates are read to infer its own.
READ = 60_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAGE = re.compile(
    r"(?:article:published_time|datePublished|date\.issued|DC\.date|parsely-pub-date|"
    r"pubdate)[\"'][^<>]{0,80}?[\"'](\d{4}-\d{2}-\d{2})|<time[^<>]{0,200}?datetime=[\"'](\d{4}-\d{2}-\d{2})",
    re.I,
)
_YEAR = re.compile(r"\d{4}")
# Words before a date that is still to come.
_DUE = re.compile(
    r"\b(?:by|until|till|before|due|deadline|within|no later than|will|shall|must|plans?|aims?|expected|"
    r"scheduled)\b[^.;]{0,60}$",
    re.I,
)


# A sentence that tells what has happened.
_PAST = re.compile(r"\b(?:said|told|was|were|had|began|met|won|\w{3,}ed)\b")


_UPDATED = re.compile(r"\b(?:updated|published|posted|modified|filed)(?: on)?:? [^.;]{0,20}\d", re.I)
# Days of the longest month.
_MONTH = 31


class TextDate(NamedTuple):
    """The date of a text.

    Attributes
    ----------
    day
        The day.
    assumed
        Whether the text does not tell it closely: no claim is contradicted by such a day alone.
    how
        Where it comes from, in words.
    """

    day: dt.date
    assumed: bool
    how: str


def page_date(source: str) -> dt.date | None:
    """Return the date in the metadata of a page's source; ``None`` without one."""
    found = _PAGE.search(source[:METADATA])
    try:
        return dt.date.fromisoformat(found.group(1) or found.group(2)) if found else None
    except ValueError:
        return None


def text_date(text: str) -> TextDate:
    """Return the date of a text.

    Parameters
    ----------
    text
        The text, or the source of a page.

    Returns
    -------
    TextDate
        What the page's metadata give, else the day alone at the head ("MOSCOW, Jan 1, 2025 -"), else
        a day after the last one that the text tells as past and before the first that is due; without any,
        the day of the data.
    """
    page = page_date(text)
    if page:
        return TextDate(page, False, "the page's metadata")
    told = _DAY.search(vintage())
    fallback = dt.date.fromisoformat(told.group()) if told else dates.today()
    bare = plain(text[:READ])
    head: Period | None = None
    for place, sentence in enumerate(sentences(bare[:HEAD])):
        days = [period for period in _dated(sentence, fallback) if (period.end - period.start).days < _MONTH]
        if days and (_is_dateline(sentence, place, days[0]) or _UPDATED.search(sentence.text)):
            return TextDate(min(days[0].end, fallback), False, "the head of the text")
        yearless = _yearless(sentence, fallback)
        if yearless and not head and _is_dateline(sentence, place, yearless[0]):
            head = yearless[0]
    return _inferred(bare, fallback, head) or TextDate(
        fallback, True, "the data, for the text names no day of the last three years"
    )


def _dated(sentence: Sentence, today: dt.date) -> list[Period]:
    """Return the dates of a sentence that name their year."""
    found = periods(sentence, today, lambda skip: [])
    return [p for p in found if not p.relative and _YEAR.search(_words(sentence, p.first, p.last))]


def _yearless(sentence: Sentence, today: dt.date) -> list[Period]:
    """Return the days of a sentence that name no year: "on December 11"."""
    found = periods(sentence, today, lambda skip: [])
    return [p for p in found if not p.relative and p.start == p.end
            and not _YEAR.search(_words(sentence, p.first, p.last))]  # fmt: skip


def _occurrences(day: dt.date, first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the days of that month and day between two others."""
    years = [dt.date(year, day.month, day.day) for year in range(first.year, last.year + 1)
             if (day.month, day.day) != (2, 29)]  # fmt: skip
    return [found for found in years if first <= found <= last]


def _inferred(text: str, today: dt.date, head: Period | None) -> TextDate | None:
    """Return a day between what the text tells as past and what it tells as due; ``None`` without dates.

    A day without a year that the text tells as past, or that stands at its head, is the last before what is
    due; where only one lies between, it counts as a day with its year.
    """
    past: list[Period] = []
    due: list[Period] = []
    bare: list[Period] = []
    for sentence in sentences(text):
        for period in _dated(sentence, today):
            before = text[sentence.start : sentence.tokens[period.first].start]
            (due if _DUE.search(before) else past).append(period)
        if _PAST.search(sentence.text):
            bare += _yearless(sentence, today)
    known = [period for period in past if period.end <= today]
    if not known:
        return None
    last = max(known, key=lambda period: period.start)
    if not due and not head and (today - last.end).days > OLD:
        # "Russia joined BRICS in 2009": what a text tells of long ago does not date it.
        return None
    first = min((period.end for period in due if period.end > last.start), default=None)
    for period in (*bare, *((head,) if head else ())) if first else ():
        days = _occurrences(period.start, last.start, min(first or today, today))
        if len(days) == 1:
            last = max(last, Period(days[0], days[0], 0, 0), key=lambda each: each.start)
    if head and first and (days := _occurrences(head.start, last.start, min(first, today))):
        told = "the head of the text, with the year of its dates"
        return TextDate(days[-1], len(days) > 1, told)
    # Of a year that is told as past, all may be over or only a part.
    day = last.end + dt.timedelta(days=1) if (last.end - last.start).days < 32 else last.end
    close = first is not None and 0 <= (first - last.start).days <= CLOSE
    if first is not None:
        day = min(day, first)
    how = f"its own dates: after {last.start}" + (f" and before {first}" if first else "")
    return TextDate(min(day, today), not close, how)


def _is_dateline(sentence: Sentence, place: int, date: Period) -> bool:
    """Return whether a date dates the text: alone on its line, or before the dash that opens a report."""
    count = len(sentence.tokens)
    others = count - (date.last - date.first + 1)
    if place > 1:
        return count <= 8 and date.last >= count - 2
    if others <= 12 and not re.search(r"[.!?]$", sentence.text.rstrip()):
        return True
    following = [token.text for token in sentence.tokens[date.last + 1 : date.last + 6]]
    opens = any(text in ("-", "–", "—", "--") for text in following) or (others <= 3)
    return date.last <= 8 and opens


def _words(sentence: Sentence, first: int, last: int) -> str:
    return " ".join(token.text for token in sentence.tokens[first : last + 1])
