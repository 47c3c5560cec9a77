"""Substitution: how a country's supply moved between groups of origins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.trade._panel import months_after, total
from parity.trade._placebo import Array
from parity.trade._supply import OfSupply, Side, comparable, supply
from parity.trade.codes import CodeList, closed, money

OTHER = "other"
DOMESTIC = "Domestic supply is not trade and does not appear here."
# Groups of origins that are put into words.
SPOKEN = 8
# Years before the date that are averaged.
YEARS_BEFORE = 3
PER_YEAR = "USD per year, least and most between one year before and one after"


@dataclass(frozen=True, slots=True)
class Moved:
    """One group of origins.

    Attributes
    ----------
    group
        Name of the group.
    before, after
        Mean supply per year before and after, US dollars.
    share_before, share_after
        Share of the supply; ``None`` where the whole is not known.
    change
        ``after - before``.
    size, shift
        Parts of the change: the market growing or shrinking with shares as they were on average,
        and the share moving with the market as it was on average. They add up to the change.
    """

    group: str
    before: float
    after: float
    share_before: float | None
    share_after: float | None
    change: Estimate
    size: Estimate
    shift: Estimate


@dataclass(frozen=True, slots=True)
class Substitution(OfSupply):
    """How supply moved between groups of origins.

    Attributes
    ----------
    start
        Date of the control.
    before, after
        Years averaged before and after it.
    groups
        Group -> its origins; the rest is ``other``.
    moved
        One entry per group.
    left_out
        Origins that do not report in every one of these years, and so cannot be compared.
    """

    start: date
    before: tuple[str, ...]
    after: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    moved: tuple[Moved, ...]
    left_out: tuple[str, ...]

    json_keys: ClassVar[dict[str, str | None]] = {
        "supply": "",
        "codes": "",
        "start": "date",
        "groups": None,
        "moved": "groups",
        "verdict": "verdict",
    }

    def table(self) -> pl.DataFrame:
        """Return one row per year and group: value in US dollars, share of what is covered."""
        grouped = _grouped(self.supply.rows, self.groups)
        return grouped.with_columns(share=pl.col("value") / pl.col("value").sum().over("year"))

    @property
    def verdict(self) -> str:
        """How the supply moved in plain language, with what the data cannot show."""
        lines = [
            f"{self.supply.country}, {self.codes.name}: mean of {self.before[0]}-{self.before[-1]} "
            f"against {self.after[0]}-{self.after[-1]}."
        ]
        for one in self.moved[:SPOKEN]:
            parts = (one.share_before, one.share_after)
            shares = [f"{100 * share:.0f} %" for share in parts if share is not None]
            known = f", {' to '.join(shares)}" if shares else ""
            lines.append(f"{one.group}: {money(one.before)} to {money(one.after)} a year{known}.")
        if len(self.moved) > SPOKEN:
            lines.append(f"{len(self.moved) - SPOKEN} more are in the table.")
        if self.supply.note:
            lines.append(f"Reports stop: {self.supply.note}.")
        if self.left_out:
            lines.append(
                f"Left out, as they do not report in all of these years: {', '.join(self.left_out)}."
            )
        if self.supply.partial:
            lines.append(f"Shares are not known: {self.supply.partial}.")
        return closed([*lines, DOMESTIC], self.codes)


def substitution(
    flows: pl.DataFrame,
    codes: CodeList,
    country: str,
    start: date,
    groups: Mapping[str, tuple[str, ...]] | None,
    *,
    states: Collection[str] = (),
    side: Side = "auto",
) -> Substitution:
    """Split the change of a country's supply since a date by group of origin.

    With ``T`` the total and ``s`` a group's share, the change of ``s T`` is
    ``mean(s) dT + mean(T) ds`` exactly: the two-factor Shapley decomposition. The sizes add up
    to the change of the total, the shifts to zero. Low and high are the least and most that any year
    before and any year after give. Where nothing is sold in one of two years, shares are taken to be those
    of the other: all of the change is size.

    Parameters
    ----------
    flows
        Table of flows.
    codes
        The goods.
    country
        ISO3.
    start
        Date of the control.
    groups
        Group -> its origins, ISO3; a country counts in the first that names it. ``None`` for every origin
        by itself, the largest first.
    states
        Member states of the Union of 27.
    side
        Whose reports to use.

    Raises
    ------
    NoAnswerError
        If there are no years before or none after, or nobody reports in all of them.
    """
    found = supply(flows, codes, country, unions=states, side=side)
    before = tuple(year for year in found.years if months_after(year, start) == 0)[-YEARS_BEFORE:]
    after = tuple(year for year in found.years if months_after(year, start) >= 6)
    if not before or not after:
        raise NoAnswerError(
            f"supply of {country} is known for {', '.join(found.years)}: "
            f"none {'before' if not before else 'after'} {start}{'; ' if found.note else ''}{found.note}"
        )
    steady, left_out = comparable(found, (*before, *after), states)
    if steady.rows.is_empty():
        raise NoAnswerError(
            f"no supplier of {country} reports in all of {', '.join((*before, *after))} in the data at hand"
        )
    inside = _each_origin(steady.rows) if groups is None else dict(groups)
    grouped = _grouped(steady.rows, inside)
    kept = [name for name in (*inside, OTHER) if name in set(grouped["group"])]
    old, new = (_matrix(grouped, kept, years) for years in (before, after))
    point = _decompose(old, new)
    pairs = np.array([_decompose(one[None], other[None]) for one in old for other in new])
    moved = tuple(_moved(name, old, new, point, pairs, n) for n, name in enumerate(kept))
    if steady.partial:
        moved = tuple(replace(one, share_before=None, share_after=None) for one in moved)
    return Substitution(steady, codes, start, before, after, inside, moved, left_out)


def _each_origin(rows: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    sizes = total(rows, "origin").sort("value", "origin", descending=[True, False])
    return {origin: (origin,) for origin in sizes["origin"]}


def _grouped(rows: pl.DataFrame, groups: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    group = {iso3: name for name, inside in reversed(list(groups.items())) for iso3 in inside}
    named = pl.col("origin").replace_strict(group, default=OTHER, return_dtype=pl.String)
    return total(rows.with_columns(group=named), "year", "group").sort("year", "group")


def _matrix(grouped: pl.DataFrame, names: list[str], years: tuple[str, ...]) -> Array:
    """Return supply by year and group, shape (n_years, n_groups); 0 where there is none."""
    known = {(year, group): value for year, group, value in grouped.select("year", "group", "value").rows()}
    return np.array([[known.get((year, name), 0.0) for name in names] for year in years])


def _decompose(old: Array, new: Array) -> Array:
    """Return change, size and shift of every group, shape (3, n_groups).

    Parameters
    ----------
    old, new
        Supply by year and group before and after, shape (n_years, n_groups).
    """
    first, last = old.mean(axis=0), new.mean(axis=0)
    total = np.array([first.sum(), last.sum()])
    share_first, share_last = _shares(first, last), _shares(last, first)
    size = (share_first + share_last) / 2 * (total[1] - total[0])
    shift = total.mean() * (share_last - share_first)
    return np.array([last - first, size, shift])


def _shares(flows: Array, otherwise: Array) -> Array:
    """Return shares of a total, shape (n_groups,); those of the other time where there is none to share."""
    base = flows if flows.sum() > 0 else otherwise
    return base / base.sum() if base.sum() > 0 else np.zeros_like(base)


def _moved(name: str, old: Array, new: Array, point: Array, pairs: Array, n: int) -> Moved:
    """Return one group; ``pairs`` holds the decomposition of every pair of years."""

    def estimate(part: int) -> Estimate:
        value = float(point[part, n])
        if pairs.shape[0] == 1:
            return Estimate(value, unit=PER_YEAR, reason="one year on either side has no spread")
        drawn = pairs[:, part, n]
        low, high = min(float(drawn.min()), value), max(float(drawn.max()), value)
        return Estimate(value, low, high, None, PER_YEAR)

    first, last = old.mean(axis=0), new.mean(axis=0)
    return Moved(
        name,
        float(first[n]),
        float(last[n]),
        float(_shares(first, last)[n]),
        float(_shares(last, first)[n]),
        estimate(0),
        estimate(1),
        estimate(2),
    )
