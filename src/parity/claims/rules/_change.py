"""Changes: how a text says that something rose or fell, and by how much."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from parity.claims._dates import Period, stretch
from parity.claims._grammar import rule
from parity.claims.rules._context import Context

UP = (
    "rose|rise*|risen|rising|grew|grow*|grown|increas*|climb*|jump*|surg*|soar*|expand*|up|gain*|"
    "swell*|swollen|higher"
)
DOWN = (
    "fell|fall*|drop*|declin*|shrank|shrunk|shrink*|decreas*|plung*|slump*|down|collaps*|contract*|"
    "tumbl*|sank|lower|dwindl*"
)
_ADVERBS = ("up", "down", "higher", "lower")
_FACTORS = {
    "doubled|doubling|doubles|double": (2.0, "up"),
    "tripled|tripling|trebled|triples": (3.0, "up"),
    "quadrupled|quadrupling": (4.0, "up"),
    "quintupled": (5.0, "up"),
    "halved|halving|halves": (0.5, "down"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change, as a factor.

    Attributes
    ----------
    start, end
        Piece of the stream.
    direction
        ``up`` or ``down``.
    low, high
        Least and most factor stated; both ``None`` where only the direction was.
    hedge
        How the number is hedged.
    since
        From when; ``None`` without a date.
    until
        When it ended; ``None`` without a date.
    """

    start: int
    end: int
    direction: str
    low: float | None
    high: float | None
    hedge: str
    since: dt.date | None
    until: Period | None


def change(context: Context) -> Change | None:
    """Return the first change that a sentence speaks of, or ``None``."""
    candidates = [*_multiplied(context), *_moved(context)]
    return min(candidates, key=lambda change: (change.start, change.low is None), default=None)


def _multiplied(context: Context) -> Iterator[Change]:
    """Yield "doubled", "more than halved", "half as many"."""
    end = until(context)
    for words, (factor, direction) in _FACTORS.items():
        found = rule(f"[more] [than] [nearly|almost|roughly|about] {words}").search(context.stream)
        if found:
            hedge, since = _lead_hedge(found.group()), _since(context, found.start())
            yield Change(found.start(), found.end(), direction, factor, factor, hedge, since, end)
    for words, direction in (("more|higher|larger|bigger", "up"), ("fewer|less|lower|smaller", "down")):
        found = rule(f"<P:by> {words}").search(context.stream)
        if found:
            yield _read(context, found, direction)
    times = rule("<PF:by> as many|much").search(context.stream)
    if times and not context.has("as many|much as .. <CB>"):
        number = context.quantity(times.group("by"))
        scale = 100.0 if number.unit == "percent" else 1.0
        low, high = number.low / scale, number.high / scale
        way = "down" if high < 1 else "up"
        yield Change(times.start(), times.end(), way, low, high, number.hedge, _since(context), end)


def _moved(context: Context) -> Iterator[Change]:
    """Yield "rose by a tenth", "fell"."""
    for direction, verbs in (("up", UP), ("down", DOWN)):
        for tail in (" .. <PF:by>", " ... by .. <PF:by>", ""):
            # "Up" alone is an adverb of any verb: "tore up the rule".
            words = verbs if tail else "|".join(word for word in verbs.split("|") if word not in _ADVERBS)
            found = rule(f"{words}{tail}").search(context.stream)
            if found:
                yield _read(context, found, direction)
                break


def _lead_hedge(words: str) -> str:
    if "more than" in words:
        return "at least"
    return (
        "nearly"
        if re.search("nearly|almost", words)
        else "about"
        if re.search("roughly|about", words)
        else ""
    )


def _read(context: Context, found: re.Match[str], direction: str) -> Change:
    key = found.groupdict().get("by")
    since = _since(context, found.start())
    if key is None:
        return Change(found.start(), found.end(), direction, None, None, "", since, until(context))
    number = context.quantity(key)
    low, high = number.low, number.high
    if number.unit == "percent":
        sign = 1 if direction == "up" else -1
        low, high = sorted((1 + sign * low / 100, 1 + sign * high / 100))
    elif direction == "down":
        low, high = 1 / high, 1 / low
    hedge = number.hedge
    if direction == "down":
        # "Fell by more than half" is a factor of at most a half.
        hedge = {"at least": "at most", "at most": "at least"}.get(hedge, hedge)
    return Change(found.start(), found.end(), direction, low, high, hedge, since, until(context))


def until(context: Context) -> Period | None:
    """Return the date at which a change ended: the second of "from 2021 to 2023"."""
    for text in ("from <W> to|until <W:until>", "between <W> and <W:until>"):
        found = rule(text).search(context.stream)
        if found:
            return context.period(found.group("until"))
    return None


def _since(context: Context, at: int = 0) -> dt.date | None:
    """Return the day that a change is counted from."""
    for text in (
        "since <W:since>",
        "from <W:since> to|until",
        "between <W:since> and",
        "compared with|to <W:since>",
        "than in <W:since>",
    ):
        # The one after the verb; "cut off since 2022 ... have dropped since 2021".
        found = rule(text).search(context.stream, at) or rule(text).search(context.stream)
        if found:
            return context.period(found.group("since")).start
    over = rule("in|over|within the last|past <T:time>").search(context.stream) or rule(
        "over|in|within <T:time>"
    ).search(context.stream)
    if over:
        number = context.quantity(over.group("time"))
        return context.today - stretch(number.high, number.unit)
    year = rule("in|during <W:since>").search(context.stream) or rule("<W:since>").search(context.stream)
    if year:
        period = context.period(year.group("since"))
        # "Rose by a tenth in 2023" is against the year before.
        if period.start <= context.today and (period.end - period.start).days > 300:
            return dt.date(period.start.year - 1, 1, 1)
    return None
