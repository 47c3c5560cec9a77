"""Fixtures that every part of the suite uses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A fixed search where a change is judged, a fresh one at every run on a developer's machine; no example
# fails because the machine is busy.
settings.register_profile("judged", derandomize=True, deadline=None)
settings.register_profile("fresh", deadline=None)
settings.load_profile("judged" if os.environ.get("CI") else "fresh")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of raw, reference and validation files; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the data folder beside the checkout: {SHARED.name}/ is absent")
    return SHARED


@pytest.fixture(autouse=True)
def no_updated_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test on the embedded snapshot, whatever this machine's user has updated."""
    monkeypatch.setenv("PARITY_DATA", str(tmp_path / "no-updated-data"))
