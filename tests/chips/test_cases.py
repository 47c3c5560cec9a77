"""Rulings that people asked for, with the answer that the rule texts give."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from parity import chips
from parity.ask import chips as ask
from tests.chips.conftest import Judge

# Our words -> those of the cases.
MEANS = {
    "letter_licence": "licence_required",
    "letter_licence (reported)": "licence_required",
    "licence_approval": "licence_required",
    "uncertain": "undetermined",
    "prc_designed (GP10)": "undetermined",
    "case_by_case_if_conditions_met": "case_by_case",
    "aca": "nac",
}
# For a US firm it depends on whether it is one of those that the rule lists, which the question does not say.
DEPENDS = {"q091": "uncertain"}


def test_every_case(shared: Path) -> None:
    with (shared / "cases" / "chips" / "rulings.csv").open(encoding="utf-8") as file:
        cases = list(csv.DictReader(file))
    assert len(cases) > 40
    for case in cases:
        given = {"device": case["device"], "to": case["to"], "on": case["on"]}
        given |= {"headquarters": case["headquarters"] or None, "exported_from": case["from"] or None}
        found = ask.Rule.read(given).answer().result.verdict
        expected = {case["expected"], *case["also_acceptable"].split("|"), DEPENDS.get(case["id"])}
        assert MEANS.get(found, found) in expected or found in expected, case


@pytest.mark.parametrize(
    ("device", "to", "day", "words"),
    [
        ("MI250X", "CHN", "2022-09-15", "the letter to AMD of August 2022"),
        ("A100", "ARE", "2023-09-15", "the letters to NVIDIA and AMD of 2023"),
        ("H100", "SAU", "2023-09-15", "the letters to NVIDIA and AMD of 2023"),
    ],
)
def test_a_letter_without_published_scope_leaves_it_open_and_is_named(
    judge: Judge, device: str, to: str, day: str, words: str
) -> None:
    found = judge(device, to, day)
    assert (found.status, found.license_required, found.verdict) == ("undetermined", None, "uncertain")
    assert any(words in text for text in found.unknown)


def test_without_a_seat_both_cases_are_named(judge: Judge) -> None:
    found = judge("H100", "IND", "2024-06-01")
    assert found.verdict == "not_controlled"
    case = found.cases[0]
    assert (case.verdict, case.license_required) == ("case_by_case", True)
    assert "MAC or group D:5" in case.when
    assert {"CHN", "RUS", "MAC"} <= set(case.headquarters)
    assert judge("H100", "IND", "2024-06-01", headquarters="IND").cases == ()
    assert any("Entity List" in text for text in found.scope.not_held)
    assert "no clearance" in found.scope.meaning


def test_the_emirates_depend_on_the_party(judge: Judge) -> None:
    us_firm = judge("GB300", "ARE", "2026-08-01", headquarters="USA")
    assert us_firm.verdict == "uncertain"
    assert any("Supplement 8" in text for text in us_firm.unknown)
    unsaid = judge("GB300", "ARE", "2026-08-01")
    assert unsaid.verdict == "licence_required"
    assert {case.verdict for case in unsaid.cases} == {"uncertain", "licence_denial"}


def test_the_eased_review_asks_and_finds_nothing(judge: Judge) -> None:
    found = judge("H200", "CHN", "2026-02-01")
    assert len(found.conditions) == 10
    assert all("must" in text or text.startswith("no ") for text in found.conditions)
    assert judge("H200", "CHN", "2026-02-01", exported_from="SGP").verdict == "licence_denial"
    assert judge("H200", "CHN", "2026-02-01", headquarters="RUS").verdict == "licence_denial"
    other = next(case for case in found.cases if "outside the United States" in case.when)
    assert other.verdict == "licence_denial"


def test_memory_by_itself(judge: Judge) -> None:
    assert judge("HBM3E", "CHN", "2025-02-01").paragraph == "3A090.c"
    assert judge("HBM3E", "CHN", "2024-12-01").verdict == "not_controlled"
    assert judge("HBM3E", "DEU", "2025-02-01").verdict == "not_controlled"
    assert "area of the stack" in judge("HBM4", "CHN", "2026-08-01").unknown


def test_a_computer_is_ruled_as_what_it_holds(judge: Judge) -> None:
    found = judge("DGX H100", "CHN", "2024-06-01")
    assert (found.verdict, found.paragraph) == ("licence_denial", "3A090.a.1")
    assert any("8 x NVIDIA H100 SXM5 80GB" in note for note in found.notes)


def test_syria_belarus_and_licences_that_were_issued(judge: Judge) -> None:
    card = "RTX 3060 12 GB"
    assert judge(card, "SYR", "2025-09-01").review_policy == "policy_of_denial"
    assert judge(card, "SYR", "2025-09-02").review_policy == "case_by_case"
    assert judge("H100", "SYR", "2025-10-01").verdict == "licence_denial"
    belarus = {step.rule_id for step in judge("H100", "BLR", "2024-07-01").elsewhere}
    assert {"eu_by_1", "eu_by_2", "uk_by_1", "jp_ru_2022_03"} <= belarus
    for device in ("H20", "MI308"):
        assert any("have been" in note for note in judge(device, "CHN", "2025-10-01").notes)
        assert not any("have been" in note for note in judge(device, "CHN", "2025-07-01").notes)


def test_every_rule_is_dated_and_checked(book: chips.RuleBook) -> None:
    for row in book.rules.values():
        assert row["date_from"] is not None, row["rule_id"]
        assert row["checked_to"] == "2026-10-07"
    assert all(row.date_from is not None for row in book.provisions)


def test_what_never_came_out_is_nobodys_best(book: chips.RuleBook) -> None:
    devices = ask.accelerators()
    for country in ("CHN", "USA"):
        row = chips.reach(book, devices, country, date(2022, 8, 1), date(2022, 8, 31)).months.row(
            0, named=True
        )
        assert "Biren BR100" not in row.values()
