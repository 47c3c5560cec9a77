"""The catalogue's rules and accelerators, and a small book of rules made of rows alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from parity import chips
from parity.ask import chips as ask
from parity.catalogue import find_country, load_table

Judge = Callable[..., chips.Ruling]


@pytest.fixture(scope="session")
def book() -> chips.RuleBook:
    return ask.rulebook()


@pytest.fixture(scope="session")
def accelerators() -> pl.DataFrame:
    return ask.accelerators()


@pytest.fixture(scope="session")
def judge(book: chips.RuleBook, accelerators: pl.DataFrame) -> Judge:
    """Rule on a device of the catalogue, or one from ``describe_device``."""

    def ruled(device: str | chips.Device, to: str, on: str, **more: Any) -> chips.Ruling:
        found = chips.find_device(device, accelerators) if isinstance(device, str) else device
        return chips.judge(found, book, find_country(to).iso3, date.fromisoformat(on), **more)

    return ruled


@pytest.fixture(scope="session")
def tables() -> dict[str, pl.DataFrame]:
    """The tables that the rules are read from."""
    return {
        name: load_table(name)
        for name in ("rules", "thresholds", "destinations", "country_groups", "chpl", "timeline")
    }
