"""How trade statistics write countries, and the rates that bring them to one currency."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue._countries import plain
from parity.catalogue.build._codes import Names
from parity.errors import ParityError


@cache
def listed() -> dict[str, Any]:
    """Return the content of ``trade.toml``."""
    return tomllib.loads(Path(__file__).with_name("trade.toml").read_text(encoding="utf-8"))


def partners(names: Names, column: pl.Series) -> pl.Series:
    """Return the ISO3 code of every partner; null for sums of partners and for what is no country."""
    return _mapped(column, lambda given: _partner(names, given))


def _partner(names: Names, given: str) -> str:
    """Return ISO3, an empty text for what is no country, or ``?``."""
    kinds = listed()["not_countries"]
    if given not in kinds["countries"] and given.startswith(tuple(kinds["starts"])):
        return ""
    short = given.split(" (", 1)[0].strip()
    if short in listed()["names"]:
        return str(listed()["names"][short])
    return names.aliases.get(plain(given)) or names.aliases.get(plain(short), "?")


def reporters(names: Names, column: pl.Series) -> pl.Series:
    """Return the code of every reporter: ISO3, ``EU27`` for the Union of 27, null for other sums."""
    sums = listed()["aggregate_reporters"]

    def code(given: str) -> str:
        match = next((start for start in sums if given.startswith(start)), None)
        return _partner(names, given) if match is None else str(sums[match])

    return _mapped(column, code)


def _mapped(column: pl.Series, code: Callable[[str], str]) -> pl.Series:
    known = {given: code(given) for given in column.drop_nulls().unique().sort()}
    unknown = [given for given, iso3 in known.items() if iso3 == "?"]
    if unknown:
        raise ParityError(f"{column.name}: unknown countries {', '.join(map(repr, unknown[:10]))}")
    codes = {given: iso3 or None for given, iso3 in known.items()}
    return column.replace_strict(codes, return_dtype=pl.String)


def dollars_per_euro() -> pl.DataFrame:
    """Return columns ``year`` (text) and ``rate``, US dollars per euro, averages of years."""
    rates = listed()["euro_per_dollar"]["rates"]
    return pl.DataFrame({"year": list(rates), "rate": [1 / value for value in rates.values()]})
