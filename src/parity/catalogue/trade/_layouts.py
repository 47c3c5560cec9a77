"""Layouts of trade files, each read lazily into the table of flows."""

from __future__ import annotations

import polars as pl

from parity.catalogue.build._flow_names import dollars_per_euro
from parity.catalogue.trade import _places
from parity.errors import ParityError

FLOWS = ("reporter", "partner", "flow", "hs", "period", "value")
BACI = ("t", "i", "j", "k", "v")
ALL_GOODS = "TOTAL"
# BACI counts in thousands of dollars.
BACI_UNIT = 1000.0
# Old and new headings of the bulk files of COMEXT; the old ones give letters in DECLARANT_ISO.
COMEXT_OLD = {
    "DECLARANT_ISO": "REPORTER",
    "PARTNER_ISO": "PARTNER",
    "VALUE_IN_EUROS": "VALUE_EUR",
}
COMEXT = ("REPORTER", "PARTNER", "PRODUCT_NC", "FLOW", "PERIOD", "VALUE_EUR")
COMEXT_FLOWS = {"1": "import", "2": "export"}
# A yearly bulk file marks its period as month 52.
WHOLE_YEAR = "52"


def baci_total(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return BACI rows as flows of all goods, added up while they are still numbers."""
    summed = rows.group_by("t", "i", "j").agg(pl.col("v").cast(pl.Float64).sum())
    return baci(summed.with_columns(k=pl.lit(ALL_GOODS)))


def baci(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return BACI rows as flows, exporter reporting.

    Parameters
    ----------
    rows
        Columns ``t`` (year), ``i`` (exporter), ``j`` (importer), ``k`` (product), ``v`` (thousand
        US dollars), any number types; ``k`` may have lost its leading zero.
    """
    numbers = _places.by_number().lazy()
    return (
        rows.select(
            pl.col("i", "j").cast(pl.Int32),
            hs=pl.col("k").cast(pl.String).str.strip_chars().str.zfill(6),
            period=pl.col("t").cast(pl.String),
            value=pl.col("v").cast(pl.Float64) * BACI_UNIT,
        )
        .join(numbers.rename({"iso3": "reporter"}), left_on="i", right_on="number", how="left")
        .join(numbers.rename({"iso3": "partner"}), left_on="j", right_on="number", how="left")
        .select("reporter", "partner", pl.lit("export").alias("flow"), "hs", "period", "value")
    )


def comext(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return rows of a COMEXT bulk file as flows by six-digit code, in US dollars.

    Eight-digit codes are cut to six and added up. Sums that the file holds itself (headings,
    ``TOTAL``, confidential residues of a chapter such as ``99RRR100`` or ``85XXXXXX``) are left
    out: they are the same goods again, or goods that no code can be given to.

    Parameters
    ----------
    rows
        Columns ``REPORTER, PARTNER, PRODUCT_NC, FLOW, PERIOD, VALUE_EUR`` as text.
    """
    letters = _places.by_letters().lazy()
    month = pl.col("PERIOD").str.slice(4, 2)
    year = pl.col("PERIOD").str.slice(0, 4)
    return (
        rows.filter(pl.col("PRODUCT_NC").str.contains(r"^\d{8}$"))
        .select(
            "REPORTER",
            "PARTNER",
            flow=pl.col("FLOW").replace_strict(COMEXT_FLOWS, default=None, return_dtype=pl.String),
            hs=pl.col("PRODUCT_NC").str.slice(0, 6),
            year=year,
            period=pl.when(month == WHOLE_YEAR).then(year).otherwise(year + "-" + month),
            euros=pl.col("VALUE_EUR").cast(pl.Float64),
        )
        .join(letters.rename({"iso3": "reporter"}), left_on="REPORTER", right_on="letters", how="left")
        .join(letters.rename({"iso3": "partner"}), left_on="PARTNER", right_on="letters", how="left")
        .join(dollars_per_euro().lazy(), on="year", how="left")
        .group_by("reporter", "partner", "flow", "hs", "period")
        .agg(value=(pl.col("euros") * pl.col("rate")).sum())
    )


def require(columns: list[str], needed: tuple[str, ...], name: str, layout: str) -> None:
    """Refuse a file that is not in a layout.

    Raises
    ------
    ParityError
        Naming the columns that are absent and those that are there.
    """
    absent = [column for column in needed if column not in columns]
    if absent:
        raise ParityError(
            f"{name}: is not in the layout of {layout}: column {', '.join(map(repr, absent))} is absent "
            f"(found: {', '.join(columns[:12])})"
        )
