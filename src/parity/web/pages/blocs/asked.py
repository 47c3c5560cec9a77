"""What the page on blocs asks: who is meant by its address, and the questions about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from parity.ask.bloc import Compare, Pool
from parity.ask.bloc_reach import BlocReach
from parity.ask.blocs import memberships
from parity.ask.ties import Ties, panel
from parity.errors import ParityError
from parity.web.pages.blocs.state import OWN, BlocsState, first

if TYPE_CHECKING:
    from parity.blocs import Bloc


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address stands for.

    Attributes
    ----------
    text
        The bloc as questions read it, who joined and who left included; empty where nobody is in it.
    bloc
        The bloc; ``None`` where nobody is in it.
    day
        Day of the membership; one before its time gives way to the present.
    beside
        What it is held against.
    notes
        What could not be done, in sentences.
    """

    text: str
    bloc: Bloc | None
    day: dt.date | None
    beside: tuple[str, ...]
    notes: tuple[str, ...]


@lru_cache(maxsize=256)
def chosen(state: BlocsState) -> Chosen:
    """Return the bloc, what it is held against, and what could not be done."""
    day, notes = state.on, []
    try:
        text, bloc = _bloc(state, day)
    except ParityError as problem:
        try:
            day, (text, bloc) = None, _bloc(state, None)
            notes.append(f"{problem}. Its members of today are shown.")
        except ParityError:
            return Chosen("", None, day, (), (f"{problem}.",))
    beside = []
    for side in state.held() if bloc else ():
        try:
            if bloc and _resolved(side, day, state.partners).members != bloc.members:
                beside.append(side)
        except ParityError as problem:
            notes.append(f"{problem}.")
    return Chosen(text, bloc, day, tuple(beside), tuple(notes))


def _resolved(text: str, day: dt.date | None, partners: bool) -> Bloc:
    from parity.ask.membership import resolve

    return resolve(text, memberships(), day, partners=partners)


def _bloc(state: BlocsState, day: dt.date | None) -> tuple[str, Bloc | None]:
    if state.bloc == OWN:
        text = ",".join(state.add)
        return text, _resolved(text, day, state.partners) if text else None
    start = _resolved(state.bloc, day, state.partners).members
    joining = [code for code in state.add if code not in start]
    leaving = [code for code in state.drop if code in start]
    if not joining and len(leaving) == len(start):
        return "", None
    text = state.bloc + "".join(f" + {code}" for code in joining) + "".join(f" - {code}" for code in leaving)
    return text, _resolved(text, day, state.partners)


def _who(state: BlocsState) -> dict[str, Any]:
    return {"on": chosen(state).day, "partners": state.partners}


def _drawn(state: BlocsState, draws: int | None) -> dict[str, Any]:
    return {"variant": state.variant} | _who(state) | ({} if draws is None else {"draws": draws})


def pool(state: BlocsState, draws: int | None = None, **more: Any) -> Pool:
    """Return the question of the bloc as one unit, with as many rebuilds as it has by default."""
    return Pool.read({"bloc": chosen(state).text, "node": state.node} | _drawn(state, draws) | more)


def compare(state: BlocsState, draws: int | None = None, **more: Any) -> Compare:
    """Return the question that holds the bloc against others."""
    names = (chosen(state).text, *chosen(state).beside)
    return Compare.read({"names": names} | _drawn(state, draws) | more)


def reach(state: BlocsState) -> BlocReach | None:
    """Return the question of what members have between them; ``None`` where nobody else is there."""
    found = chosen(state)
    if not found.beside and found.bloc and found.bloc.members == (first(),):
        return None
    return BlocReach.read({"bloc": found.text, "behind": (*found.beside, first())[0]} | _who(state))


def ties(state: BlocsState) -> Ties:
    """Return the question of the ties among members."""
    found = chosen(state)
    text = ",".join(found.bloc.members) if found.bloc and state.partners else found.text
    return Ties.read({"bloc": text, "on": found.day})


def pair(state: BlocsState) -> tuple[str, str] | None:
    """Return the pair of the address; by default the members with the largest ties."""
    if state.a and state.b:
        return state.a, state.b
    bloc, known = chosen(state).bloc, panel()
    only = state.a or state.b
    codes = sorted({*(bloc.members if bloc else ()), *([only] if only else [])} & set(known.codes))
    if len(codes) < 2:
        return None
    latest = known.weights[-4:].mean(axis=0)
    places = [known.place(code) for code in codes]
    weights = {
        (a, b): float(latest[i, j])
        for a, i in zip(codes, places, strict=True)
        for b, j in zip(codes, places, strict=True)
        if a != b and state.a in ("", a) and state.b in ("", b)
    }
    a, b = max(weights, key=weights.__getitem__)
    return (a, b) if weights[a, b] else None
