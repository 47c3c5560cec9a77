"""Who is in the bloc, how sure that is, and the links that let countries in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.catalogue import STATUSES
from parity.errors import ParityError
from parity.show.document import Note
from parity.views.names import countries
from parity.web import shown
from parity.web.pages.blocs.asked import chosen
from parity.web.pages.blocs.state import MOST_BESIDE, NOBODY, OWN, BlocsState, bloc_names
from parity.web.state import with_changes

if TYPE_CHECKING:
    from markupsafe import Markup

_ELSEWHERE = "Elsewhere"
_ORDER = {status: place for place, status in enumerate(STATUSES)}


@dataclass(frozen=True, slots=True)
class Pick:
    """A country to let in or out.

    Attributes
    ----------
    code, name
        The country.
    inside
        Whether it is pooled now.
    doubt
        What is not sure or not usual about it, in words; empty where all is.
    link
        Address with it let in or out.
    """

    code: str
    name: str
    inside: bool
    doubt: str
    link: str


def picks(state: BlocsState) -> Mapping[str, Any]:
    """Return members, countries near the bloc, and all countries by region, each with its link."""
    found, rows = chosen(state), membership(state)
    pooled = found.bloc.members if found.bloc else ()
    doubts = {} if rows is None else {row["iso3"]: _doubt(row) for row in rows.iter_rows(named=True)}
    before = () if found.bloc is None else (found.bloc.before or found.bloc).members
    own = state.bloc == OWN

    def pick(code: str) -> Pick:
        doubt = doubts.get(code, "")
        if code in pooled and (code not in before) and not own:
            doubt = "; ".join(part for part in ("added", doubt) if part)
        change = removed(state, code) if code in pooled else added(state, code)
        return Pick(code, countries()[code], code in pooled, doubt, with_changes(state, **change))

    near = [code for code in doubts if code not in pooled]
    return {
        "members": [pick(code) for code in sorted(pooled, key=countries().__getitem__)],
        "near": [pick(code) for code in near],
        "gone": [pick(code) for code in before if code not in pooled and code not in doubts],
        "regions": {name: [pick(code) for code in codes] for name, codes in _regions().items()},
        "beside": [
            (countries().get(side, side), side, with_changes(state, beside=_without(state, side)))
            for side in state.held()
        ],
        "beside_choices": _sides(state) if len(state.held()) < MOST_BESIDE else {},
    }


def added(state: BlocsState, code: str) -> dict[str, Any]:
    """Return the fields of a state that put a country into the bloc."""
    if code in state.drop:
        return {"drop": tuple(each for each in state.drop if each != code)}
    return {"add": tuple(sorted({*state.add, code}))}


def removed(state: BlocsState, code: str) -> dict[str, Any]:
    """Return the fields of a state that take a country out of the bloc."""
    if code in state.add:
        return {"add": tuple(each for each in state.add if each != code)}
    return {"drop": tuple(sorted({*state.drop, code}))}


def _without(state: BlocsState, side: str) -> tuple[str, ...]:
    return tuple(each for each in state.held() if each != side) or (NOBODY,)


def _sides(state: BlocsState) -> dict[str, dict[str, str]]:
    """Return what else the bloc can be held against."""
    there = {*state.held(), state.bloc}
    return {
        "Blocs": {name: name for name in bloc_names() if name not in there},
        "Countries": {code: name for code, name in countries().items() if code not in there},
    }


@cache
def _regions() -> dict[str, tuple[str, ...]]:
    from parity.catalogue import load_table

    table = load_table("countries").sort("name").with_columns(pl.col("region").fill_null(_ELSEWHERE))
    groups = table.group_by("region", maintain_order=True).agg("iso3").sort("region")
    return {region: tuple(codes) for region, codes in groups.iter_rows()}


def _doubt(row: Mapping[str, Any]) -> str:
    words = [] if row["status"] == "member" else [row["status"]]
    words += ["suspended"] if row["suspended"] else []
    words += ["disputed"] if row["disputed"] else []
    words += ["approximate"] if row["certainty"] == "approximate" else []
    return ", ".join(words)


def membership(state: BlocsState) -> pl.DataFrame | None:
    """Return who belongs to the bloc of the catalogue on the day; ``None`` for one of the reader's."""
    from parity.catalogue import membership

    if state.bloc == OWN:
        return None
    for day in (state.on, None):
        try:
            return membership(state.bloc, day)
        except ParityError:
            continue
    return None


def membership_table(state: BlocsState) -> Markup | None:
    """Return the table of members with dates, certainty and source."""
    from parity.ask.bloc import Members

    for day in (state.on, None):
        try:
            document = Members.read({"bloc": state.bloc, "on": day}).answer().document()
        except ParityError:
            continue
        table = document.tables()[0]
        note = next(block.text for block in document.blocks if isinstance(block, Note))
        return shown.table(document, table, "membership", note)
    return None
