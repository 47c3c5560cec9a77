"""Trade: against the flows of the catalogue, as the trade measure reads them."""

from __future__ import annotations

import datetime as dt

import polars as pl

from parity.ask.cache import cached
from parity.ask.trade import Diverted
from parity.catalogue import load_table, vintage
from parity.claims._numbers import tolerated
from parity.claims.model import TradeClaim
from parity.claims.verdict import Finding, Held, Judgement, Span, Verdict, cannot, overstated, settle
from parity.claims.verdicts import _sources as sources
from parity.errors import NoAnswerError
from parity.estimate import Estimate, rounded
from parity.trade import CodeList, Diversion, dependence

CHIPMAKER = "TWN"
CHIPS = CodeList("chips", ("8542",))
# Customs figures hardly change after the year; one within a quarter agrees in part.
REVISION, NEAR = 0.05, 0.25
# The control that diversion is dated by, and the share of chance below which a rise is clear.
CONTROL, CONTROLLED = dt.date(2022, 2, 24), "RUS"
CLEAR = 0.05


def judge_trade(claim: TradeClaim) -> Judgement:
    """Return the verdict on a claim about trade in chips.

    Only Taiwan's exports of integrated circuits are carried: a claim on imports from everywhere
    is at most partly supported by them.
    """
    if claim.through:
        return _diverted(claim)
    if claim.amount is not None:
        return cannot("customs figures are in dollars, not in pieces", _command(claim.partner),
                      "a record of that delivery")  # fmt: skip
    sender, receiver = (
        (claim.partner, claim.reporter) if claim.flow == "import" else (claim.reporter, claim.partner)
    )
    if sender not in (None, CHIPMAKER):
        return cannot(
            f"chip exports of {sources.name(sender)} are not carried, only Taiwan's",
            _command(receiver),
            "its customs figures: `parity trade import` reads them",
        )
    totals = _totals(receiver)
    years = _years(claim, totals)
    if years is None:
        reach = f", in customs figures known to reach {max(totals)}" if totals else ""
        why = f"no pair of years is on record{reach}"
        return cannot(why, _command(receiver), "customs figures of those years")
    return _compared(claim, totals, years, sender, receiver)


def _command(receiver: str | None) -> str:
    if receiver:
        return f"parity trade depend {receiver} --codes {CHIPS.name} --side export --json"
    return (
        "parity data sql \"select period, sum(value) as value from flows where reporter = 'TWN' and "
        "flow = 'export' and hs like '8542%' group by period order by period\""
    )


def _totals(receiver: str | None) -> dict[int, float]:
    """Return Taiwan's exports of integrated circuits to a country, or to all, by year, in US dollars."""
    theirs = _flows().filter(pl.col("reporter") == CHIPMAKER)
    if receiver is None:
        chips = theirs.filter(pl.col("flow") == "export", pl.col("hs").str.starts_with(CHIPS.codes[0]))
        rows = chips.group_by("period").agg(pl.col("value").sum()).rows()
        return {int(period[:4]): float(value) for period, value in rows}
    try:
        found = dependence(theirs, CHIPS, receiver, coalition=(), hubs=(), side="export")
    except NoAnswerError:
        return {}
    return {int(year.year): year.total for year in found.years}


@cached(1)
def _flows() -> pl.DataFrame:
    return load_table("flows")


def _years(claim: TradeClaim, totals: dict[int, float]) -> tuple[int, int] | None:
    """Return the two years that a change is between; ``None`` where one is not on record."""
    last = sources.last_year(claim.as_of, stated=claim.stated_date)
    year = max((known for known in totals if known <= last), default=None)
    if year is None or (claim.stated_date and year < last):
        return None
    since = claim.since.year if claim.since else year - 1
    base = max((known for known in totals if known <= since), default=None)
    return (base, year) if base is not None and base < year and totals[base] else None


def _compared(
    claim: TradeClaim,
    totals: dict[int, float],
    years: tuple[int, int],
    sender: str | None,
    receiver: str | None,
) -> Judgement:
    base, year = years
    factor = totals[year] / totals[base]
    whole = sender is None
    to = sources.name(receiver) if receiver else "the world"
    moved = f"{rounded(totals[base], 4)} to {rounded(totals[year], 4)} US dollars"
    words = f"{base} to {year}: {moved}, a factor of {factor:.2f}"
    why = words + ("; these are deliveries from Taiwan alone" if whole else "")
    found = Estimate(factor, factor * (1 - REVISION), factor * (1 + REVISION), None, "times")
    evidence = Finding(
        f"integrated circuits (HS 8542) from Taiwan to {to}, as declared",
        words,
        f"taiwan-customs-8542, {vintage()}",
        found,
    )
    change = "customs figures of other exporters, or other years"
    if claim.low is None and claim.high is None:
        claimed = Span(1.0, None) if claim.direction == "up" else Span(None, 1.0)
        measured = Span(factor, factor)
    else:
        claimed = Span(*tolerated(claim.low, claim.high, claim.hedge, 0.0))
        measured = Span(factor * (1 - REVISION), factor * (1 + REVISION))
    near = (Span(factor * (1 - NEAR), factor * (1 + NEAR)),)
    held = Held(
        to, "integrated circuits (HS 8542) from Taiwan", "times", "" if whole else "from Taiwan alone",
        f"Taiwan's customs, {base} to {year}", claimed, measured, near,
    )  # fmt: skip
    judged = settle(claim, held, why, (evidence,), _command(receiver), change)
    if whole and judged.verdict is Verdict.SUPPORTED:
        # Taiwan is a part of all that arrived.
        return Judgement(Verdict.DEPENDS, why, (evidence,), _command(receiver), change)
    return overstated(claim, factor, judged) if claim.low is None else judged


@cached(1)
def _rises() -> Diversion | None:
    """Return what became of the European Union's exports to everybody since the control."""
    try:
        return Diverted(sanctioned=CONTROLLED, date=CONTROL).answer().result
    except NoAnswerError:
        return None


def _diverted(claim: TradeClaim) -> Judgement:
    """Hold "through Kazakhstan" against exports to it beyond expectation, of all goods, not chips."""
    command = f"parity trade diversion --sanctioned {CONTROLLED} --date {CONTROL} --reporter EU"
    missing = "customs figures of the goods themselves, by month and partner"
    if claim.partner != CONTROLLED:
        return cannot(
            f"diversion is on record for {sources.name(CONTROLLED)} alone", command, "flows around it"
        )
    found = _rises()
    judged = {one.iso3: one for one in found.partners} if found else {}
    known = [judged[iso3] for iso3 in claim.through if iso3 in judged]
    if found is None or not known or claim.as_of < CONTROL:
        reach = f", in customs figures known to reach {found.after[-1]}" if found else ""
        why = f"no export to {sources.names(claim.through)} beyond expectation is on record{reach}"
        return cannot(why, command, missing)
    evidence = tuple(
        Finding(
            f"exports of the European Union to {sources.name(one.iso3)} beyond expectation, all goods, "
            f"{found.after[0]} to {found.after[-1]}",
            f"{one.rise.text(0)} %, adjusted p {one.p_adjusted:.3f}",
            f"{', '.join(found.sources)}; {vintage()}",
            one.rise,
        )
        for one in known
    )
    clear = [one for one in known if (one.p_adjusted or 0) <= CLEAR and (one.rise.low or 0) > 0]
    if not clear:
        return cannot("no clear rise of exports to them, all goods together", command, missing, evidence)
    why = (
        f"exports of all goods to {len(clear)} of {len(claim.through)} named rose beyond expectation; "
        "chips among them, and where they went on to, are not told apart"
    )
    return Judgement(Verdict.DEPENDS, why, evidence, command, missing)
