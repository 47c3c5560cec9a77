"""Public claims in a country's brief, and the one function from a text to verdicts."""

from __future__ import annotations

import datetime as dt

import pytest

from parity.catalogue import load_table
from parity.claims import FAMILIES, MOST_CHARACTERS, Verdict, check, public_claims
from parity.errors import ParityError


def test_every_claim_on_record_is_found_by_the_rules_and_judged_as_of_its_day() -> None:
    for row in load_table("public_claims").iter_rows(named=True):
        found = check(row["sentence"], row["said"]).checked
        assert found, row["sentence"]
        assert all(one.claim.as_of <= row["said"] for one in found)
        assert row["source"].startswith("http")
        assert row["precision"] in ("day", "month", "year")


def test_section_of_a_country() -> None:
    section = public_claims("RUS")
    assert len(section.claims) >= 5
    assert [one.on for one in section.claims] == sorted((c.on for c in section.claims), reverse=True)
    assert sum(section.counts.values()) == len(section.claims)
    assert set(section.counts) == {verdict.value for verdict in Verdict}
    assert all(one.why and one.command and one.family in FAMILIES for one in section.claims)


def test_claims_after_a_day_are_left_out() -> None:
    day = dt.date(2024, 12, 31)
    assert all(one.on <= day for one in public_claims("RUS", day).claims)
    assert len(public_claims("RUS", day).claims) < len(public_claims("RUS").claims)


def test_of_a_country_nobody_spoke() -> None:
    section = public_claims("TUV")
    assert section.claims == ()
    assert not any(section.counts.values())


def test_text_is_dated_by_its_head_unless_told() -> None:
    text = "Published 1 January 2025\n\nRussia ranks 31st of 83 countries in the Global AI Index."
    assert (check(text).date, check(text).assumed) == (dt.date(2025, 1, 1), False)
    assert check(text, dt.date(2024, 10, 1)).date == dt.date(2024, 10, 1)
    assert check("Russia is a year behind China in AI.").assumed


def test_families_may_be_chosen() -> None:
    text = "Russia is a year behind China in AI. India is a BRICS member."
    assert [one.claim.family for one in check(text, families=["membership"]).checked] == ["membership"]
    with pytest.raises(ParityError, match="gossip"):
        check(text, families=["gossip"])


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(ParityError, match="nothing"):
        check(text)


def test_a_text_that_is_too_long_is_refused_with_what_to_do() -> None:
    with pytest.raises(ParityError, match="in parts"):
        check("a" * (MOST_CHARACTERS + 1))
