"""Whole texts: every checkable statement found, typed and judged."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from parity.claims import Report, Verdict, check, text_date

TEXT = Path(__file__).with_name("report.txt").read_text(encoding="utf-8")
SPEAKERS = Path(__file__).with_name("speakers.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report() -> Report:
    told = text_date(TEXT)
    assert not told.assumed
    return check(TEXT, told.day)


def test_families_in_order(report: Report) -> None:
    assert [one.claim.family for one in report.checked] == [
        "deadline",
        "chronology",
        "deadline",
        "rank",
        "rank",
        "lag",
        "membership",
        "controls",
        "controls",
        "model behaviour",
    ]


def test_what_each_claim_holds(report: Report) -> None:
    order, three_weeks, deadline, place, behind, lag, network, halt, replace, tested = (
        one.claim for one in report.checked
    )
    assert (order.issued, order.countries[0]) == (dt.date(2025, 1, 1), "RUS")
    assert (three_weeks.second - three_weeks.first).days == 21
    assert deadline.due == dt.date(2025, 4, 30)
    assert (place.rank, place.of, place.index) == (31, 83, "Global AI Index")
    assert behind.others == ("USA", "CHN", "IND", "BRA")
    assert (lag.low, lag.high, lag.others) == (6, 9, ("USA", "CHN"))
    assert lag.attribution is not None
    assert set(network.countries) == {"BRA", "CHN", "IND", "ZAF"}
    assert (halt.status, halt.to) == ("halted", ("RUS",))
    assert (replace.status, replace.as_of.year) == ("hard_to_replace", 2023)
    assert (tested.behaviour, tested.as_of) == ("tested", dt.date(2024, 7, 31))


def test_verdicts(report: Report) -> None:
    assert [one.judgement.verdict.value for one in report.checked] == [
        "supported",
        "supported",
        "supported",
        "supported",
        "partly",
        "depends",
        "supported",
        "supported",
        "supported",
        "cannot be checked with this data",
    ]


def test_the_intention_is_listed_with_its_reason(report: Report) -> None:
    (plan,) = [one for one in report.uncheckable if "language models" in one.text]
    assert plan.reason.startswith("a plan")


def test_the_report_is_dated_by_its_own_dates_where_its_head_is_cut_off(report: Report) -> None:
    undated = check(TEXT.partition("\n")[2])
    assert undated.date.strftime("%Y-%m") == "2025-01"
    assert not undated.assumed
    assert [one.judgement.verdict for one in undated.checked] == [
        one.judgement.verdict for one in report.checked
    ]


def test_speakers_and_the_day_are_found_in_another_telling_of_it() -> None:
    told = check(SPEAKERS)
    assert not told.assumed
    assert dt.date(2024, 12, 11) <= told.date <= dt.date(2025, 1, 1)
    said = {(one.claim.family, one.claim.attribution): one.judgement.verdict.value for one in told.checked}
    assert said["lag", "Sberbank's first deputy CEO, Alexander Vedyakhin"] == "depends"
    assert said["controls", "Gref"] == "supported"
    assert said["model behaviour", "A former official of the Chinese regulator"].startswith("cannot")
    due = [one for one in told.checked if getattr(one.claim, "due", None)]
    assert [one.claim.due for one in due] == [dt.date(2025, 4, 30)]
    assert due[0].judgement.verdict.value == "supported"


LETTERS = dict(zip(Verdict, "SCPDN", strict=True))
LONGER = Path(__file__).with_name("longer")
VERDICTS = {
    text: rows.splitlines()
    for text, _, rows in (
        block.partition("\n") for block in (LONGER / "verdicts").read_text(encoding="utf-8").split("@ ")[1:]
    )
}


@pytest.mark.parametrize("text", sorted(VERDICTS))
def test_longer_texts_get_the_verdicts_that_a_reader_gave_them(text: str) -> None:
    told = check((LONGER / f"{text}.txt").read_text(encoding="utf-8"))
    found = [
        f"{LETTERS[one.judgement.verdict]} {one.claim.family} | {' '.join(one.claim.text.split())}"
        for one in told.checked
    ]
    assert found == VERDICTS[text]
