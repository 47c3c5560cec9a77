"""The section of a country's brief on what was said about it in public."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from parity.catalogue import load_table
from parity.claims.check import Checked, check
from parity.claims.model import AnyClaim
from parity.claims.verdict import Verdict


@dataclass(frozen=True, slots=True)
class PublicClaim:
    """A statement made in public, held against the evidence as of the day on which it was made.

    Attributes
    ----------
    said_on
        Day on which it was said or printed; the last one where the source names month or year only.
    precision
        ``day``, ``month`` or ``year``.
    who
        Who says so.
    sentence
        What is said, in our wording.
    family
        Family of the claim.
    verdict, why
        Verdict, and the rule that gave it.
    reproduce
        Command that shows the evidence.
    source
        Page where it was read.
    """

    said_on: dt.date
    precision: str
    who: str
    sentence: str
    family: str
    verdict: str
    why: str
    reproduce: str
    source: str


@dataclass(frozen=True, slots=True)
class ClaimsSection:
    """What was said about a country in public, and what the evidence says of it.

    Attributes
    ----------
    country
        ISO3 code.
    claims
        Newest first.
    counts
        Number of claims by verdict.
    reason
        Why there is none; empty otherwise.
    """

    country: str
    claims: tuple[PublicClaim, ...]
    counts: dict[str, int]
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        rows = [asdict(claim) | {"said_on": claim.said_on.isoformat()} for claim in self.claims]
        return {"country": self.country, "counts": self.counts, "claims": rows, "reason": self.reason}


def claims_section(country: str, on: dt.date | None = None) -> ClaimsSection:
    """Return the claims on record about a country with their verdicts.

    Parameters
    ----------
    country
        ISO3 code.
    on
        Last day on which they were made; all of them by default.

    Returns
    -------
    ClaimsSection
        Each claim judged as of the day on which it was made, or that it names.
    """
    rows = load_table("public_claims").sort("said", "id", descending=True).iter_rows(named=True)
    found = [
        PublicClaim(
            said_on=row["said"],
            precision=row["precision"],
            who=row["who"],
            sentence=row["sentence"],
            family=checked.claim.family,
            verdict=checked.judgement.verdict.value,
            why=checked.judgement.why,
            reproduce=checked.judgement.reproduce,
            source=row["source"],
        )
        for row in rows
        if on is None or row["said"] <= on
        for checked in _checked(row["sentence"], row["said"])
        if country in concerned(checked.claim)
    ]
    counted = Counter(claim.verdict for claim in found)
    counts = {verdict.value: counted[verdict.value] for verdict in Verdict}
    reason = "" if found else "no public claim about this country is on record"
    return ClaimsSection(country, tuple(found), counts, reason)


@cache
def _checked(sentence: str, said: dt.date) -> tuple[Checked, ...]:
    return check(sentence, said).checked


def concerned(claim: AnyClaim) -> tuple[str, ...]:
    """Return the countries that a claim is about, ISO3: not those that it only compares with."""
    for field in ("country", "countries", "to", "reporter"):
        value = getattr(claim, field, None)
        if value:
            return (value,) if isinstance(value, str) else tuple(value)
    return ()
