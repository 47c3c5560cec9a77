"""Deadlines, against the pledges on record; stretches of time, by arithmetic on two dates of the text."""

from __future__ import annotations

import re

from parity.ask.pledges import assess, known
from parity.catalogue import none_on_record, vintage
from parity.claims._numbers import MONTHS, Quantity, quantities
from parity.claims._text import tokens
from parity.claims.model import ChronologyClaim, DeadlineClaim
from parity.claims.verdict import Finding, Held, Judgement, Span, Verdict, cannot, overlap, settle
from parity.estimate import Estimate
from parity.pledges import Pledge

# Share of a pledge's telling words that a claim on the same date, or on another one, must hold.
SAME_DAY, OTHER_DAY = 0.3, 0.5
# Days by which the due dates of the same pledge may differ ("by April", "by 30 April").
SAME_DUE = 31
# A number of the text is the target if it is this close to it.
SAME_TARGET = 0.02
# A stretch of time stated without a hedge is rounded to its unit; one with "about" to a fifth.
SHARE_STATED, SHARE_ABOUT, LEAST_DAYS = 0.1, 0.25, 3.0
# Letters by which words are compared: "graduates" and "graduate" are one.
STEM = 5
# Words of a sentence about AI that tell one pledge from no other.
_COMMON = frozenset((
    "about", "after", "again", "among", "artificial", "before", "billion", "country", "countries",
    "every", "first", "government", "have", "intelligence", "least", "million", "minister", "ministry",
    "more", "national", "other", "over", "percent", "shall", "should", "technology", "their", "these",
    "this", "through", "under", "until", "which", "will", "with", "within", "world", "would", "years",
))  # fmt: skip


def judge_deadline(claim: DeadlineClaim) -> Judgement:
    """Return the verdict on a deadline: whether such a pledge is on record, and how it stands."""
    found = _match(claim)
    country = claim.countries[0] if claim.countries else ""
    listing = f"parity pledges list --country {country}"
    if found is None:
        return cannot(
            none_on_record("such pledge", "pledges"),
            listing,
            "a public source for it: `parity pledges add` keeps one of your own",
        )
    pledge, same_day = found
    other = _other_target(claim, pledge)
    if other is not None and not same_day:
        why = none_on_record("pledge of that target and that day", "pledges")
        return cannot(why, listing, "a public source for it")
    status = assess(pledge, claim.as_of)
    evidence = Finding(
        f"pledge '{pledge.id}' of {pledge.made_text}",
        f"{pledge.what}; due {pledge.due}; {status.status} on {claim.as_of}: {status.why}",
        f"{pledge.source}; {vintage()}",
        question=f"parity pledges show {pledge.id}",
        address=pledge.source,
    )
    why = f"it is on record with the due date {pledge.due}"
    if not same_day:
        why = f"{why}, not {claim.due}" if claim.due else f"{why}, made on {pledge.made_text}"
    if other is not None:
        why += f"; its target is {pledge.target:,.15g} {pledge.unit or ''}, not {other:,.15g}".replace(
            " ,", ","
        )
    verdict = Verdict.SUPPORTED if same_day and other is None else Verdict.PARTLY
    return Judgement(
        verdict,
        why,
        (evidence,),
        f"parity pledges show {pledge.id}",
        "another due date or target in the order itself",
    )


def _match(claim: DeadlineClaim) -> tuple[Pledge, bool] | None:
    """Return the pledge of the same country that shares most words, and whether the dates agree."""
    words = _telling(f"{claim.who} {claim.what} {claim.text}")
    options = []
    for pledge in known():
        if pledge.country not in claim.countries:
            continue
        # The wording tells; who has to act counts besides, where the text names people.
        mine, both = _telling(pledge.what), _telling(f"{pledge.who} {pledge.what}")
        alike = max(len(mine & words) / max(len(mine), 1), len(both & words) / max(len(both), 1))
        near = _near(claim, pledge)
        named = near and pledge.target is not None and _other_target(claim, pledge) is None
        if alike >= (SAME_DAY if near else OTHER_DAY) and (len(both & words) > 1 or named):
            options.append((near, named, alike, pledge))
    if not options:
        return _of_that_day(claim) or _reported(claim)
    near, _, _, pledge = max(options, key=lambda option: option[:3])
    return pledge, near


def _of_that_day(claim: DeadlineClaim) -> tuple[Pledge, bool] | None:
    """Return the one pledge of a country that was made on the day that an order names."""
    made = [
        pledge
        for pledge in known()
        if pledge.country in claim.countries
        and pledge.made_precision == "day"
        and claim.issued is not None
        and abs((claim.issued - pledge.made).days) <= 1
    ]
    return (made[0], True) if len(made) == 1 else None


# "The results are to be reported by April" says of what in the sentence before.
_REPORT = re.compile(r"\b(?:report(?:s|ed)?|results|progress)\b", re.I)


def _reported(claim: DeadlineClaim) -> tuple[Pledge, bool] | None:
    """Return the one pledge of a country that is to be reported on by the day that a claim names."""
    due = [
        pledge
        for pledge in known()
        if pledge.country in claim.countries and claim.due is not None and _near(claim, pledge)
    ]
    told = len(due) == 1 and _REPORT.search(claim.what) and _REPORT.search(due[0].what)
    return (due[0], True) if told else None


def _telling(text: str) -> set[str]:
    """Return the stems of the words that tell one pledge from another."""
    words = re.findall(r"[a-z]{4,}|gpus?", text.casefold())
    return {word[:STEM] for word in words if word not in _COMMON}


def _other_target(claim: DeadlineClaim, pledge: Pledge) -> float | None:
    """Return a number of the claim that contradicts the pledge's target; ``None`` if none does."""
    if pledge.target is None:
        return None
    stated = [
        number
        for number in quantities(tokens(claim.text))
        if number.unit not in MONTHS and not _is_year(number)
    ]
    target = (pledge.target * (1 - SAME_TARGET), pledge.target * (1 + SAME_TARGET))
    if not stated or any(overlap(number.bounds(), target) for number in stated):
        return None
    return stated[0].high


def _is_year(number: Quantity) -> bool:
    return number.unit == "" and 1990 <= number.low <= 2100 and number.low == number.high


def _near(claim: DeadlineClaim, pledge: Pledge) -> bool:
    if claim.due is not None:
        return abs((claim.due - pledge.due).days) <= SAME_DUE
    # An order without a due date: the day that it names, else that of the text.
    return abs(((claim.issued or claim.as_of) - pledge.made).days) <= SAME_DUE


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
