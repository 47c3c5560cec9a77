"""Claims found in a corpus of sentences, family by family."""

from __future__ import annotations

import pytest

from tests.claims.scoring import errors, scores, sentences

# The corpus steered the rules, so it guards against loss; it is no estimate for other texts.
LEAST = 0.9


def test_corpus_is_large_enough() -> None:
    assert sum(1 for _ in sentences()) >= 120
    assert sum(not families for families, _ in sentences()) >= 20


@pytest.mark.parametrize("score", scores(), ids=lambda score: score.family)
def test_precision_and_recall(score) -> None:
    wrong = [sentence for missed, found, sentence in errors() if score.family in missed | found]
    assert score.precision >= LEAST, wrong
    assert score.recall >= LEAST, wrong
