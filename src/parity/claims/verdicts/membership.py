"""Memberships: against the dated table of blocs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import polars as pl

from parity.catalogue import load_table, vintage
from parity.claims.model import MembershipClaim
from parity.claims.verdict import Finding, Held, Judgement, States, Verdict, cannot, joined, settle
from parity.claims.verdicts import _sources as sources

# Days by which sources differ on when a membership began.
ROUGH = dt.timedelta(days=45)
_FULL = re.compile(r"\bfull\b", re.I)
_FOUNDER = re.compile(r"\bfound(?:er|ers|ing)\b", re.I)


def judge_membership(claim: MembershipClaim) -> Judgement:
    """Return the verdict on a membership claim."""
    rows = load_table("memberships").filter(pl.col("bloc") == claim.bloc)
    command = f"parity bloc show '{claim.bloc}' --on {claim.as_of}"
    change = "an accession, an exit, or a source that dates one otherwise"
    if rows.is_empty():
        return cannot(f"no dated membership of {claim.bloc} is carried", command, "a table of its members")
    parts = [_one(claim, iso3, rows, command, change) for iso3 in claim.countries]
    return joined(parts, "; ".join(part.why for part in parts))


def _one(claim: MembershipClaim, iso3: str, rows: pl.DataFrame, command: str, change: str) -> Judgement:
    """Judge one country: its status on the day, and on the days that a rough date leaves open."""
    own = rows.filter(pl.col("iso3") == iso3).sort("date_from")
    # Who left in January is out once the month is over.
    status, known = _status(own, claim.as_of + dt.timedelta(days=claim.status == "left"))
    if (
        claim.status == "invited"
        and own.filter(pl.col("date_from") <= claim.as_of, pl.col("status") == "invited").height
    ):
        status = "invited"
    doubts = _doubts(claim, known, current=status not in ("former", "none"))
    words = ", ".join((f"{sources.name(iso3)}: {status} on {claim.as_of}", *doubts))
    evidence = tuple(
        Finding(
            f"membership of {claim.bloc}",
            f"{sources.name(iso3)}: {row['status']} from {row['date_from']}"
            + (f" to {row['date_to']}" if row["date_to"] else "")
            + (", date approximate" if row["certainty"] == "approximate" else ""),
            f"{row['source']}; {vintage()}",
            question=command,
            address=str(row["source"] or ""),
        )
        for row in known.tail(1).iter_rows(named=True)
    ) or (Finding(f"membership of {claim.bloc}", f"{sources.name(iso3)}: never listed", vintage()),)
    wanted = {"left": "former", "joined": "member"}.get(claim.status, claim.status)
    if doubts and not (claim.negated and status != wanted):
        return Judgement(Verdict.DEPENDS, words, evidence, command, change)
    near = status in ("partner", "invited", "member", "observer") and wanted in (
        "partner",
        "invited",
        "member",
    )
    if near and status != wanted and not claim.negated and not _FULL.search(claim.text):
        # A partner may be called a member, and a member a partner; a full member is one only.
        return Judgement(Verdict.DEPENDS, words, evidence, command, change)
    if _FOUNDER.search(claim.text) and status == "member" and own["date_from"][0] != rows["date_from"].min():
        return Judgement(Verdict.DEPENDS, f"{words}, but not from the first day", evidence, command, change)
    if wanted in ("invited", "partner") and status == "none":
        why = f"{words}; invitations and partners are not all on record"
        return cannot(why, command, "a source that dates the invitation", evidence)
    if wanted != "former" and status == "none" and not claim.negated and "found" in str(rows["title"][0]):
        why = f"{words}; of those who signed, not all are on record"
        return cannot(why, command, "the whole list of signatories", evidence)
    held_against = Held(
        sources.name(iso3), f"membership of {claim.bloc}", "status", claim.bloc,
        f"dated table of members, {vintage()}", States(frozenset((wanted,))), States(frozenset((status,))),
        _other_statuses(claim, own, status),
    )  # fmt: skip
    judged = settle(claim, held_against, words, evidence, command, change)
    if judged.verdict is Verdict.SUPPORTED and claim.since and claim.since_end and not claim.negated:
        began = known["date_from"][-1]
        if not claim.since - ROUGH <= began <= claim.since_end + ROUGH:
            return replace(judged, verdict=Verdict.PARTLY, why=f"{words}, but since {began}")
    return judged


def _status(own: pl.DataFrame, on: dt.date) -> tuple[str, pl.DataFrame]:
    """Return the status on a day, and the rows that tell it."""
    begun = pl.col("date_from") <= on
    ended = pl.col("date_to").is_not_null() & (pl.col("date_to") <= on)
    current, past = own.filter(begun, ~ended), own.filter(begun, ended)
    if current.height:
        return str(current["status"][-1]), current
    return ("former", past) if past.height else ("none", own)


def _other_statuses(claim: MembershipClaim, own: pl.DataFrame, status: str) -> tuple[States, ...]:
    """Return the statuses of the days around, and of the first day of a year that is named as a whole."""
    days = [claim.as_of + dt.timedelta(days=days) for days in (-ROUGH.days, ROUGH.days)]
    if (claim.as_of.month, claim.as_of.day) == (12, 31):
        days.append(claim.as_of.replace(month=1, day=1))
    near = {_status(own, day)[0] for day in days}
    return tuple(States(frozenset((other,))) for other in sorted(near - {status}))


def _doubts(claim: MembershipClaim, known: pl.DataFrame, *, current: bool) -> list[str]:
    """Return why a status is not plain: disputed, suspended, or dated too roughly for the claim's day."""
    doubts = [kind for kind in ("disputed", "suspended") if current and known[kind].any()]
    for row in known.tail(1).iter_rows(named=True):
        digits = {"year": 4, "month": 7}.get(row["precision"], 10)
        ends = [str(row[end])[:digits] for end in ("date_from", "date_to") if row[end]]
        if digits < 10 and str(claim.as_of)[:digits] in ends and not claim.stated_date:
            doubts.append(f"its date is known to the {row['precision']} only")
    return doubts
