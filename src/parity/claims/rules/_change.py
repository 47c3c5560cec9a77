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
    """A change, as a factor."""

    start: int  # Piece of the stream
    end: int
    direction: str  # ``up`` or ``down``
    low: float | None  # Least and most factor stated; both ``None`` where only the direction was
    high: float | None
    hedge: str  # How the number is hedged
    since: dt.date | None  # From when; ``None`` without a date
    until: Period | None  # When it ended; ``None`` without a date
    rounding: float = 0.0
    form: str = "change"


# Half of the last place of a factor said in a word: "doubled" is 1.75 to 2.25, "halved" 0.4 to 0.6.
_WORD_UP, _WORD_DOWN = 0.25, 0.1


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
            if direction == "down":
                hedge = {"at least": "at most", "at most": "at least"}.get(hedge, hedge)
            slack = _WORD_UP if direction == "up" else _WORD_DOWN
            form = "rate" if _RATE.search(context.stream[found.end() - 1 :]) else "change"
            yield Change(
                found.start(), found.end(), direction, factor, factor, hedge, since, end, slack, form
            )
    for words, direction in (("more|higher|larger|bigger", "up"), ("fewer|less|lower|smaller", "down")):
        found = rule(f"<P:by> {words}").search(context.stream)
        if found:
            yield _read(context, found, direction)
    # "Shrank to less than a fifth", "rose to twice": what is left, as a factor.
    for words, direction in ((UP, "up"), (DOWN, "down")):
        reached = rule(
            f"{words} .. to .. <PF:by> [of] [its|the|what|that|as|a|in|since|from|between|last|,|.]"
        ).search(context.stream)
        if reached and _is_left_share(context, reached):
            number = context.quantity(reached.group("by"))
            scale = 100.0 if number.unit == "percent" else 1.0
            low, high, slack = number.low / scale, number.high / scale, number.digit / scale / 2
            since = _since(context, reached.start())
            yield Change(
                reached.start(), reached.end(), direction, low, high, number.hedge, since, end, slack
            )
    times = rule("<PF:by> as many|much").search(context.stream)
    if times and not context.has("as many|much as .. <CB>"):
        number = context.quantity(times.group("by"))
        scale = 100.0 if number.unit == "percent" else 1.0
        low, high = number.low / scale, number.high / scale
        way = "down" if high < 1 else "up"
        yield Change(times.start(), times.end(), way, low, high, number.hedge, _since(context), end)


_RATE = re.compile(
    r"^ (?:@T\d+(?! ago| earlier| later| before|,)|(?:a|per|each|every) (?:year|month)|every @T\d+|annually|"
    r"yearly|per @T\d+|on average (?:@T\d+|(?:a|per|each|every) year))\b"
)


def _is_left_share(context: Context, found: re.Match[str]) -> bool:
    """Return whether a number after "to" is a part of what was: no level in per cent."""
    number = context.quantity(found.group("by"))
    written = context.reading.sentence.tokens[number.first : number.last + 1]
    return number.unit == "times" or not any(word.text in ("%", "percent", "per", "pc") for word in written)


def _moved(context: Context) -> Iterator[Change]:
    """Yield "rose by a tenth", "fell"."""
    for direction, verbs in (("up", UP), ("down", DOWN)):
        for tail in (" .. <PF:by>", " ... by .. <PF:by>", ""):
            # "Up" alone is an adverb of any verb: "tore up the rule".
            words = verbs if tail else "|".join(word for word in verbs.split("|") if word not in _ADVERBS)
            found = rule(f"{words}{tail}").search(context.stream)
            if found:
                if tail and " to " in found.group():
                    continue
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
    rounding = number.digit / 2 / (100 if number.unit == "percent" else 1)
    form = "rate" if _RATE.search(context.stream[found.end() - 1 :]) else "change"
    if number.unit == "percent":
        sign = 1 if direction == "up" else -1
        low, high = sorted((1 + sign * low / 100, 1 + sign * high / 100))
    elif direction == "down":
        low, high = 1 / high, 1 / low
        rounding *= low * low
    hedge = number.hedge
    if direction == "down":
        # "Fell by more than half" is a factor of at most a half.
        hedge = {"at least": "at most", "at most": "at least"}.get(hedge, hedge)
    if hedge == "about" and number.unit == "percent":
        # "About 20 percent more" is hedged in the 20, not in the 1.2.
        low, high, hedge = 1 + 0.8 * (low - 1), 1 + 1.2 * (high - 1), ""
        low, high = sorted((low, high))
    return Change(
        found.start(), found.end(), direction, low, high, hedge, since, until(context), rounding, form
    )


_YEAR_BEFORE = re.compile(
    r"(?:^| )(?:a year (?:earlier|before|previously)|the (?:previous|preceding|prior) year|the year before|"
    r"year on year|year-on-year|@T\d+ (?:earlier|before) )"
)


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
    if _YEAR_BEFORE.search(context.stream):
        ended = until(context) or next(
            (context.period(key) for key, _ in context.reading.of_kind("W") if context.period(key).year), None
        )
        year = (ended.end if ended else context.today).year - (1 if ended else 0)
        return dt.date(year if ended else year - 1, 1, 1)
    over = rule("in|over|within the last|past <T:time>").search(context.stream) or rule(
        "over|in|within <T:time>"
    ).search(context.stream)
    if over:
        number = context.quantity(over.group("time"))
        return context.today - stretch(number.high, number.unit)
    dated = rule("in|during <W:since>").search(context.stream) or rule("<W:since>").search(context.stream)
    if dated:
        period = context.period(dated.group("since"))
        # "Rose by a tenth in 2023" is against the year before.
        if period.start <= context.today and (period.end - period.start).days > 300:
            return dt.date(period.start.year - 1, 1, 1)
    return None
