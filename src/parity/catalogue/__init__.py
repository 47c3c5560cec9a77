"""Datasets with provenance: the embedded snapshot, download, countries, the DuckDB store."""
