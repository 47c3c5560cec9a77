"""Pledges: records, status, calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from parity.ask.pledges import assess, known, that_bind
from parity.ask.years import rank_ranges
from parity.errors import ParityError
from parity.estimate import Estimate
from parity.pledges import Pledge, calendar, read_pledges

DUE = dt.date(2025, 12, 31)
FIELDS = {
    "country": "TUR",
    "who": "Government",
    "what": "Be among the top 20",
    "source": "https://example.org/a",
}


def pledge(**more: object) -> Pledge:
    return Pledge(**{"id": "a", "made": dt.date(2021, 1, 1), "due": DUE, **FIELDS, **more})


def test_carried_pledges_are_many_sourced_and_of_many_governments() -> None:
    found = known()
    assert len(found) >= 40
    assert len({one.country for one in found}) >= 12
    assert all(one.source.startswith("http") for one in found)
    russian = next(one for one in found if one.id == "rus-china-ai-cooperation")
    assert russian.due == dt.date(2025, 4, 30)


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2025-01-01", "pending"),
        ("2025-11-01", "due soon"),
        ("2025-12-31", "due soon"),
        ("2026-01-01", "unknown"),
    ],
)
def test_calendar_tells_where_nothing_else_does(on: str, status: str) -> None:
    assert assess(pledge(), dt.date.fromisoformat(on)).status == status


def test_recorded_outcome_counts_from_its_own_day() -> None:
    kept = pledge(
        outcome="met",
        outcome_on=dt.date(2025, 6, 1),
        evidence="Done",
        evidence_source="https://example.org/b",
    )
    assert assess(kept, dt.date(2025, 5, 31)).status == "pending"
    assert assess(kept, dt.date(2025, 6, 1)).status == "met"


@pytest.mark.parametrize("done", ["2025-12-31", "2026-01-01", "2026-07-01"])
@pytest.mark.parametrize("country", ["TUR", "USA"])
def test_one_day_late_is_late_for_everybody(done: str, country: str) -> None:
    day = dt.date.fromisoformat(done)
    evidence = {"evidence": "Done", "evidence_source": "https://example.org/b"}
    kept = pledge(country=country, done_on=day, **evidence)
    assert assess(kept, day).status == ("met" if day <= DUE else "late")
    assert assess(kept, day - dt.timedelta(days=1)).status not in ("met", "late")


def test_every_carried_pledge_that_was_done_is_told_by_the_same_rule() -> None:
    done = [one for one in known() if one.done_on]
    assert {one.outcome for one in done} == {"met", "late"}
    for one in done:
        assert one.outcome == ("met" if one.done_on <= one.due else "late"), one.id


def test_an_outcome_against_its_own_dates_is_refused() -> None:
    with pytest.raises(ValueError, match="is late"):
        pledge(
            outcome="met", done_on=dt.date(2026, 1, 1), evidence="x", evidence_source="https://example.org"
        )


def test_evidence_that_nobody_has_verified_settles_nothing() -> None:
    kept = pledge(
        done_on=dt.date(2025, 6, 1),
        evidence="Said to be done",
        evidence_source="https://example.org/b",
        evidence_basis="background",
    )
    told = assess(kept, dt.date(2026, 6, 1))
    assert told.status == "unknown"
    assert "unverified: Said to be done" in told.why


@pytest.mark.parametrize("rank", [3, 22, 48])
@pytest.mark.parametrize(("on", "status"), [("2026-06-01", "unknown"), ("2025-06-01", "pending")])
def test_a_rank_in_no_named_index_settles_nothing(rank: int, on: str, status: str) -> None:
    def ranks(year: int) -> dict[str, Estimate]:
        assert year <= DUE.year
        return {"TUR": Estimate(float(rank), rank - 2.0, rank + 5.0, None, "rank")}

    made = pledge(measure="open-ai-index", target=20.0, unit="rank")
    told = assess(made, dt.date.fromisoformat(on), ranks)
    assert told.status == status
    assert "names no index" in told.why
    assert told.measured is not None


@pytest.mark.parametrize(
    ("target", "on", "status"),
    [(75.0, "2024-06-01", "met"), (40.0, "2024-06-01", "pending"), (40.0, "2026-06-01", "missed")],
)
def test_a_rank_in_a_named_index_is_told_by_its_editions(target: float, on: str, status: str) -> None:
    made = pledge(country="KAZ", measure="Government AI Readiness Index", target=target, unit="rank")
    assert assess(made, dt.date.fromisoformat(on)).status == status


def test_a_deadline_that_was_moved_says_so() -> None:
    products = next(one for one in known() if one.id == "eu-ai-act-products")
    told = assess(products, dt.date(2027, 9, 1))
    assert told.status == "pending"
    assert "moved from 2027-08-02" in told.why


@pytest.mark.parametrize(
    ("on", "year"), [("2024-03-01", 2023), ("2024-12-31", 2024), ("2026-06-01", DUE.year)]
)
def test_a_day_is_told_by_the_last_year_that_was_over(on: str, year: int) -> None:
    asked: list[int] = []

    def ranks(year: int) -> dict[str, Estimate]:
        asked.append(year)
        return {"TUR": Estimate(30.0, unit="rank")}

    made = pledge(measure="open-ai-index", target=20.0, unit="rank", due=dt.date(DUE.year, 12, 31))
    assess(made, dt.date.fromisoformat(on), ranks)
    assert asked == [year]


def test_a_day_before_the_index_is_told_by_the_calendar_and_says_so() -> None:
    made = pledge(measure="open-ai-index", target=20.0, unit="rank", made=dt.date(2018, 1, 1))
    found = assess(made, dt.date(2019, 6, 1), rank_ranges)
    assert (found.status, found.measured) == ("pending", None)
    assert "not as of 2018" in found.why


def test_quantity_is_read_from_the_observations() -> None:
    made = pledge(
        country="RUS", measure="top500_systems", target=5.0, unit="systems", due=dt.date(2024, 12, 31)
    )
    status = assess(made, dt.date(2025, 6, 1))
    assert status.status == "met"
    assert status.measured is not None


def test_own_file_goes_before_the_carried_one(tmp_path: Path) -> None:
    text = """
[rus-china-ai-cooperation]
country = "RUS"
who = "Government"
what = "Another wording"
made = 2025-01-01
due = 2025-05-31
source = "https://example.org/own"
"""
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    found = {one.id: one for one in known("RUS", str(path))}
    assert found["rus-china-ai-cooperation"].what == "Another wording"


@pytest.mark.parametrize(
    "text", ["[a\n", "a = 1", "[a]\nwho = 'x'", "[A B]\nwho='x'", "[a]\ncountry='X'\ndue=2020-01-01"]
)
def test_bad_files_are_refused_by_name(text: str) -> None:
    with pytest.raises(ParityError, match=r"own\.toml"):
        read_pledges(text, "own.toml")


def test_calendar_follows_the_standard() -> None:
    long = pledge(what="Raise, at last; the share of é" + "x" * 100 + "\nsecond line \\ end")
    text = calendar([long], dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in text.replace("\r\n", "")
    unfolded = text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20251231" in unfolded
    assert "DTEND;VALUE=DATE:20260101" in unfolded
    assert "Raise\\, at last\\; the share" in unfolded
    assert "\\nsecond line \\\\ end" in unfolded


def test_section_of_a_brief() -> None:
    day = dt.date(2026, 1, 1)
    assert that_bind("RUS", day)
    french = {one.country for one in that_bind("FRA", day)}
    assert french == {"FRA", "EU"}
    assert that_bind("TUV", day) == []


def test_calendar_is_read_by_another_library_as_it_was_meant() -> None:
    import icalendar

    found = known()
    stamp = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    read = icalendar.Calendar.from_ical(calendar(found, stamp).encode())
    events = list(read.walk("VEVENT"))
    assert not read.errors
    assert not any(event.errors for event in events)
    assert [str(event["UID"]) for event in events] == [f"{one.id}@parity" for one in found]
    for event, one in zip(events, found, strict=True):
        assert event.decoded("DTSTAMP") == stamp
        # An all-day event: dates without times, the end is the day after.
        assert type(event.decoded("DTSTART")) is dt.date
        assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (one.due, one.due + dt.timedelta(days=1))
        assert str(event["SUMMARY"]) == f"{one.country}: {one.what}"
        assert one.source in str(event["DESCRIPTION"])


def test_day_that_no_source_names_is_not_shown() -> None:
    assert pledge(made_precision="year").made_text == "2021"
    assert pledge(made_precision="month").made_text == "2021-01"
    assert pledge().made_text == "2021-01-01"
