"""Precision and recall of the claim families on sentences and on whole texts."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from parity.claims import FAMILIES
from parity.claims.extract import extract

HERE = Path(__file__).parent
CORPUS = HERE / "corpus.txt"
HELD_OUT = HERE / "held_out.txt"
# Whole texts: those that steered the rules, and those that were scored once, after the last change.
TEXTS = HERE / "texts"
UNSEEN = HERE / "unseen"
TODAY = dt.date(2025, 9, 1)


class Score(NamedTuple):
    """Counts of one family."""

    family: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)


class Labelled(NamedTuple):
    """A sentence with the families that stand in it and those that were found."""

    wanted: set[str]
    found: set[str]
    sentence: str


def read(path: Path) -> list[tuple[set[str], str]]:
    """Return families and sentence of every line of a file."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            families, _, sentence = line.partition(" | ")
            found.append((set(families.split(",")) - {"-"}, sentence))
    return found


def sentences(corpus: Path) -> Iterator[Labelled]:
    """Yield the sentences of a file, each read alone, or those of a folder's texts, read as texts."""
    if corpus.is_dir():
        for path in sorted(corpus.glob("*.txt")):
            yield from _text(path)
        return
    for wanted, sentence in read(corpus):
        yield Labelled(wanted, {claim.family for claim in extract(sentence, TODAY).claims}, sentence)


def _text(path: Path) -> Iterator[Labelled]:
    day = re.search(r"date: (\S+)", path.read_text(encoding="utf-8"))
    lines = read(path)
    text, places = "", []
    for _, sentence in lines:
        places.append((len(text), len(text) + len(sentence)))
        # A heading stands on a line of its own.
        text += sentence + (" " if sentence.endswith((".", "!", "?", '"')) else "\n\n")
    claims = extract(text, dt.date.fromisoformat(day.group(1)) if day else TODAY).claims
    for (wanted, sentence), (start, end) in zip(lines, places, strict=True):
        yield Labelled(wanted, {c.family for c in claims if start <= c.span[0] < end}, sentence)


def errors(corpus: Path) -> Iterator[tuple[set[str], set[str], str]]:
    """Yield families missed, families found wrongly, and the sentence, where there are any."""
    for wanted, found, sentence in sentences(corpus):
        if found != wanted:
            yield wanted - found, found - wanted, sentence


def scores(corpus: Path) -> list[Score]:
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for wanted, found, _ in sentences(corpus):
        right.update(wanted & found)
        missed.update(wanted - found)
        wrong.update(found - wanted)
    return [Score(family, right[family], wrong[family], missed[family]) for family in FAMILIES]
