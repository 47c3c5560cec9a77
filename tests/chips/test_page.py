"""What the page of the method shows is what the program prints."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from parity import chips
from parity.ask import chips as ask
from tools.examples import refreshed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "chips.md"


def test_examples_are_current() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("```console") == 3
    assert refreshed(text) == text


def test_lags_are_current() -> None:
    """The table of lags by year says what ``reach`` says."""
    book, devices = ask.rulebook(), ask.accelerators()
    ends = [date(2021, 12, 31), date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31), date(2026, 8, 31)]
    rows = {
        cells[0]: cells[1:]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 1 + len(ends)
    }
    for name, country in {"Russia": "RUS", "China": "CHN", "UAE": "ARE", "India, Germany": "IND"}.items():
        found = [chips.reach(book, devices, country, end, end).words()[0] for end in ends]
        assert [words.split(" (")[0].removesuffix(".0") for words in found] == [
            cell.split(" (")[0] for cell in rows[name]
        ]
