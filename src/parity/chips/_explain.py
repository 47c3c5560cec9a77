"""Saying how a ruling was reached: steps with citations, missing figures, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from parity.chips._devices import DENSITY, Devices
from parity.chips._judge import MEETS, clause_truth, judged, meeting, missing
from parity.chips._logic import FALSE, TRUE, UNKNOWN
from parity.chips._outcome import Outcome
from parity.chips._rulebook import InForce, Provision, Test

# A row of this basis was read nowhere: what it says of a launch decides nothing.
UNVERIFIED = "background"

# Words of an exception's terms by which no notice is needed.
NO_NOTICE = "no notice needed"
WORDS = {TRUE: "yes", FALSE: "no", UNKNOWN: "cannot be determined"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ruling.

    Attributes
    ----------
    rule_id, title
        The rule.
    says
        What it tests or requires.
    holds
        ``yes``, ``no`` or ``cannot be determined``.
    enforced
        ``yes``, ``no`` (codified only), ``reported`` or ``guidance``.
    citation, source_url
        Where it is published, and the page read.
    basis
        How it is known.
    """

    rule_id: str
    title: str
    says: str
    holds: str
    enforced: str
    citation: str
    source_url: str
    basis: str

    def as_dict(self) -> dict[str, str]:
        """Return the step as a dictionary."""
        return asdict(self)


def steps(force: InForce, devices: Devices, cases: Sequence[Devices], outcome: Outcome) -> tuple[Step, ...]:
    """Return the tests of the control list and the provisions that decide, in this order."""
    tested = [_test_step(force, devices, cases, tests) for tests in _control_clauses(force)]
    wanted = {*outcome.decisive, *outcome.undecided, *outcome.guidance}
    rows = [row for row in force.provisions if row.position in wanted]
    applied = [
        _provision_step(force, row, UNKNOWN if row.position in outcome.undecided else TRUE) for row in rows
    ]
    return (*tested, *applied)


def letter_steps(force: InForce, positions: Sequence[int]) -> tuple[Step, ...]:
    """Return provisions that stand apart from the rule text as steps, letters before reports of letters."""
    rows = [row for row in force.provisions if row.position in positions]
    return tuple(
        _provision_step(force, row, TRUE) for row in sorted(rows, key=lambda row: row.enforced != "yes")
    )


def _control_clauses(force: InForce) -> list[list[Test]]:
    return [tests for role in ("control", "exclude") for tests in judged(force.tests, role).values()]


def _test_step(force: InForce, devices: Devices, cases: Sequence[Devices], tests: list[Test]) -> Step:
    truths = {int(clause_truth(case, tests)[0]) for case in cases}
    rule = force.book.rules[tests[0].rule_id]
    figures = "; ".join(f"{test.words()} (here {_figure(devices, test.quantity)})" for test in tests)
    return Step(
        rule_id=tests[0].rule_id,
        title=rule["title"],
        says=f"{tests[0].paragraph}: {figures}",
        holds=WORDS[truths.pop() if len(truths) == 1 else UNKNOWN],
        enforced="yes",
        citation=rule["citation"],
        source_url=tests[0].source_url or rule["source_url"] or "",
        basis=tests[0].basis or "",
    )


def _figure(devices: Devices, quantity: str) -> str:
    low, high = devices.low[quantity][0], devices.high[quantity][0]
    if quantity == "data_center":
        return "open" if low != high else "yes" if low else "no"
    if low == high:
        return f"{low:,.6g}"
    if high == float("inf"):
        return f"at least {low:,.6g}" if low else "unknown"
    return f"below {high:,.6g}"


def _provision_step(force: InForce, row: Provision, truth: int) -> Step:
    rule = force.book.rules[row.rule_id]
    stated = "" if row.review_policy == "not_stated" else (row.review_policy or "").replace("_", " ")
    review = f", {stated}" if stated else ""
    exception = f"; exception {row.exception.replace(';', ', ')}" if row.exception else ""
    terms = f" ({row.exception_terms})" if row.exception_terms else ""
    return Step(
        rule_id=row.rule_id,
        title=rule["title"],
        says=f"{row.item_text}: {row.requirement.replace('_', ' ')}{review}{exception}{terms}",
        holds=WORDS[truth],
        enforced=row.enforced,
        citation=row.citation,
        source_url=rule["source_url"] or "",
        basis=row.basis or "",
    )


def missing_figures(
    force: InForce, cases: Sequence[Devices], outcomes: Sequence[Outcome], covered: Sequence[bool]
) -> list[str]:
    """Return the figures without which the ruling on the first device stays open.

    Parameters
    ----------
    force
        What is in force.
    cases, outcomes
        The device in each possible case, and the outcome of each.
    covered
        Which provisions cover the parties: only those that do, and could not be decided, ask for a figure.
    """
    wanted: dict[str, None] = {}
    for case, outcome in zip(cases, outcomes, strict=True):
        rows = [
            row
            for row, inside in zip(force.provisions, covered, strict=True)
            if inside and row.position in outcome.undecided and row.layer in ("rule", "letter")
            if "& open" not in row.item
        ]
        clauses = _control_clauses(force) if any("3A090" in row.item for row in rows) else []
        clauses += [
            tests for row in rows for named in MEETS.findall(row.item) for tests in meeting(force, *named)
        ]
        wanted |= dict.fromkeys(missing(case, clauses))
    if any(outcome != outcomes[0] for outcome in outcomes):
        for quantity, lacking in (("data_center", "data_center"), (DENSITY, "package_area")):
            if any(case.low[quantity][0] != cases[0].low[quantity][0] for case in cases):
                wanted[lacking] = None
    return list(wanted)


def conditions(force: InForce, outcome: Outcome) -> tuple[str, ...]:
    """Return the requirements that the exception rests on, or the review policy where there is none.

    Those of one policy never stand beside those of another.
    """
    if outcome.usable_exception:
        codes, terms = outcome.usable_exception.split(";"), outcome.exception_terms or ""
        roles = ("exception", "procedure") if NO_NOTICE not in terms else ("exception",)
        held = [test for test in force.tests if test.exception in codes and test.role in roles]
    else:
        rows = [row for row in force.provisions if row.position == outcome.reviewed_by]
        rules = {rule_id for row in rows for rule_id, _ in MEETS.findall(row.item)}
        held = [test for test in force.tests if test.rule_id in rules and test.role == "review"]
    return tuple(dict.fromkeys(test.words() for test in held if test.about == "transaction"))


def notes(
    force: InForce, facts: Mapping[str, Any], to: str, on: date, headquarters: str | None, outcome: Outcome
) -> tuple[str, ...]:
    """Return what a reader has to know besides the ruling."""
    book = force.book
    alias = force.aliases.get(to)
    said = {
        f"the parties are taken to have their headquarters in {to}": headquarters is None,
        f"{to} is ruled as {alias}": alias is not None,
        f"{to} is in none of the country groups held": not force.party(to).labels - {to},
        f"country groups of {to}: {book.groups.disputed.get(to)}": to in book.groups.disputed,
        f"before the first rule or letter in the data ({book.first_rule})": on < book.first_rule
        and not outcome.decisive,
        f"rules after {book.checked_to} were not looked for": on > book.checked_to,
        _diligence(book.chpl, on): "Russia and Belarus" in _regimes(force, outcome),
    }
    ruled = {*outcome.decisive, *outcome.letters, *outcome.undecided}
    of_rows = tuple(row.note for row in force.provisions if row.note and row.position in ruled)
    return tuple(note for note, holds in said.items() if holds and note) + of_rows + _about_device(facts, on)


def _about_device(facts: Mapping[str, Any], on: date) -> tuple[str, ...]:
    first, by = facts.get("released_from"), facts.get("released_by")
    volume, basis = facts.get("available_by"), facts.get("available_basis")
    maker, country = facts.get("maker"), facts.get("maker_country")
    held, chips, kind = facts.get("holds"), facts.get("chips"), facts.get("kind")
    status = facts.get("status") or "released"
    foreign = country not in (None, "USA")
    day = facts.get("unread_launch")
    unread = facts.get("basis") == UNVERIFIED and first is None and (f"launched {day}" if day else status)
    said = {
        f"not launched by the data: {status}": first is None and status != "released" and not unread,
        f"unverified, and so without weight here: {unread}": bool(unread) and unread != "released",
        f"not on the market on {on}: launched {first} or later": bool(first and on < first),
        f"launched between {first} and {by}: perhaps not yet on the market": bool(
            first and by and first <= on < by
        ),
        f"launched, and delivered in volume by {volume}": bool(
            first and by and volume and by <= on < volume and basis == "volume"
        ),
        f"ruled as what it holds: {chips} x {held}": bool(held),
        "a computer that holds a part of 3A090.a is 4A090.a, one that holds a part of 3A090.b is 4A090.b": (
            kind == "system"
        ),
        f"{maker} keeps it for its own services": facts.get("sale") == "captive",
        f"designed in {country}: whether it is subject to the US rules is not in the data": foreign,
    }
    return tuple(note for note, holds in said.items() if holds)


def _regimes(force: InForce, outcome: Outcome) -> set[str]:
    rows = (row for row in force.provisions if row.position in outcome.decisive)
    return {force.book.rules[row.rule_id]["regime"] for row in rows}


def _diligence(chpl: pl.DataFrame, on: date) -> str:
    rows = chpl.filter(pl.col("accelerators") & (pl.col("list_date") <= on)).sort("tier", "hs6")
    codes = ", ".join(f"{hs6} (tier {tier})" for hs6, tier in rows.select("hs6", "tier").rows())
    return f"Common High Priority List, for diligence: HS {codes}" if codes else ""
