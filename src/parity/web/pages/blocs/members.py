"""Who is in the bloc, how sure that is, and the links that let countries in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.catalogue import STATUSES
from parity.errors import ParityError
from parity.views.names import countries
from parity.web.figure import Column, Figure, Table
from parity.web.pages.blocs import model
from parity.web.pages.blocs.state import MOST_BESIDE, NOBODY, OWN, BlocsState, bloc_names
from parity.web.pages.blocs.what_if import added
from parity.web.state import with_changes

if TYPE_CHECKING:
    from parity.blocs import Pool

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
    found, rows = model.chosen(state), membership(state)
    pooled = found.bloc.members if found.bloc else ()
    doubts = {} if rows is None else {row["iso3"]: _doubt(row) for row in rows.iter_rows(named=True)}
    before = () if found.bloc is None else (found.before or found.bloc).members
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
            for side in state.beside
            if side != NOBODY
        ],
        "beside_choices": _sides(state) if len(_sides_of(state)) < MOST_BESIDE else {},
    }


def removed(state: BlocsState, code: str) -> dict[str, Any]:
    """Return the fields of a state that take a country out of the bloc."""
    if code in state.add:
        return {"add": tuple(each for each in state.add if each != code)}
    return {"drop": tuple(sorted({*state.drop, code}))}


def _sides_of(state: BlocsState) -> tuple[str, ...]:
    return tuple(side for side in state.beside if side != NOBODY)


def _without(state: BlocsState, side: str) -> tuple[str, ...]:
    return tuple(each for each in _sides_of(state) if each != side) or (NOBODY,)


def _sides(state: BlocsState) -> dict[str, dict[str, str]]:
    """Return what else the bloc can be held against."""
    there = {*_sides_of(state), state.bloc}
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


def membership_table(state: BlocsState, vintage: str) -> Figure | None:
    """Return the table of members with dates, certainty and source."""
    rows = membership(state)
    if rows is None:
        return None
    frame = rows.with_columns(
        name=pl.col("iso3").replace(countries()),
        since=pl.struct("date_from", "precision").map_elements(_since, return_dtype=pl.String),
        sure=pl.concat_str(
            pl.col("certainty"),
            pl.when("disputed").then(pl.lit(", disputed")).otherwise(pl.lit("")),
            pl.when("suspended").then(pl.lit(", suspended")).otherwise(pl.lit("")),
        ),
    ).sort(pl.col("status").replace_strict(_ORDER, return_dtype=pl.Int64), "name")
    columns = (
        Column("name", "Country"),
        Column("status", "Status"),
        Column("since", "Since"),
        Column("sure", "How sure"),
        Column("note", "To know"),
        Column("source", "Source"),
    )
    day = ["--on", str(state.on)] if state.on else []
    name = f'"{state.bloc}"' if " " in state.bloc else state.bloc
    return Figure(
        name="membership",
        title=f"{rows['title'][0]}: who, since when, by what source",
        data=[],
        layout={},
        table=Table(columns, frame),
        source="memberships, from the pages named in each row",
        vintage=vintage,
        command=" ".join(["parity bloc members", name, *day]),
        note="Approximate: the day is not in the source, or the source is a secondary one on its own. "
        "Disputed: public sources disagree on the status. Suspended members stay members, and are pooled.",
    )


def _since(row: Mapping[str, Any]) -> str:
    day = row["date_from"]
    return {"year": f"{day:%Y}", "month": f"{day:%Y-%m}"}.get(row["precision"], str(day))


def coverage(whole: Pool) -> str:
    """Return how much of the bloc has data, as a sentence."""
    names = countries()
    text = f"{whole.node_coverage[-1]:.0%} of the weight rests on members with data."
    if whole.without_data:
        text += f" No data at all: {', '.join(names.get(code, code) for code in whole.without_data)}."
    return text
