"""The tables of the snapshot, in the order in which they are built."""

from parity.catalogue.build import countries, country_names, groups, indicators, observations, sources
from parity.catalogue.build._table import Table

TABLES: tuple[Table, ...] = (
    country_names.TABLE,
    observations.TABLE,
    indicators.TABLE,
    countries.TABLE,
    groups.TABLE,
    # Last: they describe the raw files that the tables above have read.
    sources.SOURCES,
    sources.FILES,
)
