"""Chronology: arithmetic on two dates of the text."""

from __future__ import annotations

from parity.claims.model import ChronologyClaim
from parity.claims.verdict import Finding, Held, Judgement, Span, settle
from parity.estimate import Estimate

# A stretch of time stated without a hedge is rounded to its unit; one with "about" to a fifth.
SHARE_STATED, SHARE_ABOUT, LEAST_DAYS = 0.1, 0.25, 3.0


def judge_chronology(claim: ChronologyClaim) -> Judgement:
    """Return the verdict on a stretch of time between two days."""
    days = float((claim.second - claim.first).days)
    share = SHARE_ABOUT if claim.hedge else SHARE_STATED
    slack = max(LEAST_DAYS, share * claim.high)
    low = None if claim.hedge == "at most" else claim.low - slack
    high = None if claim.hedge == "at least" else claim.high + slack
    evidence = Finding(
        f"days from {claim.first} to {claim.second}",
        f"{days:.0f} days",
        "the text's own dates",
        Estimate(days, days, days, None, "days"),
    )
    why = (
        f"{days:.0f} days lie between the two dates; stated are {claim.low:.0f} to {claim.high:.0f}, "
        f"give or take {slack:.0f}"
    )
    command = (
        f"python -c \"from datetime import date as d; print(d.fromisoformat('{claim.second}') - "
        f"d.fromisoformat('{claim.first}'))\""
    )
    held = Held(
        f"{claim.first} and {claim.second}", "days between two dates of the text", "days", "the text",
        "the calendar", Span(low, high), Span(days, days),
    )  # fmt: skip
    return settle(claim, held, why, (evidence,), command, "another date of either event")
