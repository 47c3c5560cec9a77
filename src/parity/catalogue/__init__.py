"""Datasets with provenance: the embedded snapshot, download, countries, the DuckDB store."""

from parity.catalogue import files
from parity.catalogue._countries import Country, find_country
from parity.catalogue._describe import Card, Source, describe, listing, rows_of, sparkline
from parity.catalogue._facts import deciding
from parity.catalogue._groups import STATUSES, blocs, members, membership
from parity.catalogue._snapshot import (
    derived_table,
    load_table,
    snapshot_checksum,
    snapshot_date,
    tables,
    verify,
    vintage,
)
from parity.catalogue._sql import query
from parity.catalogue._store import reset, stored

__all__ = [
    "STATUSES",
    "Card",
    "Country",
    "Source",
    "blocs",
    "deciding",
    "derived_table",
    "describe",
    "files",
    "find_country",
    "listing",
    "load_table",
    "members",
    "membership",
    "query",
    "reset",
    "rows_of",
    "snapshot_checksum",
    "snapshot_date",
    "sparkline",
    "stored",
    "tables",
    "verify",
    "vintage",
]
