"""Loaders that the brief still uses: see `parity.ask.chips`."""

from __future__ import annotations

from functools import cache

import polars as pl

from parity.catalogue import load_table, vintage
from parity.chips._rulebook import TABLES, RuleBook


@cache
def rulebook() -> RuleBook:
    """Return the rules of the catalogue."""
    return RuleBook.of({name: load_table(name) for name in TABLES}, vintage())


@cache
def accelerators() -> pl.DataFrame:
    """Return the accelerators of the catalogue."""
    return load_table("accelerators")
