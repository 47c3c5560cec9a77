"""A checked text for others: marked, as a report, as ClaimReview."""

from __future__ import annotations

import json

import pytest

from parity.claims import Report, check, claim_reviews, markdown, page
from parity.claims.correction import changes
from parity.claims.review import pieces
from parity.errors import InvalidError

TEXT = (
    "3 February 2025\n\nRussia ranks 31st out of 83 countries in the Global AI Index, Tortoise said. "
    "China has 200 supercomputers in the TOP500. France is at least a year behind the US in AI. "
    "Nothing here & <more>."
)
# Properties of the types of schema.org that are used, and the kinds of their values.
SHAPE = {
    "ClaimReview": {
        "claimReviewed": str, "datePublished": str, "reviewBody": str, "citation": list,
        "itemReviewed": "Claim", "reviewRating": "Rating", "author": "Organization",
    },
    "Claim": {"datePublished": str, "creditText": str, "appearance": "CreativeWork"},
    "CreativeWork": {"url": str},
    "Organization": {"name": str},
    "Rating": {"alternateName": str, "ratingValue": int, "bestRating": int, "worstRating": int},
}  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    return check(TEXT)


def fits(node: dict[str, object], kind: str) -> bool:
    known = SHAPE[kind]
    return node["@type"] == kind and all(
        fits(value, known[key]) if isinstance(known[key], str) else isinstance(value, known[key])  # type: ignore[arg-type]
        for key, value in node.items()
        if not key.startswith("@")
    )


def test_claim_reviews_have_the_shape_of_schema_org(report: Report) -> None:
    reviews = claim_reviews(report, TEXT, address="https://example.org/a")
    assert [review["reviewRating"].get("ratingValue") for review in reviews] == [5, 1, None]
    assert all(
        review["@context"] == "https://schema.org" and fits(review, "ClaimReview") for review in reviews
    )
    assert json.loads(json.dumps(reviews)) == reviews
    assert reviews[0]["itemReviewed"]["creditText"] == "Tortoise"


def test_what_is_contradicted_is_worth_a_look_first(report: Report) -> None:
    assert [one.judgement.verdict.value for one in report.by_worth()] == [
        "contradicted",
        "depends",
        "supported",
    ]


def test_pieces_make_up_the_text(report: Report) -> None:
    assert "".join(piece.text for piece in pieces(TEXT, report.checked)) == TEXT


def test_a_page_marks_claims_and_escapes_the_text(report: Report) -> None:
    written = page(report, TEXT)
    assert '<mark class="contradicted">China has 200 supercomputers in the TOP500</mark>' in written
    assert "&lt;more&gt;" in written
    assert "<more>" not in written


def test_markdown_numbers_claims_by_their_place(report: Report) -> None:
    written = markdown(report, TEXT)
    assert written.index("## 2. ✗") < written.index("## 1. ✓")
    assert "**China has 200 supercomputers in the TOP500**[2]" in written


def test_a_language_model_confirms_and_rejects() -> None:
    items = [
        {"claim": 1, "said": True},
        {"claim": 2, "said": False, "why": "sarcasm"},
        {"claim": 99, "said": True},
    ]
    read = check(TEXT, complete=lambda prompt: json.dumps(items))
    assert [(one.claim.read_by, one.confidence) for one in read.checked] == [
        ("both", "high"),
        ("rules", "high"),
    ]
    assert any("sarcasm" in one.reason for one in read.uncheckable)
    assert "1 confirmed; 1 rejected" in read.notes[0]


def test_a_person_corrects_a_reading() -> None:
    asked = changes(["1.rank=31", "2.low=63", "2.high=63", "3.high=", "3.low=9"])
    read = check(TEXT, readings=asked)
    assert [one.claim.read_by for one in read.checked] == ["rules", "person", "person"]
    assert [one.judgement.verdict.value for one in read.checked] == ["supported", "supported", "supported"]


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("rank=3", "NUMBER.FIELD=VALUE"),
        ("9.rank=3", "there is no claim 9"),
        ("1.mood=good", "no field 'mood'"),
        ("1.rank=soon", "claim 1, rank"),
        ("1.country=Russia", "claim 1, country"),
        ("1.span=1", "no field 'span'"),
    ],
)
def test_a_correction_that_does_not_fit_is_told(setting: str, told: str) -> None:
    with pytest.raises(InvalidError, match=told):
        check(TEXT, readings=changes([setting]))
