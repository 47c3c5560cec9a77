"""What a table of flows knows about a country, and what it would take to know more."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from parity.trade._panel import UNIONS
from parity.trade.codes import ALL_GOODS

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
