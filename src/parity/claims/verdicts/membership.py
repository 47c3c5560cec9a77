"""Memberships: against the dated table of blocs."""

from __future__ import annotations

import polars as pl

from parity.catalogue import load_table, vintage
from parity.claims.model import MembershipClaim
from parity.claims.verdict import Evidence, Judgement, Verdict, cannot, together
from parity.claims.verdicts import _sources as sources


def judge_membership(claim: MembershipClaim) -> Judgement:
    """Return the verdict on a membership claim."""
    rows = load_table("memberships").filter(pl.col("bloc") == claim.bloc)
    command = f"parity bloc show '{claim.bloc}' --on {claim.as_of}"
    change = "an accession, an exit, or a source that dates one otherwise"
    if rows.is_empty():
        return cannot(f"no dated membership of {claim.bloc} is carried", command, "a table of its members")
    parts = [_one(claim, iso3, rows) for iso3 in claim.countries]
    why = "; ".join(words for _, words, _ in parts)
    evidence = tuple(item for _, _, items in parts for item in items)
    return Judgement(together([verdict for verdict, _, _ in parts]), why, evidence, command, change)


def _one(claim: MembershipClaim, iso3: str, rows: pl.DataFrame) -> tuple[Verdict, str, tuple[Evidence, ...]]:
    own = rows.filter(pl.col("iso3") == iso3).sort("date_from")
    begun = pl.col("date_from") <= claim.as_of
    ended = pl.col("date_to").is_not_null() & (pl.col("date_to") <= claim.as_of)
    current = own.filter(begun, ~ended)
    past = own.filter(begun, ended)
    status = str(current["status"][-1]) if current.height else ("former" if past.height else "none")
    known = current if current.height else past if past.height else own
    doubts = _doubts(claim, current, known)
    verdict = _verdict(claim, status)
    if claim.status == "invited" and own.filter(begun, pl.col("status") == "invited").height:
        verdict = Verdict.SUPPORTED
    if doubts and verdict is not Verdict.CONTRADICTED:
        verdict = Verdict.PARTLY
    words = ", ".join((f"{sources.name(iso3)}: {status} on {claim.as_of}", *doubts))
    evidence = tuple(
        Evidence(
            f"membership of {claim.bloc}",
            f"{sources.name(iso3)}: {row['status']} from {row['date_from']}"
            + (f" to {row['date_to']}" if row["date_to"] else "")
            + (", date approximate" if row["certainty"] == "approximate" else ""),
            f"{row['source']}; {vintage()}",
        )
        for row in known.tail(1).iter_rows(named=True)
    ) or (Evidence(f"membership of {claim.bloc}", f"{sources.name(iso3)}: never listed", vintage()),)
    return verdict, words, evidence


def _doubts(claim: MembershipClaim, current: pl.DataFrame, known: pl.DataFrame) -> list[str]:
    """Return why a status is not plain: disputed, suspended, or dated too roughly for the claim's day."""
    doubts = [kind for kind in ("disputed", "suspended") if current.height and current[kind].any()]
    for row in known.tail(1).iter_rows(named=True):
        digits = {"year": 4, "month": 7}.get(row["precision"], 10)
        ends = [str(row[end])[:digits] for end in ("date_from", "date_to") if row[end]]
        if digits < 10 and str(claim.as_of)[:digits] in ends and not claim.stated_date:
            doubts.append(f"its date is known to the {row['precision']} only")
    return doubts


def _verdict(claim: MembershipClaim, status: str) -> Verdict:
    if claim.status == "left":
        return Verdict.SUPPORTED if status == "former" else Verdict.CONTRADICTED
    wanted = "member" if claim.status == "joined" else claim.status
    if status == wanted:
        return Verdict.SUPPORTED
    if claim.negated:
        return Verdict.CONTRADICTED
    # A partner or a country invited is close to a member, and no member.
    return Verdict.PARTLY if status in ("partner", "invited", "member") else Verdict.CONTRADICTED
