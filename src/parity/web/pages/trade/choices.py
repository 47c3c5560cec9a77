"""The countries to choose from: those that the flows at hand know."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from parity.ask.cache import cached
from parity.catalogue import load_table
from parity.views.names import countries


@cached(1)
def supplied() -> tuple[str, ...]:
    """Return the countries that anybody reports trade with, by name."""
    flows = load_table("flows")
    return _by_name({*flows["partner"], *flows["reporter"]})


@cached(1)
def controlled() -> tuple[str, ...]:
    """Return the countries that a rule on record controls exports to, and that flows know, by name."""
    rules = load_table("timeline").filter(pl.col("source_class") == "rule_text")
    known = rules["countries"].drop_nulls().str.split(";").explode().unique()
    return _by_name(set(known) & set(supplied()))


@cached(1)
def reporting() -> tuple[str, ...]:
    """Return the countries whose own import reports are at hand, by name."""
    flows = load_table("flows")
    return _by_name(flows["reporter"].filter(flows["flow"] == "import"))


def _by_name(codes: Iterable[str]) -> tuple[str, ...]:
    known = set(codes)
    return tuple(code for code in countries() if code in known)
