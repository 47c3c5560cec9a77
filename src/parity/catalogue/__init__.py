"""Datasets with provenance: the embedded snapshot, download, countries, the DuckDB store."""

from parity.catalogue import files
from parity.catalogue._countries import Country, find_country, members
from parity.catalogue._snapshot import load_table, tables, vintage

__all__ = ["Country", "files", "find_country", "load_table", "members", "tables", "vintage"]
