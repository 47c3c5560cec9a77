"""An index of the indicators that have data as of every year: what changed is not what is measured."""

from __future__ import annotations

import polars as pl

from parity.index import UNKNOWN, Index, IndexSpec, assemble, build, history_of

YEARS = range(2020, 2026)
# An indicator stays in if at least this share of countries has a value as of every year, and the values
# are newer at the end than at the beginning.
LEAST_COVERAGE = 0.75


def constant_basket(
    spec: IndexSpec, units: list[str], observations: pl.DataFrame, countries: pl.DataFrame
) -> tuple[Index, dict[int, pl.DataFrame]] | None:
    """Return the index of the last year on indicators with data as of every year, and each year's data.

    For the open AI index these are those of the AI index history: what changed has names of its own.

    Parameters
    ----------
    spec
        Spec that takes its data from the catalogue.
    units
        Countries ranked.
    observations, countries
        Tables of the catalogue.

    Returns
    -------
    tuple or None
        Index, and year -> data of these countries; ``None`` where no indicator goes through all years.
    """
    spec = history_of(spec)
    tables = {}
    fresh: dict[str, set[int]] = {code: set() for code in spec.codes}
    steady = set(spec.codes)
    for year in YEARS:
        assembly = assemble(spec, observations, countries, year)
        tables[year] = assembly.table.filter(pl.col("iso3").is_in(units))
        known = (
            assembly.cells.filter(pl.col("iso3").is_in(units))
            .group_by("code")
            .agg(share=(~pl.col("flag").is_in(UNKNOWN)).mean(), year=pl.col("year").max())
        )
        for code, share, newest in known.iter_rows():
            if share < LEAST_COVERAGE or newest is None:
                steady.discard(code)
            else:
                fresh[code].add(newest)
    steady = {code for code in steady if len(fresh[code]) == len(YEARS)}
    basket = _basket(spec, steady)
    return None if basket is None else (build(basket, tables[YEARS[-1]]), tables)


def _basket(spec: IndexSpec, codes: set[str]) -> IndexSpec | None:
    """Return the spec with these indicators and the groups that keep any; no country is screened out."""
    indicators = tuple(indicator for indicator in spec.indicators if indicator.code in codes)
    parents = {group.code: group.parent for group in spec.groups}
    kept: set[str] = set()
    for indicator in indicators:
        group = indicator.group
        while group is not None and group not in kept:
            kept.add(group)
            group = parents.get(group)
    if not indicators:
        return None
    steps = spec.steps.model_copy(update={"screen": None})
    groups = tuple(group for group in spec.groups if group.code in kept)
    return spec.model_copy(update={"indicators": indicators, "groups": groups, "steps": steps})
