"""Lags: against the months between frontiers, as of the claim's day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from parity.claims.model import LagClaim
from parity.claims.verdict import Finding, Held, Judgement, Span, Verdict, cannot, joined, settle
from parity.claims.verdicts import _sources as sources
from parity.claims.verdicts._sources import By
from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.frontier import Lag

# A country has drawn level where its lag may be as small as this, in months.
LEVEL = 1.0
# And has not, where it is at least this.
APART = 3.0
YEAR = dt.timedelta(days=365)
# Months by which a lag may differ on another set of benchmarks: a choice.
ELSEWHERE = 3.0
# Days by which a text may lag behind what it was written on.
RECENT = dt.timedelta(days=120)
# Days after the evidence in which a frontier hardly moves.
GRACE = dt.timedelta(days=31)


def judge_lag(claim: LagClaim) -> Judgement:
    """Return the verdict on a lag claim: as of its day, or of the last that the evidence reaches."""
    last = sources.frontier_of("openness" if claim.kinds else "country").until
    if claim.as_of <= last:
        return _judged(claim)
    # What came out since is unknown: after a month nothing is contradicted any more.
    late = claim.as_of - last > GRACE
    grounds = (*claim.open, "day of the text") if late else claim.open
    judged = _judged(claim.model_copy(update={"as_of": last, "open": grounds}))
    return replace(judged, why=f"{judged.why}; measured on {last}, the last day that the evidence reaches")


def _judged(claim: LagClaim) -> Judgement:
    if claim.kinds:
        return _against(claim, "open", "closed", by="openness")
    if claim.bloc:
        # By its best member: who means an average is not contradicted by it.
        claim = _best_member(claim).model_copy(update={"open": (*claim.open, "reading")})
    if claim.country is None or not claim.others:
        return cannot("the text does not say who trails whom", "parity lag --help", "a country in the text")
    parts = [_sides(claim, claim.country, other) for other in claim.others]
    words = "; ".join(
        f"{sources.name(other)}: {part.verdict.value} ({part.why})"
        for other, part in zip(claim.others, parts, strict=True)
    )
    return joined(parts, words)


def _best_member(claim: LagClaim) -> LagClaim:
    """Return the claim for the member of a bloc that is closest to the frontier on the day."""
    found: dict[str, float] = {}
    bloc = "EU" if claim.bloc == "Europe" else claim.bloc or ""
    for iso3 in sources.members_of(bloc, claim.as_of):
        try:
            measured = sources.lag_of(iso3, claim.others[0], claim.as_of).standing.value
        except NoAnswerError:
            continue
        if measured is not None:
            found[iso3] = measured
    if not found:
        raise NoAnswerError(f"no member of {bloc} has a model on record by {claim.as_of}")
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
    except NoAnswerError as problem:
        return cannot(str(problem), command, "benchmark scores of more of its models")
    if claim.relation == "level":
        return _level(claim, found, by, command)
    if claim.relation in ("narrowing", "widening"):
        return _trend(claim, found, by, command)
    return _stated(claim, found, by, command)


def _evidence(what: str, found: Lag, measured: Estimate, command: str) -> Finding:
    return Finding(
        f"{what} on {found.on} ({found.of_model} against {found.behind_model}), 90 % bootstrap interval",
        f"{measured.text()} months",
        sources.capability().data,
        measured,
        question=command,
    )


def _who(found: Lag, by: By) -> str:
    if by == "openness":
        return f"{found.of} behind {found.behind} weights"
    return f"{sources.name(found.of)} behind {sources.name(found.behind)}"


def _held(
    found: Lag,
    by: By,
    claimed: Span,
    measured: Span,
    choices: list[Span],
    value: float | None = None,
    stated: Span | None = None,
) -> Held:
    return Held(
        _who(found, by), "standing lag between the frontiers of AI models", "months", "the two frontiers",
        f"{sources.capability().data}, {found.on}", claimed, measured, tuple(choices), value, stated,
    )  # fmt: skip


def _stated(claim: LagClaim, found: Lag, by: By, command: str) -> Judgement:
    """Hold a number of months against the standing lag; the other ways to measure it are further choices."""
    claimed = Span(
        None if claim.low is None else claim.low - claim.rounding,
        None if claim.high is None else claim.high + claim.rounding,
    )
    measured = _ends(found.standing)
    evidence = [_evidence("standing lag", found, found.standing, command)]
    if measured is None:
        return cannot(found.standing.reason, command, "a level that both have reached", tuple(evidence))
    if found.lower_bound:
        measured = Span(measured.low, None)
    # What agrees needs no other way to measure it, which takes its time.
    others = _others(claim, found, by) if claim.negated or not claimed.meets(measured) else []
    words = f"{_who(found, by)}: claimed {_interval(claimed)} months, measured {found.standing.text()}"
    fitting = [(what, other) for what, other in others if (e := _ends(other)) and e.meets(claimed)]
    for what, other in fitting:
        evidence.append(_evidence(what, found, other, command))
    if fitting and not claimed.meets(measured):
        words += f"; it fits the {fitting[0][0]} ({fitting[0][1].text()})"
    choices = [ends for _, other in others if (ends := _ends(other)) is not None]
    if measured.low is not None and measured.high is not None:
        choices.append(Span(measured.low - ELSEWHERE, measured.high + ELSEWHERE))
    stated = Span(claim.low, claim.high)
    if claim.hedge == "about" and claim.low is not None and claim.high is not None:
        stated = Span(*2 * ((claim.low + claim.high) / 2,))
    held = _held(found, by, claimed, measured, choices, found.standing.value, stated)
    return settle(claim, held, words, tuple(evidence), command, _would_change(claimed, measured))


def _ends(estimate: Estimate) -> Span | None:
    if estimate.value is None:
        return None
    if estimate.level is not None:  # an end that is absent is open
        return Span(estimate.low, estimate.high)
    return Span(estimate.value, estimate.value)


def _others(claim: LagClaim, found: Lag, by: By) -> list[tuple[str, Estimate]]:
    """Return the other measures of the same lag, by name."""
    others = [
        ("mean lag of its records at release", found.release.mean),
        ("mean standing lag", found.window.mean),
    ]
    if by == "country":
        try:
            everything = sources.standing_of(found.of, found.behind, claim.as_of, derived=True)
            others.append(("standing lag with models built on foreign weights", everything))
        except NoAnswerError:
            pass
    earlier = {"four months earlier": claim.as_of - RECENT}
    if claim.stated_date and (claim.as_of.month, claim.as_of.day) == (12, 31):
        # A year is named as a whole: any day of it may be meant.
        days = (claim.as_of.replace(month=month, day=15) for month in range(1, 13))
        earlier |= {f"on {day}": day for day in days}
    for when, day in earlier.items():
        try:
            others.append((f"standing lag {when}", sources.standing_of(found.of, found.behind, day, by)))
        except NoAnswerError:
            continue
    return others


def _interval(ends: Span) -> str:
    low, high = (("open" if end is None else f"{end:.1f}") for end in (ends.low, ends.high))
    return f"{low} to {high}"


def _would_change(claimed: Span, measured: Span) -> str:
    if claimed.meets(measured):
        return "a new model or score that moves the measured lag out of the claimed range"
    return f"scores that put the lag at {_interval(claimed)} months on that day"


def _level(claim: LagClaim, found: Lag, by: By, command: str) -> Judgement:
    """Hold "has caught up": the lag may be a month; below three months it depends on what is meant."""
    ends = _ends(found.standing)
    evidence = (_evidence("standing lag", found, found.standing, command),)
    if ends is None or ends.low is None:
        return cannot(found.standing.reason, command, "a level that both have reached", evidence)
    why = f"the lag was {found.standing.text()} months; level means that it may be {LEVEL:.0f} or less"
    change = "a release that closes or reopens the gap"
    choices = [other for _, estimate in _others(claim, found, by) if (other := _ends(estimate)) is not None]
    held = _held(found, by, Span(None, LEVEL), ends, choices)
    judged = settle(claim, held, why, evidence, command, change)
    close = Span(None, APART).meets(ends)
    if "measure" in claim.open:
        return judged
    near = (found.standing.value or 0) <= APART
    unsure = judged.verdict is Verdict.SUPPORTED and near is claim.negated
    if unsure or (judged.verdict is Verdict.CONTRADICTED and close and not claim.negated):
        return Judgement(Verdict.DEPENDS, why, evidence, command, change)
    return judged


def _trend(claim: LagClaim, found: Lag, by: By, command: str) -> Judgement:
    """Compare the lag with that of a year before."""
    try:
        before = sources.lag_of(found.of, found.behind, claim.as_of - YEAR, by)
    except NoAnswerError as problem:
        return cannot(str(problem), command, "scores of a year before")
    now, then = _ends(found.standing), _ends(before.standing)
    evidence = (
        _evidence("standing lag", found, found.standing, command),
        _evidence("standing lag a year before", before, before.standing, command),
    )
    if now is None or then is None or None in (now.low, now.high, then.low, then.high):
        return cannot("one of the two lags is unknown", command, "a level that both have reached", evidence)
    why = f"{before.standing.text()} months a year before, {found.standing.text()} on {found.on}"
    if now.meets(then):
        why += "; the intervals overlap, so a change cannot be told from chance"
        return Judgement(Verdict.DEPENDS, why, evidence, command, "intervals that do not overlap")
    moved = Span((now.low or 0) - (then.high or 0), (now.high or 0) - (then.low or 0))
    claimed = Span(None, 0.0) if claim.relation == "narrowing" else Span(0.0, None)
    # Since when a text does not say: the year before is one choice of many.
    held = _held(found, by, claimed, moved, [])
    judged = settle(claim, held, why, evidence, command, "intervals that do not overlap")
    if judged.verdict is Verdict.CONTRADICTED:
        return Judgement(Verdict.DEPENDS, f"{why}; since when is not said", evidence, command, "a first day")
    return judged
