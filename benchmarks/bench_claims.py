"""Claims: reading a long text, and judging it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from benchmarks import Measurement, best_of

CORPUS = Path(__file__).parent.parent / "tests" / "claims" / "corpus.txt"
DAY = dt.date(2025, 9, 1)
# Times that the corpus is repeated for a long text.
COPIES = 10


def run() -> list[Measurement]:
    from parity.claims.check import judge_all
    from parity.claims.extract import extract

    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    text = "\n\n".join(line.partition(" | ")[2] for line in lines if line and not line.startswith("#"))
    found = extract(text, DAY)
    judge_all(found)  # the fit and the indices are made once
    long_text = "\n\n".join([text] * COPIES)
    words = len(long_text.split())
    return [
        Measurement(
            f"find claims in {words:,} words", best_of(lambda: extract(long_text, DAY), 3), limit=10.0
        ),
        Measurement(f"judge {len(found.claims)} claims", best_of(lambda: judge_all(found), 3), limit=10.0),
    ]
