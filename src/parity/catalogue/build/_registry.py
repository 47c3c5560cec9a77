"""The tables of the snapshot, in the order in which they are built."""

from parity.catalogue.build import (
    accelerators,
    benchmarks,
    chip_supply,
    clusters,
    controls,
    countries,
    country_names,
    flows,
    groups,
    hs_codes,
    indicators,
    model_scores,
    models,
    notable_models,
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
    model_scores.TABLE,
    models.TABLE,
    benchmarks.TABLE,
    notable_models.TABLE,
    clusters.TABLE,
    # Last: they describe the raw files that the tables above have read.
    sources.SOURCES,
    sources.FILES,
)
