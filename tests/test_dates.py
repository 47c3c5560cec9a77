"""Days as users write them."""

from __future__ import annotations

import datetime as dt

import pytest

from parity import dates
from parity.errors import ParityError

TODAY = dt.date(2026, 3, 15)


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "today", lambda: TODAY)


@pytest.mark.parametrize(
    ("given", "last", "first"),
    [
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        (" 2024-02 ", "2024-02-29", "2024-02-01"),
        ("2024", "2024-12-31", "2024-01-01"),
        ("2026-03", "2026-03-15", "2026-03-01"),
        ("2026", "2026-03-15", "2026-01-01"),
        (dt.datetime(2025, 5, 6, 7), "2025-05-06", "2025-05-06"),
    ],
)
def test_a_year_or_month_stands_for_its_end_or_its_beginning(
    given: str | dt.date, last: str, first: str
) -> None:
    assert dates.read(given).isoformat() == last
    assert dates.read(given, first=True).isoformat() == first


@pytest.mark.parametrize(
    "given", ["soon", "", "2025-02-30", "2025-13", "20250131", "2025-W05-5", "31.01.2025", "٢٠٢٤", "0000"]
)
def test_what_is_no_day_is_refused(given: str) -> None:
    with pytest.raises(ParityError, match="is not a day; write YYYY-MM-DD"):
        dates.read(given)


@pytest.mark.parametrize("given", ["2026-03-16", "2026-04", "2027", dt.date(2999, 1, 1)])
def test_the_future_is_refused_unless_it_is_meant(given: str | dt.date) -> None:
    with pytest.raises(ParityError, match="lies in the future; give a day up to today"):
        dates.read(given)
    assert dates.read(given, ahead=True) > TODAY


def test_the_end_of_the_present_year_may_be_meant() -> None:
    assert dates.read("2026", ahead=True) == dt.date(2026, 12, 31)
