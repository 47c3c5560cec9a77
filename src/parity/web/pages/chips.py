"""Chips: what the export-control rules of a day say about a device, a destination, a country's reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
from pydantic import field_validator

from parity.ask.chips import Devices, Rule, Show, accelerators, rulebook
from parity.ask.chips_access import CanReach, Timeline
from parity.dates import number_of
from parity.errors import ParityError
from parity.views.chips import PARTS, finding, in_sentence, licence
from parity.views.names import countries, upper_first
from parity.web import shown
from parity.web.groups import by_region, code_of
from parity.web.page import Choice, Page
from parity.web.state import asked, only, query_of, state_of

if TYPE_CHECKING:
    from parity.chips import Ruling, Step
    from parity.show.document import Document

METRICS = {
    "tpp": "Total processing performance",
    "memory_bandwidth": "Memory bandwidth",
    "price_performance": "TPP per dollar at release",
}
_CONTROLLED = {
    "controlled": "Controlled",
    "not_controlled": "Not controlled",
    "undetermined": "Cannot be determined",
}
LICENCES = {"approval": "with presumed approval", "case_by_case": "decided case by case"}
FIRST_DAY = date(2022, 1, 1)
"""First day of the slider: before any rule on accelerators."""
_REACH = ("to", "on", "metric", "counting", "codified")
Chain = list[tuple[str, "tuple[Step, ...]", dict[str, tuple[Any, Any]]]]


class ChipsState(
    state_of(  # type: ignore[misc]
        (Rule, "device", "to", "headquarters", "on"),
        (CanReach, "metric", "counting", "codified"),
        device="NVIDIA H100 SXM5 80GB",
        to=None,
    )
):
    """What is ruled on, for whom, when; and how reach is measured."""

    _named = field_validator("to", "headquarters")(code_of)

    @field_validator("on")
    @classmethod
    def _looked_for(cls, on: date | None) -> date | None:
        if on is not None and on > rulebook().checked_to:
            raise ValueError(f"rules after {rulebook().checked_to} were not looked for")
        if on is not None and on < FIRST_DAY:
            raise ValueError(f"there are no rules on accelerators before {FIRST_DAY}")
        return on


def choose(state: ChipsState) -> Choice | None:
    """Return the destinations, where none is chosen."""
    return None if state.to else Choice("An accelerator, to where?", "to", "a destination", by_region())


def view(state: ChipsState) -> Mapping[str, Any]:
    """Return what is there at once."""
    from parity.chips import DISCLAIMER

    book = rulebook()
    on = state.on or book.checked_to
    common = {
        "makers": makers(),
        "countries": countries(),
        "metrics": METRICS,
        "licences": LICENCES,
        "first": number_of(FIRST_DAY),
        "first_day": FIRST_DAY,
        "last": number_of(book.checked_to),
        "at": number_of(on),
        "on": on,
        "checked_to": book.checked_to,
        "vintage": book.vintage,
        "disclaimer": DISCLAIMER,
        "reach_address": query_of(only(state, *_REACH)),
        **around(on),
    }
    try:
        question = asked(Rule, state, on=on)
        answer = question.answer()
    except ParityError as problem:
        return common | {"told": str(problem), "ruling": None, "finding": "No ruling can be given"}
    ruling, document = answer.result, answer.document()
    if steps := document.tables():
        shown.register(document, steps[-1], "ruling")
    every = Devices(to=ruling.to, on=on, mark=ruling.device).answer().document()
    figures = Show(device=ruling.device).answer().document()
    place = in_sentence(ruling.to)
    return common | {
        "told": "",
        "ruling": ruling,
        "country": place,
        "finding": finding(ruling, place),
        "licence": upper_first(licence(ruling)),
        "status": _CONTROLLED[ruling.status],
        "groups": chain(ruling),
        "command": question.command,
        "landscape": shown.figure(every, every.charts()[0]),
        "figures": shown.table(
            figures, figures.tables()[0], "figures", "Where sources disagree all are here."
        ),
        "events": events(ruling.to, on),
    }


def chain(ruling: Ruling) -> Chain:
    """Return the steps under headings, with the days from and to which each rule applies."""
    rules = rulebook().rules
    found: Chain = []
    for name, heading in PARTS.items():
        steps: tuple[Step, ...] = getattr(ruling, name)
        days = {
            step.rule_id: (rules[step.rule_id]["date_from"], rules[step.rule_id]["date_to"]) for step in steps
        }
        if steps:
            found.append((heading, steps, days))
    return found


@cache
def makers() -> dict[str, tuple[str, ...]]:
    """Return the accelerators under their makers, those with most first."""
    named = accelerators().select("maker", "name").with_columns(pl.col("maker").fill_null("Others"))
    groups = (
        named.group_by("maker").agg(pl.col("name").sort()).sort(pl.col("name").list.len(), descending=True)
    )
    return {maker: tuple(names) for maker, names in groups.iter_rows()}


def around(on: date) -> dict[str, date | None]:
    """Return the days of change before and after a day: a rule begins or ends, a group changes."""
    days = [day for day in rulebook().breaks() if day >= FIRST_DAY]
    return {
        "previous": max((day for day in days if day < on), default=None),
        "following": min((day for day in days if day > on), default=None),
    }


def events(to: str, on: date) -> list[dict[str, Any]]:
    """Return what was published about a destination, the newest first; ``now`` where it began by the day."""
    if to not in countries():
        return []
    answer = Timeline(country=to).answer()
    shown.register(answer.document(), answer.document().tables()[0], "events")
    rows = sorted(answer.result.events, key=lambda row: row["day"] or date.min)
    return [row | {"now": row["day"] is not None and row["day"] <= on} for row in reversed(rows)]


def reach_part(state: ChipsState) -> Mapping[str, Any]:
    """Return the reach of the destination, with the lag in the month of the address."""
    document: Document = asked(CanReach, state, country=state.to).answer().document()
    figures = [shown.figure(document, chart) for chart in document.charts()]
    return {"finding": document.headline, "figures": figures, "command": document.command}


PAGE = Page(
    slug="chips",
    title="Chips",
    summary="What export-control rules say about an accelerator and a destination on any day, cited.",
    state=ChipsState,
    view=view,
    choose=choose,
    sample="to=CHN",
    parts={"reach": reach_part},
    warmed=("reach",),
)
