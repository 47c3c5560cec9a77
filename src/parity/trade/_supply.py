"""A country's supply by origin and year, from its own reports or from its suppliers'."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import polars as pl

from parity.errors import NoAnswerError
from parity.trade._panel import UNIONS, annual
from parity.trade.codes import CodeList, select_codes

Side = Literal["auto", "import", "export"]
# Suppliers' own reports from fewer origins than this, a union counted once, are a sample and not the supply.
MIN_ORIGINS = 20


@dataclass(frozen=True, slots=True)
class Supply:
    """What a country bought, by origin and year.

    Attributes
    ----------
    country
        ISO3.
    side
        ``import``: as the country reports; ``export``: as its suppliers report.
    rows
        Columns ``year, origin, value``, US dollars.
    years
        Years for which such trade is reported at all, in order; the country may have none in some.
    reporters
        Suppliers whose reports are at hand, a union standing for its states; all partners where the
        country itself reports.
    sources
        Where the flows come from.
    """

    country: str
    side: str
    rows: pl.DataFrame
    years: tuple[str, ...]
    reporters: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def partial(self) -> str:
        """Why shares cannot be given; empty where they can."""
        if self.side == "import" or len(self.reporters) >= MIN_ORIGINS:
            return ""
        return (
            f"only {', '.join(self.reporters[:6])}{' ...' if len(self.reporters) > 6 else ''} report these "
            f"goods in the data at hand, so a share of the whole is not known"
        )


def supply(
    flows: pl.DataFrame,
    codes: CodeList,
    country: str,
    *,
    unions: Collection[str] = (),
    side: Side = "auto",
) -> Supply:
    """Return a country's supply by origin and year.

    Its own import reports are taken where there are any (they name every origin); otherwise
    what suppliers report as exports to it. A union that reports as one stands beside its member
    states only in years in which they do not report.

    Parameters
    ----------
    flows
        Table of flows.
    codes
        The goods.
    country
        ISO3.
    unions
        Member states of the Union of 27.
    side
        ``auto``, or whose reports to use.

    Raises
    ------
    NoAnswerError
        If nobody reports such trade.
    """
    goods = select_codes(flows, codes)
    own = goods.filter((pl.col("reporter") == country) & (pl.col("flow") == "import"))
    theirs = goods.filter((pl.col("partner") == country) & (pl.col("flow") == "export"))
    if side == "import" or (side == "auto" and own.height):
        rows, origin, taken = annual(own), "partner", own
    else:
        rows, origin, taken = annual(theirs), "reporter", theirs
    if rows.is_empty():
        raise NoAnswerError(
            f"nobody reports trade of {country} in '{codes.name}' by whole years in the data at hand; "
            "read your own with --data FILE"
        )
    summed = (
        rows.rename({origin: "origin", "period": "year"})
        .group_by("year", "origin")
        .agg(pl.col("value").sum())
    )
    kept = _without_doubles(summed, unions).filter(pl.col("value") > 0).sort("year", "origin")
    exports = goods.filter(pl.col("flow") == "export")
    exporters = exports["reporter"].unique()
    together = exporters.set(exporters.is_in(list(unions)), UNIONS["EU"]).unique().sort()
    reporters = kept["origin"].unique().sort() if origin == "partner" else together
    reported = rows if origin == "partner" else annual(exports)
    first = kept["year"].min()
    years = tuple(reported.filter(pl.col("period") >= first)["period"].unique().sort())
    sources = tuple(sorted(taken["source"].unique())) if "source" in taken.columns else ()
    whose = "import" if origin == "partner" else "export"
    return Supply(country, whose, kept, years, tuple(reporters), sources)


def _without_doubles(rows: pl.DataFrame, states: Collection[str]) -> pl.DataFrame:
    """Leave a union out in years in which its member states report, and them where only it goes back."""
    together = pl.col("origin").is_in(list(UNIONS.values()))
    apart = rows.filter(pl.col("origin").is_in(list(states)))["year"].unique()
    return rows.filter(~(together & pl.col("year").is_in(apart.implode())))
