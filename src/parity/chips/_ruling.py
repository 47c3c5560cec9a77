"""A ruling: what the rules say about one device, one destination and one day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from parity.chips._devices import LABELS, Devices
from parity.chips._explain import UNVERIFIED, Step, conditions, letter_steps, missing_figures, notes, steps
from parity.chips._held import DISCLAIMER, SCOPE, Scope
from parity.chips._judge import Classification, classify
from parity.chips._logic import FALSE, TRUE
from parity.chips._lookup import Device
from parity.chips._outcome import CONTROLLED, UNDETERMINED, Outcome, agree, decide, foreign
from parity.chips._rulebook import ORIGIN, InForce, RuleBook
from parity.chips._scope import parse

# A place that is not the United States.
ELSEWHERE = "elsewhere"
MARKETS = ("designed or marketed for data centres", "not designed or marketed for data centres")


@dataclass(frozen=True, slots=True)
class Case:
    """What the ruling would be if something that was not said were so.

    Attributes
    ----------
    when
        What is supposed.
    headquarters
        Seats that it stands for, ISO3; empty where it is not about the seat.
    verdict
        One word for the whole.
    license_required
        By rule text or letter; ``None`` where that is open.
    """

    when: str
    headquarters: tuple[str, ...]
    verdict: str
    license_required: bool | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say.

    Attributes
    ----------
    device, to, on, headquarters
        What was asked: name of the device, ISO3 codes, day.
    matched
        How the device was found: ``name``, ``other name`` or ``figures``.
    exported_from
        Where it is exported from, ISO3.
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
    cases
        What differs if the headquarters, the place of export or the market, where they were not said, are
        others.
    scope
        Rules that are held, and what is not.
    disclaimer
        What a ruling is not.
    vintage
        Data that the ruling rests on.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"vintage": None, "citations": "citations"}

    device: str
    to: str
    on: date
    headquarters: str
    matched: str
    exported_from: str
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
    cases: tuple[Case, ...]
    scope: Scope
    disclaimer: str
    vintage: str

    @property
    def citations(self) -> tuple[str, ...]:
        """Citations of the steps that hold, each once."""
        return tuple(
            dict.fromkeys(step.citation for step in (*self.steps, *self.letters) if step.holds != "no")
        )


def judge(
    device: Device,
    book: RuleBook,
    to: str,
    on: date,
    headquarters: str | None = None,
    data_center: bool | None = None,
    exported_from: str | None = None,
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
        Where the parties or their ultimate parent have their seat, ISO3. Where it is not given the ruling is
        for parties of the destination, and names the seats for which it is another.
    data_center
        Whether the device is designed or marketed for data centres; the catalogue's own answer by default.
    exported_from
        Where it is exported from, ISO3; the United States by default.

    Returns
    -------
    Ruling
        Rule text, letters, and what neither settles.
    """
    device = device.marketed(data_center)
    seat, origin = headquarters or to, exported_from or ORIGIN
    force = book.on(on)
    devices = Devices.of(device.table())
    readings = force.readings(to, seat, origin)
    cases = devices.cases(force.cuts())
    classified = [classify(case, force) for case in cases]
    facts = device.facts
    abroad = facts.get("maker_country") not in (None, ORIGIN)
    by_reading = [[_decide(force, covered, one, abroad) for one in classified] for covered in readings]
    outcome = agree([one for outcomes in by_reading for one in outcomes])
    wording = paragraph_of(classified, 0)
    found = letter_steps(force, outcome.letters)

    def other(seat: str, origin: str) -> tuple[str, bool | None]:
        outcomes = [
            _decide(force, covered, one, abroad)
            for covered in force.readings(to, seat, origin)
            for one in classified
        ]
        return verdict(force, outcomes, facts, on), agree(outcomes).license_required

    ruled = verdict(force, [one for outcomes in by_reading for one in outcomes], facts, on)
    return Ruling(
        device=device.name,
        to=to,
        on=on,
        headquarters=seat,
        matched=device.matched,
        exported_from=origin,
        status=outcome.status,
        paragraph=wording,
        license_required=outcome.license_required,
        license_basis=_basis(outcome),
        review_policy=outcome.review_policy,
        exception=outcome.usable_exception,
        exception_terms=outcome.exception_terms if outcome.usable_exception else None,
        conditions=conditions(force, outcome),
        letter=found[0] if found else None,
        letters=found,
        enforced=outcome.enforced,
        steps=steps(force, devices, cases, outcome),
        unknown=(
            *(LABELS.get(name, name) for name in missing_figures(force, cases, by_reading[0], readings[0])),
            *([f"the country groups of {to}"] if by_reading[0] != by_reading[-1] else []),
            *(
                [f"whether a part designed in {facts['maker_country']} is subject to the US rules"]
                if abroad and outcome.status == UNDETERMINED
                else []
            ),
            *_open(force, outcome, wording),
        ),
        notes=(
            *device.remarks,
            *_unread(facts, outcome),
            *notes(force, facts, to, on, headquarters, outcome),
        ),
        elsewhere=letter_steps(force, outcome.elsewhere),
        verdict=ruled,
        cases=(
            *(_of_seats(force, seat, ruled, lambda one: other(one, origin)) if headquarters is None else ()),
            *(_of_origin(force, ruled, lambda one: other(seat, one)) if exported_from is None else ()),
            *(_of_market(force, by_reading, facts, on) if devices.open_market()[0] else ()),
        ),
        scope=SCOPE,
        disclaimer=DISCLAIMER,
        vintage=book.vintage,
    )


def _unread(facts: Mapping[str, Any], outcome: Outcome) -> Iterator[str]:
    """Say which figures nobody read, where the ruling is open or a review policy is."""
    if facts.get("unread") and (outcome.undecided or outcome.letter_open):
        yield f"unverified, and so without weight here: {facts['unread']}"


def _of_seats(
    force: InForce, seat: str, ruled: str, rule: Callable[[str], tuple[str, bool | None]]
) -> Iterator[Case]:
    """Yield the seats for which the ruling is another."""
    found: dict[tuple[str, bool | None], tuple[str, ...]] = {}
    for countries in force.seats():
        if seat not in countries:
            told = rule(countries[0])
            found[told] = (*found.get(told, ()), *countries)
    for (word, required), countries in found.items():
        if word != ruled:
            when = f"headquarters or ultimate parent in {force.seat_words(countries)}"
            yield Case(when, tuple(sorted(countries)), word, required)


def _of_origin(force: InForce, ruled: str, rule: Callable[[str], tuple[str, bool | None]]) -> Iterator[Case]:
    """Yield the place of export for which the ruling is another."""
    if any(clause.party == "from" for row in force.provisions for clause in parse(row.scope)):
        found, required = rule(ELSEWHERE)
        if found != ruled:
            yield Case("exported from outside the United States", (), found, required)


def _of_market(
    force: InForce,
    by_reading: Sequence[Sequence[Outcome]],
    facts: Mapping[str, Any],
    on: date,
) -> Iterator[Case]:
    """Yield both markets, where it is open for which one the device is and the ruling turns on it."""
    by_case = [[outcomes[number] for outcomes in by_reading] for number in range(2)]
    ruled = [(verdict(force, one, facts, on), agree(one).license_required) for one in by_case]
    if ruled[0] != ruled[1]:
        for when, (found, required) in zip(MARKETS, ruled, strict=True):
            yield Case(when, (), found, required)


def _decide(force: InForce, covered: tuple[bool, ...], classified: Classification, abroad: bool) -> Outcome:
    truths = [
        int(item) if inside else FALSE for inside, item in zip(covered, classified.items[:, 0], strict=True)
    ]
    outcome = decide(force, truths)
    return foreign(outcome) if abroad else outcome


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


def verdict(force: InForce, outcomes: Sequence[Outcome], facts: Mapping[str, Any], on: date) -> str:
    """Return one word for the whole, in the vocabulary of ``docs/methods/chips.md``.

    Parameters
    ----------
    force
        What is in force.
    outcomes
        One per possible case; where their words differ, it is open which one holds.
    facts
        Row of the table ``accelerators``; absent columns are unknown.
    on
        Day.
    """
    first = facts.get("released_from")
    if facts.get("sale") == "captive":
        return "not_sold"
    unlaunched = first is None and facts.get("status", RELEASED) != RELEASED
    if (first is not None and on < first) or (unlaunched and facts.get("basis") != UNVERIFIED):
        return "not_released"
    words = {_of_outcome(force, outcome, facts) for outcome in outcomes}
    return words.pop() if len(words) == 1 else OPEN


RELEASED, OPEN = "released", "uncertain"
# What a letter asks for more than.
SOFTER = ("nac", "aca", "hbm", "codified_only", "licence_approval")


def _of_outcome(force: InForce, outcome: Outcome, facts: Mapping[str, Any]) -> str:
    if facts.get("maker_country") == "CHN":
        return "prc_designed (GP10)" if outcome.guidance else "prc_designed"
    letter = "letter_licence" if outcome.binding_letter else "letter_licence (reported)"
    if outcome.status == CONTROLLED:
        by_text = _controlled(force, outcome)
        return letter if outcome.letters and by_text in SOFTER else by_text
    if outcome.letters:
        return letter
    return OPEN if outcome.license_required is None else "not_controlled"


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
