"""The table of country_converter: a reference for names and memberships that nobody here wrote."""

from __future__ import annotations

from importlib.resources import files

import polars as pl


def converter_table() -> pl.DataFrame:
    """Return the countries of today, every cell as text (its own reader takes Namibia's NA for missing)."""
    path = files("country_converter") / "country_data.tsv"
    table = pl.read_csv(path.read_bytes(), separator="\t", infer_schema=False, quote_char=None)
    return table.filter(pl.col("obsolete").is_null())
