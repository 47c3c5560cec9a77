"""The tests that a series must pass to stand in an index: see ``docs/methods/open-ai-index-criteria.md``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.index._assemble import UNKNOWN, Assembly
from parity.index.artefacts import Evidence, against_the_rest, evidence, out_of_line
from parity.index.spec import IndexSpec

ONE_CASE = 2 / 3
"""Share of a window of years that one year may hold."""

AGE = 3
"""Years that a cell may be older than the newest of its series, or a series than the index."""

NEAR_COPY = 0.95
"""Rank correlation of two series of a sub-pillar, per person, above which one of them goes."""

LANGUAGE = 2.0
"""How many times as far above what is expected countries that read English may stand."""

_PERMUTATIONS = 999
# Countries whose windows of years are looked at for one deal that makes them.
_FIRST = 40


@dataclass(frozen=True, slots=True, eq=False)
class SeriesTests:
    """What the tests found."""

    # One row per series: ``series``, ``newest`` (year), ``old`` (share of cells more than ``AGE`` years
    # older), ``observed`` (least share of an income group's countries that is observed or zero by rule),
    # ``out_of_line`` and ``not_possible`` (countries), ``one_case`` (share of the first 40 countries of which
    # one year holds more than ``ONE_CASE`` of the window; null for a single year), ``language`` (how many
    # times as far above what is expected countries with English stand), ``language_p``, ``copy_of`` and
    # ``copy`` (the nearest series of its sub-pillar, and the rank correlation).
    series: pl.DataFrame
    cells: pl.DataFrame  # cells out of line: see `parity.index.artefacts.out_of_line`


def examine(
    spec: IndexSpec,
    assembly: Assembly,
    observations: pl.DataFrame,
    *,
    units: Collection[str],
    english: Collection[str],
    ceilings: Mapping[str, float],
) -> SeriesTests:
    """Run the tests on every series that a spec selects.

    ``spec``: spec whose indicators have a ``select``; candidates may stand in it with weight 0.
    ``assembly``: its data, untrimmed (``index.trim`` off). ``observations``: columns ``iso3``,
    ``indicator``, ``year``, ``value``.
    """
    ranked = assembly.table.filter(pl.col("iso3").is_in(list(units)))
    cells = assembly.cells.filter(pl.col("iso3").is_in(list(units)))
    seen = evidence(spec, assembly.cells, assembly.table)
    kept = np.isin(seen.units, list(units))
    odd = out_of_line(seen)
    rows = []
    residuals = against_the_rest(seen)
    for place, name in enumerate(seen.series):
        chosen = next(each for each in spec.indicators if each.select and each.select.indicator == name)
        own = cells.filter(code=chosen.code)
        column = seen.values[:, place]
        beyond = [
            unit for unit, value in zip(seen.units, column, strict=True) if value > ceilings.get(name, np.inf)
        ]
        beyond += own.filter(flag="not_possible")["iso3"].to_list()
        years = own["year"].drop_nulls()
        newest = int(years.max()) if len(years) else None  # type: ignore[arg-type]
        english_ratio, p = _language(residuals.filter(series=name), english)
        copy_of, copy = _nearest(spec, seen, place, kept)
        rows.append(
            {
                "series": name,
                "newest": newest,
                "old": float((years < newest - AGE).mean()) if newest else None,  # type: ignore[arg-type]
                "observed": _least_observed(own, ranked),
                "out_of_line": odd.filter(series=name)["iso3"].to_list(),
                "not_possible": beyond,
                "one_case": _one_case(chosen.select.years, chosen.select.reduce, name, observations, units),  # type: ignore[union-attr]
                "language": english_ratio,
                "language_p": p,
                "copy_of": copy_of,
                "copy": copy,
            }
        )
    return SeriesTests(pl.DataFrame(rows), odd)


def plant(
    observations: pl.DataFrame, series: str, iso3: str, *, times: float = 1.0, like: str | None = None
) -> pl.DataFrame:
    """Return the observations with an artefact in them, to see whether the tests find it.

    ``observations``: columns ``iso3``, ``indicator``, ``value`` and any others.
    """
    here = (pl.col("indicator") == series) & (pl.col("iso3") == iso3)
    if like is not None:
        taken = observations.filter(indicator=series, iso3=like).with_columns(iso3=pl.lit(iso3))
        observations = pl.concat([observations.filter(~here), taken])
    return observations.with_columns(value=pl.when(here).then(pl.col("value") * times).otherwise("value"))


def _least_observed(cells: pl.DataFrame, ranked: pl.DataFrame) -> float:
    """Return the least share of an income group's countries that is observed or zero by rule."""
    known = cells.join(ranked.select("iso3", "income_group"), on="iso3").drop_nulls("income_group")
    shares = known.group_by("income_group").agg((~pl.col("flag").is_in(UNKNOWN)).mean())
    return float(shares["flag"].min())  # type: ignore[arg-type]


def _one_case(
    years: tuple[int, int] | None,
    reduce: str,
    series: str,
    observations: pl.DataFrame,
    units: Collection[str],
) -> float | None:
    """Return the share of the first countries of which one year holds most of the window."""
    if years is None or reduce == "latest" or years[1] - years[0] < 2:
        return None
    window = observations.filter(
        pl.col("indicator") == series,
        pl.col("year").is_between(*years),
        pl.col("iso3").is_in(list(units)),
    )
    sums = window.group_by("iso3").agg(sum=pl.col("value").sum(), most=pl.col("value").max())
    first = sums.sort("sum", "iso3", descending=[True, False]).head(_FIRST)
    return float((first["most"] > ONE_CASE * first["sum"]).mean())  # type: ignore[arg-type]


def _language(residuals: pl.DataFrame, english: Collection[str]) -> tuple[float | None, float | None]:
    """Return how many times as far above what is expected countries with English stand, and p."""
    off = residuals["ratio"].log().to_numpy()
    reads = residuals["iso3"].is_in(list(english)).to_numpy()
    if reads.sum() < 5 or (~reads).sum() < 5:
        return None, None
    rng = np.random.default_rng(0)

    def apart(which: np.ndarray) -> float:
        return float(off[which].mean() - off[~which].mean())

    found = apart(reads)
    chance = [apart(rng.permutation(reads)) for _ in range(_PERMUTATIONS)]
    p = (1 + sum(value >= found for value in chance)) / (_PERMUTATIONS + 1)
    return float(np.exp(found)), p


def _nearest(
    spec: IndexSpec, seen: Evidence, place: int, rows: np.ndarray
) -> tuple[str | None, float | None]:
    """Return the series of the same sub-pillar that goes with one most closely, and the correlation."""
    from scipy.stats import spearmanr

    groups = {each.select.indicator: each.group for each in spec.indicators if each.select}
    best: tuple[str | None, float | None] = (None, None)
    for other, name in enumerate(seen.series):
        if other == place or groups[name] != groups[seen.series[place]]:
            continue
        both = seen.values[rows][:, [place, other]]
        both = both[~np.isnan(both).any(axis=1)]
        if len(both) < 10 or (both == both[0]).all(axis=0).any():
            continue
        value = float(spearmanr(both[:, 0], both[:, 1]).statistic)
        if best[1] is None or value > best[1]:
            best = (name, value)
    return best
