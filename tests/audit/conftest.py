"""Inspect keeps its logs, caches and traces in the test's own folder."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def inspect_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Lend a folder to one test; Inspect writes nowhere else and sees no key of the user's."""
    for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "INSPECT_CACHE_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / "inspect"))
    for variable in ("LOCAL_API_KEY", "LOCAL_BASE_URL", "OPENAI_API_KEY", "INSPECT_LOG_DIR"):
        monkeypatch.delenv(variable, raising=False)
    yield tmp_path
    gc.collect()  # what Inspect leaves open must not surface in a later test, where warnings are errors
