"""Artefact tests: whether a series says of a country what its title says.

Goods in transit, accounts seen through a foreign address, sales booked at a head office and names resolved to
the wrong place leave one mark: a value that nothing else known of the country supports.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
import polars as pl

from parity.index.spec import IndexSpec
from parity.stats import FloatArray

FACTOR, DEVIATIONS = 5.0, 3.0
"""Out of line: so many times the expected value, and so many robust standard deviations above it."""

MOST = FACTOR**2
"""Times the expected value that are out of line however widely its peers differ, and whoever confirms it."""

PEERS = 15
"""Countries whose median is the expected value, and whose spread is that of honest values."""

# Fewer countries than these, or fewer other series of a country, say nothing.
_LEAST_COUNTRIES, _LEAST_SERIES = PEERS + 1, 3
# A robust standard deviation below this (in logarithms) would call honest noise an artefact.
_LEAST_DEVIATION = np.log(1.5)
# Median absolute deviation of a normal distribution in standard deviations.
_MAD = 1.4826

_FOUND = {
    "iso3": pl.String,
    "series": pl.String,
    "value": pl.Float64,
    "expected": pl.Float64,
    "ratio": pl.Float64,
    "limit": pl.Float64,
    "deviations": pl.Float64,
}


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Series per person or per GDP, side by side."""

    units: tuple[str, ...]  # countries (ISO3), n of them
    series: tuple[str, ...]  # series of the catalogue, k of them
    sources: tuple[str, ...]  # source of each, shape (k,)
    # Whether each is a quantity or its ratio to a size; scores without a size are evidence alone.
    sized: tuple[bool, ...]
    values: FloatArray  # shape (n, k); NaN is missing
    wealth: FloatArray  # GDP per person, shape (n,)


def evidence(spec: IndexSpec, cells: pl.DataFrame, units: pl.DataFrame) -> Evidence:
    """Take every series once, for a country's size: per person, or per what the spec divides it by.

    ``spec``: spec whose indicators all have a ``select``. ``cells``: columns ``iso3``, ``code``,
    ``value``, ``source``. ``units``: countries with ``iso3`` and the columns ``population``, ``gdp_ppp``
    and every other denominator.
    """
    chosen = {}
    for indicator in sorted(spec.indicators, key=lambda each: each.form == "intensity"):
        if indicator.select is not None:
            chosen[indicator.select.indicator] = indicator
    columns, sources = [], []
    wide = {code: frame for (code,), frame in cells.partition_by("code", as_dict=True).items()}
    for indicator in chosen.values():
        frame = units.join(wide[indicator.code].select("iso3", "value", "source"), on="iso3", how="left")
        by = indicator.denominator
        if by is None and indicator.form == "scale":
            by = indicator.select.times or "population"  # type: ignore[union-attr]
        values = frame["value"].to_numpy().astype(float)
        columns.append(values / frame[by].to_numpy() if by else values)
        sources.append(frame["source"].drop_nulls().mode().sort().to_list()[:1])
    wealth = units["gdp_ppp"] / units["population"] if "gdp_ppp" in units.columns else units["population"] * 0
    return Evidence(
        tuple(units["iso3"]),
        tuple(chosen),
        tuple(source[0] if source else "" for source in sources),
        tuple(each.form is not None or each.kind == "extensive" for each in chosen.values()),
        np.column_stack(columns),
        wealth.to_numpy().astype(float),
    )


def out_of_line(seen: Evidence) -> pl.DataFrame:
    """Return the cells that the rest of a country's evidence does not support.

    The expected value is the median among the ``PEERS`` countries nearest in what else is known: in the
    median of a country's normal scores in the series of other sources and in GDP per person.

    Returns: ``iso3``, ``series``, ``value`` and ``expected`` (per person or per GDP), ``ratio`` of the
    two, ``limit`` (greatest ratio that is in line), ``deviations`` (robust standard deviations of the
    peers); the furthest first. Only ratios above both ``FACTOR`` and ``DEVIATIONS`` of them, or above
    ``MOST``.
    """
    found = against_the_rest(seen).filter(pl.col("ratio") > pl.col("limit"))
    return found.sort("deviations", "iso3", descending=[True, False])


def unconfirmed(spec: IndexSpec, seen: Evidence) -> pl.DataFrame:
    """Return the cells out of line beyond what is believed; columns as `out_of_line`, and ``believed``.

    ``FACTOR`` times the expected value is believed of any cell. One of the series that the spec names in
    ``select.seen_in`` confirms more, in proportion: where it stands r times above its own expected value in
    the same country, r times as much is believed, and never more than ``MOST``.
    """
    rest = against_the_rest(seen)
    partners = [
        (each.select.indicator, partner)
        for each in spec.indicators
        if each.select
        for partner in each.select.seen_in
    ]
    pairs = pl.DataFrame(
        partners, {"series": pl.String, "partner": pl.String}, orient="row", strict=True
    ).unique()
    shown = pairs.join(rest.select("iso3", partner="series", shows="ratio"), on="partner")
    most = shown.group_by("iso3", "series").agg(pl.col("shows").max())
    believed = (FACTOR * pl.col("shows").fill_null(1.0)).clip(FACTOR, MOST)
    odd = out_of_line(seen).join(most, on=["iso3", "series"], how="left", maintain_order="left")
    return odd.with_columns(believed=believed).drop("shows").filter(pl.col("ratio") > pl.col("believed"))


def against_the_rest(seen: Evidence) -> pl.DataFrame:
    """Return every positive cell beside its expected value; columns as `out_of_line`."""
    scores = np.column_stack([_normal_scores(column) for column in seen.values.T])
    wealth = _normal_scores(seen.wealth)[:, None]
    rows: list[tuple[str, str, float, float, float, float, float]] = []
    for place, name in enumerate(seen.series):
        if not seen.sized[place]:
            continue
        others = np.array([source != seen.sources[place] for source in seen.sources])
        rest = np.hstack([scores[:, others], wealth])
        enough = (~np.isnan(rest)).sum(axis=1) >= _LEAST_SERIES
        value = seen.values[:, place]
        usable = np.flatnonzero(enough & (np.nan_to_num(value) > 0))
        if len(usable) < _LEAST_COUNTRIES:
            continue
        here = np.log(value[usable])
        expected, spread = of_peers(np.nanmedian(rest[usable], axis=1), here)
        off, spread = here - expected, np.maximum(spread, _LEAST_DEVIATION)
        rows += zip(
            (seen.units[row] for row in usable),
            [name] * len(usable),
            np.exp(here),
            np.exp(expected),
            np.exp(off),
            np.clip(np.exp(DEVIATIONS * spread), FACTOR, MOST),
            off / spread,
            strict=True,
        )
    return pl.DataFrame(rows, _FOUND, orient="row")


def of_peers(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return median and robust standard deviation of y among the ``PEERS`` units nearest in x.

    ``x, y``: shape (n,), without missing values, n above ``PEERS``. Each unit itself is left out.
    """
    apart = np.abs(x[:, None] - x)
    np.fill_diagonal(apart, np.inf)
    peers = y[np.argsort(apart, axis=1, kind="stable")[:, :PEERS]]
    middle = np.median(peers, axis=1, keepdims=True)
    return middle[:, 0], _MAD * np.median(np.abs(peers - middle), axis=1)


def _normal_scores(values: FloatArray) -> FloatArray:
    """Return the standard normal quantile of each value's place; ties share the middle, NaN stays."""
    known = ~np.isnan(values)
    ordered = np.sort(values[known])
    # Places in halves, 2 to 2n, for ties share the middle of theirs.
    places = np.searchsorted(ordered, values[known], "left") + np.searchsorted(
        ordered, values[known], "right"
    )
    scores = np.full(len(values), np.nan)
    scores[known] = _quantiles(len(ordered))[places + 1]
    return scores


@cache
def _quantiles(n: int) -> FloatArray:
    """Return the normal quantiles of half places among n + 1 parts, shape (2n + 2,)."""
    inverse = NormalDist().inv_cdf
    return np.array([np.nan, *(inverse(half / (2 * (n + 1))) for half in range(1, 2 * n + 2))])
