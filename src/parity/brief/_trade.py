"""Section on a country's trade."""

from __future__ import annotations

from datetime import date
from functools import cache

from parity import trade
from parity.brief.model import Missing, TradeLine, TradeSection
from parity.catalogue import load_table, members, vintage
from parity.trade.defaults import Blocs

# The control that rises in exports are dated by: 15 CFR 746.8, the day of the invasion.
SANCTIONED, START = "RUS", date(2022, 2, 24)


def trade_section(unit: str) -> TradeSection | Missing:
    """Return what the carried flows say about a country's trade.

    Parameters
    ----------
    unit
        The country.
    """
    found = trade.trade_section(
        load_table("flows"),
        unit,
        Blocs.of(members),
        sanctioned=SANCTIONED,
        start=START,
        rises=_rises(),
        vintage=vintage(),
    )
    if found is None:
        return Missing(reason="the carried flows (European Union, Taiwan) hold none of it")
    lines = [
        TradeLine(
            what=line.what,
            period=line.period,
            value=line.value,
            detail=line.detail,
            command=line.command,
            sources=list(line.sources),
        )
        for line in found.lines
    ]
    return TradeSection(lines=lines, caveats=list(found.caveats))


@cache
def _rises() -> trade.Diversion | None:
    """Return the Union's exports beyond expectation: the same for every country, so made once."""
    return trade.union_rises(load_table("flows"), Blocs.of(members), sanctioned=SANCTIONED, start=START)
