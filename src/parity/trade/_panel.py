"""Tables of flows: what they must be, and the matrix of periods by partners that is made of them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError
from parity.trade._placebo import Array

Frequency = Literal["year", "month"]
# The reporter that stands for a union as one -> how users call the union.
UNIONS = {"EU": "EU27"}


@dataclass(frozen=True, slots=True)
class Panel:
    """Flows from one reporter.

    Attributes
    ----------
    periods
        Consecutive years or months, shape (n_periods,).
    units
        Partners, shape (n_units,).
    values
        US dollars; 0 where nothing was reported, shape (n_periods, n_units).
    frequency
        ``year`` or ``month``.
    """

    periods: tuple[str, ...]
    units: tuple[str, ...]
    values: Array
    frequency: Frequency

    def column(self, unit: str) -> Array:
        """Return one partner's flows, shape (n_periods,)."""
        return self.values[:, self.units.index(unit)]

    def keep(self, periods: Collection[str]) -> Panel:
        """Return the panel of some of its periods."""
        kept = [number for number, period in enumerate(self.periods) if period in periods]
        names = tuple(self.periods[number] for number in kept)
        return Panel(names, self.units, self.values[kept], self.frequency)


def of_reporter(flows: pl.DataFrame, reporter: str, states: Collection[str]) -> pl.DataFrame:
    """Return the rows of a country, or of a union without counting it twice.

    Where the union reports as one, its member states are left out in that period. The rows
    come back under one reporter, so that a year is not counted by months again.

    Parameters
    ----------
    flows
        Table of flows.
    reporter
        ISO3, or the name of a union.
    states
        Members of the union; the country itself otherwise.
    """
    union = flows.filter(pl.col("reporter") == UNIONS.get(reporter, reporter))
    members = flows.filter(pl.col("reporter").is_in(list(states)))
    if reporter not in UNIONS:
        return members
    apart = members.join(union, on=["flow", "hs", "period"], how="anti")
    return pl.concat([union, apart]).with_columns(reporter=pl.lit(UNIONS[reporter]))


def total(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return values added up by some columns, in the order of rows: the same to the last digit each time."""
    return rows.group_by(by, maintain_order=True).agg(pl.col("value").sum())


def annual(flows: pl.DataFrame) -> pl.DataFrame:
    """Return yearly flows: years as reported, and months summed where a year has all twelve.

    A month counts as reported when its reporter has any row in it: the missing month of a small
    partner or of a rare code is no trade, a reporter's missing month is no data.
    """
    months = flows.filter(pl.col("period").str.len_chars() == 7)
    years = flows.filter(pl.col("period").str.len_chars() == 4)
    by = ["reporter", "flow", "hs", "year"]
    report = ["reporter", "flow", "year"]
    dated = months.with_columns(year=pl.col("period").str.slice(0, 4))
    whole = dated.group_by(report).agg(pl.col("period").n_unique()).filter(pl.col("period") == 12)
    already = years.select("reporter", "flow", "hs", year="period").unique()
    kept = dated.join(whole, on=report, how="semi").join(already, on=by, how="anti")
    summed = total(kept, *by, "partner").rename({"year": "period"})
    columns = ["reporter", "flow", "hs", "partner", "period", "value"]
    return pl.concat([years.select(columns), summed.select(columns)])


def panel(flows: pl.DataFrame, frequency: Frequency) -> Panel:
    """Return the matrix of periods by partners, all reporters and codes summed.

    Raises
    ------
    NoAnswerError
        If there are no rows of that frequency.
    ParityError
        If periods are missing in between.
    """
    rows = annual(flows) if frequency == "year" else flows.filter(pl.col("period").str.len_chars() == 7)
    if rows.is_empty():
        raise NoAnswerError(f"no flows by {frequency} are at hand for this question")
    wide = (
        total(rows, "period", "partner")
        .sort("period", "partner")
        .pivot("partner", index="period", values="value")
        .fill_null(0.0)
    )
    periods = tuple(wide["period"])
    _check_consecutive(periods)
    units = tuple(sorted(set(wide.columns) - {"period"}))
    return Panel(periods, units, wide.select(units).to_numpy().astype(np.float64), frequency)


def _check_consecutive(periods: tuple[str, ...]) -> None:
    first, last = number_of(periods[0]), number_of(periods[-1])
    holes = sorted(set(range(first, last + 1)) - {number_of(period) for period in periods})
    if holes:
        named = ", ".join(name_of(hole, len(periods[0])) for hole in holes[:6])
        raise ParityError(
            f"the flows have a hole: nothing is reported for {named}{' ...' if len(holes) > 6 else ''}; "
            "add these periods, or start after them with --since"
        )


def number_of(period: str) -> int:
    """Return a running number of a year or month."""
    if len(period) == 4:
        return int(period)
    return int(period[:4]) * 12 + int(period[5:]) - 1


def name_of(number: int, length: int) -> str:
    """Return the year (length 4) or month (length 7) of a running number."""
    return str(number) if length == 4 else f"{number // 12}-{number % 12 + 1:02d}"


def period_range(text: str) -> tuple[str, ...]:
    """Return the periods of a list: ``2018,2020`` or ``2018..2023`` or ``2022-01..2022-12``.

    Raises
    ------
    ParityError
        If a period is neither a year nor a month.
    """
    found: list[str] = []
    for part in text.split(","):
        start, _, end = part.partition("..")
        first = period(start)
        span = range(number_of(first), number_of(period(end or start)) + 1)
        found += [name_of(number, len(first)) for number in span]
    return tuple(found)


def period(text: str) -> str:
    """Return a text that is a year or a month.

    Raises
    ------
    ParityError
        If it is neither.
    """
    found = text.strip()
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", found):
        raise ParityError(f"'{found}' is no period; write a year (2022) or a month (2022-03)")
    return found


def months_after(period: str, start: date) -> float:
    """Return how many months of a period lie after a date.

    Parameters
    ----------
    period
        Year or month.
    start
        First day that counts.
    """
    year = int(period[:4])
    months = [int(period[5:])] if len(period) == 7 else range(1, 13)
    return float(sum(_share_after(year, month, start) for month in months))


def _share_after(year: int, month: int, start: date) -> float:
    days = monthrange(year, month)[1]
    if (year, month) != (start.year, start.month):
        return float((year, month) > (start.year, start.month))
    return (days - start.day + 1) / days


def split(panel: Panel, start: date, until: str | None) -> tuple[Panel, int, float]:
    """Cut a panel at a date.

    A period of which at least half lies after the date counts as after it; a period that the
    date merely touches is left out, being neither.

    Parameters
    ----------
    panel
        The flows.
    start
        Date of the control.
    until
        Last period to use (a year or a month), or ``None``.

    Returns
    -------
    tuple of Panel, int, float
        The panel without the period of the change, the number of periods before, and the number
        of months after.
    """
    last = re.sub(r"-.*", "", until) if until and panel.frequency == "year" else until
    length = 12.0 if panel.frequency == "year" else 1.0
    kept = [period for period in panel.periods if last is None or period <= last]
    share = {period: months_after(period, start) for period in kept}
    before = [period for period in kept if share[period] == 0]
    after = [period for period in kept if share[period] >= length / 2]
    return panel.keep({*before, *after}), len(before), sum(share[period] for period in after)


KEY = ("reporter", "partner", "flow", "hs", "period")
COLUMNS = (*KEY, "value")
# Trade with the median partner does not grow or shrink so many times from one period to the next; a unit that
# changes from dollars to thousands does. Fewer partners than this tell nothing.
UNIT_JUMP, MIN_PARTNERS = 200.0, 5
PERIOD = r"^\d{4}(-(0[1-9]|1[0-2]))?$"
# A country, or the Union of 27.
PLACE = r"^([A-Z]{3}|EU27)$"
CODE = r"^(TOTAL|\d{2}|\d{4}|\d{6})$"


def check_flows(flows: pl.DataFrame, name: str = "flows") -> pl.DataFrame:
    """Return the flows, or say what is wrong with them.

    Parameters
    ----------
    flows
        Columns ``reporter, partner, flow, hs, period, value`` (US dollars) and any others.
    name
        What to call the table in messages.

    Raises
    ------
    ParityError
        If a column is absent, a value is missing or negative, a period, code or flow is not
        written as it should be, rows are there twice, or a reporter's unit changes in between.
    """
    absent = [column for column in COLUMNS if column not in flows.columns]
    if absent:
        raise ParityError(
            f"{name}: column {', '.join(map(repr, absent))} is absent; "
            f"a table of flows has {', '.join(COLUMNS)}"
        )
    if flows.is_empty():
        raise ParityError(f"{name}: holds no rows")
    for bad, story in (
        (~pl.col("value").is_finite().fill_null(False), "have no value; leave a flow out or give 0"),
        (pl.col("value") < 0, "have a negative value; trade is counted in money that changed hands"),
        (~_matches("period", PERIOD), "have a period that is neither a year (2022) nor a month (2022-03)"),
        (~_matches("hs", CODE), "have a code that is neither TOTAL nor 2, 4 or 6 digits"),
        (_no_place("reporter") | _no_place("partner"), "name no country by its ISO3 code"),
        (~pl.col("flow").is_in(["export", "import"]), "have a flow that is neither export nor import"),
        (pl.any_horizontal(pl.col(KEY).is_null()), "lack a reporter, partner, flow, code or period"),
    ):
        _refuse(flows.filter(bad), name, story)
    by = [*KEY, "source"] if "source" in flows.columns else list(KEY)
    _refuse(flows.filter(flows.select(by).is_duplicated()), name, "are there twice; keep one of each")
    _refuse_mixed_units(flows, name)
    return flows


def _no_place(column: str) -> pl.Expr:
    return pl.col(column).is_not_null() & ~_matches(column, PLACE)


def _refuse_mixed_units(flows: pl.DataFrame, name: str) -> None:
    """Refuse a table in which all of a reporter's values jump together, as units do and trade does not."""
    series = ["reporter", "flow", "hs", "partner", pl.col("period").str.len_chars()]
    ordered = flows.filter(pl.col("value") > 0).sort("period")
    steps = ordered.with_columns(times=pl.col("value") / pl.col("value").shift(1).over(series))
    together = (
        steps.drop_nulls("times")
        .group_by("reporter", "flow", "period")
        .agg(pl.col("times").median(), partners=pl.col("partner").n_unique())
    )
    jumped = together.filter(
        (pl.col("partners") >= MIN_PARTNERS) & ~pl.col("times").is_between(1 / UNIT_JUMP, UNIT_JUMP)
    ).sort("period")
    if jumped.height:
        reporter, flow, period, times, partners = jumped.row(0)
        raise ParityError(
            f"{name}: the {flow}s of {reporter} in {period} are {times:,.3g} times those just before "
            f"(median of {partners} partners), so units are mixed; bring all to US dollars (parity trade "
            "import csv --unit thousand)"
        )


def _matches(column: str, pattern: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.contains(pattern).fill_null(False)


def _refuse(rows: pl.DataFrame, name: str, story: str) -> None:
    if rows.height:
        first = ", ".join(f"{column} {rows[column][0]}" for column in COLUMNS)
        raise ParityError(f"{name}: {rows.height:,} rows {story} (first: {first})")
