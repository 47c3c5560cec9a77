"""Deadlines: against the pledges on record."""

from __future__ import annotations

from parity.catalogue import vintage
from parity.claims.model import DeadlineClaim
from parity.claims.ranks import rank_ranges
from parity.claims.verdict import Evidence, Judgement, Verdict, cannot
from parity.pledges import Pledge, assess, pledges

# Words of claim and pledge must agree to this share, of 100.
ALIKE = 55.0
# Days by which the due dates of the same pledge may differ ("by April", "by 30 April").
SAME_DUE = 31


def judge_deadline(claim: DeadlineClaim) -> Judgement:
    """Return the verdict on a deadline: whether such a pledge is on record, and how it stands."""
    found = _match(claim)
    country = claim.countries[0] if claim.countries else ""
    listing = f"parity pledges list --country {country}"
    if found is None:
        return cannot(
            "no such pledge is on record",
            listing,
            "a public source for it: `parity pledges add` keeps one of your own",
        )
    pledge, exact = found
    status = assess(pledge, claim.as_of, rank_ranges)
    evidence = Evidence(
        f"pledge '{pledge.id}' of {pledge.made}",
        f"{pledge.what}; due {pledge.due}; {status.status} on {claim.as_of}: {status.why}",
        f"{pledge.source}; {vintage()}",
    )
    dated = f"it is on record with the due date {pledge.due}"
    verdict = Verdict.SUPPORTED if exact else Verdict.PARTLY
    why = dated if exact else f"{dated}, not {claim.due or claim.issued}"
    return Judgement(
        verdict, why, (evidence,), f"parity pledges show {pledge.id}", "another due date in the order itself"
    )


def _match(claim: DeadlineClaim) -> tuple[Pledge, bool] | None:
    """Return the most alike pledge of the same country, and whether the dates agree."""
    from rapidfuzz import fuzz, utils

    text = f"{claim.who} {claim.what} {claim.text}"
    options = []
    for pledge in pledges():
        if pledge.country not in claim.countries:
            continue
        alike = fuzz.token_set_ratio(text, f"{pledge.who} {pledge.what}", processor=utils.default_process)
        near = _near(claim, pledge)
        if alike >= ALIKE or (near and alike >= ALIKE - 15):
            options.append((near, alike, pledge))
    if not options:
        return None
    near, _, pledge = max(options, key=lambda option: option[:2])
    return pledge, near


def _near(claim: DeadlineClaim, pledge: Pledge) -> bool:
    if claim.due is not None:
        return abs((claim.due - pledge.due).days) <= SAME_DUE
    return claim.issued is not None and abs((claim.issued - pledge.made).days) <= SAME_DUE
