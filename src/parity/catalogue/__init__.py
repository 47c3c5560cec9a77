"""Datasets with provenance: the embedded snapshot, download, countries, the DuckDB store."""

from parity.catalogue import files
from parity.catalogue._countries import (
    STATUSES,
    Country,
    blocs,
    find_country,
    members,
    membership,
    plain,
)
from parity.catalogue._describe import Card, Listing, Source, describe, listing, rows_of, sparkline
from parity.catalogue._facts import (
    FactsAudit,
    audit_facts,
    deciding,
    known_to,
    looked_to,
    none_on_record,
    outcome_of,
)
from parity.catalogue._seal import DATA_VARIABLE, keep, kept
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
from parity.catalogue._store import data_folder, in_use, put_derived, reset, stored

__all__ = [
    "DATA_VARIABLE",
    "STATUSES",
    "Card",
    "Country",
    "FactsAudit",
    "Listing",
    "Source",
    "audit_facts",
    "blocs",
    "data_folder",
    "deciding",
    "derived_table",
    "describe",
    "files",
    "find_country",
    "in_use",
    "keep",
    "kept",
    "known_to",
    "listing",
    "load_table",
    "looked_to",
    "members",
    "membership",
    "none_on_record",
    "outcome_of",
    "plain",
    "put_derived",
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
