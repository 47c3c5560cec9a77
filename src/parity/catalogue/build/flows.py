"""Trade flows by code, and codes of the Harmonized System."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from parity.catalogue._facts import UNVERIFIED
from parity.catalogue.build import _flow_names, _flow_sources
from parity.catalogue.build._codes import Names
from parity.catalogue.build._control_reading import rows
from parity.catalogue.build._flow_names import listed
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table
from parity.errors import ParityError

# Source -> its transform and the currency that it is published in.
SOURCES = {
    _flow_sources.EUROSTAT: (_flow_sources.eurostat, "EUR"),
    _flow_sources.TAIWAN: (_flow_sources.taiwan, "USD"),
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

    ``frame``: columns ``original``, ``currency`` (USD or EUR) and ``period``.
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


TABLE = table("flows", _build)


def _build_hs_codes(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    priority = pl.DataFrame(rows(raw, "chpl.csv", "hs6", "tier", "description", "list_date")).select(
        hs="hs6", title="description", tier="tier", list_date="list_date"
    )
    others = pl.DataFrame(listed()["titles"]).unpivot(variable_name="hs", value_name="title")
    changed = _changed()
    traded = built["flows"].select("hs").unique()
    codes = pl.concat([priority, others], how="diagonal").unique("hs", keep="first", maintain_order=True)
    absent = traded.join(codes, on="hs", how="anti")
    frame = pl.concat([codes, absent], how="diagonal").join(
        changed, left_on="hs", right_on="hs2022", how="left"
    )
    old = frame["hs"].is_in(changed["hs2017"].implode())
    new = pl.col("hs2017").is_not_null()
    return frame.with_columns(
        revision=pl.when(old).then(pl.lit("2017")).when(new).then(pl.lit("2022")).otherwise(pl.lit("both"))
    ).with_columns(
        tier=pl.col("tier").replace("", None),
        list_date=pl.col("list_date").replace("", None),
        basis=pl.when(pl.col("pairing") == "part").then(pl.lit(UNVERIFIED)).otherwise(pl.lit("read")),
        checked=pl.when(pl.col("pairing").is_null() | (pl.col("pairing") == "read")).then(pl.lit(READ)),
    )


def _changed() -> pl.DataFrame:
    """Return codes that are new in 2022 with the older one, and how the pair is known."""
    pairs = listed()["revisions"]
    sources = {"read": pairs["source"], "part": f"{pairs['source']}. {pairs['part_source']}"}
    return pl.DataFrame(
        [
            {
                "hs2022": new,
                "hs2017": old,
                "pairing": known,
                "pairing_source": source,
            }
            for known, source in sources.items()
            for new, old in pairs[known].items()
        ],
        schema=dict.fromkeys(("hs2022", "hs2017", "pairing", "pairing_source"), pl.String),
    )


READ = date(2026, 11, 23)
HS_CODES = table("hs_codes", _build_hs_codes)
