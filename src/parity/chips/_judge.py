"""From tests to paragraphs, from paragraphs to what each provision says about a device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parity.chips._devices import TEXTS, WORKED_OUT, Devices
from parity.chips._logic import TRUE, UNKNOWN, Truth, all_of, any_of
from parity.chips._rulebook import InForce, Test
from parity.errors import ParityError

# Roles of tests that ``meets(RULE)`` in an item refers to.
MEETS_ROLES = ("letter", "guidance", "review")
MEETS = re.compile(r"meets\((\w+)(?::(\w+))?\)")
PARAGRAPH = re.compile(r"\d[A-E]\d{3}[\w.]*")


@dataclass(frozen=True, slots=True)
class Classification:
    """What the control list of a day says about devices.

    Attributes
    ----------
    paragraphs
        Paragraph -> truth that a device meets it, exclusions applied; shape (n,).
    excluded
        Note -> truth that it takes a device out of the paragraphs of its rule; shape (n,).
    taken_out
        Where an exclusion alone keeps a device out of a paragraph; shape (n,).
    items
        One row per provision in force -> truth that a device is its item; shape (provisions, n).
    """

    paragraphs: Mapping[str, Truth]
    excluded: Mapping[str, Truth]
    taken_out: NDArray[np.bool_]
    items: Truth

    def named(self, device: int) -> list[str]:
        """Return the paragraphs that a device meets."""
        return [name for name, truth in self.paragraphs.items() if truth[device] == TRUE]


def classify(devices: Devices, force: InForce) -> Classification:
    """Put the tests of a day to devices.

    Parameters
    ----------
    devices
        Devices, each with a definite answer on ``data_center`` for an exact result: see ``Devices.marketed``.
    force
        What is in force.
    """
    excluded = _paragraphs(devices, force, "exclude")
    tested = _paragraphs(devices, force, "control")
    out = {
        key: any_of((truth for (of, _), truth in excluded.items() if of == key[0]), devices.size)
        for key in tested
    }
    met = {
        paragraph: np.minimum(truth, -out[rule_id, paragraph])
        for (rule_id, paragraph), truth in tested.items()
    }
    named = {name: _unless(name, met, force, devices.size) for name in met}
    alone = [(truth == TRUE) & (out[key] == TRUE) for key, truth in tested.items()]
    known = {item: _item(item, devices, force, named) for item in {row.item for row in force.provisions}}
    items = [known[row.item] for row in force.provisions]
    return Classification(
        paragraphs=named,
        excluded={note: truth for (_, note), truth in excluded.items()},
        taken_out=np.logical_or.reduce([np.zeros(devices.size, dtype=bool), *alone]),
        items=np.array(items, dtype=np.int8).reshape(len(items), devices.size),
    )


def _unless(name: str, paragraphs: Mapping[str, Truth], force: InForce, size: int) -> Truth:
    """Return whether devices meet a paragraph and none that stands in its place; shape (n,)."""
    prior = {test.unless for test in force.tests if test.paragraph == name and test.unless}
    instead = [truth for other, truth in paragraphs.items() if any(within(other, wider) for wider in prior)]
    return all_of([paragraphs[name], *(-truth for truth in instead)], size)


def judged(tests: tuple[Test, ...], role: str) -> dict[tuple[str, str], list[Test]]:
    """Return the clauses with a role that are about accelerators: rule, clause -> tests.

    A clause that also tests something that is no accelerator is not about accelerators.
    """
    clauses: dict[tuple[str, str], list[Test]] = {}
    for test in tests:
        if test.role == role:
            clauses.setdefault((test.rule_id, test.clause), []).append(test)
    return {key: held for key, held in clauses.items() if all(test.about != "other" for test in held)}


def clause_truth(devices: Devices, tests: list[Test]) -> Truth:
    """Return whether devices pass every test of a clause that is about them; shape (n,)."""
    own = [test for test in tests if test.about == "accelerator"]
    truths = [devices.test(test.quantity, test.operator, test.value, test.text) for test in own]
    return all_of(truths, devices.size)


def _paragraphs(devices: Devices, force: InForce, role: str) -> dict[tuple[str, str], Truth]:
    """Return rule and paragraph -> truth of any of its clauses; shape (n,)."""
    truths: dict[tuple[str, str], list[Truth]] = {}
    for (rule_id, _), tests in judged(force.tests, role).items():
        truths.setdefault((rule_id, tests[0].paragraph), []).append(clause_truth(devices, tests))
    return {key: any_of(held, devices.size) for key, held in truths.items()}


def _item(item: str, devices: Devices, force: InForce, paragraphs: Mapping[str, Truth]) -> Truth:
    """Return whether devices are what a provision is about; shape (n,)."""
    ways = [
        all_of(
            [_factor(factor.strip(), devices, force, paragraphs) for factor in way.split("&")], devices.size
        )
        for way in item.split("|")
    ]
    return any_of(ways, devices.size)


def _factor(factor: str, devices: Devices, force: InForce, paragraphs: Mapping[str, Truth]) -> Truth:
    if factor.startswith("not "):
        return -_factor(factor.removeprefix("not "), devices, force, paragraphs)
    if factor == "any":
        return np.full(devices.size, TRUE, np.int8)
    # What neither the rule data nor a published letter settle.
    if factor in ("hs_list", "open"):
        return np.full(devices.size, UNKNOWN, np.int8)
    if factor == "data_center":
        return devices.test("data_center", "==", 1.0, None)
    if meets := MEETS.fullmatch(factor):
        clauses = meeting(force, meets[1], meets[2])
        return any_of((clause_truth(devices, tests) for tests in clauses), devices.size)
    if PARAGRAPH.fullmatch(factor):
        return any_of((truth for name, truth in paragraphs.items() if within(name, factor)), devices.size)
    raise ParityError(
        f"a rule is about '{factor}', which is no item (a paragraph, any, data_center, meets(RULE))"
    )


def meeting(force: InForce, rule_id: str, clause: str | None = None) -> list[list[Test]]:
    """Return the clauses that ``meets(RULE)`` or ``meets(RULE:CLAUSE)`` refers to."""
    roles = (*MEETS_ROLES, "exception") if clause else MEETS_ROLES
    return [
        tests
        for role in roles
        for (rule, name), tests in judged(force.tests, role).items()
        if rule == rule_id and clause in (None, "", name) and tests[0].about == "accelerator"
    ]


def within(paragraph: str, wider: str) -> bool:
    """Return whether a paragraph is another or lies within it: 3A090.a.1 within 3A090.a."""
    return paragraph == wider or paragraph.startswith(f"{wider}.")


def missing(devices: Devices, clauses: list[list[Test]]) -> list[str]:
    """Return the figures that keep clauses undecided for the first device.

    Parameters
    ----------
    devices
        The devices.
    clauses
        Tests of each clause; one that is already false or true asks for nothing.
    """
    wanted: dict[str, None] = {}
    for tests in clauses:
        if clause_truth(devices, tests)[0] != UNKNOWN:
            continue
        for test in (test for test in tests if test.about == "accelerator"):
            if devices.test(test.quantity, test.operator, test.value, test.text)[0] == UNKNOWN:
                wanted |= dict.fromkeys(_lacking(devices, test.quantity))
    return list(wanted)


def _lacking(devices: Devices, quantity: str) -> list[str]:
    """Return the figures behind a quantity of the first device that are not known."""
    parts = WORKED_OUT.get(quantity, (quantity,))
    return [name for name in parts if name in TEXTS or devices.low[name][0] != devices.high[name][0]]
