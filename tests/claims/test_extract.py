"""What the claims of a text hold: spans, numbers, dates, hedges, denial, who says so."""

from __future__ import annotations

import datetime as dt
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.claims import Verdict, check, text_date
from parity.claims._numbers import quantities
from parity.claims._text import tokens
from parity.claims.extract import extract

DAY = dt.date(2025, 9, 1)


def one(text: str, day: dt.date = DAY):
    claims = extract(text, day).claims
    assert len(claims) == 1, claims
    return claims[0]


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("six to nine months", 6, 9),
        ("6-9 months", 6, 9),
        ("between 6 and 9 months", 6, 9),
        ("a year", 12, 12),
        ("a year and a half", 18, 18),
        ("half a year", 6, 6),
        ("at least two years", 24, None),
        ("up to 18 months", None, 18),
        ("about ten months", 8, 12),
        ("a few months", 2, 5),
        ("twenty-one months", 21, 21),
        ("nine months to a year", 9, 12),
        ("half a year to a year", 6, 12),
        ("two or three years", 24, 36),
        ("one and a half years", 18, 18),
        ("somewhere between 6 and 12 months", 6, 12),
        ("easily two years", 24, None),
    ],
)
def test_months(words: str, low: float | None, high: float | None) -> None:
    claim = one(f"France is {words} behind the US in AI.")
    assert (claim.country, claim.others) == ("FRA", ("USA",))
    assert claim.low == pytest.approx(low) if low is not None else claim.low is None
    assert claim.high == pytest.approx(high) if high is not None else claim.high is None


@pytest.mark.parametrize(
    ("sentence", "rank", "of"),
    [
        ("Russia ranks 31st out of 83 countries in the Global AI Index.", 31, 83),
        ("The Global AI Index ranks Russia at 31 of 83 countries.", 31, 83),
        ("Among 83 nations, Russia came thirty-first in the AI ranking.", 31, 83),
        ("Russia is in 31st place in the AI ranking.", 31, None),
    ],
)
def test_rank(sentence: str, rank: int, of: int | None) -> None:
    claim = one(sentence)
    assert (claim.country, claim.relation, claim.rank, claim.of) == ("RUS", "at", rank, of)


def test_absurd_stretches_of_time_are_read() -> None:
    for text in (
        "China was 500000 years ago behind the US in AI.",
        "Russia is 99999999 years behind the US in AI.",
    ):
        extract(text, DAY)


def test_denial_and_attribution() -> None:
    claim = one("According to the ministry, Switzerland is not a member of the EU.")
    assert claim.negated
    assert claim.attribution == "the ministry"


def test_relative_date_is_counted_from_the_text() -> None:
    claim = one("Its order came three weeks after 11 December.", dt.date(2025, 1, 1))
    assert (claim.first, claim.second) == (dt.date(2024, 12, 11), dt.date(2025, 1, 1))


def test_a_month_by_which_something_is_due_lies_ahead() -> None:
    claim = one("The government of Russia must report on AI by April.", dt.date(2025, 1, 1))
    assert claim.due == dt.date(2025, 4, 30)


def test_pronoun_means_the_country_before() -> None:
    claims = extract("France opened an AI centre. It is a year behind the US in AI.", DAY).claims
    assert [claim.country for claim in claims] == ["FRA"]


def test_countries_written_small_are_words() -> None:
    assert not extract("Let us talk turkey about AI, it said: us and them are behind by a year.", DAY).claims


def test_every_sentence_is_a_claim_or_has_a_reason() -> None:
    text = "Russia ranks 31st in the Global AI Index. It was raining. Is AI good?"
    found = extract(text, DAY)
    assert len(found.claims) == 1
    assert [one.text for one in found.uncheckable] == ["It was raining.", "Is AI good?"]
    assert all(one.reason for one in found.uncheckable)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Published 1 January 2025\n\nText follows.", dt.date(2025, 1, 1)),
        ("MOSCOW, Jan. 2, 2025 - Text follows.", dt.date(2025, 1, 2)),
        ("2024-12-31\nText follows.", dt.date(2024, 12, 31)),
    ],
)
def test_date_of_a_text(text: str, date: dt.date) -> None:
    told = text_date(text)
    assert (told.day, told.assumed) == (date, False)


def test_text_without_a_date_says_so() -> None:
    assert text_date("Nothing is dated here.").assumed
    old = text_date("Russia joined BRICS in 2009. China is second in the Global AI Index.")
    assert (old.assumed, old.day.year > 2020) == (True, True)


@pytest.mark.parametrize(
    ("text", "month", "assumed"),
    [
        (
            '<meta property="article:published_time" content="2025-03-04T10:00Z"> In 2019 it began.',
            "2025-03",
            False,
        ),
        # After the last thing past and before the first due: close enough to be known.
        ("He said so on 31 December 2024. They must report by April 2025.", "2025-01", False),
        ("It was founded in May 2019. It must report by 2030.", "2019-06", True),
        ("The talks of 11 December 2024 came three weeks before the order, an agency said.", "2024-12", True),
    ],
)
def test_a_text_is_dated_by_its_page_or_its_own_dates(text: str, month: str, assumed: bool) -> None:
    told = text_date(text)
    assert (told.day.strftime("%Y-%m"), told.assumed) == (month, assumed)


def test_a_text_without_its_day_contradicts_nothing_by_it() -> None:
    sentence = "The United States has more than 250 supercomputers in the TOP500."
    (undated,) = check(sentence).checked
    (dated,) = check(sentence, dt.date(2025, 2, 1)).checked
    assert undated.judgement.verdict is Verdict.CANNOT
    assert dated.judgement.verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize("unit", ["1 ", "12345 ", "\n", "China and ", "<script ", "a-", "The A said "])
def test_reading_takes_time_by_the_length_of_a_text(unit: str) -> None:
    def counted(length: int) -> int:
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1

        text = (unit * length)[:length]
        sys.setprofile(count)
        try:
            extract(text, DAY)
        finally:
            sys.setprofile(None)
        return seen

    counted(1_000)
    assert counted(8_000) < 6 * counted(2_000)


WORDS = (
    "Russia China the US is was behind ahead by a year 6 to nine months 31st of 83 countries ranks , . "
    "; - “ ” % $ "
    "1.5 billion H100 banned since 2022 BRICS members not n't more than half AI models by April 2025 "
    "Feb. 30 2024-13-40"
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join) | st.text(max_size=200))
def test_any_text_is_read_and_spans_are_its_own(text: str) -> None:
    found = extract(text, DAY)
    for item in (*found.claims, *found.uncheckable):
        assert text[item.span[0] : item.span[1]] == item.text


@pytest.mark.parametrize(
    ("words", "low", "high", "unit"),
    [
        ("one in four people", 25, 25, "percent"),
        ("eight in ten firms", 80, 80, "percent"),
        ("a fifth", 20, 20, "percent"),
        ("US$1.5bn", 1.5e9, 1.5e9, "USD"),
        ("Rs 10,372 crore", 10_372e7, 10_372e7, "INR"),
        ("an order of magnitude", 10, 10, "times"),
        ("40-50%", 40, 50, "percent"),
        ("a 6-to-9-month lag", 6, 9, "month"),
    ],
)
def test_numbers(words: str, low: float, high: float, unit: str) -> None:
    (number,) = quantities(tokens(words))
    assert (number.low, number.high, number.unit) == (pytest.approx(low), pytest.approx(high), unit)


@pytest.mark.parametrize("words", ["a third country", "a quarter later"])
def test_what_looks_like_a_fraction(words: str) -> None:
    assert all(number.unit != "percent" for number in quantities(tokens(words)))


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("before the first of April", "2026-04-01"),
        ("no later than 1 March 2026", "2026-03-01"),
        ("by the end of the decade", "2030-12-31"),
        ("by the end of next year", "2026-12-31"),
        ("within 180 days of 1 September 2025", "2026-02-28"),
    ],
)
def test_deadlines(words: str, due: str) -> None:
    claim = one(f"The government of Spain must report on AI {words}.")
    assert (claim.family, claim.due) == ("deadline", dt.date.fromisoformat(due))


def test_leads_and_gaps_mean_the_pair_before() -> None:
    text = "China is five months behind the US in AI. A year ago, he had put the lead at two to three years."
    before, lead = extract(text, DAY).claims
    assert (lead.country, lead.relation, lead.others) == ("USA", "ahead", ("CHN",))
    assert (lead.low, lead.high, lead.as_of.year) == (24, 36, before.as_of.year - 1)


def test_the_kingdom_is_the_one_that_the_text_is_about() -> None:
    text = (
        "Saudi Arabia opened an AI centre. The Emirates followed. "
        "The Kingdom must train 20,000 AI experts by 2030."
    )
    (claim,) = [c for c in extract(text, DAY).claims if c.family == "deadline"]
    assert claim.countries == ("SAU",)
    assert not extract("The kingdom of chess is a year behind in AI.", DAY).claims


def test_a_stretch_of_time_to_what_another_sentence_dates() -> None:
    text = (
        "The president's order on AI appeared on Wednesday, three weeks after he announced work with BRICS "
        "partners. He said on Dec. 11 that BRICS partners would work together on AI in Russia."
    )
    found = [c for c in extract(text, dt.date(2025, 1, 2)).claims if c.family == "chronology"]
    assert [(c.first, c.second) for c in found] == [(dt.date(2024, 12, 11), dt.date(2025, 1, 1))]


def test_lists_are_told_apart() -> None:
    text = "AI adoption is high in Norway (46.4%), Ireland (44.6%) and France (44.0%)."
    found = extract(text, DAY).claims
    assert [(c.countries, c.low) for c in found] == [(("NOR",), 46.4), (("IRL",), 44.6), (("FRA",), 44.0)]


def test_who_permits_is_not_who_receives() -> None:
    claim = one("The sale of the H20 to China was prohibited by the American government in April.")
    assert (claim.to, claim.status) == (("CHN",), "banned")
    claim = one("The Emirates needs American permission to import the H100.")
    assert (claim.to, claim.status) == (("ARE",), "licence")


def test_denial_of_one_thing_for_another_is_none() -> None:
    claim = one("Russia is not behind China in AI by years, but by several months.")
    assert (claim.negated, claim.low, claim.high) == (False, 3, 9)
