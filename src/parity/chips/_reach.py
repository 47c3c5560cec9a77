"""What a country can lawfully reach, month by month, against the world's best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.chips._access import (
    APPROVAL,
    CASE_BY_CASE,
    DOMESTIC,
    EXCEPTION,
    FREE,
    WITHOUT_DECISION,
    Access,
    access,
)
from parity.chips._held import DISCLAIMER
from parity.chips._logic import Numbers
from parity.chips._rulebook import RuleBook
from parity.errors import ParityError, one_of
from parity.estimate import Estimate

# Figure compared -> what it is.
METRICS = {
    "tpp": "TPP",
    "memory_bandwidth": "memory bandwidth, GB/s",
    "price_performance": "TPP per USD at release",
}
# Sheets round: two parts whose figures differ by less are level.
ROUNDING = 1e-3
DAYS_A_MONTH = 365.25 / 12
NOTHING = "no accelerator of the table can be had for certain"
# Columns of the table -> terms.
BEST = {
    "best_free": FREE,
    "best_exception": EXCEPTION,
    "best_approval": APPROVAL,
    "best_case_by_case": CASE_BY_CASE,
    "best_domestic": DOMESTIC,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """What a country can reach over time.

    Attributes
    ----------
    country
        ISO3.
    metric
        Figure compared, one of ``METRICS``.
    counting
        Terms that count as "can have".
    codified
        Whether text that is not enforced counts.
    months
        One row per month: ``month`` (its last day), the best accelerator on each terms (``best_free``, ...)
        with its level (``level_free``, ...), ``world``, ``level`` (of the best that can be had for certain),
        ``level_high`` (if all that is open falls that way), ``world_level``.
    lags
        Hardware lag of each month. Low end: if everything that is open falls the country's way.
    vintage
        Data that it rests on.
    """

    country: str
    metric: str
    counting: tuple[str, ...]
    codified: bool
    months: pl.DataFrame
    lags: tuple[Estimate, ...]
    vintage: str

    def table(self) -> pl.DataFrame:
        """Return the months with the lag and its ends."""
        ends = {
            "lag": [lag.value for lag in self.lags],
            "lag_low": [lag.low for lag in self.lags],
            "lag_high": [lag.high for lag in self.lags],
        }
        return self.months.with_columns(pl.Series(name, values, pl.Float64) for name, values in ends.items())

    def words(self) -> list[str]:
        """Return the lag of each month as it is printed: months with their range, or the least it can be."""
        return [
            f"at least {lag.low:.1f}" if lag.value is None and lag.low is not None else lag.text()
            for lag in self.lags
        ]


@dataclass(frozen=True, slots=True)
class ReachMonth:
    """What could be had in one month.

    Attributes
    ----------
    month
        Month, as of its last day.
    metric
        Figure by which the best is the best.
    best_free, best_exception, best_approval, best_case_by_case, best_domestic
        Best accelerator without a licence, with an exception, with a licence that is presumed to be approved
        or is decided case by case, and made at home.
    world
        Best one in the world.
    level, world_level
        Level of the best that can be had without a licence decision, and of the world's best.
    lag
        How long ago the world first had that level.
    """

    month: str
    metric: str
    best_free: str | None
    best_exception: str | None
    best_approval: str | None
    best_case_by_case: str | None
    best_domestic: str | None
    world: str | None
    level: float | None
    world_level: float | None
    lag: Estimate


@dataclass(frozen=True, slots=True)
class Reaches:
    """What a country can have, month by month, by each figure asked.

    Attributes
    ----------
    every
        One reach per figure.
    at
        Which month is told of: its place.
    """

    json_keys: ClassVar[dict[str, str | None]] = {
        "every": None,
        "at": None,
        **{name: name for name in ("country", "metric", "metrics", "codified", "months", "disclaimer")},
    }

    every: tuple[Reach, ...]
    at: int = -1

    @property
    def country(self) -> str:
        """ISO3."""
        return self.every[0].country

    @property
    def metric(self) -> str:
        """Figure compared, the first where there are several."""
        return self.every[0].metric

    @property
    def metrics(self) -> tuple[str, ...]:
        """Figures compared, each ranked by itself."""
        return tuple(one.metric for one in self.every)

    @property
    def codified(self) -> bool:
        """Whether text that is not enforced counts."""
        return self.every[0].codified

    @property
    def months(self) -> tuple[ReachMonth, ...]:
        """Month by month."""
        return tuple(
            ReachMonth(
                month=row["month"].strftime("%Y-%m"),
                metric=found.metric,
                lag=lag,
                **{name: row[name] for name in _TOLD},
            )
            for found in self.every
            for row, lag in zip(found.months.iter_rows(named=True), found.lags, strict=True)
        )

    @property
    def disclaimer(self) -> str:
        """What a ruling is not."""
        return DISCLAIMER


_TOLD = (*BEST, "world", "level", "world_level")


def reach(
    book: RuleBook,
    accelerators: pl.DataFrame,
    country: str,
    start: date,
    end: date,
    metric: str = "tpp",
    counting: Sequence[str] = WITHOUT_DECISION,
    codified: bool = False,
) -> Reach:
    """Return what a country can lawfully reach, month by month.

    Parameters
    ----------
    book, accelerators
        The rules and the table ``accelerators``.
    country
        ISO3.
    start, end
        First and last month.
    metric
        One of ``METRICS``.
    counting
        Terms that count as "can have": those that need nobody's decision by default.
    codified
        Whether text that is not enforced counts.

    Raises
    ------
    ParityError
        If the metric is unknown or the months are in the wrong order.
    """
    if metric not in METRICS:
        raise ParityError(f"no metric '{metric}'; allowed are {one_of(METRICS)}")
    days = month_ends(start, end)
    if not days:
        raise ParityError(f"no month lies between {start} and {end}; give an earlier start")
    accelerators = parts(accelerators)
    found = access(book, accelerators, country, days, codified)
    levels = level(accelerators, metric)
    records = Records.of(accelerators, levels)
    low = _best_level(found.among(*counting), levels)
    # What is open may fall the country's way, and figures that nobody read may be right.
    perhaps = as_if_read(accelerators)
    might = access(book, perhaps, country, days, codified) if perhaps is not accelerators else found
    high = np.fmax(low, _best_level(might.perhaps(*counting), level(perhaps, metric)))
    world = np.array([records.best(day) for day in days])
    return Reach(
        country=country,
        metric=metric,
        counting=tuple(counting),
        codified=codified,
        months=_months(found, levels, low, high, world),
        lags=tuple(records.lag(day, *pair) for day, *pair in zip(days, low, high, strict=True)),
        vintage=book.vintage,
    )


def parts(accelerators: pl.DataFrame) -> pl.DataFrame:
    """Return the accelerators themselves: no computers that hold them, no memory by itself."""
    return accelerators.filter(pl.col("kind").is_in(["chip", "card", "module"]))


def month_ends(start: date, end: date) -> tuple[date, ...]:
    """Return the last day of every month from one to another, those after the last day left out."""
    starts = pl.date_range(start.replace(day=1), end, "1mo", eager=True)
    ends = starts.dt.month_end().to_list()
    return tuple(day for day in ends if day <= end)


def level(accelerators: pl.DataFrame, metric: str) -> Numbers:
    """Return what each accelerator reaches, NaN where it is not known; shape (n,).

    A TPP known as a lower bound counts with that bound.
    """
    expressions = {
        "tpp": pl.col("tpp_at_least"),
        "memory_bandwidth": pl.col("memory_bandwidth"),
        "price_performance": pl.col("tpp") / pl.col("price"),
    }
    return accelerators.select(expressions[metric].fill_null(np.nan)).to_series().to_numpy()


def as_if_read(accelerators: pl.DataFrame) -> pl.DataFrame:
    """Return the accelerators as if figures that nobody read were right."""
    names = [name.removesuffix("_unread") for name in accelerators.columns if name.endswith("_unread")]
    if not names:
        return accelerators
    filled = accelerators.with_columns(pl.coalesce(name, f"{name}_unread") for name in names)
    return filled.with_columns(pl.max_horizontal("tpp_at_least", "tpp_unread").alias("tpp_at_least"))


@dataclass(frozen=True, slots=True)
class Records:
    """When the world first had each level.

    Attributes
    ----------
    days
        Days of records, rising; length r.
    levels
        Record of that day, rising; shape (r,).
    """

    days: tuple[date, ...]
    levels: Numbers

    @classmethod
    def of(cls, accelerators: pl.DataFrame, levels: Numbers) -> Records:
        """Return the records of all accelerators that are sold and have a date and a level."""
        dated = (
            accelerators.select("sale", day="available_by")
            .with_columns(level=pl.Series(levels))
            .filter(pl.col("sale") == "merchant", pl.col("day").is_not_null(), pl.col("level").is_not_nan())
            .sort("day", "level")
            .with_columns(best=pl.col("level").cum_max())
            .filter(pl.col("best") > pl.col("best").shift(1).fill_null(-1.0))
            .unique("day", keep="last", maintain_order=True)
        )
        return cls(tuple(dated["day"].to_list()), dated["best"].to_numpy())

    def best(self, day: date) -> float:
        """Return the world's best on a day, NaN before the first record."""
        at = sum(record <= day for record in self.days)
        return float(self.levels[at - 1]) if at else float("nan")

    def months_since(self, day: date, reached: float) -> float:
        """Return how many months before a day the world first had a level; 0 where it is the world's best."""
        least = reached * (1 - ROUNDING)
        if np.isnan(reached) or reached >= self.best(day) * (1 - ROUNDING):
            return 0.0
        first = self.days[int(np.searchsorted(self.levels, least))]
        return (day - first).days / DAYS_A_MONTH

    def lag(self, day: date, low: float, high: float) -> Estimate:
        """Return the lag of a country.

        Parameters
        ----------
        day
            Day.
        low
            Level of the best that it can have for certain, NaN for none.
        high
            Level if all that is open falls its way, NaN for none.
        """
        if not self.days or day < self.days[0]:
            return Estimate(None, unit="months", reason="before the first accelerator of the table")
        if not np.isnan(low):
            worst = self.months_since(day, low)
            return Estimate(worst, self.months_since(day, high), worst, unit="months")
        whole = (day - self.days[0]).days / DAYS_A_MONTH
        least = whole if np.isnan(high) else self.months_since(day, high)
        return Estimate(None, least, None, unit="months", reason=NOTHING)


def _best_level(allowed: NDArray[np.bool_], levels: Numbers) -> Numbers:
    """Return the best level among those allowed, NaN for none; shape (d,)."""
    reached = np.where(allowed & ~np.isnan(levels), levels, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.isinf(reached), np.nan, reached)


def _months(found: Access, levels: Numbers, low: Numbers, high: Numbers, world: Numbers) -> pl.DataFrame:
    names = {name: _best_name(found, found.among(terms), levels) for name, terms in BEST.items()}
    names["world"] = _best_name(found, found.out, levels)
    numbers = {f"level_{terms}": _best_level(found.among(terms), levels) for terms in BEST.values()}
    numbers |= {"level": low, "level_high": high, "world_level": world}
    return pl.DataFrame(
        {"month": list(found.days), **names, **numbers}, schema_overrides=dict.fromkeys(names, pl.String)
    ).with_columns(pl.col(list(numbers)).fill_nan(None))


def _best_name(found: Access, allowed: NDArray[np.bool_], levels: Numbers) -> list[str | None]:
    """Return the best accelerator of each day; among equals the one listed first."""
    usable = np.where(allowed & ~np.isnan(levels), levels, -np.inf)
    return [found.names[int(row.argmax())] if np.isfinite(row.max()) else None for row in usable]


def last_month(book: RuleBook) -> date:
    """Return the last day of the last full month to which rules were looked for."""
    return book.checked_to.replace(day=1) - timedelta(days=1)
