"""Stretches of time between two dates of a text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from parity.claims._dates import Period, stretch
from parity.claims._grammar import matches
from parity.claims.model import ChronologyClaim
from parity.claims.rules._context import Context, pointer

_RULES = (
    "<T:gap> [earlier|later] after .. <W:other>",
    "<T:gap> [earlier] before .. <W:other>",
    "<T:gap> from|since .. <W:other>",
    "<T:gap> after ... <W:other>",
    "<T:gap> before ... <W:other>",
    "<W:other> ... <T:gap> later|afterwards",
    "<W:other> ... <T:gap> earlier",
)


def chronology_claims(context: Context) -> Iterator[ChronologyClaim]:
    """Yield the stretches of time that a sentence gives between two days."""
    yield from _told(context)
    seen: set[str] = set()
    for found in matches(context.reading, _RULES):
        gap, other = context.quantity(found.group("gap")), context.period(found.group("other"))
        if found.group("gap") in seen or other.start != other.end:
            continue
        seen.add(found.group("gap"))
        earlier = " before " in found.group() or " earlier " in found.group()
        day, named = _other_day(context, other)
        first, second = (day, other.start) if earlier else (other.start, day)
        span = context.reading.span(0, len(context.stream))
        yield ChronologyClaim(
            span=span,
            text=context.text[span[0] : span[1]],
            as_of=context.today,
            open=() if named else ("date",),
            hedge=gap.hedge,
            first=first,
            second=second,
            low=stretch(gap.low, gap.unit).days,
            high=stretch(gap.high, gap.unit).days,
        )


# "Published on Wednesday, three weeks after he announced that ...": the day of the event stands elsewhere.
_EVENT = ("<W:own> ... <T:gap> after|before he|she|it|they|the|a|an|its|his|her",)


def _told(context: Context) -> Iterator[ChronologyClaim]:
    """Yield a stretch of time to an event that another sentence dates."""
    for found in matches(context.reading, _EVENT):
        own, gap = context.period(found.group("own")), context.quantity(found.group("gap"))
        clause = context.stream[found.end("gap") :]
        day = context.day_of(clause)
        if own.start != own.end or day is None or re.search(r"@W", clause):
            continue
        earlier = " before " in found.group()
        first, second = (own.start, day) if earlier else (day, own.start)
        span = context.reading.span(0, len(context.stream))
        yield ChronologyClaim(
            span=span,
            text=context.text[span[0] : span[1]],
            as_of=context.today,
            hedge=gap.hedge,
            first=first,
            second=second,
            low=stretch(gap.low, gap.unit).days,
            high=stretch(gap.high, gap.unit).days,
        )
        return


def _other_day(context: Context, known: Period) -> tuple[dt.date, bool]:
    """Return the day that the stretch is counted to, and whether the text names it.

    Another day of the sentence; for "it came three weeks after" that of the one before, else the text's.
    """
    for _, mention in context.reading.of_kind("W"):
        if isinstance(mention, Period) and mention != known and mention.start == mention.end:
            return mention.start, True
    if pointer(context.stream) and context.earlier.day is not None:
        return context.earlier.day, True
    return context.today, False
