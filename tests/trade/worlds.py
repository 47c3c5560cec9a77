"""Small tables of flows with a known answer, and the catalogue's own, as the tests use them."""

from __future__ import annotations

from functools import cache

import polars as pl

from parity.catalogue import load_table, members
from parity.trade import CodeList, code_list
from parity.trade.defaults import Blocs

ALL = CodeList("total", ("TOTAL",))


def flows(*rows: tuple[str, str, str, str, str, float]) -> pl.DataFrame:
    """Return rows of (reporter, partner, flow, hs, period, value) as a table of flows."""
    schema = ["reporter", "partner", "flow", "hs", "period", "value"]
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def snapshot() -> pl.DataFrame:
    return load_table("flows")


@cache
def blocs() -> Blocs:
    return Blocs.of(members)


def goods(text: str, *, concord: bool = False) -> CodeList:
    return code_list(text, load_table("hs_codes"), concord=concord)
