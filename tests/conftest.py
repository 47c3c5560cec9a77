"""Fixtures that every part of the suite uses."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of raw, reference and validation files; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the data folder beside the checkout: {SHARED.name}/ is absent")
    return SHARED
