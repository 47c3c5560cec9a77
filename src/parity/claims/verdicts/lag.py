"""Lags: against the months between frontiers, as of the claim's day."""

from __future__ import annotations

import datetime as dt

from parity.catalogue import membership
from parity.claims._numbers import MONTHS
from parity.claims.model import LagClaim
from parity.claims.verdict import Evidence, Judgement, Verdict, agrees, cannot, overlap, together
from parity.claims.verdicts import _sources as sources
from parity.claims.verdicts._sources import By
from parity.errors import ParityError
from parity.estimate import Estimate
from parity.frontier import Lag

# A country has drawn level where its lag may be as small as this, in months.
LEVEL = 1.0
# And has not, where it is at least this.
APART = 3.0
YEAR = dt.timedelta(days=365)


def judge_lag(claim: LagClaim) -> Judgement:
    """Return the verdict on a lag claim."""
    if claim.kinds:
        return _against(claim, "open", "closed", by="openness")
    if claim.bloc:
        claim = _best_member(claim)
    if claim.country is None or not claim.others:
        return cannot("the text does not say who trails whom", "parity lag --help", "a country in the text")
    parts = [_sides(claim, claim.country, other) for other in claim.others]
    if len(parts) == 1:
        return parts[0]
    words = "; ".join(
        f"{sources.name(other)}: {part.verdict.value} ({part.why})"
        for other, part in zip(claim.others, parts, strict=True)
    )
    evidence = tuple(item for part in parts for item in part.evidence)
    verdict = together([part.verdict for part in parts])
    return Judgement(verdict, words, evidence, parts[0].reproduce, parts[0].would_change)


def _best_member(claim: LagClaim) -> LagClaim:
    """Return the claim for the member of a bloc that is closest to the frontier on the day."""
    found: dict[str, float] = {}
    bloc = "EU" if claim.bloc == "Europe" else claim.bloc or ""
    for iso3 in membership(bloc, claim.as_of, ("member",))["iso3"].to_list():
        try:
            measured = sources.lag_of(iso3, claim.others[0], claim.as_of).standing.value
        except ParityError:
            continue
        if measured is not None:
            found[iso3] = measured
    if not found:
        raise ParityError(f"no member of {bloc} has a model on record by {claim.as_of}")
    return claim.model_copy(update={"country": min(found, key=lambda iso3: found[iso3])})


def _sides(claim: LagClaim, country: str, other: str) -> Judgement:
    """Hold "ahead of" against the lag of the other side."""
    if claim.relation == "ahead":
        return _against(claim.model_copy(update={"relation": "behind"}), other, country)
    return _against(claim, country, other)


def _against(claim: LagClaim, country: str, other: str, by: By = "country") -> Judgement:
    command = f"parity lag {country} --behind {other} --on {claim.as_of}"
    try:
        found = sources.lag_of(country, other, claim.as_of, by)
    except ParityError as problem:
        return cannot(str(problem), command, "benchmark scores of more of its models")
    if claim.relation == "level":
        return _level(claim, found, command)
    if claim.relation in ("narrowing", "widening"):
        return _trend(claim, found, by, command)
    return _stated(claim, found, by, command)


def _evidence(what: str, found: Lag, measured: Estimate) -> Evidence:
    return Evidence(
        f"{what} on {found.on} ({found.of_model} against {found.behind_model}), 90 % bootstrap interval",
        f"{measured.text()} months",
        sources.capability().data,
        measured,
    )


def _stated(claim: LagClaim, found: Lag, by: By, command: str) -> Judgement:
    """Hold a number of months against the standing lag; other ways to measure it give ``partly``."""
    claimed = _claimed(claim)
    measured = _ends(found.standing)
    evidence = [_evidence("standing lag", found, found.standing)]
    if measured is None:
        return cannot(found.standing.reason, command, "a level that both have reached", tuple(evidence))
    span = (measured[0], None if found.lower_bound else measured[1])
    who = f"{sources.name(found.of)} behind {sources.name(found.behind)}: " if by == "country" else ""
    words = f"{who}claimed {_interval(claimed)} months, measured {found.standing.text()}"
    change = _would_change(claimed, span)
    if agrees(claimed, span, denied=claim.negated):
        return Judgement(Verdict.SUPPORTED, words, tuple(evidence), command, change)
    for what, other in _others(claim, found, by):
        ends = _ends(other)
        if ends is not None and overlap(claimed, ends):
            evidence.append(_evidence(what, found, other))
            why = f"{words}; it fits the {what} ({other.text()})"
            return Judgement(Verdict.PARTLY, why, tuple(evidence), command, change)
    return Judgement(Verdict.CONTRADICTED, words, tuple(evidence), command, change)


def _claimed(claim: LagClaim) -> tuple[float | None, float | None]:
    """Return the months that were meant: as stated, rounded to the unit that was used."""
    slack = MONTHS.get(claim.unit, 1.0) / 2
    return (
        None if claim.low is None else claim.low - slack,
        None if claim.high is None else claim.high + slack,
    )


def _ends(estimate: Estimate) -> tuple[float, float] | None:
    if estimate.value is None:
        return None
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    return low, high


def _others(claim: LagClaim, found: Lag, by: By) -> list[tuple[str, Estimate]]:
    """Return the other measures of the same lag, by name."""
    others = [
        ("mean lag of its records at release", found.release.mean),
        ("mean standing lag", found.window.mean),
    ]
    if by == "country":
        try:
            everything = sources.lag_of(found.of, found.behind, claim.as_of, derived=True)
            others.append(("standing lag with models built on foreign weights", everything.standing))
        except ParityError:
            pass
    return others


def _interval(ends: tuple[float | None, float | None]) -> str:
    low, high = (("open" if end is None else f"{end:.1f}") for end in ends)
    return f"{low} to {high}"


def _would_change(claimed: tuple[float | None, float | None], span: tuple[float | None, float | None]) -> str:
    if overlap(claimed, span):
        return "a new model or score that moves the measured lag out of the claimed range"
    return f"scores that put the lag between {_interval(claimed)} months on that day"


def _level(claim: LagClaim, found: Lag, command: str) -> Judgement:
    ends = _ends(found.standing)
    evidence = (_evidence("standing lag", found, found.standing),)
    if ends is None:
        return cannot(found.standing.reason, command, "a level that both have reached", evidence)
    verdict = (
        Verdict.SUPPORTED if ends[0] <= LEVEL else Verdict.PARTLY if ends[0] < APART else Verdict.CONTRADICTED
    )
    open_either_way = ends[1] > LEVEL if claim.negated else (found.standing.value or 0) > APART
    if verdict is Verdict.SUPPORTED and open_either_way:
        verdict = Verdict.PARTLY
    why = f"the lag was {found.standing.text()} months; level means that it may be {LEVEL:.0f} or less"
    return Judgement(verdict, why, evidence, command, "a release that closes or reopens the gap")


def _trend(claim: LagClaim, found: Lag, by: By, command: str) -> Judgement:
    """Compare the lag with that of a year before."""
    try:
        before = sources.lag_of(found.of, found.behind, claim.as_of - YEAR, by)
    except ParityError as problem:
        return cannot(str(problem), command, "scores of a year before")
    now, then = _ends(found.standing), _ends(before.standing)
    evidence = (
        _evidence("standing lag", found, found.standing),
        _evidence("standing lag a year before", before, before.standing),
    )
    if now is None or then is None or found.standing.value is None or before.standing.value is None:
        return cannot("one of the two lags is unknown", command, "a level that both have reached", evidence)
    smaller = found.standing.value < before.standing.value
    right = smaller == (claim.relation == "narrowing")
    apart = not overlap(now, then)
    verdict = (
        (Verdict.SUPPORTED if apart else Verdict.PARTLY)
        if right
        else (Verdict.CONTRADICTED if apart else Verdict.PARTLY)
    )
    why = f"{before.standing.text()} months a year before, {found.standing.text()} on {found.on}"
    if not apart:
        why += "; the intervals overlap, so a change cannot be told from chance"
    return Judgement(verdict, why, evidence, command, "intervals that do not overlap")
