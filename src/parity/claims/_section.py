"""Claims on record about a country, held against the evidence."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from parity.catalogue import load_table
from parity.claims.check import judge
from parity.claims.extract import extract
from parity.claims.model import AnyClaim
from parity.claims.verdict import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class PublicClaim:
    """A statement made in public, held against the evidence as of the day on which it was made.

    Attributes
    ----------
    on
        Day on which it was said or printed; the last one where the source names month or year only.
    precision
        What is known of that day: day, month or year.
    who
        Who says so.
    text
        What is said, in our wording.
    family
        Family of the claim.
    verdict, why
        Verdict, and the rule that gave it, with the measured numbers.
    source
        Page where it was read.
    command
        Command that shows the evidence.
    """

    on: dt.date
    precision: str
    who: str
    text: str
    family: str
    verdict: str
    why: str
    source: str
    command: str


@dataclass(frozen=True, slots=True)
class PublicClaims:
    """Public claims about a country, held against the evidence.

    Attributes
    ----------
    counts
        Number by verdict.
    claims
        The newest first.
    """

    counts: Mapping[str, int]
    claims: tuple[PublicClaim, ...]


def public_claims(country: str, on: dt.date | None = None) -> PublicClaims:
    """Return the claims on record about a country with their verdicts; none judged that are about others.

    Parameters
    ----------
    country
        ISO3 code.
    on
        Last day on which they were made; all of them by default.

    Returns
    -------
    PublicClaims
        Each claim judged as of the day on which it was made, or that it names.
    """
    rows = load_table("public_claims").sort("said", "id", descending=True).iter_rows(named=True)
    found = []
    for row in rows:
        if on is not None and row["said"] > on:
            continue
        for claim in _claims(row["sentence"], row["said"]):
            if country not in concerned(claim):
                continue
            judged = _judged(claim)
            said = (row["said"], row["precision"], row["who"], row["sentence"], claim.family)
            found.append(
                PublicClaim(*said, judged.verdict.value, judged.why, row["source"], judged.reproduce)
            )
    counted = Counter(claim.verdict for claim in found)
    return PublicClaims({verdict.value: counted[verdict.value] for verdict in Verdict}, tuple(found))


@cache
def _claims(sentence: str, said: dt.date) -> tuple[AnyClaim, ...]:
    return tuple(extract(sentence, said, sure=True).claims)


@cache
def _judged(claim: AnyClaim) -> Judgement:
    return judge(claim)


def concerned(claim: AnyClaim) -> tuple[str, ...]:
    """Return the countries that a claim is about, ISO3: not those that it only compares with."""
    for field in ("country", "countries", "to", "reporter"):
        value = getattr(claim, field, None)
        if value:
            return (value,) if isinstance(value, str) else tuple(value)
    return ()
