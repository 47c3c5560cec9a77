"""A country's supply by origin and year, from its own reports or from its suppliers'."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import polars as pl

from parity.errors import NoAnswerError
from parity.trade._panel import UNIONS, annual, total
from parity.trade.codes import ALL_GOODS, CodeList, select_codes

Side = Literal["auto", "import", "export"]
# Suppliers' own reports from fewer origins than this, a union counted once, are a sample and not the supply.
MIN_ORIGINS = 20
# Fewer will do where they sold at least this share of what the country last reported itself.
ENOUGH = 0.9
# A supplier with at least this share of all that is covered is named where its reports stop.
MATTERS = 0.01
# Share of a union's figure by which that of all its member states may differ.
ROUNDING = 1e-3


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
    reported
        Columns ``origin, year``: in which years each supplier reports at all; ``None`` where the country
        itself does, so that an origin it does not name is none.
    sources
        Where the flows come from.
    note
        Where reports stop: whose, after which year, and what was done about it; empty where none does.
    covered
        Share of what the country itself last reported that came from these suppliers; ``None`` where it
        is not compared.
    """

    country: str
    side: str
    rows: pl.DataFrame
    years: tuple[str, ...]
    reporters: tuple[str, ...]
    reported: pl.DataFrame | None
    sources: tuple[str, ...]
    note: str = ""
    covered: float | None = None

    json_keys: ClassVar[dict[str, str | None]] = dict.fromkeys(("rows", "years", "reported", "sources"))

    @property
    def partial(self) -> str:
        """Why shares cannot be given; empty where they can."""
        if self.side == "import" or len(self.reporters) >= MIN_ORIGINS or (self.covered or 0) >= ENOUGH:
            return ""
        return (
            f"only {', '.join(self.reporters[:6])}{' ...' if len(self.reporters) > 6 else ''} report these "
            f"goods in the data at hand, so a share of the whole is not known"
        )


@dataclass(frozen=True, slots=True)
class OfSupply:
    """What every answer about a country's supply knows.

    Attributes
    ----------
    supply
        Supply by origin and year.
    codes
        Goods.
    """

    supply: Supply
    codes: CodeList

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the flows come from."""
        return self.supply.sources


def supply(
    flows: pl.DataFrame,
    codes: CodeList,
    country: str,
    *,
    unions: Collection[str] = (),
    side: Side = "auto",
) -> Supply:
    """Return a country's supply by origin and year.

    Its own import reports are taken where there are any (they name every origin), unless they stop and
    its suppliers' go on; otherwise what suppliers report as exports to it. A union that reports as one
    stands beside its member states less what those report by themselves in the same year.

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
    whole = annual(own)
    if side == "export" or (side == "auto" and whole.is_empty()):
        return _of_suppliers(goods, codes, country, unions)
    mine = _of_reports(country, whole, own, codes)
    try:
        theirs = _of_suppliers(goods, codes, country, unions)
    except NoAnswerError:
        return mine
    last, later = mine.years[-1], theirs.years[-1]
    if later <= last:
        return mine
    latest = mine.rows.filter(pl.col("year") == last)
    known = _as_one(latest["origin"], unions).is_in(list(theirs.reporters))
    covered = float(latest.filter(known)["value"].sum()) / (float(latest["value"].sum()) or 1.0)
    theirs = replace(theirs, covered=covered)
    stopped = (
        f"{country} itself reports until {last}, its suppliers until {later}, and those at hand sold "
        f"{100 * covered:.0f} % of what it reported for {last}"
    )
    if side == "import":
        return replace(mine, note=f"{stopped}; --side export takes their reports")
    if theirs.partial:
        return replace(
            mine, note=f"{stopped}: too little to go on with; --side export shows what they report"
        )
    note = f"{stopped}: their reports are taken (--side import for its own)"
    return replace(theirs, note=f"{note}; {theirs.note}".removesuffix("; "))


def _of_suppliers(goods: pl.DataFrame, codes: CodeList, country: str, unions: Collection[str]) -> Supply:
    """Return supply as suppliers report it, and which of them stop before the others."""
    # By year before by partner: a month without trade with one partner is no month without reports.
    sold = annual(goods.filter(pl.col("flow") == "export"))
    theirs = sold.filter(pl.col("partner") == country).drop("partner").rename({"reporter": "partner"})
    raw = goods.filter((pl.col("flow") == "export") & (pl.col("partner") == country))
    found = _of_reports(country, theirs, raw, codes, unions)
    first = found.rows["year"].min()
    reported = sold.select(origin="reporter", year="period").filter(pl.col("year") >= first).unique()
    exporters = _as_one(reported["origin"], unions).unique().sort()
    return replace(
        found,
        side="export",
        years=tuple(reported["year"].unique().sort()),
        reporters=tuple(exporters),
        reported=reported.sort("origin", "year"),
        note=_stops(*(part.with_columns(_as_one(part["origin"], unions)) for part in (found.rows, reported))),
    )


def _stops(rows: pl.DataFrame, reported: pl.DataFrame) -> str:
    """Return which suppliers that matter report no more in the last year: a fall is not theirs then."""
    ends = reported.group_by("origin").agg(pl.col("year").max())
    ended = ends.filter(pl.col("year") < reported["year"].max())
    size = total(rows, "origin").rename({"value": "sold"})
    large = ended.join(size, on="origin").filter(pl.col("sold") >= MATTERS * pl.lit(size["sold"].sum()))
    if large.is_empty():
        return ""
    named = ", ".join(
        f"{origin} after {year}" for origin, year, _ in large.sort("sold", descending=True).rows()
    )
    return f"no longer reported, which is no end of trade: {named}"


def _of_reports(
    country: str, rows: pl.DataFrame, raw: pl.DataFrame, codes: CodeList, unions: Collection[str] = ()
) -> Supply:
    """Return supply by partner and year, as if the country itself had reported it."""
    if rows.is_empty():
        raise NoAnswerError(
            f"nobody reports trade of {country} in '{codes.name}' by whole years in the data at hand; "
            "read your own with --data FILE"
        )
    summed = total(rows.rename({"partner": "origin", "period": "year"}), "year", "origin")
    kept = _without_doubles(summed, unions).filter(pl.col("value") > 0).sort("year", "origin")
    years = rows.filter(pl.col("period") >= kept["year"].min())["period"].unique().sort()
    origins = tuple(kept["origin"].unique().sort())
    return Supply(country, "import", kept, tuple(years), origins, None, _sources(raw))


def comparable(
    found: Supply, years: Collection[str], states: Collection[str]
) -> tuple[Supply, tuple[str, ...]]:
    """Return supply by origins whose reports are at hand for every one of some years, and the other origins.

    A supplier that stops reporting has not stopped selling. Where a union reports as one in one
    of the years, its member states are added up in the others.

    Parameters
    ----------
    found
        Supply by origin and year.
    years
        Years that are to be compared.
    states
        Member states of the Union of 27.
    """
    if found.reported is None:
        return found, ()
    reported, rows = found.reported.filter(pl.col("year").is_in(list(years))), found.rows
    union = pl.col("origin").is_in(list(UNIONS.values()))
    # States may report their trade with some countries only: what counts is that with this one.
    if rows.filter(union & pl.col("year").is_in(list(years))).height:
        reported = reported.with_columns(_as_one(reported["origin"], states))
        rows = rows.with_columns(_as_one(rows["origin"], states))
        rows = total(rows, "year", "origin").sort("year", "origin")
    else:
        reported = reported.filter(~union)
    counts = reported.group_by("origin").agg(pl.col("year").n_unique())
    steady = counts.filter(pl.col("year") == len(set(years)))["origin"]
    kept = rows.filter(pl.col("origin").is_in(steady.implode()))
    sellers = set(reported["origin"]) & set(rows["origin"])
    return replace(found, rows=kept), tuple(sorted(sellers - set(steady)))


def _as_one(origins: pl.Series, states: Collection[str]) -> pl.Series:
    """Return origins with the member states of the Union under its own name."""
    return origins.set(origins.is_in(list(states)), UNIONS["EU"])


def _sources(rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(rows["source"].unique())) if "source" in rows.columns else ()


def _without_doubles(rows: pl.DataFrame, states: Collection[str]) -> pl.DataFrame:
    """Count a union less those of its member states that report by themselves in the same year.

    Where all of them do nothing is left of it but what the two were rounded by.
    """
    together = pl.col("origin").is_in(list(UNIONS.values()))
    apart = total(rows.filter(pl.col("origin").is_in(list(states))), "year").rename({"value": "apart"})
    left = pl.col("value") - pl.col("apart").fill_null(0.0)
    rest = (
        rows.filter(together)
        .join(apart, on="year", how="left", maintain_order="left")
        .filter(left > ROUNDING * pl.col("value"))
        .with_columns(value=left)
    )
    return pl.concat([rows.filter(~together), rest.select(rows.columns)])


# Reporters that are named; the rest are counted.
NAMED = 3


def coverage(flows: pl.DataFrame, country: str, unions: Collection[str] = ()) -> pl.DataFrame:
    """Return which goods of a country's supply are reported, by whom and when.

    Parameters
    ----------
    flows
        Table of flows.
    country
        ISO3.
    unions
        Member states of the Union of 27, which count as one reporter.

    Returns
    -------
    polars.DataFrame
        ``side`` (``import``: its own reports; ``export``: its suppliers'), ``goods`` (heading, or
        ``TOTAL``), ``reporters``, ``first`` and ``last`` period.
    """
    goods = pl.when(pl.col("hs") == ALL_GOODS).then("hs").otherwise(pl.col("hs").str.slice(0, 4))
    own = (pl.col("reporter") == country) & (pl.col("flow") == "import")
    theirs = (pl.col("partner") == country) & (pl.col("flow") == "export")
    as_one = pl.when(pl.col("reporter").is_in(list(unions))).then(pl.lit(UNIONS["EU"])).otherwise("reporter")
    return (
        flows.filter(own | theirs)
        .group_by(side="flow", goods=goods)
        .agg(
            reporters=as_one.unique().sort(),
            first=pl.col("period").str.slice(0, 4).min(),
            last=pl.col("period").max(),
        )
        .sort("goods", "side", descending=[True, False])
    )


def at_hand(
    flows: pl.DataFrame, country: str, others: Collection[str], unions: Collection[str] = ()
) -> tuple[str, ...]:
    """Return in words what is known about a country's supply, and how to know more.

    Parameters
    ----------
    flows
        Table of flows.
    country
        ISO3.
    others
        Countries whose reports would say more, ISO3.
    unions
        Member states of the Union of 27.
    """
    rows = coverage(flows, country, unions).rows(named=True)
    known = [
        f"{'all goods' if row['goods'] == ALL_GOODS else 'heading ' + row['goods']} as reported by "
        f"{_named(row['reporters'])}, {row['first']} to {row['last']}"
        for row in rows
    ]
    own = any(row["side"] == "import" for row in rows)
    wanted = ",".join(sorted(set(others) - {country, *(one for row in rows for one in row["reporters"])}))
    lacking = "" if own else f"; not at hand: {country}'s own reports"
    return (
        f"at hand about the supply of {country}: {'; '.join(known) or 'nothing'}{lacking}",
        "to know more, import yearly files of BACI, which hold every country (parity trade import baci FILES "
        f"--out world.parquet), or UN Comtrade (parity trade import comtrade --reporter {wanted} --partner "
        f"{country} --codes chpl1 --periods 2018..2024 --out more.parquet), and ask with --data FILE",
    )


def _named(reporters: list[str]) -> str:
    shown = ", ".join(reporters[:NAMED])
    return shown if len(reporters) <= NAMED else f"{shown} and {len(reporters) - NAMED} others"
