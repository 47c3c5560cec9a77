"""Indicators, and values that changed much from one edition of a series to the next."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table
from parity.catalogue.build.observations import NEWER, of_source
from parity.catalogue.build.transforms import owid
from parity.errors import ParityError

# Allowed values of the columns that choose from a list.
CHOICES: dict[str, tuple[Any, ...]] = {
    "direction": (1, -1, None),
    "pillar": ("implementation", "innovation", "investment", None),
    "sub_pillar": (
        "talent", "infrastructure", "operating_environment", "research", "development",
        "commercial", "government_strategy", None,
    ),
    "kind": ("extensive", "intensive"),
    "denominator": ("population", "gdp_ppp", None),
    "absent": ("missing", "zero"),
    "use": ("core", "zero-filled", "optional", "denominator"),
}  # fmt: skip
DEFAULTS = {"absent": "missing", "note": ""}


def described() -> dict[str, dict[str, Any]]:
    """Return the entries of ``indicators.toml``: code -> fields."""
    text = Path(__file__).with_name("indicators.toml").read_text(encoding="utf-8")
    entries = {}
    for code, given in tomllib.loads(text).items():
        if odd := set(given) - set(TABLE.schema):
            raise ParityError(f"indicators.toml: [{code}] has unknown fields {sorted(odd)}")
        entry = dict.fromkeys(TABLE.schema) | DEFAULTS | given | {"indicator": code}
        for field, allowed in CHOICES.items():
            if entry[field] not in allowed:
                raise ParityError(f"indicators.toml: [{code}] {field} = {entry[field]!r} is not in {allowed}")
        entries[code] = entry
    return entries


def _build(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = pl.DataFrame(list(described().values()), schema=dict(TABLE.schema))
    observed = built["observations"].select("indicator", "source").unique()
    _check_same(frame.select("indicator", "source", "other_sources"), observed)
    return frame


def _check_same(described: pl.DataFrame, observed: pl.DataFrame) -> None:
    """Every series is described, and every description has its series, from the same sources."""
    keys = ["indicator", "source"]
    others = described.select("indicator", source=pl.col("other_sources").str.split(" "))
    described = pl.concat([described.select(keys), others.explode("source").drop_nulls()])
    without_values = described.join(observed, on=keys, how="anti").rows()
    without_words = observed.join(described, on=keys, how="anti").rows()
    if without_values or without_words:
        raise ParityError(
            f"indicators.toml and the observations differ: described without values {without_values}, "
            f"values without a description {without_words}"
        )


TABLE = table("indicators", _build)


FACTOR = 2.0
"""A positive value that became so many times as high, or as low, is flagged."""

INVESTMENT = "owid-cset-cat"
KEY = ["indicator", "iso3", "year"]


def flagged(earlier: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """Return the values that changed more than ``FACTOR`` from one edition to the next.

    ``earlier, later``: columns ``indicator``, ``iso3``, ``year``, ``value``; ``later`` has ``source``
    too. Returns: the key, ``earlier``, ``later``, ``ratio`` (later over earlier) and ``source`` of the
    later one.
    """
    joined = earlier.select(*KEY, earlier="value").join(later.select(*KEY, "source", later="value"), on=KEY)
    positive = joined.filter(pl.col("earlier") > 0, pl.col("later") > 0)
    return positive.with_columns(ratio=pl.col("later") / pl.col("earlier")).filter(
        (pl.col("ratio") > FACTOR) | (pl.col("ratio") < 1 / FACTOR)
    )


def _build_revisions(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = Names.of(built["country_names"])
    now = built["observations"]
    folder = raw.folder(INVESTMENT)
    parts = [flagged(owid.investment(folder, names, owid.INVESTMENT), now)]
    for newer, older in NEWER.items():
        parts.append(flagged(of_source(raw.folder(older), names), now.filter(source=newer)))
    return pl.concat(parts).select(list(REVISIONS.schema))


REVISIONS = table("revisions", _build_revisions)
