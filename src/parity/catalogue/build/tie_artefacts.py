"""Where accounts stand in another country than the people behind them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._provenance import PROVENANCE, PROVENANCE_FIELDS, require_provenance, written
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table
from parity.errors import ParityError

KINDS = ("exit", "hosting", "moved")
SCHEMA: dict[str, DataType] = {
    "iso3": pl.String,
    "kind": pl.String,
    "of": pl.String,
    "date_from": pl.Date,
    **PROVENANCE,
}


def _build(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    listed = written("tie_artefacts.toml")
    rows = [{"iso3": iso3, "date_from": entry.get("from"), **entry} for iso3, entry in listed]
    frame = pl.DataFrame(rows, schema=SCHEMA)
    require_provenance("tie_artefacts", frame, "iso3")
    known = built["countries"]["iso3"].to_list()
    wrong = frame.filter(
        ~pl.col("iso3").is_in(known) | ~pl.col("of").is_in(known) | ~pl.col("kind").is_in(KINDS)
    )
    if wrong.height:
        raise ParityError(f"tie_artefacts: {wrong['iso3'][0]} names no country or no known kind")
    return frame.sort("iso3")


TABLE = Table(
    name="tie_artefacts",
    title="Where accounts on GitHub stand in another country than the people behind them",
    schema=SCHEMA,
    fields={
        "iso3": "Country in which the accounts stand",
        "kind": "exit: tunnels of another country end here; hosting: anybody's servers; moved: people went",
        "of": "Country whose people are meant; null for anybody's",
        "date_from": "About when it began; null where unknown",
        **PROVENANCE_FIELDS,
    },
    key=("iso3", "kind"),
    build=_build,
)
