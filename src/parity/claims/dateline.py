"""The date of a text."""

from __future__ import annotations

import datetime as dt
import re

from parity import dates
from parity.catalogue import vintage
from parity.claims._dates import periods
from parity.claims._text import Sentence, sentences

# Characters at the head of a text in which its date stands.
HEAD = 300
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def text_date(text: str) -> tuple[dt.date, bool]:
    """Return the date of a text.

    Parameters
    ----------
    text
        The text.

    Returns
    -------
    tuple of date and bool
        The day that stands alone at the head ("Published 1 January 2025", "MOSCOW, Jan 1, 2025 -"); without
        one the day of the data, and whether that was taken.
    """
    told = _DAY.search(vintage())
    fallback = dt.date.fromisoformat(told.group()) if told else dates.today()
    for place, sentence in enumerate(sentences(text[:HEAD])):
        days = [
            period for period in periods(sentence, fallback, lambda skip: []) if period.start == period.end
        ]
        named = [
            period for period in days if re.search(r"\d{4}", _words(sentence, period.first, period.last))
        ]
        if named and _is_dateline(sentence, place, named[0].last):
            return named[0].start, False
    return fallback, True


def _is_dateline(sentence: Sentence, place: int, last: int) -> bool:
    """Return whether a date dates the text: at the top, or all that a short line below ends with."""
    count = len(sentence.tokens)
    return count <= 12 or last <= 8 if place < 2 else count <= 8 and last >= count - 2


def _words(sentence: Sentence, first: int, last: int) -> str:
    return " ".join(token.text for token in sentence.tokens[first : last + 1])
