"""Evaluate the checker of claims: what it finds, whether its verdicts are right, and whom it wrongs.

Reads the sentences of the tests and, where it is present, a file of further cases as JSON lines, and prints
precision and recall of the extraction, the accuracy of each kind of verdict, and every false contradiction.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.claims import Checked, Verdict, check

PASSAGES = Path(__file__).parents[1] / "tests" / "claims" / "passages.txt"
CASES = Path(__file__).parents[1] / "tests" / "claims" / "cases.txt"
FURTHER = Path(__file__).parents[1] / ".." / "shared" / "cases" / "claims" / "faults.jsonl"
LETTERS = dict(zip("SCPDN", Verdict, strict=True))
FAMILIES = {"behaviour": "model behaviour"}


@dataclass(frozen=True, slots=True)
class Case:
    """A short text and what is right about it.

    Attributes
    ----------
    kind
        Kind of fault that it guards against.
    day
        Its date.
    text
        The text.
    family
        Family of its claim; ``None`` for no claim, ``any`` where several readings are right.
    countries
        Countries that the claim must name, ISO3.
    value
        Place or months stated; ``None`` where another number or none is.
    verdicts
        Verdicts that are right; empty where nobody knows.
    """

    kind: str
    day: dt.date
    text: str
    family: str | None
    countries: frozenset[str]
    value: float | None
    verdicts: frozenset[Verdict]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case.

    Attributes
    ----------
    case
        The case.
    right
        Claims as they should be.
    wrong
        Claims that the text does not make, or with another family or country.
    """

    case: Case
    right: tuple[Checked, ...]
    wrong: tuple[Checked, ...]

    @property
    def missed(self) -> bool:
        """Whether the text makes a claim that was not found."""
        return self.case.family not in (None, "any") and not self.right

    def false_contradictions(self) -> Iterator[Checked]:
        """Yield the claims that are contradicted and should not be."""
        for one in (*self.right, *self.wrong):
            known = self.case.verdicts or {Verdict.SUPPORTED}
            if one.judgement.verdict is Verdict.CONTRADICTED and Verdict.CONTRADICTED not in known:
                yield one


def own_cases(path: Path = CASES) -> list[Case]:
    """Return the sentences of the tests; their format is told at the head of the file."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, _, day, expected, text = (part.strip() for part in line.split(" | ", 4))
        text = text.replace("\\n", "\n").replace("\\t", "\t")
        found.append(_case(kind, day, text, expected.split()))
    return found


def _case(kind: str, day: str, text: str, expected: list[str]) -> Case:
    family = None if expected == ["-"] else FAMILIES.get(expected[0], expected[0])
    rest = expected[1:]
    letters = next((part for part in rest if re.fullmatch(r"[SCPDN]{1,5}", part) and len(part) != 3), "")
    if not letters and rest and re.fullmatch(r"[SCPDN]{3}", rest[-1]):
        letters = rest[-1]
    countries = {
        c for part in rest if part != letters for c in part.split(",") if re.fullmatch("[A-Z]{3}", c)
    }
    value = next((float(part) for part in rest if part.isdigit()), None)
    return Case(
        kind,
        dt.date.fromisoformat(day),
        text,
        family,
        frozenset(countries - {"WLD"}),
        value,
        frozenset(LETTERS[letter] for letter in letters),
    )


def further_cases(path: Path) -> list[Case]:
    """Return the cases of a file of JSON lines (``kind``, ``text``, ``as_of``, ``expected``)."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted = row["expected"]
        verdict = wanted["verdict_if_certain"]
        verdicts = {Verdict(verdict)} if verdict else set()
        if Verdict.CANNOT in verdicts:
            verdicts.add(Verdict.DEPENDS)
        countries = frozenset(re.findall(r"\b[A-Z]{3}\b", str(wanted["subject"]))) - {"WLD"}
        day = dt.date.fromisoformat(row["as_of"])
        found.append(
            Case(row["kind"], day, row["text"], wanted["family"], countries, None, frozenset(verdicts))
        )
    return found


def outcome(case: Case) -> Outcome:
    """Check the text of a case."""
    return _sorted(case, check(case.text, case.day).checked)


def passages(path: Path = PASSAGES) -> list[Outcome]:
    """Check whole passages, and return the outcome of each of their sentences.

    Parameters
    ----------
    path
        Passages; their format is told at the head of the file.
    """
    found: list[Outcome] = []
    for block in path.read_text(encoding="utf-8").split("\n@ ")[1:]:
        head, *lines = block.strip().splitlines()
        style, day = (part.strip() for part in head.split(" | "))
        text, cases = "", []
        for line in lines:
            expected, _, sentence = line.partition(" || ")
            case = _case(style.lstrip("* "), day, sentence, expected.partition(";")[0].split())
            cases.append((len(text), case))
            text += sentence + ("\n" if style.startswith("*") else " ")
        checked = check(text, dt.date.fromisoformat(day)).checked
        for (start, case), end in zip(cases, [*(at for at, _ in cases[1:]), len(text)], strict=True):
            found.append(_sorted(case, [one for one in checked if start <= one.claim.span[0] < end]))
    return found


def _sorted(case: Case, checked: Iterable[Checked]) -> Outcome:
    right: list[Checked] = []
    wrong: list[Checked] = []
    for one in checked:
        fits = case.family == "any" or (
            one.claim.family == case.family and _names(one, case) and _states(one, case)
        )
        (right if fits else wrong).append(one)
    return Outcome(case, tuple(right), tuple(wrong))


def _names(one: Checked, case: Case) -> bool:
    return not case.countries or bool(case.countries & set(re.findall(r"\b[A-Z]{3}\b", repr(_fields(one)))))


def _states(one: Checked, case: Case) -> bool:
    fields = _fields(one)
    if case.value is None:
        return True
    if one.claim.family == "rank":
        return (
            fields["rank"] in (None, case.value) or len(case.countries) != 1 or fields["rank"] == case.value
        )
    if one.claim.family == "lag":
        low, high = fields["low"] or 0.0, fields["high"] or float("inf")
        return bool(low - fields["rounding"] <= case.value <= high + fields["rounding"])
    return True


def _fields(one: Checked) -> dict[str, Any]:
    return one.claim.model_dump(exclude={"span", "text", "attribution"})


def extraction(outcomes: Iterable[Outcome]) -> tuple[int, int, int]:
    """Return the number of texts whose claim was found, of wrong claims, and of claims missed."""
    every = list(outcomes)
    return (
        sum(bool(one.right) for one in every),
        sum(len(one.wrong) for one in every),
        sum(one.missed for one in every),
    )


def accuracy(outcomes: Iterable[Outcome]) -> dict[Verdict, tuple[int, int]]:
    """Return, for each verdict, how many were given and how many of them are right.

    A verdict on a claim that the text does not make is wrong, unless it is that nothing can be checked.
    """
    given: Counter[Verdict] = Counter()
    right: Counter[Verdict] = Counter()
    for one in outcomes:
        for checked in one.right:
            verdict = checked.judgement.verdict
            given[verdict] += 1
            right[verdict] += not one.case.verdicts or verdict in one.case.verdicts
        for checked in one.wrong:
            given[checked.judgement.verdict] += 1
            right[checked.judgement.verdict] += checked.judgement.verdict is Verdict.CANNOT
    return {verdict: (given[verdict], right[verdict]) for verdict in Verdict}


def by_confidence(outcomes: Iterable[Outcome]) -> dict[str, tuple[int, int]]:
    """Return, for each confidence, how many claims were read with it, and how many of these well."""
    given: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for one in outcomes:
        given.update(checked.confidence for checked in (*one.right, *one.wrong))
        good.update(checked.confidence for checked in one.right)
    return {name: (given[name], good[name]) for name in ("high", "medium", "low")}


def report(name: str, outcomes: list[Outcome]) -> int:
    """Print an evaluation and return the number of false contradictions."""
    right, wrong, missed = extraction(outcomes)
    print(
        f"\n{name}: {len(outcomes)} texts, {sum(one.case.family is None for one in outcomes)} without a claim"
    )
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    print(f"  extraction: precision {precision:.2f}, recall {recall:.2f}")
    for verdict, (given, good) in accuracy(outcomes).items():
        print(
            f"  {verdict.value:34} {given:4} given, {good:4} right {f'({good / given:.2f})' if given else ''}"
        )
    for confidence, (given, good) in by_confidence(outcomes).items():
        print(f"  read with {confidence + ' confidence':24} {given:4} claims, {good:4} as they should")
    for kind in sorted({one.case.kind for one in outcomes}):
        mine = [one for one in outcomes if one.case.kind == kind]
        clean = sum(not one.wrong and not one.missed for one in mine)
        print(f"  {kind:38} {clean:3} of {len(mine):3} read as they should")
    false = [(one.case, checked) for one in outcomes for checked in one.false_contradictions()]
    print(f"  false contradictions: {len(false)}")
    for case, checked in false:
        print(f"    {case.text!r} ({case.day}): {checked.judgement.why}")
    return len(false)


def main() -> None:
    """Print the evaluation of the sentences of the tests, and of further cases where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=FURTHER, help="JSON lines of further cases")
    given = parser.parse_args()
    false = report("own sentences", [outcome(case) for case in own_cases()])
    false += report("own passages", passages())
    if given.cases.exists():
        false += report(given.cases.name, [outcome(case) for case in further_cases(given.cases)])
    sys.exit(bool(false))


if __name__ == "__main__":
    main()
