"""Values that changed much from one edition of a series to the next: flagged, for a reader to look at."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table
from parity.catalogue.build.observations import NEWER, of_source
from parity.catalogue.build.transforms import owid

FACTOR = 2.0
"""A positive value that became so many times as high, or as low, is flagged."""

INVESTMENT = "owid-cset-cat"
KEY = ["indicator", "iso3", "year"]


def flagged(earlier: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """Return the values that changed more than ``FACTOR`` from one edition to the next.

    Parameters
    ----------
    earlier, later
        Columns ``indicator``, ``iso3``, ``year``, ``value``; ``later`` has ``source`` too.

    Returns
    -------
    polars.DataFrame
        The key, ``earlier``, ``later``, ``ratio`` (later over earlier) and ``source`` of the later one.
    """
    joined = earlier.select(*KEY, earlier="value").join(later.select(*KEY, "source", later="value"), on=KEY)
    positive = joined.filter(pl.col("earlier") > 0, pl.col("later") > 0)
    return positive.with_columns(ratio=pl.col("later") / pl.col("earlier")).filter(
        (pl.col("ratio") > FACTOR) | (pl.col("ratio") < 1 / FACTOR)
    )


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = Names.of(built["country_names"])
    now = built["observations"]
    folder = raw.folder(INVESTMENT)
    parts = [flagged(owid.investment(folder, names, owid.INVESTMENT), now)]
    for newer, older in NEWER.items():
        parts.append(flagged(of_source(raw.folder(older), names), now.filter(source=newer)))
    return pl.concat(parts).select(list(SCHEMA))


SCHEMA: dict[str, DataType] = {
    "indicator": pl.String,
    "iso3": pl.String,
    "year": pl.Int32,
    "earlier": pl.Float64,
    "later": pl.Float64,
    "ratio": pl.Float64,
    "source": pl.String,
}
TABLE = Table(
    name="revisions",
    title="Values that changed more than twofold from one edition of a series to the next",
    schema=SCHEMA,
    fields={
        "indicator": "Indicator",
        "iso3": "Country",
        "year": "Year that the value describes",
        "earlier": "Value in the earlier edition",
        "later": "Value in the later edition, which is the one used",
        "ratio": "Later over earlier",
        "source": "Source of the later edition",
    },
    key=("indicator", "iso3", "year"),
    build=_build,
)
