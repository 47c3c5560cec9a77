"""Numbers as people write them: digits, words, ranges, hedges, units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from parity.claims._numerals import TIME_UNITS, may_begin, numeral
from parity.claims._text import Token

# Vague numbers of months, weeks and years, as ranges.
_FEW = {
    ("several",): (3.0, 9.0), ("a", "few"): (2.0, 5.0), ("few",): (2.0, 5.0),
    ("a", "matter", "of"): (3.0, 9.0), ("a", "question", "of"): (3.0, 9.0), ("mere",): (3.0, 9.0),
    ("only",): (3.0, 9.0), ("just",): (3.0, 9.0), ("a", "handful", "of"): (2.0, 6.0), ("some",): (3.0, 9.0),
    ("many",): (6.0, 30.0),
}  # fmt: skip

_FEW_FIRST = frozenset(phrase[0] for phrase in _FEW)

_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₽": "RUB", "₹": "INR", "dollar": "USD",
               "dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP", "yuan": "CNY",
               "rubles": "RUB", "roubles": "RUB", "rupees": "INR", "yen": "JPY", "won": "KRW",
               "reais": "BRL", "riyals": "SAR", "dirhams": "AED"}  # fmt: skip
# Those that stand before the number.
_PREFIXES = {"us$": "USD", "usd": "USD", "eur": "EUR", "gbp": "GBP", "rmb": "CNY", "cny": "CNY",
             "inr": "INR", "rs": "INR", "rs.": "INR", "r$": "BRL", "jpy": "JPY"}  # fmt: skip
_PREFIXES |= {sign: code for sign, code in _CURRENCIES.items() if len(sign) == 1}
# Months in one unit of time.
MONTHS = {
    "day": 12 / 365.25,
    "week": 84 / 365.25,
    "month": 1.0,
    "quarter": 3.0,
    "year": 12.0,
    "decade": 120.0,
}
# Units of computing and power, which no count of systems or chips is in.
UNITS = {
    "petaflops": "petaflops", "petaflop": "petaflops", "pflops": "petaflops", "pflop": "petaflops",
    "pflop/s": "petaflops", "petaflop/s": "petaflops", "exaflops": "exaflops", "exaflop": "exaflops",
    "eflops": "exaflops", "exaflop/s": "exaflops", "teraflops": "teraflops", "megawatts": "MW",
    "megawatt": "MW",
    "mw": "MW", "gigawatts": "GW", "gigawatt": "GW", "gw": "GW", "kilowatts": "kW", "gwh": "GWh",
    "twh": "TWh",
    "nanometres": "nm", "nanometers": "nm", "nm": "nm", "gigabytes": "GB", "terabytes": "TB",
}  # fmt: skip
# How far a hedged number may be off, as shares of it; None is open.
HEDGES: dict[str, tuple[float | None, float | None]] = {
    "about": (0.8, 1.2),
    "nearly": (0.9, 1.0),
    "just over": (1.0, 1.1),
    "at least": (1.0, None),
    "at most": (None, 1.0),
}
_HEDGE_WORDS = {
    "about": "about,around,roughly,approximately,approx,approx.,some,circa,~,≈,an estimated,in the region of,"
    "more or less,perhaps,maybe,probably,possibly,likely",
    "nearly": "nearly,almost,close to,just under,just below,slightly less than,slightly under,a little under,"
    "a little less than,barely,approaching",
    "just over": "just over,slightly more than,a little more than,slightly over,a little over",
    "at least": "at least,more than,over,above,no less than,no fewer than,not less than,exceeding,>,easily,"
    "upwards of,a minimum of,in excess of,greater than,well over,north of,as little as,as few as",
    "at most": "at most,up to,no more than,not more than,less than,fewer than,under,below,well under,"
    "well below,a maximum of,as much as,as many as,not even,no longer than,<",
}
_HEDGES = sorted(
    ((tuple(words.split()), name) for name, many in _HEDGE_WORDS.items() for words in many.split(",")),
    key=lambda pair: -len(pair[0]),
)


_HEDGES_BY_LAST: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    last: tuple(pair for pair in _HEDGES if pair[0][-1] == last) for last in {pair[0][-1] for pair in _HEDGES}
}


# "Crept up to 75 percent" states a level, "up to 75 percent" a bound.
_MOVED = frozenset(("crept", "went", "gone", "climbed", "risen", "rose", "grown", "grew", "moved", "shot",
                    "add", "adds", "added", "amount", "amounts", "sums"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text."""

    low: float  # What was stated, without its hedge: equal unless a range was given
    high: float
    # ``""`` for a count, ``ordinal``, ``percent`` (a fraction is one), ``times``, a currency, or a unit of
    # time
    unit: str
    hedge: str  # One of ``HEDGES``, or ``""``
    digit: float  # Size of the last place stated, in the unit: 0.1 for 1.5, 1e8 for "1.5 billion"
    first: int  # Positions of its first and last token, hedge included
    last: int

    def bounds(self) -> tuple[float | None, float | None]:
        """Return the interval that was meant: the hedge applied, ends ``None`` where open."""
        below, above = HEDGES.get(self.hedge, (1.0, 1.0))
        return (None if below is None else self.low * below, None if above is None else self.high * above)


def quantities(words: Sequence[Token], skip: frozenset[int] = frozenset()) -> list[Quantity]:
    """Return the numbers of a sentence."""
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
    if not may_begin(lower) and lower not in _PREFIXES and lower not in _FEW_FIRST:
        return None
    currency = _PREFIXES.get(lower, "")
    start = place + 1 if currency else place
    if start >= len(words) or start in skip:
        return None
    vague = _few(words, start)
    if vague is not None:
        return vague
    core = numeral(words, start)
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
    if words[place].lower not in _FEW_FIRST:
        return None
    for phrase, (low, high) in _FEW.items():
        last = place + len(phrase)
        if tuple(word.lower for word in words[place:last]) != phrase or last >= len(words):
            continue
        unit = words[last].lower.removesuffix("s")
        if unit in TIME_UNITS and words[last].lower.endswith("s"):
            return Quantity(low, high, unit, "", 1.0, place, last)
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
    if head in UNITS:
        return UNITS[head], last + 1 + step
    if head in _CURRENCIES:
        return _CURRENCIES[head], last + 1 + step
    if head in ("us", "u.s.") and rest[step + 1] in ("dollars", "dollar"):
        return "USD", last + 2 + step
    if head.removesuffix("s") in TIME_UNITS:
        return head.removesuffix("s"), last + 1 + step
    return "", last


def _ranges(words: Sequence[Token], numbers: list[Quantity]) -> list[Quantity]:
    """Join "six to nine months", "6-9", "between 6 and 9", "six or nine" into one."""
    joined: list[Quantity] = []
    for number in numbers:
        before = joined[-1] if joined else None
        if before is not None and _is_range(words, before, number):
            first = before.first
            first = _opening(words, first)
            joined[-1] = _joined(before, number, first)
        else:
            joined.append(number)
    whole = [_year_and_a_half(words, number) for number in joined]
    return [
        number
        for before, number in zip([None, *whole], whole, strict=False)
        if not before or number.first > before.last
    ]


def _joined(low: Quantity, high: Quantity, first: int) -> Quantity:
    """Return the range between two numbers, in the finer of two units of time."""
    unit = high.unit or low.unit
    if low.unit and low.unit != high.unit:
        unit = min(low.unit, high.unit, key=lambda each: MONTHS[each])
        scale = {each: MONTHS[each] / MONTHS[unit] for each in (low.unit, high.unit)}
        low, high = (replace(end, low=end.low * scale[end.unit], high=end.high * scale[end.unit])
                     for end in (low, high))  # fmt: skip
    hedge = high.hedge or low.hedge
    return Quantity(low.low, high.high, unit, hedge, high.digit, first, high.last)


def _opening(words: Sequence[Token], first: int) -> int:
    """Return where a range begins: with "between", "from" or "between a" before its first number."""
    for lead in (1, 2):
        opener = words[first - lead].lower if first >= lead else ""
        if opener in ("between", "from") and (lead == 1 or words[first - 1].lower == "a"):
            return first - lead
    return first


def _is_range(words: Sequence[Token], first: Quantity, second: Quantity) -> bool:
    between = [word.lower for word in words[first.last + 1 : second.first]]
    gap = " ".join(word for word in between if word not in ("-", ","))
    opens = words[_opening(words, first.first)].lower
    linked = (
        gap == "to"
        or between in (["-"], ["–"], ["—"])
        or (gap == "and" and opens == "between")
        or gap == "or"
    )
    if first.unit in MONTHS and second.unit in MONTHS:
        least, most = first.low * MONTHS[first.unit], second.low * MONTHS[second.unit]
    elif first.unit in ("", second.unit):
        least, most = first.low, second.low
    else:
        return False
    if not linked or least >= most:
        return False
    # "rose from 6 to 9 models" is a change, not a range.
    return not (gap == "to" and opens == "from" and second.unit not in TIME_UNITS)


def _year_and_a_half(words: Sequence[Token], number: Quantity) -> Quantity:
    tail = [word.lower for word in words[number.last + 1 : number.last + 4]]
    if tail == ["and", "a", "half"] and number.unit in MONTHS:
        return replace(number, low=number.low + 0.5, high=number.high + 0.5, digit=0.5, last=number.last + 3)
    return number


def _hedged(words: Sequence[Token], number: Quantity) -> Quantity:
    """Return the number with the hedge around it."""
    before = words[number.first - 1].lower if number.first else ""
    for phrase, name in _HEDGES_BY_LAST.get(before, ()):
        start = number.first - len(phrase)
        if start >= 0 and tuple(word.lower for word in words[start : number.first]) == phrase:
            if phrase == ("up", "to") and start > 0 and words[start - 1].lower in _MOVED:
                return number
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


def tolerated(
    low: float | None, high: float | None, hedge: str, rounding: float
) -> tuple[float | None, float | None]:
    """Return the interval that a number stands for: its hedge, else the rounding of its last place.

    The one place where a hedge has a tolerance.
    """
    below, above = HEDGES.get(hedge, (1.0, 1.0))
    slack = 0.0 if hedge in HEDGES else rounding
    return (
        None if below is None or low is None else low * below - slack,
        None if above is None or high is None else high * above + slack,
    )
