"""The tables of the snapshot, in the order in which they are built."""

from parity.catalogue.build import (
    accelerators,
    chip_supply,
    controls,
    countries,
    country_names,
    flows,
    groups,
    hs_codes,
    indicators,
    observations,
    sources,
)
from parity.catalogue.build._table import Table

TABLES: tuple[Table, ...] = (
    country_names.TABLE,
    observations.TABLE,
    indicators.TABLE,
    countries.TABLE,
    groups.TABLE,
    accelerators.ACCELERATORS,
    accelerators.ACCELERATOR_FIGURES,
    chip_supply.TABLE,
    controls.RULES,
    controls.THRESHOLDS,
    controls.DESTINATIONS,
    controls.COUNTRY_GROUPS,
    controls.CHPL,
    controls.TIMELINE,
    flows.TABLE,
    hs_codes.TABLE,
    # Last: they describe the raw files that the tables above have read.
    sources.SOURCES,
    sources.FILES,
)
