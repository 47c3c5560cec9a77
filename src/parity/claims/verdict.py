"""What the evidence says about a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from parity.estimate import Estimate


class Verdict(StrEnum):
    """The four answers."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    PARTLY = "partly"
    CANNOT = "cannot be checked with this data"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a claim was held against.

    Attributes
    ----------
    what
        What was measured, with edition, set of countries and method.
    found
        The measured number with its interval, if it is one.
    finding
        The finding in words.
    source
        Where it comes from, with its vintage.
    """

    what: str
    finding: str
    source: str
    found: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons.

    Attributes
    ----------
    verdict
        The answer.
    why
        The rule that gave it, in one sentence.
    evidence
        What the claim was held against.
    reproduce
        Command that shows the evidence.
    would_change
        What would change the verdict.
    """

    verdict: Verdict
    why: str
    evidence: tuple[Evidence, ...]
    reproduce: str
    would_change: str


def overlap(claimed: tuple[float | None, float | None], measured: tuple[float | None, float | None]) -> bool:
    """Return whether two intervals share a point; ``None`` is an open end."""
    low = max((end for end in (claimed[0], measured[0]) if end is not None), default=float("-inf"))
    high = min((end for end in (claimed[1], measured[1]) if end is not None), default=float("inf"))
    return low <= high


def agrees(
    claimed: tuple[float | None, float | None],
    measured: tuple[float | None, float | None],
    *,
    denied: bool,
) -> bool:
    """Return whether a statement holds: the intervals overlap; a denied one only if nothing else may.

    A denial is contradicted by a measured interval that lies wholly within the claimed one, for only then
    does no value that may be true agree with the denial.
    """
    if not denied:
        return overlap(claimed, measured)
    above = claimed[0] is None or (measured[0] is not None and measured[0] >= claimed[0])
    below = claimed[1] is None or (measured[1] is not None and measured[1] <= claimed[1])
    return above and below


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a claim of several parts: what all share, else ``partly``.

    Parts that cannot be checked count only where all cannot, or the rest is supported (then ``partly``).
    """
    kinds = set(verdicts)
    if len(kinds) == 1:
        return next(iter(kinds))
    if kinds == {Verdict.CONTRADICTED, Verdict.CANNOT}:
        return Verdict.CONTRADICTED
    return Verdict.PARTLY


def turned(judgement: Judgement) -> Judgement:
    """Return the judgement on the denial of a claim."""
    other = {Verdict.SUPPORTED: Verdict.CONTRADICTED, Verdict.CONTRADICTED: Verdict.SUPPORTED}
    verdict = other.get(judgement.verdict, judgement.verdict)
    why = judgement.why
    if verdict != judgement.verdict:
        why = f"the text denies it; for the statement itself: {why}"
    return replace(judgement, verdict=verdict, why=why)


def cannot(why: str, reproduce: str, would_change: str, evidence: tuple[Evidence, ...] = ()) -> Judgement:
    """Return a judgement that the data cannot tell."""
    return Judgement(Verdict.CANNOT, why, evidence, reproduce, would_change)
