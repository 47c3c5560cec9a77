"""What the evidence says about a claim, and when it may contradict one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from parity.claims.model import AnyClaim
from parity.estimate import Estimate


class Verdict(StrEnum):
    """The five answers."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    PARTLY = "partly"
    DEPENDS = "depends"
    CANNOT = "cannot be checked with this data"


Ends = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a claim was held against.

    Attributes
    ----------
    what
        What was measured, with edition, set of countries and method.
    finding
        The finding in words.
    source
        Where it comes from, with its vintage.
    found
        The measured number with its interval, if it is one.
    question
        Command that asks for it, if it is another one than the judgement's.
    address
        Page or file on which the figure stands; empty where it is our own measure.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"question": None}

    what: str
    finding: str
    source: str
    found: Estimate | None = None
    question: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from ``low`` to ``high``; ``None`` is an open end."""

    low: float | None
    high: float | None

    def meets(self, other: Span) -> bool:
        """Return whether a number lies in both."""
        return overlap((self.low, self.high), (other.low, other.high))

    def within(self, other: Span) -> bool:
        """Return whether every number of this one lies in the other."""
        above = other.low is None or (self.low is not None and self.low >= other.low)
        below = other.high is None or (self.high is not None and self.high <= other.high)
        return above and below


@dataclass(frozen=True, slots=True)
class States:
    """What may be the case, where it is no number: "member", "licence required"."""

    kinds: frozenset[str]

    def meets(self, other: States) -> bool:
        """Return whether a state is in both."""
        return bool(self.kinds & other.kinds)

    def within(self, other: States) -> bool:
        """Return whether every state of this one is in the other."""
        return self.kinds <= other.kinds


Region = Span | States


def holds(claimed: Region, measured: Region, *, denied: bool = False) -> bool:
    """Return whether a statement may be true: the regions meet; a denied one unless nothing else may be.

    A denial is false only where all that was measured lies within what is denied, for only then does no
    value that may be true agree with it.
    """
    if isinstance(claimed, Span) and isinstance(measured, Span):
        return not measured.within(claimed) if denied else claimed.meets(measured)
    if isinstance(claimed, States) and isinstance(measured, States):
        return not measured.within(claimed) if denied else claimed.meets(measured)
    raise TypeError("a number is held against numbers, a state against states")


@dataclass(frozen=True, slots=True)
class Grounds:
    """The seven grounds of a contradiction: without all of them there is none.

    Attributes
    ----------
    subject
        Who it is about.
    measure
        What is measured.
    unit
        Unit of claim and measurement alike.
    scope
        Among whom: the world, a region, a group.
    edition
        Index and edition, or series and vintage.
    date
        Day that it is about.
    claimed, measured
        What was claimed, with its rounding, and what was measured, over every defensible choice: the two do
        not meet.
    denied
        Whether the text denies what was claimed.

    Raises
    ------
    ValueError
        If a ground is missing, or the claim may be true.
    """

    subject: str
    measure: str
    unit: str
    scope: str
    edition: str
    date: dt.date
    claimed: Region
    measured: Region
    denied: bool = False

    def __post_init__(self) -> None:
        for name in ("subject", "measure", "unit", "scope", "edition"):
            if not getattr(self, name).strip():
                raise ValueError(f"nothing is contradicted without its {name}")
        if holds(self.claimed, self.measured, denied=self.denied):
            raise ValueError("what may be true is not contradicted")


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
    grounds
        What a contradiction rests on, one for each part that is contradicted; none for another verdict.

    Raises
    ------
    ValueError
        If it contradicts without grounds, or has grounds and does not.
    """

    verdict: Verdict
    why: str
    evidence: tuple[Finding, ...]
    reproduce: str
    would_change: str
    grounds: tuple[Grounds, ...] = ()

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.CONTRADICTED) != bool(self.grounds):
            raise ValueError("a contradiction and its grounds go together")


# How far the number measured may be off what is stated for a claim to be supported: "a year" by four months.
NEAR = 0.3


@dataclass(frozen=True, slots=True)
class Held:
    """A claim held against one measure, before the verdict.

    Attributes
    ----------
    subject, measure, unit, scope, edition
        As in `Grounds`; empty where it is not certain.
    claimed
        What was claimed, with its rounding.
    measured
        What was measured.
    choices
        The same by every other defensible choice: scale, vintage, definition, edition.
    value
        The measured number itself, where `measured` is an interval of uncertainty: a bound ("at least a
        year") is supported only where it holds for this number too.
    stated
        What was stated, without its rounding: it is supported where it lies within the interval, or the
        number measured within the rounding and ``NEAR``.
    """

    subject: str
    measure: str
    unit: str
    scope: str
    edition: str
    claimed: Region
    measured: Region
    choices: tuple[Region, ...] = ()
    value: float | None = None
    stated: Span | None = None

    def is_only_touched(self, denied: bool) -> bool:
        """Return whether a claim agrees with an end of the interval alone, not with the number measured."""
        if self.value is None or not isinstance(self.claimed, Span):
            return False
        value, low, high = Span(self.value, self.value), self.claimed.low, self.claimed.high
        if low is None or high is None:
            return self.claimed.meets(value) == denied
        stated = self.stated
        if denied or stated is None or stated.low is None or stated.high is None:
            return False
        near = Span(max(low, (1 - NEAR) * stated.low), min(high, (1 + NEAR) * stated.high))
        return not (isinstance(self.measured, Span) and stated.meets(self.measured)) and not near.meets(value)


# "Soared" and "collapsed" say more than that something rose or fell: so much at least, as a factor.
_STRONG = re.compile(
    r"\b(?:soar|surg|skyrocket|explod|rocket|plung|plummet|collaps|slump|crash|tumbl)\w*", re.I
)
STRONG = 1.25


def overstated(claim: AnyClaim, factor: float, judged: Judgement) -> Judgement:
    """Return the verdict on a change told without a number: a strong word for a small one depends."""
    small = 1 / STRONG < factor < STRONG
    if judged.verdict is Verdict.SUPPORTED and small and _STRONG.search(claim.text):
        return replace(judged, verdict=Verdict.DEPENDS, why=f"{judged.why}; a strong word for that much")
    return judged


# What must be certain for a contradiction only: such a claim may still be supported.
LATER = ("reading", "day of the text")


def settle(
    claim: AnyClaim, held: Held, why: str, evidence: tuple[Finding, ...], reproduce: str, would_change: str
) -> Judgement:
    """Return the verdict on a claim held against a measure: the one place that may contradict.

    Parameters
    ----------
    claim
        The claim; what its text leaves open (``claim.open``) keeps it from being contradicted.
    held
        What was claimed and what was measured.
    why, evidence, reproduce, would_change
        Of the judgement.
    """
    denied = claim.negated
    if holds(held.claimed, held.measured, denied=denied):
        if left := [ground for ground in claim.open if ground not in LATER]:
            verdict, why = Verdict.DEPENDS, f"{why}; the text leaves open the {' and the '.join(left)}"
        elif held.is_only_touched(denied):
            verdict, why = Verdict.DEPENDS, f"{why}; only an end of the interval agrees"
        else:
            verdict = Verdict.SUPPORTED
        return Judgement(verdict, why, evidence, reproduce, would_change)
    if any(holds(held.claimed, choice, denied=denied) for choice in held.choices):
        return Judgement(Verdict.DEPENDS, why, evidence, reproduce, would_change)
    whole = _hull((held.measured, *held.choices))
    if holds(held.claimed, whole, denied=denied):
        return Judgement(Verdict.DEPENDS, why, evidence, reproduce, would_change)
    missing = [name for name in ("subject", "measure", "unit", "scope", "edition") if not getattr(held, name)]
    unsure = tuple(dict.fromkeys((*claim.open, *missing)))
    if unsure:
        told = f"{why}; it does not agree, but the {' and the '.join(unsure)} is not certain"
        return Judgement(Verdict.CANNOT, told, evidence, reproduce, would_change)
    grounds = Grounds(
        held.subject, held.measure, held.unit, held.scope, held.edition, claim.as_of,
        held.claimed, whole, denied,
    )  # fmt: skip
    return Judgement(Verdict.CONTRADICTED, why, evidence, reproduce, would_change, (grounds,))


def _hull(regions: Sequence[Region]) -> Region:
    """Return the region that covers all."""
    spans = [region for region in regions if isinstance(region, Span)]
    if len(spans) == len(regions):
        lows, highs = [span.low for span in spans], [span.high for span in spans]
        return Span(
            None if None in lows else min(low for low in lows if low is not None),
            None if None in highs else max(high for high in highs if high is not None),
        )
    return States(frozenset().union(*(region.kinds for region in regions if isinstance(region, States))))


def overlap(claimed: Ends, measured: Ends) -> bool:
    """Return whether two intervals share a point; ``None`` is an open end."""
    low = max((end for end in (claimed[0], measured[0]) if end is not None), default=float("-inf"))
    high = min((end for end in (claimed[1], measured[1]) if end is not None), default=float("inf"))
    return low <= high


def joined(parts: Sequence[Judgement], why: str) -> Judgement:
    """Return the verdict on a claim of several parts: what all share, else ``partly``.

    Where one part is contradicted and none is supported, the rest open, the whole stays open: it is
    contradicted only if each part is. Where all that do not hold depend, the whole depends.
    """
    if len(parts) == 1:
        return parts[0]
    verdicts = {part.verdict for part in parts}
    if len(verdicts) == 1:
        verdict = next(iter(verdicts))
    elif verdicts == {Verdict.SUPPORTED, Verdict.DEPENDS}:
        verdict = Verdict.DEPENDS
    elif Verdict.SUPPORTED in verdicts or Verdict.PARTLY in verdicts:
        verdict = Verdict.PARTLY
    else:
        verdict = Verdict.DEPENDS
    evidence = tuple(dict.fromkeys(item for part in parts for item in part.evidence))
    grounds = tuple(ground for part in parts for ground in part.grounds)
    return Judgement(
        verdict, why, evidence, parts[0].reproduce, parts[0].would_change,
        grounds if verdict is Verdict.CONTRADICTED else (),
    )  # fmt: skip


def cannot(why: str, reproduce: str, would_change: str, evidence: tuple[Finding, ...] = ()) -> Judgement:
    """Return a judgement that the data cannot tell."""
    return Judgement(Verdict.CANNOT, why, evidence, reproduce, would_change)
