"""Dependence: where a country's supply comes from, how concentrated it is, who else sells the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from parity.estimate import Estimate
from parity.stats import lasting
from parity.trade._panel import UNIONS, annual, total
from parity.trade._placebo import Array
from parity.trade._supply import OfSupply, Side, Supply, supply
from parity.trade.codes import CodeList, closed, money, select_codes

# A trend through fewer years than this has no interval worth the name.
MIN_TREND_YEARS = 4
# Years over which an alternative supplier's sales elsewhere are looked at.
RECENT = 3
# A reporter with fewer partners in the data than this shows a part of its exports only.
MIN_PARTNERS = 50
SHARE = "share, low and high if all or none of what comes through hubs is from there"


@dataclass(frozen=True, slots=True)
class Year:
    """One year of supply.

    Attributes
    ----------
    year
        Calendar year.
    total
        US dollars.
    herfindahl
        Sum of squared shares, 0 to 1.
    coalition
        Share of the coalition.
    largest
        The three largest origins with their shares; shares of what is covered where that is not all.
    """

    year: str
    total: float
    herfindahl: Estimate
    coalition: Estimate
    largest: tuple[tuple[str, float], ...]

    json_keys: ClassVar[dict[str, str | None]] = {"largest": None}


@dataclass(frozen=True, slots=True)
class Dependence(OfSupply):
    """Where a country's supply comes from.

    Attributes
    ----------
    coalition, hubs
        States that impose the controls; places that pass goods on.
    level
        Probability that the interval of the trend covers.
    years
        One entry per year: total, Herfindahl index, share of the coalition.
    trend
        Change of the coalition's share per year.
    replacements
        Columns ``origin, alternative, times, low, high``: how many times over the alternative's
        sales of the same goods elsewhere would cover what the origin delivers.
    """

    coalition: tuple[str, ...]
    hubs: tuple[str, ...]
    level: float
    years: tuple[Year, ...]
    trend: Estimate
    replacements: pl.DataFrame

    json_keys: ClassVar[dict[str, str | None]] = {
        "supply": "",
        "codes": "",
        "level": None,
        "table": "origins",
        "verdict": "verdict",
    }

    def table(self) -> pl.DataFrame:
        """Value in US dollars and share of the year by year and origin."""
        share = pl.col("value") / pl.col("value").sum().over("year")
        shown = pl.lit(None, pl.Float64) if self.supply.partial else share
        return self.supply.rows.with_columns(share=shown).sort("year", "value", descending=[False, True])

    @property
    def verdict(self) -> str:
        """Where the supply comes from in plain language, with what the data cannot show."""
        supply, first, last = self.supply, self.years[0], self.years[-1]
        whose = "its own import reports" if supply.side == "import" else "its suppliers' export reports"
        lines = [f"{supply.country}, {self.codes.name}, {last.year}: {money(last.total)}, from {whose}."]
        if supply.note:
            lines.append(f"Reports stop: {supply.note}.")
        if supply.partial:
            lines.append(f"Shares are not known: {supply.partial}.")
            lines.append(
                f"What is covered went from {money(first.total)} ({first.year}) to {money(last.total)}."
            )
        else:
            low, high = 100 * (last.coalition.low or 0), 100 * (last.coalition.high or 0)
            largest = ", ".join(f"{origin} {100 * share:.0f} %" for origin, share in last.largest)
            lines.append(f"Largest origins: {largest}. Herfindahl index {last.herfindahl.text(2)}.")
            lines.append(
                f"The states that impose the controls supply {low:.0f} %, or up to {high:.0f} % if all that "
                "comes through hubs is theirs."
            )
        return closed(lines, self.codes)


def dependence(
    flows: pl.DataFrame,
    codes: CodeList,
    country: str,
    *,
    coalition: Collection[str],
    hubs: Collection[str],
    states: Collection[str] = (),
    side: Side = "auto",
    level: float = 0.9,
) -> Dependence:
    """Measure where a country's supply of goods comes from.

    Parameters
    ----------
    flows
        Table of flows.
    codes
        The goods.
    country
        ISO3.
    coalition
        States that impose the controls, ISO3; a union that reports as one counts with it.
    hubs
        Places that pass goods on: what comes from there is counted both ways in the bounds.
    states
        Member states of the Union of 27.
    side
        Whose reports to use.
    level
        Probability that the interval of the trend covers.

    Raises
    ------
    NoAnswerError
        If nobody reports such trade.
    """
    found = supply(flows, codes, country, unions=states, side=side)
    inside = {*coalition, *(["EU27"] if set(states) <= set(coalition) else [])}
    years = tuple(
        _year(found.rows.filter(pl.col("year") == year), year, inside, set(hubs), found.partial)
        for year in found.years
    )
    return Dependence(
        supply=found,
        codes=codes,
        coalition=tuple(sorted(inside)),
        hubs=tuple(hubs),
        level=level,
        years=years,
        trend=_trend(years, level),
        replacements=_replacements(flows, codes, found, states),
    )


def _year(rows: pl.DataFrame, year: str, coalition: set[str], hubs: set[str], partial: str) -> Year:
    ranked = rows.sort("value", descending=True)
    origins, values = ranked["origin"].to_list(), ranked["value"].to_numpy()
    shares = values / values.sum() if values.size else values
    passed_on = np.array([origin in hubs for origin in origins])
    inside = np.array([origin in coalition for origin in origins])
    largest = tuple(zip(origins[:3], shares[:3].tolist(), strict=False))
    if partial or not values.size:
        unknown = Estimate(None, unit="share", reason=partial or "no trade is reported")
        return Year(year, float(values.sum()), unknown, unknown, largest)
    direct, through = float(shares[inside].sum()), float(shares[passed_on & ~inside].sum())
    return Year(
        year,
        float(values.sum()),
        herfindahl(shares, passed_on),
        Estimate(direct, direct, direct + through, None, SHARE),
        largest,
    )


def herfindahl(shares: Array, passed_on: np.ndarray) -> Estimate:
    """Return the Herfindahl index, with bounds for what hubs hide.

    The least: what came through hubs came from countless origins. The most: all of it came
    from the largest other origin.

    Parameters
    ----------
    shares
        Shares of the origins, sum 1, shape (n_origins,).
    passed_on
        Whether an origin is a hub, shape (n_origins,).
    """
    index = float(np.square(shares).sum())
    others, hidden = shares[~passed_on], float(shares[passed_on].sum())
    low = float(np.square(others).sum())
    high = low + 2 * hidden * float(others.max()) + hidden**2 if others.size else 1.0
    return Estimate(
        index, min(low, index), max(high, index), None, "Herfindahl index, bounds for what hubs hide"
    )


def _trend(years: tuple[Year, ...], level: float) -> Estimate:
    """Return the median slope (Theil 1950, Sen 1968) of the coalition's share, per year.

    A share resembles last year's: the interval counts with that (`parity.stats.lasting`).
    """
    unit = "share per year"
    known = [(int(year.year), year.coalition.value) for year in years if year.coalition.value is not None]
    if len(known) < MIN_TREND_YEARS:
        reason = next((year.coalition.reason for year in years if year.coalition.reason), "")
        return Estimate(None, unit=unit, reason=reason or f"{len(known)} years; {MIN_TREND_YEARS} needed")
    from scipy.stats import theilslopes

    x, y = np.array(known, dtype=np.float64).T
    slope = float(theilslopes(y, x).slope)
    return Estimate(slope, *slope_ends(slope, x, y, level), level, unit)


def slope_ends(slope: float, x: Array, y: Array, level: float) -> tuple[float, float]:
    """Return the ends of a slope's interval, for errors that are likely to last."""
    from scipy.stats import t

    centred = x - x.mean()
    design = np.column_stack([np.ones_like(x), centred])
    errors = lasting(y, design, centred[np.newaxis] / (centred @ centred), strong=1.0)
    half = float(t.ppf((1 + level) / 2, errors.degrees) * np.sqrt(errors.contrasts[0]))
    return slope - half, slope + half


def _replacements(
    flows: pl.DataFrame, codes: CodeList, found: Supply, states: Collection[str]
) -> pl.DataFrame:
    """Return who sells the same goods to others, against what each large origin delivers."""
    schema = {"origin": pl.String, "alternative": pl.String} | dict.fromkeys(
        ("times", "low", "high"), pl.Float64
    )
    recent = list(found.years[-RECENT:])
    exports = annual(select_codes(flows.filter(pl.col("flow") == "export"), codes))
    elsewhere = (
        exports.filter(pl.col("period").is_in(recent) & (pl.col("partner") != found.country))
        .group_by("period", "reporter", maintain_order=True)
        .agg(sold=pl.col("value").sum(), partners=pl.col("partner").n_unique())
        .filter(pl.col("partners") >= MIN_PARTNERS)
    )
    delivered = found.rows.filter(pl.col("year").is_in(recent))
    top = total(delivered, "origin").top_k(5, by="value")["origin"]
    pairs = delivered.filter(pl.col("origin").is_in(top.implode())).join(
        elsewhere, left_on="year", right_on="period"
    )
    within = pl.col("origin").is_in(list(states)) & pl.col("reporter").is_in(list(UNIONS.values()))
    ratio = pairs.filter((pl.col("origin") != pl.col("reporter")) & ~within).with_columns(
        times=pl.col("sold") / pl.col("value")
    )
    if ratio.is_empty():
        return pl.DataFrame(schema=schema)
    return (
        ratio.rename({"reporter": "alternative"})
        .group_by("origin", "alternative")
        .agg(pl.col("times").median(), low=pl.col("times").min(), high=pl.col("times").max())
        .sort("origin", "times", descending=[False, True])
        .group_by("origin", maintain_order=True)
        .head(5)
        .select(list(schema))
    )
