"""Numbers as people write them: digits, words, ranges, hedges, units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from parity.claims._text import Token

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_DIGIT_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_ORDINALS = {
    "first": "one", "second": "two", "third": "three", "fourth": "four", "fifth": "five", "sixth": "six",
    "seventh": "seven", "eighth": "eight", "ninth": "nine", "tenth": "ten", "eleventh": "eleven",
    "twelfth": "twelve", "twentieth": "twenty", "thirtieth": "thirty", "fortieth": "forty",
    "fiftieth": "fifty", "sixtieth": "sixty", "seventieth": "seventy", "eightieth": "eighty",
    "ninetieth": "ninety", "hundredth": "hundred",
}  # fmt: skip
_TEENS = {
    f"{teen}th": teen
    for teen in ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
}
_CARDINALS = frozenset(
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
    ]
)
_MAGNITUDES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9,
    "trillion": 1e12, "tn": 1e12, "crore": 1e7, "lakh": 1e5,
}  # fmt: skip
_VAGUE = {"dozen": 12.0, "couple": 2.0}
# Vague numbers of months, weeks and years, as ranges.
_FEW = {("several",): (3.0, 9.0), ("a", "few"): (2.0, 5.0), ("few",): (2.0, 5.0)}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "thirds": 3, "quarters": 4,
              "fifths": 5, "tenths": 10}  # fmt: skip
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₽": "RUB", "₹": "INR", "dollar": "USD",
               "dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP", "yuan": "CNY",
               "rubles": "RUB", "roubles": "RUB", "rupees": "INR"}  # fmt: skip
_TIME = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "decade": "decade",
}
# Months in one unit of time.
MONTHS = {
    "day": 12 / 365.25,
    "week": 84 / 365.25,
    "month": 1.0,
    "quarter": 3.0,
    "year": 12.0,
    "decade": 120.0,
}
# How far a hedged number may be off, as shares of it; None is open.
HEDGES: dict[str, tuple[float | None, float | None]] = {
    "about": (0.8, 1.2),
    "nearly": (0.9, 1.0),
    "just over": (1.0, 1.1),
    "at least": (1.0, None),
    "at most": (None, 1.0),
}
_HEDGE_WORDS = {
    "about": ("about", "around", "roughly", "approximately", "some", "circa", "~", "≈", "an estimated",
        "or so",
              "in the region of", "more or less"),
    "nearly": ("nearly", "almost", "close to", "just under", "just below"),
    "just over": ("just over", "slightly more than", "a little more than", "slightly over"),
    "at least": ("at least", "more than", "over", "above", "no less than", "no fewer than", "exceeding", ">",
                 "upwards of", "not less than", "a minimum of", "in excess of", "greater than", "well over"),
    "at most": ("at most", "up to", "no more than", "less than", "fewer than", "under", "below",
        "not more than",
                "a maximum of", "as much as", "as many as", "<"),
}  # fmt: skip
_HEDGES = sorted(
    ((tuple(words.split()), name) for name, many in _HEDGE_WORDS.items() for words in many),
    key=lambda pair: -len(pair[0]),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text.

    Attributes
    ----------
    low, high
        What was stated, without its hedge: equal unless a range was given.
    unit
        ``""`` for a count, ``ordinal``, ``percent`` (a fraction is one), ``times``, a currency, or a unit
        of time.
    hedge
        One of ``HEDGES``, or ``""``.
    digit
        Size of the last place stated, in the unit: 0.1 for 1.5, 1e8 for "1.5 billion".
    first, last
        Positions of its first and last token, hedge included.
    """

    low: float
    high: float
    unit: str
    hedge: str
    digit: float
    first: int
    last: int

    def bounds(self) -> tuple[float | None, float | None]:
        """Return the interval that was meant: the hedge applied, ends ``None`` where open."""
        below, above = HEDGES.get(self.hedge, (1.0, 1.0))
        return (
            None if below is None else self.low * below,
            None if above is None else self.high * above,
        )


def quantities(words: Sequence[Token], skip: frozenset[int] = frozenset()) -> list[Quantity]:
    """Return the numbers of a sentence.

    Parameters
    ----------
    words
        Its tokens.
    skip
        Positions of tokens that belong to something else, a date or a name.

    Returns
    -------
    list of Quantity
        In order, with ranges joined and hedges taken in.
    """
    found: list[Quantity] = []
    place = 0
    while place < len(words):
        number = None if place in skip else _single(words, place, skip)
        if number is None:
            place += 1
            continue
        found.append(number)
        place = number.last + 1
    return [_hedged(words, number) for number in _ranges(words, found)]


def _single(words: Sequence[Token], place: int, skip: frozenset[int]) -> Quantity | None:
    """Return the number that begins at a place, with its unit."""
    lower = words[place].lower
    currency = _CURRENCIES.get(lower, "") if len(lower) == 1 else ""
    start = place + 1 if currency else place
    if start >= len(words) or start in skip:
        return None
    vague = _few(words, start)
    if vague is not None:
        return vague
    core = _fraction(words, start) or _core(words, start)
    if core is None:
        return None
    value, unit, digit, last = core
    if unit == "":
        unit, last = _unit(words, last, currency)
    if unit == "times" and value == 1:
        return None
    return Quantity(value, value, unit, "", digit, place, last)


def _few(words: Sequence[Token], place: int) -> Quantity | None:
    """Return "several months" or "a few weeks" as a range."""
    for phrase, (low, high) in _FEW.items():
        last = place + len(phrase)
        if tuple(word.lower for word in words[place:last]) != phrase or last >= len(words):
            continue
        unit = words[last].lower.removesuffix("s")
        if unit in _TIME:
            return Quantity(low, high, unit, "", 1.0, place, last)
    return None


def _core(words: Sequence[Token], place: int) -> tuple[float, str, float, int] | None:
    """Return value, unit, last place and last token of a plain number."""
    lower = words[place].lower
    ordinal = _DIGIT_ORDINAL.fullmatch(lower)
    if ordinal:
        return float(ordinal.group(1)), "ordinal", 1.0, place
    if _DIGITS.fullmatch(lower):
        value = float(lower.replace(",", ""))
        decimals = len(lower.partition(".")[2])
        return _scaled(words, value, 10.0**-decimals, place)
    if lower in ("twice", "double", "thrice", "triple"):
        return (2.0 if lower in ("twice", "double") else 3.0), "times", 1.0, place
    if lower.endswith("fold") and _word_value((lower.removesuffix("fold"),)) is not None:
        return float(_word_value((lower.removesuffix("fold"),)) or 0), "times", 1.0, place
    if lower in ("a", "an") and place + 1 < len(words):
        return _article(words, place)
    if lower in _VAGUE:
        return _scaled(words, _VAGUE[lower], 1.0, place)
    return _spelled(words, place)


def _article(words: Sequence[Token], place: int) -> tuple[float, str, float, int] | None:
    """Return "a year" as one year, "a dozen", "a couple of years"."""
    following = words[place + 1].lower
    if following in _VAGUE:
        last = place + 1
        if following == "couple" and last + 1 < len(words) and words[last + 1].lower == "of":
            last += 1
        return _VAGUE[following], "", 1.0, last
    if following in _MAGNITUDES and following in _CARDINALS | {"million", "billion", "trillion"}:
        return _scaled(words, 1.0, 1.0, place)
    if following == "hundred":
        return 100.0, "", 100.0, place + 1
    if following.rstrip("s") in _TIME:
        return 1.0, "", 1.0, place
    if following == "full" and place + 2 < len(words) and words[place + 2].lower in _TIME:
        return 1.0, "", 1.0, place + 1
    return None


def _scaled(words: Sequence[Token], value: float, digit: float, last: int) -> tuple[float, str, float, int]:
    if last + 1 < len(words) and words[last + 1].lower in _MAGNITUDES:
        scale = _MAGNITUDES[words[last + 1].lower]
        return value * scale, "", digit * scale, last + 1
    return value, "", digit, last


def _spelled(words: Sequence[Token], place: int) -> tuple[float, str, float, int] | None:
    """Return the longest run of number words as a value."""
    run: list[str] = []
    best: tuple[float, str, int] | None = None
    for position in range(place, min(place + 8, len(words))):
        lower = words[position].lower
        if lower in ("and", "-") and run:
            run.append(lower)
            continue
        parts = lower.split("-")
        last = parts[-1]
        cardinal = _ORDINALS.get(last) or _TEENS.get(last)
        if not all(part in _CARDINALS for part in parts[:-1]) or not (cardinal or last in _CARDINALS):
            break
        run += [*parts[:-1], cardinal or last]
        value = _word_value(tuple(word for word in run if word not in ("and", "-")))
        if value is None:
            break
        best = (value, "ordinal" if cardinal else "", position)
        if cardinal:
            break
    if best is None:
        return None
    value, unit, last_place = best
    if unit:
        return value, unit, 1.0, last_place
    return _scaled(words, value, 1.0, last_place)


@cache
def _word_value(words: tuple[str, ...]) -> float | None:
    """Return the value of number words, ``None`` for words that make no number ("six nine")."""
    from text_to_num import text2num

    try:
        return float(text2num(" ".join(words), "en"))
    except ValueError:
        return None


def _fraction(words: Sequence[Token], place: int) -> tuple[float, str, float, int] | None:
    """Return "half", "a third", "two thirds" as a percentage."""
    lower = words[place].lower
    following = words[place + 1].lower if place + 1 < len(words) else ""
    if following in ("-",) and place + 2 < len(words):
        following, step = words[place + 2].lower, 2
    else:
        step = 1
    if lower == "half" and following not in ("a", "an") and following.rstrip("s") not in _TIME:
        return 50.0, "percent", 10.0, place
    if lower == "half" and following in ("a", "an"):
        return 0.5, "", 0.5, place + 1
    count = 1.0 if lower in ("a", "an", "one") else _word_value((lower,)) if lower in _CARDINALS else None
    # "a third country" and "a quarter later" are no fractions.
    after = words[place + step + 1].lower if place + step + 1 < len(words) else ""
    if count and following in _FRACTIONS and after in ("of", "in", ",", ".", "the", "as", ""):
        return 100.0 * count / _FRACTIONS[following], "percent", 10.0, place + step
    return None


def _unit(words: Sequence[Token], last: int, currency: str) -> tuple[str, int]:
    """Return unit and last token of a number whose own tokens end at ``last``."""
    if currency:
        return currency, last
    rest = [word.lower for word in words[last + 1 : last + 4]] + [""] * 3
    step = 1 if rest[0] == "-" or rest[0] in ("further", "whole", "full", "more", "extra") else 0
    head = rest[step]
    if head in ("%", "percent", "pc"):
        return "percent", last + 1 + step
    if (head, rest[step + 1]) in (("per", "cent"), ("percentage", "points"), ("percentage", "point")):
        return "percent", last + 2 + step
    if head in ("times", "x", "fold"):
        return "times", last + 1 + step
    if head in _CURRENCIES:
        return _CURRENCIES[head], last + 1 + step
    if head == "us" and rest[step + 1] == "dollars":
        return "USD", last + 2 + step
    if head.removesuffix("s") in _TIME:
        return _TIME[head.removesuffix("s")], last + 1 + step
    return "", last


def _ranges(words: Sequence[Token], numbers: list[Quantity]) -> list[Quantity]:
    """Join "six to nine months", "6-9", "between 6 and 9", "six or nine" into one."""
    joined: list[Quantity] = []
    for number in numbers:
        before = joined[-1] if joined else None
        if before is not None and _is_range(words, before, number):
            first = before.first
            if first > 0 and words[first - 1].lower in ("between", "from"):
                first -= 1
            unit = number.unit or before.unit
            joined[-1] = replace(number, low=before.low, high=number.high, unit=unit, first=first)
        else:
            joined.append(number)
    whole = [_year_and_a_half(words, number) for number in joined]
    return [
        number
        for before, number in zip([None, *whole], whole, strict=False)
        if not before or number.first > before.last
    ]


def _is_range(words: Sequence[Token], first: Quantity, second: Quantity) -> bool:
    between = [word.lower for word in words[first.last + 1 : second.first]]
    gap = " ".join(word for word in between if word not in ("-", ","))
    opens = words[first.first - 1].lower if first.first > 0 else ""
    linked = (
        gap == "to"
        or between in (["-"], ["–"], ["—"])
        or (gap == "and" and opens == "between")
        or gap == "or"
    )
    if not linked or first.unit not in ("", second.unit) or first.low >= second.low:
        return False
    # "rose from 6 to 9 models" is a change, not a range.
    return not (gap == "to" and opens == "from" and second.unit not in _TIME.values())


def _year_and_a_half(words: Sequence[Token], number: Quantity) -> Quantity:
    tail = [word.lower for word in words[number.last + 1 : number.last + 4]]
    if tail == ["and", "a", "half"] and number.unit in MONTHS:
        return replace(number, low=number.low + 0.5, high=number.high + 0.5, digit=0.5, last=number.last + 3)
    return number


def _hedged(words: Sequence[Token], number: Quantity) -> Quantity:
    """Return the number with the hedge around it."""
    for phrase, name in _HEDGES:
        start = number.first - len(phrase)
        if start >= 0 and tuple(word.lower for word in words[start : number.first]) == phrase:
            return replace(number, hedge=name, first=start)
    after = [word.lower for word in words[number.last + 1 : number.last + 3]]
    if after == ["or", "more"]:
        return replace(number, hedge="at least", last=number.last + 2)
    if after in (["or", "less"], ["or", "fewer"]):
        return replace(number, hedge="at most", last=number.last + 2)
    if after == ["or", "so"]:
        return replace(number, hedge="about", last=number.last + 2)
    return number


def in_months(number: Quantity) -> tuple[float | None, float | None]:
    """Return the bounds of a stretch of time in months."""
    low, high = number.bounds()
    size = MONTHS[number.unit]
    return (None if low is None else low * size, None if high is None else high * size)
