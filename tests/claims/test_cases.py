"""Sentences by kind of fault: nobody is contradicted wrongly, most is found and judged right."""

from __future__ import annotations

from functools import cache

from parity.claims import Verdict
from tools.claims_report import Outcome, accuracy, extraction, outcome, own_cases, passages

# The bars for texts that were kept back; these sentences steered the rules and must lie above.
LEAST_PRECISION, LEAST_RECALL, LEAST_SUPPORTED = 0.9, 0.9, 0.9
# Of passages, which hold what no rule reads.
LEAST_OF_PASSAGES = 0.75


@cache
def outcomes() -> tuple[Outcome, ...]:
    return tuple(outcome(case) for case in own_cases())


@cache
def of_passages() -> tuple[Outcome, ...]:
    return tuple(passages())


def test_the_corpus_is_large_has_two_styles_and_sentences_without_a_claim() -> None:
    cases = own_cases()
    assert len(cases) >= 400
    assert sum(case.family is None for case in cases) >= 100
    assert len({case.kind for case in cases}) == 19


def test_nobody_is_contradicted_wrongly() -> None:
    assert not [
        (one.case.text, checked.judgement.why)
        for one in (*outcomes(), *of_passages())
        for checked in one.false_contradictions()
    ]


def test_what_is_claimed_is_found_and_judged_right() -> None:
    right, wrong, missed = extraction(outcomes())
    assert right / (right + wrong) >= LEAST_PRECISION
    assert right / (right + missed) >= LEAST_RECALL
    given, good = accuracy(outcomes())[Verdict.SUPPORTED]
    assert good / given >= LEAST_SUPPORTED


def test_passages_are_read_in_their_context() -> None:
    right, wrong, missed = extraction(of_passages())
    assert right / (right + wrong) >= LEAST_PRECISION
    assert right / (right + missed) >= LEAST_OF_PASSAGES
    given, good = accuracy(of_passages())[Verdict.SUPPORTED]
    assert good / given >= LEAST_SUPPORTED
