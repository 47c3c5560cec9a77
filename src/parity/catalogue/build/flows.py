"""Trade flows: what a reporter says it sold to or bought from a partner, per code and month or year."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build import _flow_names, _flows_eurostat, _flows_taiwan
from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table
from parity.errors import ParityError

# Source -> its transform and the currency that it is published in.
SOURCES = {
    _flows_eurostat.SOURCE: (_flows_eurostat.flows, "EUR"),
    _flows_taiwan.SOURCE: (_flows_taiwan.flows, "USD"),
}
SCHEMA: dict[str, DataType] = {
    "reporter": pl.String,
    "partner": pl.String,
    "flow": pl.String,
    "hs": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "original": pl.Float64,
    "currency": pl.String,
    "flag": pl.String,
    "source": pl.String,
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = Names.of(built["country_names"])
    parts = []
    for source, (transform, currency) in SOURCES.items():
        frame = transform(raw.folder(source), names)
        parts.append(frame.with_columns(currency=pl.lit(currency), source=pl.lit(source)))
    return in_dollars(pl.concat(parts, how="diagonal_relaxed"))


def in_dollars(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the flows with ``value``: ``original`` in US dollars at the average rate of its year.

    Parameters
    ----------
    frame
        Columns ``original``, ``currency`` (USD or EUR) and ``period``.

    Raises
    ------
    ParityError
        If a year has no rate.
    """
    year = pl.col("period").str.slice(0, 4)
    rated = frame.with_columns(year=year).join(_flow_names.dollars_per_euro(), on="year", how="left")
    none = rated.filter((pl.col("currency") == "EUR") & pl.col("rate").is_null())
    if none.height:
        raise ParityError(f"no euro rate for {', '.join(sorted(set(none['year'])))}: add it to trade.toml")
    euro = pl.col("currency") == "EUR"
    return rated.with_columns(
        value=pl.when(euro).then(pl.col("original") * pl.col("rate")).otherwise("original")
    ).drop("year", "rate")


TABLE = Table(
    name="flows",
    title="Trade flows: who says it sold what to whom, per month or year",
    schema=SCHEMA,
    fields={
        "reporter": "Who reports: ISO3, or EU27 for the Union of 27 as one",
        "partner": "Declared destination of an export, origin of an import: ISO3",
        "flow": "export or import, as the reporter sees it",
        "hs": "Six-digit code of the Harmonized System, or TOTAL for all goods",
        "period": "Month (2022-03) or year (2022)",
        "value": "US dollars, euros converted at the average rate of the year",
        "original": "The value as published",
        "currency": "Currency of the original",
        "flag": "observed, or estimated (converted by a compiler)",
        "source": "Source, described in the table sources",
    },
    key=("source", "reporter", "flow", "hs", "partner", "period"),
    build=_build,
)
