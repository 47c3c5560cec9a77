"""Commands that read a user's file answer whole files, and refuse damaged ones with a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.fuzz import fault, readers

# Readers whose whole files take seconds; `make fuzz` tries them.
SLOW = {"scores", "lag-scores", "scores-figure"}
# Cases that ended in a traceback once.
FAILED = (
    ("labels", 21),
    ("labels", 63),
    ("labels", 176),
    ("models", 16),
    ("trade-data", 13),
    ("trade-mirror", 14),
    ("trade-mirror", 104),
    ("index-compare", 212),
    ("chips-screen", 319),
)


@pytest.mark.parametrize("reader", sorted(set(readers()) - SLOW))
def test_whole_files_are_answered(reader: str, tmp_path: Path) -> None:
    assert fault(reader, -1, tmp_path) == ""


@pytest.mark.parametrize(("reader", "number"), FAILED)
def test_what_failed_once_is_answered_or_refused(reader: str, number: int, tmp_path: Path) -> None:
    assert fault(reader, number, tmp_path) == ""
