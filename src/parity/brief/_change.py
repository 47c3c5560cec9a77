"""Section on the change over the years, on the indicators that have data for all of them."""

from __future__ import annotations

import numpy as np
import polars as pl

from parity.ask.basket import YEARS, constant_basket
from parity.brief.model import Change, ChangeSection, Missing, YearPlace
from parity.index import Index, IndexSpec, history_of


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
