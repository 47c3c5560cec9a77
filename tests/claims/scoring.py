"""Precision and recall of the claim families on a corpus."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from parity.claims import FAMILIES
from parity.claims.extract import extract

CORPUS = Path(__file__).with_name("corpus.txt")
HELD_OUT = Path(__file__).with_name("held_out.txt")
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


def sentences(corpus: Path) -> Iterator[tuple[set[str], str]]:
    for line in corpus.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            families, _, sentence = line.partition(" | ")
            yield set(families.split(",")) - {"-"}, sentence


def errors(corpus: Path) -> Iterator[tuple[set[str], set[str], str]]:
    """Yield families missed, families found wrongly, and the sentence, where there are any."""
    for wanted, sentence in sentences(corpus):
        found = {claim.family for claim in extract(sentence, TODAY).claims}
        if found != wanted:
            yield wanted - found, found - wanted, sentence


def scores(corpus: Path) -> list[Score]:
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for wanted, sentence in sentences(corpus):
        found = {claim.family for claim in extract(sentence, TODAY).claims}
        right.update(wanted & found)
        missed.update(wanted - found)
        wrong.update(found - wanted)
    return [Score(family, right[family], wrong[family], missed[family]) for family in FAMILIES]
