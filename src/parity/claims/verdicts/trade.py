"""Trade: against the customs figures for integrated circuits that the catalogue carries."""

from __future__ import annotations

import polars as pl

from parity.catalogue import load_table, vintage
from parity.claims.model import TradeClaim
from parity.claims.verdict import Evidence, Judgement, Verdict, cannot, overlap
from parity.claims.verdicts import _sources as sources
from parity.estimate import Estimate

SOURCE = "TWN"
CHIPS = "8542"
# As for other series: a tenth for revisions, a quarter for "near".
REVISION, NEAR = 0.10, 0.25


def judge_trade(claim: TradeClaim) -> Judgement:
    """Return the verdict on a claim about trade in chips.

    Only Taiwan's exports of integrated circuits are carried: a claim on imports from everywhere
    is at most partly supported by them.
    """
    sender, receiver = (
        (claim.partner, claim.reporter) if claim.flow == "import" else (claim.reporter, claim.partner)
    )
    command = (
        "parity data sql \"select period, sum(value) as value from flows where reporter = 'TWN' and "
        "flow = 'export' "
        + (f"and partner = '{receiver}' " if receiver else "")
        + f"and hs like '{CHIPS}%' group by period order by period\""
    )
    if sender not in (None, SOURCE):
        return cannot(
            f"chip exports of {sources.name(sender)} are not carried, only Taiwan's",
            command,
            "its customs figures",
        )
    totals = _totals(receiver)
    last = claim.as_of.year if claim.stated_date else claim.as_of.year - 1
    year = max((known for known in totals if known <= last), default=None)
    since = claim.since.year if claim.since else (year or 0) - 1
    base = max((known for known in totals if known <= since), default=None)
    if year is None or base is None or base >= year or not totals[base]:
        return cannot("no pair of years on record", command, "customs figures of those years")
    factor = totals[year] / totals[base]
    verdict = _verdict(claim, factor)
    whole = sender is None
    if whole:
        verdict = {Verdict.SUPPORTED: Verdict.PARTLY, Verdict.CONTRADICTED: Verdict.CANNOT}.get(
            verdict, verdict
        )
    to = sources.name(receiver) if receiver else "the world"
    words = (
        f"{base} to {year}: {totals[base]:,.4g} to {totals[year]:,.4g} US dollars, a factor of {factor:.2f}"
    )
    why = words + ("; these are deliveries from Taiwan alone" if whole else "")
    found = Estimate(factor, factor * (1 - REVISION), factor * (1 + REVISION), None, "times")
    evidence = Evidence(
        f"integrated circuits (HS {CHIPS}) from Taiwan to {to}",
        words,
        f"taiwan-customs-8542, {vintage()}",
        found,
    )
    return Judgement(verdict, why, (evidence,), command, "customs figures of other exporters, or other years")


def _totals(receiver: str | None) -> dict[int, float]:
    rows = load_table("flows").filter(
        pl.col("reporter") == SOURCE, pl.col("flow") == "export", pl.col("hs").str.starts_with(CHIPS)
    )
    if receiver:
        rows = rows.filter(pl.col("partner") == receiver)
    years = rows.group_by("period").agg(pl.col("value").sum())
    return {int(str(period)[:4]): float(value) for period, value in years.rows()}


def _verdict(claim: TradeClaim, factor: float) -> Verdict:
    if claim.low is None and claim.high is None:
        moved = factor - 1 if claim.direction == "up" else 1 - factor
        return Verdict.SUPPORTED if moved > 0 else Verdict.CONTRADICTED
    low = None if claim.hedge == "at most" else claim.low
    high = None if claim.hedge == "at least" else claim.high
    if overlap((low, high), (factor * (1 - REVISION), factor * (1 + REVISION))):
        return Verdict.SUPPORTED
    return (
        Verdict.PARTLY
        if overlap((low, high), (factor * (1 - NEAR), factor * (1 + NEAR)))
        else Verdict.CONTRADICTED
    )
