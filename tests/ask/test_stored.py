"""After an update the results that take seconds are made once, for the data in use and no others."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from parity.ask import intervals, stored, years
from parity.ask.cache import cached
from parity.catalogue import _store, derived_table, load_table, reset
from parity.index import builtin_spec

SOURCE = "worldbank-wgi"


@pytest.fixture
def updated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data with an update, and draws that take no time."""
    monkeypatch.setenv(_store.DATA_VARIABLE, str(tmp_path))
    monkeypatch.setattr(stored, "UPDATED", stored.Effort(64, 0, pillars=False))
    monkeypatch.setattr(years, "DRAWS", 32)
    rows = load_table("observations").filter(source=SOURCE).with_columns(value=pl.col("value") * 1.01)
    with _store.locked():
        _store.put(SOURCE, "first", {"observations": rows}, "2026-11-30")
    return tmp_path


def _stored_years() -> pl.DataFrame:
    return years.stored_ranks(builtin_spec(years.INDEX, years.VARIANT), years.LAST_YEAR)


def test_made_once_for_the_data_in_use(updated: Path) -> None:
    ships = derived_table(years.STORED).height
    assert intervals.forms() is None
    assert _stored_years().is_empty()
    assert stored.renew() == [intervals.STORED, years.STORED]
    assert intervals.forms() is not None
    assert not _stored_years().is_empty()
    assert derived_table(years.STORED).height > ships

    # Damaged results count as none; a reset drops them.
    (path,) = (updated / "derived").glob(f"{years.STORED}-*")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert derived_table(years.STORED).height == ships
    reset()
    assert not (updated / "derived").exists()


def test_what_is_kept_is_made_anew_after_an_update_or_a_reset(updated: Path) -> None:
    asked = []

    @cached(4)
    def answer(place: str) -> int:
        asked.append(place)
        return len(asked)

    assert [answer("FRA"), answer("FRA"), answer("CHN")] == [1, 1, 2]
    with _store.locked():
        _store.put(SOURCE, "second", {"observations": load_table("observations").head(1)}, "2026-12-01")
    assert [answer("FRA"), answer("FRA")] == [3, 3]
    reset()
    assert answer("FRA") == 4
