"""Pledges as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from parity.pledges._pledge import Pledge

# Octets of a line, without its break (RFC 5545, 3.1).
_WIDTH = 75


def calendar(found: Iterable[Pledge], stamp: dt.datetime) -> str:
    """Return pledges as all-day events on their due dates.

    Parameters
    ----------
    found
        Pledges.
    stamp
        Time of writing, in UTC; every event carries it.

    Returns
    -------
    str
        A calendar that Google, Apple and Outlook read: lines of at most 75 octets with CRLF ends.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parity//pledges//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:AI pledges",
    ]
    for pledge in found:
        lines += _event(pledge, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(pledge: Pledge, stamp: dt.datetime) -> list[str]:
    note = f"{pledge.who}: {pledge.what}. Pledged {pledge.made_text}. Source: {pledge.source}"
    return [
        "BEGIN:VEVENT",
        f"UID:{pledge.id}@parity",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{pledge.due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{pledge.due + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{pledge.country}: {pledge.what}')}",
        f"DESCRIPTION:{_text(note)}",
        f"URL:{pledge.source}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """Return a text value escaped: backslash, comma, semicolon and line breaks (RFC 5545, 3.3.11)."""
    escaped = re.sub(r"([\\;,])", r"\\\1", value)
    return re.sub(r"\r\n?|\n", r"\\n", escaped)


def _folded(line: str) -> Iterable[str]:
    """Yield a line in pieces of at most 75 octets, no character cut in two."""
    piece, room = "", _WIDTH
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            # The blank that marks a continuation counts.
            piece, room = " ", _WIDTH - 1
        piece += letter
        room -= size
    yield piece
