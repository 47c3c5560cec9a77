"""A small grammar over typed tokens: how the rules of the claim families are written.

A sentence is read into a stream of words in which every name, number and date has become
one typed token (``@C0`` the first country, ``@T0`` the first stretch of time). A rule is a
line such as::

    <C:subject> .. rank* .. <N:rank> ... of <Q:of>

with words, alternatives ``a|b``, stems ``rank*``, optional words ``[the]``, typed tokens
``<KIND>`` or ``<KIND:name>``, and gaps of up to three (``..``), ten (``...``) or thirty (``....``) words
that stay within a clause; ``^`` and ``$`` are the ends of the sentence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from parity.claims._dates import Period, periods
from parity.claims._names import Name, names
from parity.claims._numbers import MONTHS, UNITS, Quantity, quantities
from parity.claims._text import Sentence

# Kinds of typed tokens: numbers by their unit, dates.
ORDINAL, PERCENT, TIMES, TIME, MONEY, COUNT, WHEN, UNIT = "N", "P", "F", "T", "V", "Q", "W", "U"
_NOT_END = r"(?!(?:[;:.!?]) )"
_GAPS = {"..": rf"(?:{_NOT_END}\S+ ){{0,3}}?", "...": rf"(?:{_NOT_END}\S+ ){{0,10}}?",
         "....": rf"(?:{_NOT_END}\S+ ){{0,30}}?"}  # fmt: skip

Mention = Name | Quantity | Period
_UNITS = frozenset(UNITS.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as typed tokens."""

    sentence: Sentence  # The sentence
    stream: str  # Its words in lower case, each followed by a blank, mentions as ``@`` with kind and number
    mentions: Mapping[str, Mention]  # Mention of every typed token, without the ``@``
    _places: tuple[int, ...]
    _ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the whole text of a piece of the stream."""
        covered = [position for position, at in enumerate(self._places) if start <= at < end]
        words = self.sentence.tokens
        return words[self._first(covered[0])].start, words[self._last(covered[-1])].end

    def piece(self, start: int, end: int) -> tuple[int, int]:
        """Return the piece of the stream that covers a place in the whole text."""
        words = self.sentence.tokens
        inside = [
            position
            for position in range(len(self._places))
            if words[self._last(position)].end > start and words[self._first(position)].start < end
        ]
        if not inside:
            return 0, 0
        following = inside[-1] + 1
        return self._places[inside[0]], (
            self._places[following] if following < len(self._places) else len(self.stream)
        )

    def _first(self, position: int) -> int:
        return self._ends[position - 1] + 1 if position else 0

    def _last(self, position: int) -> int:
        return self._ends[position]

    def of_kind(self, kind: str) -> list[tuple[str, Mention]]:
        """Return the mentions of a kind, in order, with their keys."""
        return [(key, mention) for key, mention in self.mentions.items() if key[0] == kind]

    def names(self, kind: str) -> list[Name]:
        """Return the names of a kind, in order."""
        return [mention for _, mention in self.of_kind(kind) if isinstance(mention, Name)]

    def position(self, key: str) -> int:
        """Return where in the stream a mention stands."""
        return self.stream.index(f"@{key} ")


def read(sentence: Sentence, today: dt.date, about: Mapping[str, str] | None = None) -> Reading:
    """Read a sentence into typed tokens."""
    words = sentence.tokens
    named = names(words, about)
    taken = frozenset(place for name in named for place in range(name.first, name.last + 1))
    dated = [
        period
        for period in periods(sentence, today, lambda skip: quantities(words, skip | taken))
        if not taken & set(range(period.first, period.last + 1))
    ]
    taken |= {place for period in dated for place in range(period.first, period.last + 1)}
    numbers = [n for n in quantities(words, taken) if not taken & set(range(n.first, n.last + 1))]
    return _compose(sentence, sorted((*named, *dated, *numbers), key=lambda mention: mention.first))


def _compose(sentence: Sentence, found: list[Mention]) -> Reading:
    parts: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    mentions: dict[str, Mention] = {}
    counts: Counter[str] = Counter()
    waiting = iter(found)
    following = next(waiting, None)
    place = length = 0
    while place < len(sentence.tokens):
        if following is not None and following.first == place:
            kind = _kind(following)
            key = f"{kind}{counts[kind]}"
            counts[kind] += 1
            mentions[key] = following
            word, place, following = f"@{key}", following.last, next(waiting, None)
        else:
            word = sentence.tokens[place].lower
        parts.append(word)
        places.append(length)
        ends.append(place)
        length += len(word) + 1
        place += 1
    return Reading(sentence, " ".join(parts) + " ", mentions, tuple(places), tuple(ends))


def _kind(mention: Mention) -> str:
    if isinstance(mention, Name):
        return mention.kind
    if isinstance(mention, Period):
        return WHEN
    kinds = {"": COUNT, "ordinal": ORDINAL, "percent": PERCENT, "times": TIMES}
    if mention.unit in _UNITS:
        return UNIT
    return kinds.get(mention.unit) or (TIME if mention.unit in MONTHS else MONEY)


@cache
def rule(text: str) -> re.Pattern[str]:
    """Compile a rule to a pattern over streams."""
    return re.compile("(?:^|(?<= ))" + "".join(_element(element) for element in text.split()))


def _element(element: str) -> str:
    if element in _GAPS:
        return _GAPS[element]
    if element == "$":
        return r"(?:[.!,;] )*$"
    if element == "^":
        return "^"
    optional = re.fullmatch(r"\[(.+)\]", element)
    if optional:
        return f"(?:{_element(optional.group(1))})?"
    typed = re.fullmatch(r"<([A-Z]+)(?::(\w+))?>", element)
    if typed:
        inner = rf"@[{typed.group(1)}]\d+"
        return f"(?P<{typed.group(2)}>{inner}) " if typed.group(2) else f"{inner} "
    words = [_word(word) for word in element.split("|")]
    return f"(?:{'|'.join(words)}) "


def _word(word: str) -> str:
    """Return an alternative: a word, a stem, or a typed token without a name."""
    typed = re.fullmatch(r"<([A-Z]+)>", word)
    if typed:
        return rf"@[{typed.group(1)}]\d+"
    return re.escape(word).replace(r"\*", r"\S*").replace("_", " ")


def matches(reading: Reading, rules: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Yield the matches of some rules in a sentence, those of earlier rules first."""
    for text in rules:
        if may_match(text, reading.stream):
            yield from rule(text).finditer(reading.stream)


def may_match(text: str, stream: str) -> bool:
    """Return whether a stream holds what every match of a rule must: most rules it rules out at once."""
    return all(any(part in stream for part in parts) for parts in _needed(text))


@cache
def _needed(text: str) -> tuple[tuple[str, ...], ...]:
    """Return, for each element that a match cannot do without, the beginnings that it may have."""
    found = []
    for element in text.split():
        if element in _GAPS or element in ("^", "$") or element.startswith("["):
            continue
        typed = re.fullmatch(r"<([A-Z]+)(?::\w+)?>", element)
        kinds = typed.group(1) if typed else ""
        words = [] if typed else element.split("|")
        parts = [f"@{kind}" for kind in kinds]
        for word in words:
            inner = re.fullmatch(r"<([A-Z]+)>", word)
            parts += (
                [f"@{kind}" for kind in inner.group(1)] if inner else [word.rstrip("*").replace("_", " ")]
            )
        found.append(tuple(parts))
    # Typed tokens first: they are rarer than words.
    return tuple(sorted(found, key=lambda parts: not parts[0].startswith("@")))
