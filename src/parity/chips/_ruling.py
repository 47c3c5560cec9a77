"""A ruling: what the rules say about one device, one destination and one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from parity.chips._devices import LABELS, Devices
from parity.chips._explain import Step, conditions, letter_steps, missing_figures, notes, steps
from parity.chips._judge import Classification, classify
from parity.chips._logic import FALSE, TRUE
from parity.chips._lookup import Device
from parity.chips._outcome import CONTROLLED, Outcome, agree, decide
from parity.chips._rulebook import InForce, RuleBook

DISCLAIMER = "An analysis of published rules, not legal advice."


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say.

    Attributes
    ----------
    device, to, on, headquarters
        What was asked: name of the device, ISO3 codes, day.
    status
        By rule text: ``controlled``, ``not_controlled`` or ``undetermined`` for this destination.
    paragraph
        Paragraphs of the control list that the device meets, joined by ``+``; ``None`` where none is.
    license_required
        Whether a licence is required, by rule text or letter; ``None`` where that is open.
    license_basis
        ``rule_text``, ``letter`` or both.
    review_policy
        How an application is looked at; ``None`` where none is required or none is known.
    exception, exception_terms
        Licence exceptions that may apply, and their terms.
    conditions
        Conditions about the transaction that the review policy or the exception depends on.
    letter
        The letter ("is informed") that requires a licence; ``None`` where none does.
    letters
        Every such letter.
    enforced
        Whether the requirement is enforced; false: codified only; ``None``: no requirement, or open.
    steps
        How the ruling was reached, each step with citation and source.
    unknown
        What is missing.
    notes
        What to know besides.
    elsewhere
        Rules of the EU, the UK and Japan that cover the destination, as facts.
    verdict
        One word for the whole: ``not_controlled``, ``licence_denial``, ``nac``, ``letter_licence``, ...
    vintage
        Data that the ruling rests on.
    """

    device: str
    to: str
    on: date
    headquarters: str
    status: str
    paragraph: str | None
    license_required: bool | None
    license_basis: tuple[str, ...]
    review_policy: str | None
    exception: str | None
    exception_terms: str | None
    conditions: tuple[str, ...]
    letter: Step | None
    letters: tuple[Step, ...]
    enforced: bool | None
    steps: tuple[Step, ...]
    unknown: tuple[str, ...]
    notes: tuple[str, ...]
    elsewhere: tuple[Step, ...]
    verdict: str
    vintage: str

    @property
    def citations(self) -> tuple[str, ...]:
        """Citations of the steps that hold, each once."""
        return tuple(
            dict.fromkeys(step.citation for step in (*self.steps, *self.letters) if step.holds != "no")
        )

    def table(self) -> pl.DataFrame:
        """Return the steps as a table."""
        rows = [step.as_dict() for step in (*self.steps, *self.letters, *self.elsewhere)]
        return pl.DataFrame(rows, schema=dict.fromkeys(Step.__dataclass_fields__, pl.String))


def judge(
    device: Device,
    book: RuleBook,
    to: str,
    on: date,
    headquarters: str | None = None,
    data_center: bool | None = None,
) -> Ruling:
    """Rule on one device.

    Parameters
    ----------
    device
        The device.
    book
        The rules.
    to
        Destination, ISO3.
    on
        Day.
    headquarters
        Where the parties or their ultimate parent have their seat, ISO3; the destination by default.
    data_center
        Whether the device is designed or marketed for data centres; the catalogue's own answer by default.

    Returns
    -------
    Ruling
        Rule text, letters, and what neither settles.
    """
    device = device.marketed(data_center)
    seat = headquarters or to
    force = book.on(on)
    devices = Devices.of(device.table())
    readings = force.readings(to, seat)
    cases = devices.cases()
    classified = [classify(case, force) for case in cases]
    by_reading = [[_decide(force, covered, one) for one in classified] for covered in readings]
    outcome = agree([one for outcomes in by_reading for one in outcomes])
    wording = paragraph_of(classified, 0)
    found = letter_steps(force, outcome.letters)
    facts = device.facts
    return Ruling(
        device=device.name,
        to=to,
        on=on,
        headquarters=seat,
        status=outcome.status,
        paragraph=wording,
        license_required=outcome.license_required,
        license_basis=_basis(outcome),
        review_policy=outcome.review_policy,
        exception=outcome.exception,
        exception_terms=outcome.exception_terms,
        conditions=conditions(force, outcome),
        letter=found[0] if found else None,
        letters=found,
        enforced=outcome.enforced,
        steps=steps(force, devices, cases, outcome),
        unknown=(
            *(LABELS.get(name, name) for name in missing_figures(force, cases, by_reading[0], readings[0])),
            *([f"the country groups of {to}"] if by_reading[0] != by_reading[-1] else []),
            *_open(force, outcome, wording),
        ),
        notes=(*device.remarks, *notes(force, facts, to, on, headquarters, outcome)),
        elsewhere=letter_steps(force, outcome.elsewhere),
        verdict=verdict(force, outcome, facts, on),
        vintage=book.vintage,
    )


def _decide(force: InForce, covered: tuple[bool, ...], classified: Classification) -> Outcome:
    truths = [
        int(item) if inside else FALSE for inside, item in zip(covered, classified.items[:, 0], strict=True)
    ]
    return decide(force, truths)


def paragraph_of(classified: Sequence[Classification], device: int) -> str | None:
    """Return the paragraphs that a device meets in every possible case, joined by ``+``.

    Parameters
    ----------
    classified
        One classification per possible case.
    device
        Index of the device.

    Returns
    -------
    str or None
        ``None`` where it meets none for certain; ``none (Note 2)`` where an exclusion alone is why.
    """
    named = [one.named(device) for one in classified]
    common = [name for name in named[0] if all(name in other for other in named)]
    if common:
        return "+".join(common)
    if not all(one.taken_out[device] for one in classified):
        return None
    notes = [note for note, truth in classified[0].excluded.items() if truth[device] == TRUE]
    return f"none ({notes[0].removeprefix('3A090 ')})"


def _basis(outcome: Outcome) -> tuple[str, ...]:
    text = ("rule_text",) if outcome.status == CONTROLLED else ()
    return text + (("letter",) if outcome.letters else ())


def _open(force: InForce, outcome: Outcome, paragraph: str | None) -> tuple[str, ...]:
    """Return what the rule data leave open about the provisions that decide."""
    rows = [row for row in force.provisions if row.position in (*outcome.decisive, *outcome.undecided)]
    limits = [
        f"{row.limit} ({row.citation})" for row in rows if row.limit and not (paragraph and row.item == "any")
    ]
    review = () if outcome.review_verified or not outcome.review_policy else ("wording of the review policy",)
    return (*dict.fromkeys(limits), *review)


def verdict(force: InForce, outcome: Outcome, facts: dict[str, Any] | Any, on: date) -> str:
    """Return one word for the whole, in the vocabulary of ``docs/methods/chips.md``."""
    first = facts.get("released_from")
    if facts.get("sale") == "captive":
        return "not_sold"
    if first is not None and on < first:
        return "not_released"
    if facts.get("maker_country") == "CHN":
        return "prc_designed (GP10)" if outcome.guidance else "prc_designed"
    if outcome.status == CONTROLLED:
        return _controlled(force, outcome)
    if outcome.letters:
        rows = [row for row in force.provisions if row.position in outcome.letters]
        return "letter_licence" if any(row.enforced == "yes" for row in rows) else "letter_licence (reported)"
    return "uncertain" if outcome.license_required is None else "not_controlled"


def _controlled(force: InForce, outcome: Outcome) -> str:
    if outcome.enforced is False:
        return "codified_only"
    if outcome.exception:
        return outcome.exception.lower().replace(";", "|")
    if not outcome.review_verified or outcome.review_policy in (None, "not_stated"):
        return "licence_required"
    if outcome.review_policy == "case_by_case":
        return "case_by_case_if_conditions_met" if conditions(force, outcome) else "case_by_case"
    return "licence_denial" if "denial" in outcome.review_policy else "licence_approval"
