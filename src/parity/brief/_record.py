"""Sections on what governments pledged and what is said in public."""

from __future__ import annotations

from datetime import date

from parity.ask.pledges import pledges_section
from parity.brief.model import ClaimLine, ClaimsSection, Missing, PledgeLine, PledgesSection
from parity.claims import claims_section


def pledges(unit: str, on: date) -> PledgesSection | Missing:
    """Return the country's dated commitments and those of its blocs.

    Parameters
    ----------
    unit
        The country.
    on
        Day of the statuses.
    """
    found = pledges_section(unit, on)
    if found.reason:
        return Missing(reason=found.reason)
    lines = [
        PledgeLine(
            id=pledge.id,
            by=pledge.country,
            who=pledge.who,
            what=pledge.what,
            made=pledge.made,
            due=pledge.due,
            status=status.status,
            why=status.why,
            measured=status.measured,
            source=pledge.source,
        )
        for pledge, status in found.pledges
    ]
    return PledgesSection(on=on, counts=found.counts, pledges=lines)


def claims(unit: str) -> ClaimsSection | Missing:
    """Return public claims about the country, held against the evidence as of their dates."""
    found = claims_section(unit)
    if found.reason:
        return Missing(reason=found.reason)
    lines = [
        ClaimLine(
            on=claim.said_on,
            precision=claim.precision,
            who=claim.who,
            text=claim.sentence,
            family=claim.family,
            verdict=claim.verdict,
            why=claim.why,
            source=claim.source,
            command=claim.reproduce,
        )
        for claim in found.claims
    ]
    return ClaimsSection(counts=dict(found.counts), claims=lines)
