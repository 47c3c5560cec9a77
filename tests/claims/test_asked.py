"""Claims that a language model finds."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from parity.claims import Verdict, check, with_model
from parity.claims.extract import extract
from parity.claims.model import MembershipClaim

DAY = dt.date(2025, 1, 1)
TEXT = "Officials in Riga mumble that Latvia sits in the EU bloc since long. Nothing else is said."
GOOD = {"quote": "Latvia sits in the EU bloc", "family": "membership", "bloc": "EU", "countries": ["LVA"]}


def answered(*items: object) -> list[object]:
    found, _ = with_model(extract(TEXT, DAY), TEXT, lambda prompt: "Here: " + json.dumps(items))
    return list(found.claims)


def test_quoted_claim_is_kept_with_its_span() -> None:
    (claim,) = answered(GOOD)
    assert TEXT[claim.span[0] : claim.span[1]] == GOOD["quote"]
    assert claim.as_of == DAY


def test_a_model_alone_contradicts_nobody_and_its_figures_stand_in_its_quote() -> None:
    text = "Letland staat op plaats 2 in de Government AI Readiness Index 2024. Verder niets."
    item = {
        "quote": "Letland staat op plaats 2",
        "family": "rank",
        "country": "LVA",
        "relation": "at",
        "rank": 2,
    }
    item |= {"index": "Government AI Readiness Index", "edition": "2024"}
    report = check(text, dt.date(2025, 2, 1), complete=lambda prompt: json.dumps([item, item | {"rank": 3}]))
    (one,) = report.checked
    assert one.judgement.verdict is Verdict.CANNOT
    assert "1 with a figure that does not stand in the quote" in report.notes[-1]


def test_what_is_not_quoted_or_not_typed_is_dropped() -> None:
    assert not answered(GOOD | {"quote": "Latvia is in the bloc"})
    assert not answered(GOOD | {"family": "gossip"})
    assert not answered(GOOD | {"countries": ["Latvia"]})
    assert not answered(GOOD | {"mood": "good"})
    assert not answered("text", 3, None)


SAID = (
    "Of the lists, the one by Stanford puts France (40 points, up 25 per cent, two years behind) in the lead."
)
QUANTITY = {"family": "quantity", "countries": ["FRA"], "measure": "vibrancy", "form": "level"}


@pytest.mark.parametrize(
    ("item", "kept"),
    [
        (QUANTITY | {"low": 40, "high": 40}, True),
        (QUANTITY | {"form": "change", "low": 1.25}, True),
        ({"family": "lag", "country": "FRA", "relation": "behind", "low": 24, "high": 24}, True),
        (QUANTITY | {"low": 999}, False),
        (QUANTITY | {"low": 40, "since": "2019-01-01"}, False),
        (QUANTITY | {"low": 40, "countries": ["FRA", "SGP"]}, False),
        ({"family": "membership", "bloc": "NATO", "countries": ["FRA"]}, False),
        ({"family": "controls", "device": "H20", "to": ["FRA"], "status": "banned"}, False),
        ({"family": "rank", "country": "FRA", "relation": "at", "rank": 6}, False),
    ],
)
def test_what_the_quote_does_not_say_is_refused(item: dict[str, object], kept: bool) -> None:
    found = replace(extract(SAID, DAY), claims=())
    asked, _ = with_model(found, SAID, lambda prompt: json.dumps([item | {"quote": SAID[18:]}]))
    assert len(asked.claims) == kept


def test_answers_that_are_no_json_add_nothing() -> None:
    found = extract(TEXT, DAY)
    for answer in ("", "no", "[{]", "{}", "[1, 2"):
        asked, notes = with_model(found, TEXT, lambda prompt, answer=answer: answer)
        assert asked.claims == found.claims
        assert notes


def test_the_rules_claim_stands_where_both_find_one() -> None:
    text = "Indonesia joined BRICS in January 2025."
    found = extract(text, DAY)
    item = {"quote": text, "family": "membership", "bloc": "BRICS", "countries": ["IDN"]}
    item |= {"status": "left"}
    asked, notes = with_model(found, text, lambda prompt: json.dumps([item]))
    (claim,) = asked.claims
    assert isinstance(claim, MembershipClaim)
    assert (claim.bloc, claim.read_by, claim.open) == ("BRICS", "rules", ("reading",))
    assert "found by the rules" in notes[0]
    agreed = item | {"bloc": "BRICS", "status": "joined"}
    asked, _ = with_model(found, text, lambda prompt: json.dumps([agreed]))
    assert asked.claims[0].read_by == "both"
