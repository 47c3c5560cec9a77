"""What the trade page shows: its controls, and the answers of the questions about trade."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from parity.ask.trade import (
    Depend,
    Diverted,
    MirrorGaps,
    Substitute,
    TradeQuestion,
)
from parity.errors import ParityError
from parity.show.document import Group, Note, Text
from parity.views.names import countries, upper_first
from parity.views.trade import spelt_out
from parity.web import shown
from parity.web.page import Choice
from parity.web.pages.trade.choices import controlled, reporting, supplied
from parity.web.pages.trade.state import FIRST_DAY, TradeState
from parity.web.state import query_of

_DIVERSION = ("sanctioned", "start", "reporter", "third", "by")
_SUPPLY = ("sanctioned", "country", "goods")
_OPTION = re.compile(r"with --candidates \S+")


def view(state: TradeState) -> Mapping[str, Any]:
    """Return the controls, and the address of each part: what it depends on."""
    known, names = reporting(), countries()
    return {
        "sanctioned": {code: names[code] for code in controlled()},
        "countries": {
            "Its own import reports are at hand": {code: names[code] for code in known},
            "Its suppliers' reports alone": {code: names[code] for code in supplied() if code not in known},
        },
        "whose": whose(state),
        "first_day": FIRST_DAY,
        "part_address": {
            "diversion": query_of(only(state, *_DIVERSION)),
            "dependence": query_of(only(state, *_SUPPLY)),
            "substitution": query_of(only(state, *_SUPPLY, "start", "split")),
            "mirror": query_of(only(state, *_SUPPLY, "start")),
        },
    }


def choose(state: TradeState) -> Choice | None:
    """Return the countries that a control is on, where none is chosen."""
    if state.sanctioned or state.country:
        return None
    options = {
        "Countries that an export-control rule on record names": {
            code: countries()[code] for code in controlled()
        }
    }
    return Choice("Trade after which control?", "sanctioned", "a country", options)


def whose(state: TradeState) -> str:
    """Return whose supply is looked at."""
    if state.country or state.sanctioned in supplied():
        return state.country or state.sanctioned
    return supplied()[0]


def only(state: TradeState, *fields: str) -> TradeState:
    """Return a state with some fields alone: what a part depends on."""
    return TradeState.model_construct(**{name: getattr(state, name) for name in fields})


def diversion_part(state: TradeState) -> Mapping[str, Any]:
    """Return which third countries exports rose to, beyond what was to be expected."""
    given = {"sanctioned": state.sanctioned, "date": state.start, "reporter": state.reporter}
    more = {"candidates": state.third} if state.third else {}
    if state.by == "month":
        more["kind"] = "months"
    body = _part("diversion", Diverted, given | more)
    kinds = ("diversion-ranking", "diversion-months-" if state.by == "month" else "diversion-path-")
    document = body["document"]
    charts, paths = (
        [shown.figure(document, one) for one in document.charts() if one.name.startswith(kind)]
        for kind in kinds
    )
    return body | {"charts": charts, "paths": paths}


def dependence_part(state: TradeState) -> Mapping[str, Any]:
    """Return where a country's supply comes from."""
    return _part("dependence", Depend, {"country": whose(state), "codes": state.goods})


def substitution_part(state: TradeState) -> Mapping[str, Any]:
    """Return how a country's supply moved between origins since the date."""
    given = {"country": whose(state), "codes": state.goods, "date": state.start, "by": state.split}
    return _part("substitution", Substitute, given)


def mirror_part(state: TradeState) -> Mapping[str, Any]:
    """Return what the Union says it sent against what the country says arrived."""
    given = {"importer": whose(state), "codes": state.goods, "date": state.start}
    return _part("mirror", MirrorGaps, given)


def _part(name: str, question: type[TradeQuestion], given: dict[str, Any]) -> dict[str, Any]:
    """Return the blocks of an answer's document; all goods go without saying."""
    if given.get("codes") == "total":
        del given["codes"]
    try:
        document = question.read(given).answer().document()
    except ParityError as problem:
        told = spelt_out(_OPTION.sub("under “Third countries”", str(problem)))
        raise type(problem)(upper_first(told)) from None
    blocks = [block for block in document.blocks if not isinstance(block, Group)]
    last, first = document.blocks[-1], document.tables()[0]
    drawn = any(chart.frame.equals(first.frame) for chart in document.charts())
    return {
        "finding": document.headline,
        "document": document,
        "table": None if drawn else shown.table(document, first, f"{name}-numbers"),
        "charts": [] if name == "diversion" else [shown.figure(document, each) for each in document.charts()],
        "paths": (),
        "told": [block.text for block in blocks if isinstance(block, Text)],
        "notes": [block.text for block in blocks if isinstance(block, Note)],
        "limits": last.blocks[0].text if isinstance(last, Group) and name == "diversion" else "",  # type: ignore[union-attr]
    }
