"""What the trade page shows at once: its controls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.web.pages.trade.model import controlled, names, reporting, supplied
from parity.web.pages.trade.state import FIRST_DAY, TradeState
from parity.web.state import query_of

_DIVERSION = ("sanctioned", "start", "reporter", "third", "by")
_SUPPLY = ("country", "goods")


def view(state: TradeState) -> Mapping[str, Any]:
    """Return the controls, and the address of each part: what it depends on."""
    known = reporting()
    return {
        "sanctioned": {code: names()[code] for code in controlled()},
        "countries": {
            "Its own import reports are at hand": {code: names()[code] for code in known},
            "Its suppliers' reports alone": {code: names()[code] for code in supplied() if code not in known},
        },
        "first_day": FIRST_DAY,
        "part_address": {
            "diversion": query_of(only(state, *_DIVERSION)),
            "dependence": query_of(only(state, *_SUPPLY)),
            "substitution": query_of(only(state, *_SUPPLY, "start", "split")),
            "mirror": query_of(only(state, *_SUPPLY, "start")),
        },
    }


def only(state: TradeState, *fields: str) -> TradeState:
    """Return a state with some fields alone: what a part depends on."""
    return TradeState.model_construct(**{name: getattr(state, name) for name in fields})
