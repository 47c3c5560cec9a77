"""Mirror statistics: what exporters say they sent, against what the importer says arrived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.trade._panel import annual, months_after
from parity.trade._synthetic import Array
from parity.trade.codes import CodeList, select_codes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RESAMPLES = 2000
# Fewer exporters than this cannot be resampled; the interval then comes from the years alone.
MIN_EXPORTERS = 5
MIN_YEARS = 2


@dataclass(frozen=True, slots=True)
class Mirrored:
    """One year of both reports.

    Attributes
    ----------
    year
        Calendar year.
    exported, imported
        What exporters report as sent, and the importer as arrived, US dollars.
    gap
        What should have arrived by the usual ratio, minus what did; positive when less arrives
        than usual.
    """

    year: str
    exported: float
    imported: float
    gap: Estimate


@dataclass(frozen=True, slots=True)
class Mirror:
    """What exporters say they sent against what arrived.

    Attributes
    ----------
    exporters
        Countries whose reports exist on both sides in every year.
    importer
        ISO3.
    codes, vintage, sources
        Goods and data.
    usual
        Usual ratio of imports to exports: above 1 for freight and insurance and for goods that
        are counted by origin, below 1 where part goes unrecorded.
    years
        One entry per year, those before the date among them.
    seed
        Seed of the resampling.
    """

    exporters: tuple[str, ...]
    importer: str
    codes: CodeList
    vintage: str
    sources: tuple[str, ...]
    usual: Estimate
    years: tuple[Mirrored, ...]
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row per year: sent, arrived, unexplained gap with interval."""
        return pl.DataFrame(
            [
                {
                    "year": one.year,
                    "exported": one.exported,
                    "imported": one.imported,
                    "gap": one.gap.value,
                    "low": one.gap.low,
                    "high": one.gap.high,
                }
                for one in self.years
            ]
        )

    def summary(self) -> pl.DataFrame:
        """Return the table as it is printed, million US dollars."""
        ends = self.table().with_columns(pl.col("gap", "low", "high").cast(pl.Float64))
        return ends.with_columns((pl.selectors.float() / 1e6).round_sig_figs(3))

    def verdict(self) -> str:
        """Return the answer in plain language, with what the data cannot show."""
        from parity.trade._words import mirror_in_words

        return mirror_in_words(self)

    def figure(self) -> Figure:
        """Return sent, arrived and the unexplained gap by year."""
        from parity.trade._figures import mirror_by_year

        return mirror_by_year(self)


def mirror(
    flows: pl.DataFrame,
    codes: CodeList,
    exporters: Collection[str],
    importer: str,
    start: date,
    *,
    level: float = 0.9,
    seed: int = 0,
    vintage: str = "",
) -> Mirror:
    """Compare both reports of the same trade, year by year.

    The two never agree: imports carry freight and insurance, and are counted by origin where
    exports are counted by destination. What matters is a change of the usual ratio. Its interval
    comes from resampling exporters and years before the date.

    Parameters
    ----------
    flows
        Table of flows.
    codes
        The goods.
    exporters
        Countries whose exports are added up, ISO3.
    importer
        ISO3.
    start
        Date of the control: the years before it give the usual ratio.
    level
        Probability that an interval covers.
    seed
        Seed of the resampling.
    vintage
        Which data these are.

    Raises
    ------
    NoAnswerError
        If one side does not report, or not before the date.
    """
    goods = select_codes(flows, codes)
    there = pl.col("partner").is_in([importer]) & pl.col("reporter").is_in(list(exporters))
    sold = annual(goods.filter(there & (pl.col("flow") == "export")))
    mine = (pl.col("reporter") == importer) & pl.col("partner").is_in(list(exporters))
    bought = annual(goods.filter(mine & (pl.col("flow") == "import")))
    years = sorted(set(sold["period"]) & set(bought["period"]))
    before = [year for year in years if months_after(year, start) == 0]
    if not before:
        raise NoAnswerError(
            f"the exports of {', '.join(list(exporters)[:6])} ... to {importer} and its own imports from "
            f"there are not both at hand for any year before {start}"
        )
    names = sorted(set(sold["reporter"]) | set(bought["partner"]))
    X, M = _matrix(sold, "reporter", names, years), _matrix(bought, "partner", names, years)
    usual, draws = _usual(X[: len(before)], M[: len(before)], np.random.default_rng(seed))
    return Mirror(
        exporters=tuple(names),
        importer=importer,
        codes=codes,
        vintage=vintage,
        sources=tuple(sorted(goods["source"].unique())) if "source" in goods.columns else (),
        usual=_interval(usual, draws, level, "imports per export"),
        years=tuple(
            _mirrored(year, sent, arrived, usual, draws, level)
            for year, sent, arrived in zip(years, X.sum(axis=1), M.sum(axis=1), strict=True)
        ),
        seed=seed,
    )


def _matrix(rows: pl.DataFrame, column: str, names: list[str], years: list[str]) -> Array:
    """Return values by year and exporter, shape (n_years, n_exporters); 0 where none is reported."""
    summed = rows.group_by("period", column).agg(pl.col("value").sum())
    known = {(period, name): value for period, name, value in summed.rows()}
    return np.array([[known.get((year, name), 0.0) for name in names] for year in years])


def _usual(X: Array, M: Array, rng: np.random.Generator) -> tuple[float, Array]:
    """Return the usual ratio and resamplings of it, shape (n_resamples,); empty where it cannot be."""
    count = X.shape[1]
    usual = float(M.sum() / X.sum())
    if X.shape[0] < MIN_YEARS:
        return usual, np.empty(0)
    years = rng.integers(0, X.shape[0], (RESAMPLES, X.shape[0]))
    whole = np.tile(np.arange(count), (RESAMPLES, 1))
    who = rng.integers(0, count, (RESAMPLES, count)) if count >= MIN_EXPORTERS else whole
    pick = (years[:, :, None], who[:, None, :])
    return usual, M[pick].sum(axis=(1, 2)) / X[pick].sum(axis=(1, 2))


def _interval(value: float, draws: Array, level: float, unit: str) -> Estimate:
    if not draws.size:
        return Estimate(value, unit=unit, reason="one year before the date has no spread")
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high), level, unit)


def _mirrored(year: str, sent: float, arrived: float, usual: float, draws: Array, level: float) -> Mirrored:
    gap = _interval(sent * usual - arrived, sent * draws - arrived, level, "USD")
    return Mirrored(year, float(sent), float(arrived), gap)
