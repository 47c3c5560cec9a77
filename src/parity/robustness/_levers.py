"""What policy can move in a unit's indicators, and how far it moves within a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.index import Index, Indicator

# Most years to look back for changes.
_YEARS = 10


@dataclass(frozen=True, slots=True)
class Lever:
    """A series that policy can move, in all the forms in which it goes into the index."""

    series: str  # name of the series; the indicator's own code where the data come from a file
    title: str
    unit: str
    codes: tuple[str, ...]  # indicators made from it
    factors: tuple[float, ...]  # what the series is multiplied by to give each indicator
    value: float  # the unit's value
    spread: float  # typical change within a year; one step of the lever
    most: float  # steps to the bound, at least 0
    better: int  # 1 where more is better, -1 where less is


def levers_of(index: Index, unit: str, spreads: Mapping[str, float]) -> tuple[Lever, ...]:
    """Return what can be moved, one lever per series."""
    forms: dict[str, list[Indicator]] = {}
    for indicator in index.spec.indicators:
        series = indicator.select.indicator if indicator.select else indicator.code
        forms.setdefault(series, []).append(indicator)
    found = [_lever(index, unit, series, made, spreads) for series, made in forms.items()]
    return tuple(lever for lever in found if lever is not None)


def _lever(
    index: Index, unit: str, series: str, forms: list[Indicator], spreads: Mapping[str, float]
) -> Lever | None:
    table = index.stages["raw"].table
    ranked = table.filter(pl.col(index.spec.index.id_column).cast(pl.String).is_in(list(index.units)))
    row = ranked.filter(pl.col(index.spec.index.id_column).cast(pl.String) == unit)
    spread = next((form.yearly_spread for form in forms if form.yearly_spread), spreads.get(series))
    if not all(form.actionable for form in forms) or not spread:
        return None
    factors = [_factor(form, row) for form in forms]
    values = [row[form.code].cast(pl.Float64).item() for form in forms]
    if any(value is None or np.isnan(value) for value in values) or any(not factor for factor in factors):
        return None
    better = forms[0].direction
    room = []
    for form, factor, value in zip(forms, factors, values, strict=True):
        seen = ranked[form.code].cast(pl.Float64).drop_nulls().drop_nans()
        bound = form.bounds[better > 0] if form.bounds else (seen.max() if better > 0 else seen.min())
        room.append(better * (float(bound) - value) / (factor * spread))  # type: ignore[arg-type]
    plain = min(zip(forms, factors, values, strict=True), key=lambda each: abs(np.log(each[1])))
    return Lever(
        series=series,
        title=plain[0].title or series,
        unit="" if plain[0].denominator else plain[0].unit,
        codes=tuple(form.code for form in forms),
        factors=tuple(factors),
        value=plain[2] / plain[1],
        spread=spread,
        most=max(min(room), 0.0),
        better=better,
    )


def _factor(indicator: Indicator, row: pl.DataFrame) -> float:
    """Return what a series is multiplied by to give an indicator."""
    select = indicator.select
    if select is None:
        return 1.0
    times = row[select.times].item() if select.times else 1.0
    return float(times or 0.0) * select.factor


def yearly_spreads(index: Index, unit: str, observations: pl.DataFrame) -> dict[str, float]:
    """Return the typical change within a year of every series that an index is made of.

    It is the root mean square of the unit's own changes from one year to the next, over at most so many
    years. With fewer than three of them: the median of the other units' relative changes, times the unit's
    value. For a series summed over several years, the change of one year times the number of years.

    ``unit``: its code. ``observations``: columns ``iso3``, ``indicator``, ``year``, ``value``; those of a
    panel are its own (see `panel_observations`).
    """
    windows = {}
    for indicator in index.spec.indicators:
        if (select := indicator.select) is None:
            windows[indicator.code] = 1
        else:
            first, last = select.years or (0, 0)
            windows[select.indicator] = last - first + 1 if select.reduce == "sum" else 1
    changes = (
        observations.filter(pl.col("indicator").is_in(list(windows)), pl.col("value").is_not_null())
        .filter(pl.col("year") > pl.col("year").max().over("indicator") - _YEARS - 1)
        .sort("indicator", "iso3", "year")
        .with_columns(
            change=pl.col("value").diff().over("indicator", "iso3")
            / pl.col("year").diff().over("indicator", "iso3"),
        )
        .drop_nulls("change")
        .group_by("indicator", "iso3")
        .agg(
            n=pl.len(),
            spread=(pl.col("change") ** 2).mean().sqrt(),
            level=pl.col("value").abs().mean(),
            last=pl.col("value").last().abs(),
        )
    )
    own = {row[0]: row for row in changes.filter(iso3=unit).select("indicator", "n", "spread", "last").rows()}
    usual = dict(
        changes.filter(pl.col("n") >= 3, pl.col("level") > 0)
        .group_by("indicator")
        .agg((pl.col("spread") / pl.col("level")).median())
        .rows()
    )
    latest = dict(
        observations.filter(iso3=unit)
        .sort("year")
        .group_by("indicator", maintain_order=True)
        .agg(pl.col("value").last().abs())
        .rows()
    )
    spreads = {}
    for series, window in windows.items():
        _, n, spread, _ = own.get(series, ("", 0, 0.0, 0.0))
        if n < 3 or not spread:
            spread = usual.get(series, 0.0) * latest.get(series, 0.0)
        if spread:
            spreads[series] = float(spread) * window
    return spreads


def panel_observations(index: Index) -> pl.DataFrame:
    """Return the data of a panel: ``iso3`` (code of the unit), ``indicator``, ``year``, ``value``."""
    block = index.stages["raw"]
    wide = pl.DataFrame(dict(zip(index.spec.codes, block.values.T, strict=True)), nan_to_null=True)
    return wide.with_columns(
        iso3=pl.Series(list(block.ids), dtype=pl.String), year=pl.Series(block.years, dtype=pl.Int64)
    ).unpivot(on=list(index.spec.codes), index=["iso3", "year"], variable_name="indicator")
