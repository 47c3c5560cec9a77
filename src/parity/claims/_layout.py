"""Layout taken off a text, and the tables pasted into it, without moving a character."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# What says nothing: blanked, so that every other character keeps its place.
_HIDDEN = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"))
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
_BLOCK = re.compile(r"</?(?:p|div|li|ul|ol|tr|table|h[1-6]|br|section|article|blockquote)\b[^<>\n]*>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
# "[1]", "[12, 13]", "[a]", superscripts: footnote marks. "*" and "†" after a word.
_FOOTNOTE = re.compile(
    r"\[(?:\d{1,3}(?:\s?[,–-]\s?\d{1,3})*|[a-z]|note \d+|citation needed)\]|[¹²³⁰⁴-⁹]+|[†‡]"
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200b\u200d\ufeff]")
# A flag stands for a country at the head of a line, before its figure; elsewhere it only adorns.
_NAMING = re.compile(
    "(?m)^[ \\t•*–-]*(?:#?\\d{1,3}[.):]? *)?[\U0001f1e6-\U0001f1ff]{2}(?=[ \\t:–-]*[#$€£\\d])"
)
_SPACE = re.compile("[\u00a0\u2007\u202f\u2009\u200a\t\u00ad]")
_MARKS = re.compile(r"(?<![\w*_])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\w*_])|(?m:^#{1,6} )")
_LABEL = re.compile(r"(?m)^(\s*)(?:\d{1,2}/\d{0,2}(?= )|(Q|A|Q\.|A\.|Question|Answer)(\s?[:.])(?=\s))")


def plain(text: str) -> str:
    """Return a text without tags, entities, footnote marks, flags and emphasis, as long as it was."""
    if "<" in text:
        text = _without_hidden(text)
        text = _BLOCK.sub(lambda found: "\n" + " " * (len(found.group()) - 1), text)
        text = _TAG.sub(_blank, text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    text = _FOOTNOTE.sub(_blank, text)
    naming = {found.end() - 2 for found in _NAMING.finditer(text)}
    text = _FLAG.sub(lambda found: found.group() if found.start() in naming else _blank(found), text)
    text = _MARKS.sub(_blank, text)
    text = _LABEL.sub(_blank, text)
    return _SPACE.sub(" ", text)


def _without_hidden(text: str) -> str:
    """Return a text with scripts, styles and comments blanked; one that is never closed stays."""
    for opening, closing in _HIDDEN:
        parts, place, lower = [], 0, text.lower()
        while (start := lower.find(opening, place)) >= 0 and (end := lower.find(closing, start)) >= 0:
            end += len(closing)
            parts += [text[place:start], re.sub(r"[^\n]", " ", text[start:end])]
            place = end
        text = "".join((*parts, text[place:]))
    return text


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _character(found: re.Match[str]) -> str:
    meant = html.unescape(found.group())
    if len(meant) != 1:
        return found.group()
    return (" " if meant.isspace() else meant).ljust(len(found.group()))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a pasted table of names and numbers."""

    heading: str  # The line above the table
    name: str  # What it is about, as written
    number: str  # Its place, or its figure, as written
    start: int  # The row in the text
    end: int


_RANKED = re.compile(
    r"[\s|>•*–-]*(?:(?:No\.? ?|#)?(?P<rank>\d{1,3})(?:st|nd|rd|th)?[.):|]?[\s|]+(?P<name>[^\W\d][\w "
    r".,'’()&-]{2,40}?)|(?P<name2>[^\W\d][\w .,'’()&-]{2,40}?)[\s|:–-]+(?:No\.? ?|#)?(?P<rank2>\d{1,3})(?:st|"
    r"nd|rd|th)?)[\s|.,;]*"
)
_FIGURE = re.compile(
    r"[\s|>•*–-]*(?P<name>[^\W\d][\w .,'’()&-]{1,40}?)[\s|:–-]+[$€£]?"
    r"(?P<rank>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?) ?%?[\s|;]*"
)
# Rows of a table at least, so that it is one.
LEAST_ROWS = 2


def tables(text: str, is_name: Callable[[str], bool], *, figures: bool = False) -> Iterator[list[Row]]:
    """Yield the tables pasted into a text: a heading, and rows of a name with a place or a figure."""
    pattern = _FIGURE if figures else _RANKED
    lines = [
        (found.start(), found.group()) for found in re.finditer(r"[^\n]+", text) if found.group().strip()
    ]
    place = 0
    while place < len(lines):
        rows, after = [], place + 1
        while after < len(lines) and len(lines[after][1]) < 80:
            row = _row(pattern, _heading(lines, place), *lines[after])
            if row is None or not is_name(row.name):
                break
            rows.append(row)
            after += 1
        if len(rows) >= LEAST_ROWS:
            yield rows
        place = after


def _heading(lines: list[tuple[int, str]], place: int) -> str:
    """Return the line above a table, with the one above a head of columns ("| Country | Rank |")."""
    above = place
    while above > 0 and place - above < 2 and lines[above][1].lstrip().startswith("|"):
        above -= 1
    return " ".join(line.strip() for _, line in lines[above : place + 1])


def _row(pattern: re.Pattern[str], heading: str, at: int, line: str) -> Row | None:
    found = pattern.fullmatch(line)
    if found is None:
        return None
    told = found.groupdict()
    number, name = (told[key] or told.get(f"{key}2") or "" for key in ("rank", "name"))
    start = at + len(line) - len(line.lstrip())
    name = re.sub(r"\s*\(\d{1,2}\)$", "", name.strip())
    return Row(heading, name, number, start, at + len(line.rstrip()))
