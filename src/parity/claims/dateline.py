"""The date of a text."""

from __future__ import annotations

import datetime as dt
import re

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
    fallback = dt.date.fromisoformat(told.group()) if told else dt.date.today()
    for sentence in sentences(text[:HEAD])[:2]:
        days = [
            period for period in periods(sentence, fallback, lambda skip: []) if period.start == period.end
        ]
        named = [
            period for period in days if re.search(r"\d{4}", _words(sentence, period.first, period.last))
        ]
        if named and (len(sentence.tokens) <= 12 or named[0].last <= 8):
            return named[0].start, False
    return fallback, True


def _words(sentence: Sentence, first: int, last: int) -> str:
    return " ".join(token.text for token in sentence.tokens[first : last + 1])
