"""Single numerals: digits, number words, ordinals, fractions, "a dozen", "one in four"."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_CARDINALS = frozenset((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand",
))  # fmt: skip
_MAGNITUDES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "crore": 1e7, "lakh": 1e5,
}  # fmt: skip
_TIMES = {"twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0}
_VAGUE = {"dozen": 12.0, "couple": 2.0}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "thirds": 3, "quarters": 4,
              "fifths": 5, "tenths": 10}  # fmt: skip
# What may follow a fraction; a noun makes it an ordinal ("a third country") or a unit ("a quarter later").
_AFTER_FRACTIONS = frozenset((
    "of", "in", "the", "as", "between", "from", "since", "to", "on", "over", "during", "last", "this",
    "compared", "and", "or", "but", "while", "with", "at", "by", "for", "than", "more", "less", "fewer",
    "higher", "lower", "bigger", "larger", "smaller", "that", "who", "which",
))  # fmt: skip
# Last place of a fraction, in percentage points.
ROUND = 5.0
# "A mere month", "a good year" are one.
_SIZED = frozenset(("full", "whole", "mere", "single", "good", "solid", "bare"))
# Units of time, by their singular.
TIME_UNITS = frozenset(("day", "week", "month", "quarter", "year", "decade"))

# Value, unit ("" for a count), size of the last place stated, position of the last token.
Numeral = tuple[float, str, float, int]


_BEGIN = _CARDINALS | set(_ORDINALS) | set(_TEENS) | set(_TIMES) | set(_VAGUE) | {"a", "an", "half", "every"}


def may_begin(lower: str) -> bool:
    """Return whether a word may begin a numeral: most do not, and need no further look."""
    return lower in _BEGIN or lower[:1].isdigit() or "-" in lower or lower.endswith("fold")


def numeral(words: Sequence[Token], place: int) -> Numeral | None:
    """Return the numeral that begins at a place, ``None`` where none does."""
    return _fraction(words, place) or _core(words, place)


def _core(words: Sequence[Token], place: int) -> Numeral | None:
    """Return value, unit, last place and last token of a plain number."""
    lower = words[place].lower
    ordinal = _DIGIT_ORDINAL.fullmatch(lower)
    if ordinal:
        return float(ordinal.group(1)), "ordinal", 1.0, place
    if _DIGITS.fullmatch(lower):
        value = float(lower.replace(",", ""))
        decimals = len(lower.partition(".")[2])
        return _scaled(words, value, 10.0**-decimals, place)
    if lower in _TIMES:
        return _TIMES[lower], "times", 1.0, place
    if lower.endswith("fold") and _word_value((lower.removesuffix("fold"),)) is not None:
        return float(_word_value((lower.removesuffix("fold"),)) or 0), "times", 1.0, place
    if lower in ("a", "an") and place + 1 < len(words):
        if [word.lower for word in words[place + 1 : place + 4]] == ["order", "of", "magnitude"]:
            return 10.0, "times", 5.0, place + 3
        return _article(words, place)
    if lower in _VAGUE:
        return _scaled(words, _VAGUE[lower], 1.0, place)
    return _spelled(words, place)


def _article(words: Sequence[Token], place: int) -> Numeral | None:
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
    if following.rstrip("s") in TIME_UNITS:
        return 1.0, "", 1.0, place
    if following in _SIZED and place + 2 < len(words) and words[place + 2].lower in TIME_UNITS:
        return 1.0, "", 1.0, place + 1
    return None


def _scaled(words: Sequence[Token], value: float, digit: float, last: int) -> Numeral:
    if last + 1 < len(words) and words[last + 1].lower in _MAGNITUDES:
        scale = _MAGNITUDES[words[last + 1].lower]
        return value * scale, "", digit * scale, last + 1
    return value, "", digit, last


def _spelled(words: Sequence[Token], place: int) -> Numeral | None:
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
    if not unit and [word.lower for word in words[last_place + 1 : last_place + 4]] == ["and", "a", "half"]:
        return value + 0.5, "", 0.5, last_place + 3
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


def _fraction(words: Sequence[Token], place: int) -> Numeral | None:
    """Return "half", "a third", "two thirds", "one in four" as a percentage."""
    lower = words[place].lower
    rest = [word.lower for word in words[place + 1 : place + 5]] + [""] * 4
    nth = _word_value((_ORDINALS.get(rest[0], ""),)) if lower == "every" and rest[0] in _ORDINALS else None
    if nth and nth > 1 and rest[1].rstrip("s") not in TIME_UNITS:
        return 100.0 / nth, "percent", ROUND, place + 1
    step = 2 if rest[0] == "-" else 1
    following = rest[step - 1]
    if lower == "half" and following not in ("a", "an") and following.rstrip("s") not in TIME_UNITS:
        return 50.0, "percent", ROUND, place
    if lower == "half" and following in ("a", "an"):
        return 0.5, "", 0.5, place + 1
    count = 1.0 if lower in ("a", "an", "one") else _word_value((lower,)) if lower in _CARDINALS else None
    if not count:
        return None
    if following in _FRACTIONS and _ends_fraction(words, place, rest[step]):
        return 100.0 * count / _FRACTIONS[following], "percent", ROUND, place + step
    every = _word_value((rest[step],)) if rest[step] in _CARDINALS else None
    if every is None or every <= count or lower in ("a", "an"):
        return None
    # "One in four people", "two of three firms"; "one of ten" alone is a member of a list.
    shared = following == "in" or (following == "of" and count > 1)
    return (100.0 * count / every, "percent", ROUND, place + step + 1) if shared else None


def _ends_fraction(words: Sequence[Token], place: int, after: str) -> bool:
    """Return whether a fraction ends here: "a third of", "by a fifth"; not "a third country"."""
    led = place > 0 and words[place - 1].lower == "by"
    return led or after in _AFTER_FRACTIONS or not after.isalpha()
