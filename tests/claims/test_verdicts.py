"""Verdicts, as of the claim's date, on claims whose answer is settled by a public record."""

from __future__ import annotations

import datetime as dt

import pytest

from parity.claims import Verdict, check
from parity.claims.verdict import overlap, together

S, C, P, N = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.PARTLY, Verdict.CANNOT


@pytest.mark.parametrize(
    ("sentence", "date", "verdict"),
    [
        ("Russia ranks 31st out of 83 countries in the Global AI Index.", "2025-01-01", S),
        ("Russia ranks 20th out of 83 countries in the Global AI Index.", "2025-01-01", C),
        ("Russia ranks 31st out of 62 countries in the Global AI Index.", "2025-01-01", P),
        ("Germany was eighth in the Global AI Index.", "2023-12-01", S),
        ("BRICS member Indonesia spoke first.", "2025-06-01", S),
        ("BRICS member Indonesia spoke first.", "2024-06-01", C),
        ("The United Kingdom is a member of the EU.", "2015-06-01", S),
        ("The United Kingdom is a member of the EU.", "2025-06-01", C),
        ("The United Kingdom is not a member of the EU.", "2025-06-01", S),
        ("China can still buy the H20.", "2025-02-01", S),
        ("China can still buy the H20.", "2025-05-31", C),
        ("The H100 is banned from export to Russia.", "2025-01-01", S),
        ("The H100 is banned from export to Poland.", "2024-06-01", C),
        ("South Korea must secure 10,000 GPUs by the end of 2025.", "2025-06-01", S),
        ("Luxembourg must secure 10,000 GPUs by the end of 2025.", "2025-06-01", N),
        (
            "Russia's imports of chips from Taiwan fell by more than half between 2021 and 2023.",
            "2025-01-01",
            S,
        ),
        ("Russia's imports of chips from Taiwan rose between 2021 and 2023.", "2025-01-01", C),
        ("The order of 1 January 2025 on AI came three weeks after 11 December 2024.", "2025-01-01", S),
        ("The order of 1 January 2025 on AI came three months after 11 December 2024.", "2025-01-01", C),
        ("China published more AI papers than Luxembourg in 2022.", "2025-01-01", S),
        ("Luxembourg published more AI papers than China in 2022.", "2025-01-01", C),
    ],
)
def test_settled_claims(sentence: str, date: str, verdict: Verdict) -> None:
    report = check(sentence, dt.date.fromisoformat(date))
    assert [one.judgement.verdict for one in report.checked] == [verdict]


def test_every_verdict_has_reason_command_and_what_would_change_it() -> None:
    text = "Russia ranks 31st in the Global AI Index. China can buy the H20. France is in BRICS as a member."
    for one in check(text, dt.date(2025, 1, 1)).checked:
        assert one.judgement.why
        assert one.judgement.would_change
        assert one.judgement.reproduce.startswith("parity ")
        assert all(item.source for item in one.judgement.evidence)


def test_intervals_overlap_at_a_point_and_with_open_ends() -> None:
    assert overlap((1, 2), (2, 3))
    assert not overlap((1, 2), (2.1, 3))
    assert overlap((None, 2), (1, None))
    assert not overlap((3, None), (1, 2))


def test_parts_of_a_claim() -> None:
    assert together([S, S]) is S
    assert together([S, C]) is P
    assert together([C, N]) is C
    assert together([S, N]) is P
