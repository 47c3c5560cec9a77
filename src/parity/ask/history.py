"""The index over the years on a constant basket: a score that moves says something about the country."""

from __future__ import annotations

import polars as pl

from parity.ask.cache import cached
from parity.ask.standing import Standing
from parity.catalogue import load_table
from parity.index import Index, IndexSpec, assemble, build, history_of

YEARS = range(2020, 2026)
# An indicator stays in if at least this share of countries has a value as of every year, and the values
# are newer at the end than at the beginning.
LEAST_COVERAGE = 0.75


@cached(8)
def constant_basket(found: Standing) -> tuple[Index, dict[int, pl.DataFrame]] | None:
    """Return the index of the last year on indicators with data as of every year, and each year's data.

    A score that moves because an indicator appears or is rescaled says nothing about the country. So the
    basket is constant (indicators with data as of every year), the countries are constant, and bounds,
    treatments and imputation are those learned from the last year, to be replayed on the earlier ones. For
    the open AI index the indicators are those of the AI index history: what changed has names of its own.

    Parameters
    ----------
    found
        An index built on the catalogue's data.

    Returns
    -------
    tuple or None
        Index, and year -> data of its countries; ``None`` where no indicator goes through all years.
    """
    spec = history_of(found.index.spec)
    own = pl.col("iso3").is_in(list(found.index.units))
    tables = {}
    fresh: dict[str, set[int]] = {code: set() for code in spec.codes}
    steady = set(spec.codes)
    for year in YEARS:
        assembly = assemble(spec, load_table("observations"), load_table("countries"), year)
        tables[year] = assembly.table.filter(own)
        known = (
            assembly.cells.filter(own)
            .group_by("code")
            .agg(share=(pl.col("flag") != "missing").mean(), year=pl.col("year").max())
        )
        for code, share, newest in known.iter_rows():
            if share < LEAST_COVERAGE or newest is None:
                steady.discard(code)
            else:
                fresh[code].add(newest)
    steady = {code for code in steady if len(fresh[code]) == len(YEARS)}
    basket = _basket(spec, steady)
    return None if basket is None else (build(basket, tables[YEARS[-1]]), tables)


@cached(8)
def by_year(found: Standing) -> dict[int, Index] | None:
    """Return the index as of each year on the constant basket, all on the scale of the last."""
    made = constant_basket(found)
    return made and {year: made[0].apply(table) for year, table in made[1].items()}


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
