"""Ranks told within a bloc or a region are held against its countries alone."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from parity.catalogue import load_table, members
from parity.claims import Verdict, check
from parity.claims.model import RankClaim
from parity.claims.verdicts._within import ranks_within

DAY = dt.date(2026, 11, 1)
YEAR = 2023


def claim_of(sentence: str) -> RankClaim:
    found = [one.claim for one in check(sentence, DAY).checked if isinstance(one.claim, RankClaim)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("sentence", "within"),
    [
        ("Indonesia is ranked first in ASEAN for AI readiness.", "ASEAN"),
        ("Poland ranks 9th in the European Union in AI.", "EU"),
        ("Among BRICS countries, China ranks first in AI.", "BRICS"),
        ("In BRICS, Russia ranks fourth in the number of AI publications.", "BRICS"),
        ("Brazil ranks first in Latin America in AI.", "Latin America & Caribbean"),
        ("Kenya ranked 5th among African countries in AI.", "African Union"),
        ("The UAE ranks first in the Arab world in AI.", "arab world"),
        ("Poland ranks second in Eastern Europe in AI.", "eastern Europe"),
        ("India ranks 24th in the world in AI.", None),
        ("Russia, a member of BRICS, ranks 31st in AI.", None),
        ("Russia ranks 31st out of 83 countries in the Global AI Index.", None),
    ],
)
def test_the_group_that_a_rank_is_told_within(sentence: str, within: str | None) -> None:
    assert claim_of(sentence).within == within


def test_a_rank_by_an_indicator_counts_the_members_alone() -> None:
    rows = (
        load_table("observations")
        .filter(
            pl.col("indicator") == "ai_publications",
            pl.col("year") == YEAR,
            pl.col("iso3").is_in(members("BRICS", DAY)),
        )
        .sort("value", descending=True)
    )
    place = rows["iso3"].to_list().index("RUS") + 1
    words = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    text = "Russia ranked {} in the number of AI publications among BRICS members."
    assert check(text.format(words[place]), DAY).checked[0].judgement.verdict is Verdict.SUPPORTED
    assert check(text.format("tenth"), DAY).checked[0].judgement.verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        # The index decides that is named; without a name it depends on the ranking.
        ("Brazil ranks first in Latin America in the Open AI Index.", Verdict.SUPPORTED),
        ("Brazil ranks tenth in Latin America in the Open AI Index.", Verdict.CONTRADICTED),
        ("Brazil ranks tenth in Latin America in AI.", Verdict.DEPENDS),
        # Who counts as Eastern Asia is on no record, and Brazil is in no ranking of ASEAN.
        ("Japan ranks first in Eastern Asia in AI.", Verdict.CANNOT),
        ("Brazil ranks first in ASEAN in AI.", Verdict.CANNOT),
        ("Nigeria is ranked first in Africa in the Government AI Readiness Index.", Verdict.CONTRADICTED),
        ("Kazakhstan is first in Central Asia in the Government AI Readiness Index.", Verdict.SUPPORTED),
    ],
)
def test_verdicts_within_a_region(sentence: str, verdict: Verdict) -> None:
    assert check(sentence, DAY).checked[0].judgement.verdict is verdict


def test_ranks_within_a_group_are_places_among_its_members() -> None:
    ranks = ranks_within(claim_of("Poland ranks 9th in the EU in AI."))
    assert set(ranks) <= set(members("EU", DAY))
    assert sorted(one.value or 0 for one in ranks.values()) == list(range(1, len(ranks) + 1))
    assert all(
        1 <= (one.low or 0) <= (one.value or 0) <= (one.high or 0) <= len(ranks) for one in ranks.values()
    )


def test_the_command_shows_the_members() -> None:
    (one,) = check("Indonesia is ranked first in ASEAN for AI readiness.", DAY).checked
    assert one.judgement.reproduce == "parity rank --group 'ASEAN'"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Press release. Ministry of Digital Affairs. Jakarta, 2 February 2026.\n\nMore.", False),
        ("Press release. Ministry of Digital Affairs. The council met on 2 February 2026 to speak.", True),
    ],
)
def test_a_date_line_may_stand_below_the_head(text: str, taken: bool) -> None:
    report = check(text)
    assert report.assumed is taken
    assert (report.date == dt.date(2026, 2, 2)) is not taken


def test_what_is_measured_but_not_read_is_not_called_unmeasured() -> None:
    (sentence,) = check(
        "Private investment in AI in the United States was 12 times that in China in 2024.", DAY
    ).uncheckable
    assert "said in a way that it does not read" in sentence.reason
    assert "does not measure" not in sentence.reason
