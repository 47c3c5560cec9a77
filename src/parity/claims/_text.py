"""Sentences and tokens of a text, each with its place in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syntok.tokenizer import Tokenizer

# "6-9" is two numbers, "2024-12-11" a date and "GPT-4o" a name.
_RANGE = re.compile(r"([$€£]?\d[\d.,]*%?)([-–—])([$€£]?\d[\d.,]*(?:%|[a-z]{1,3})?)")
# "20%", "$1.5bn", "10x": number and unit are words of their own.
_UNITS = re.compile(r"((?:US|R|A|C|S|HK)?\$|[€£¥₽₹~≈<>]?)(\d[\d.,]*?)(%|x|bn|tn|mn|m|b|k|pc)?", re.I)
_ABBREVIATION = re.compile(r"(?:[a-z]\.)+[a-z]|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec")
_HASH = re.compile(r"#\d+")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")


# Words of the longest sentence: what runs on is cut, so that reading takes time by the length of a text.
LONGEST = 250


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; ``lower`` is its form for comparison."""

    text: str
    lower: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its tokens; ``start`` and ``end`` count characters of the whole text."""

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...]


def sentences(text: str) -> list[Sentence]:
    """Split a text into sentences."""
    from syntok import segmenter

    found = []
    for begin, lines in _blocks(text):
        # The splitter counts from the first character of a paragraph that is no blank.
        block = lines.lstrip()
        start = begin + len(lines) - len(block)
        for paragraph in segmenter.process(block):
            for words in paragraph:
                every = tuple(_joined(_tokens(block, words, start)))
                for at in range(0, len(every), LONGEST):
                    tokens = every[at : at + LONGEST]
                    first, last = tokens[0].start, tokens[-1].end
                    found.append(Sentence(text[first:last], first, last, tokens))
    return found


def tokens(text: str) -> list[Token]:
    """Return the tokens of a phrase, as a sentence would have them."""
    return list(_joined(_tokens(text, list(_tokenizer().tokenize(text)), 0)))


@cache
def _tokenizer() -> Tokenizer:
    from syntok.tokenizer import Tokenizer

    return Tokenizer()


_ITEM = re.compile(r"[^\S\n]*(?:[-*•]|\d+[.)])\s")


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield runs of lines; a short line without a stop is a heading and ends with its line."""
    begin = 0
    for line in re.finditer(r"[^\n]*\n?", text):
        bare = line.group().strip()
        heading = len(bare) < 80 and not bare.endswith((".", "!", "?", ",", ";", ":", "”", '"', "-"))
        if not bare and begin == line.start():
            begin = line.end()
            continue
        listed = _ITEM.match(text, line.end())
        if not bare or heading or listed or bare.endswith(("!", "?")):
            wrapped = heading and bare and text[line.end() : line.end() + 1].islower()
            if not wrapped and text[begin : line.end()].strip():
                yield begin, text[begin : line.end()]
                begin = line.end()
    if text[begin:].strip():
        yield begin, text[begin:]


def _tokens(text: str, words: list[object], offset: int) -> Iterator[Token]:
    for word in words:
        value = str(getattr(word, "value"))  # noqa: B009 syntok carries no types
        start = int(getattr(word, "offset"))  # noqa: B009
        # syntok spells contractions out ("n't" as "not"): what stands in the text is kept.
        raw = value if text.startswith(value, start) else text[start : start + len(value)]
        for piece, place in _pieces(raw, start) if raw.strip() else ():
            yield Token(piece, _plain(piece), offset + place, offset + place + len(piece))


def _joined(words: Iterable[Token]) -> Iterator[Token]:
    """Yield tokens, the stop after "U.S" or "Dec" joined to it, and names in one piece."""
    held: Token | None = None
    for word in words:
        if held and word.text == "." and word.start == held.end and _ABBREVIATION.fullmatch(held.lower):
            yield Token(held.text + ".", held.lower + ".", held.start, word.end)
            held = None
            continue
        # syntok parts "DeepSeek" into two words.
        if held and held.text.isalpha() and word.text.isalnum() and word.start == held.end:
            held = Token(held.text + word.text, held.lower + word.lower, held.start, word.end)
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


def _pieces(word: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the parts of a word: ends of a range, and units that touch their number."""
    if word[:5].casefold() in ("u.s.-", "u.k.-"):
        # "U.S.-based".
        yield word[:4], start
        yield word[5:], start + 5
        return
    span = _RANGE.fullmatch(word)
    if span:
        for group in (1, 2, 3):
            yield from _pieces(span.group(group), start + span.start(group))
        return
    if _HASH.fullmatch(word):
        yield "#", start
        yield word[1:], start + 1
        return
    units = None if _ORDINAL.fullmatch(word) else _UNITS.fullmatch(word)
    if units and (units.group(1) or units.group(3)):
        for group in (1, 2, 3):
            if units.group(group):
                yield units.group(group), start + units.start(group)
        return
    yield word, start


def _plain(word: str) -> str:
    return word.replace("’", "'").casefold()
