"""Section on the change over the years, on the indicators that have data for all of them."""

from __future__ import annotations

import numpy as np
import polars as pl

from parity.brief.model import Change, ChangeSection, Missing, YearPlace
from parity.index import Index, IndexSpec, assemble, build, history_of

YEARS = range(2020, 2026)
# An indicator stays in if at least this share of countries has a value as of every year, and the values
# are newer at the end than at the beginning.
LEAST_COVERAGE = 0.75


def change(
    spec: IndexSpec, units: list[str], unit: str, observations: pl.DataFrame, countries: pl.DataFrame
) -> ChangeSection | Missing:
    """Return a country's score and rank as of each year, on the scale of the last one.

    A score that moves because an indicator appears or is rescaled says nothing about the country. So the
    basket is constant (indicators with data as of every year), the countries are constant, and bounds,
    treatments and imputation are those learned from the last year, replayed on the earlier ones.

    Parameters
    ----------
    spec
        Spec that takes its data from the catalogue.
    units
        Countries ranked.
    unit
        The country.
    observations, countries
        Tables of the catalogue.
    """
    found = constant_basket(spec, units, observations, countries)
    if found is None:
        return Missing(reason="no indicator has data as of every year")
    last, tables = found
    return _section(spec, last, {year: last.apply(table) for year, table in tables.items()}, unit)


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


def _section(spec: IndexSpec, last: Index, by_year: dict[int, Index], unit: str) -> ChangeSection:
    first = by_year[YEARS[0]]
    whole = history_of(spec).tree()
    shares = dict(zip(whole.codes, whole.effective_weights(), strict=True))
    return ChangeSection(
        indicators=last.tree.n_indicators,
        share=float(sum(shares[code] for code in last.spec.codes)),
        years=[
            YearPlace(year=year, rank=index.rank(unit), score=_known(index.score(unit)))
            for year, index in by_year.items()
        ],
        pillars=[
            Change(
                node=group.code,
                title=group.title or group.code,
                change=_known(last.score(unit, group.code) - first.score(unit, group.code)),
                rank_first=first.rank(unit, group.code),
                rank_last=last.rank(unit, group.code),
            )
            for group in last.spec.groups
            if group.parent is not None
        ],
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
