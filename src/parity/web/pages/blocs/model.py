"""What every request shares: who is in a bloc, the rebuilds of the index, and what was asked for before."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from parity.ask.standing import VARIANTS, built
from parity.errors import ParityError
from parity.views.names import countries
from parity.web.pages.blocs.state import NOBODY, OWN, BlocsState

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from parity.blocs import (
        Bloc,
        Changes,
        Comparison,
        Contributions,
        History,
        Intervals,
        Network,
        Pool,
        Tie,
    )
    from parity.blocs.intervals import Draws

_MOST_NAMED = 2
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address stands for.

    Attributes
    ----------
    bloc
        The bloc as it is pooled; its name is what figures call it.
    before
        The bloc before the reader changed it; ``None`` where that is the same, or has no members.
    beside
        What it is held against.
    words
        The bloc as the command line writes it, with the options of its membership.
    notes
        What could not be done, in sentences.
    """

    bloc: Bloc | None
    before: Bloc | None
    beside: tuple[Bloc, ...]
    words: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def blocs(self) -> tuple[Bloc, ...]:
        """The bloc, and what it is held against."""
        return (self.bloc, *self.beside) if self.bloc else ()


@lru_cache(maxsize=256)
def chosen(state: BlocsState) -> Chosen:
    """Return the bloc and what it is held against; a day before its time gives way to the present."""
    from parity.blocs import Bloc

    before, note = _membership(state)
    start = before.members if before else ()
    added = tuple(code for code in state.add if code not in start)
    gone = tuple(code for code in state.drop if code in start)
    members = tuple(sorted({*start, *added} - set(gone)))
    name = "Your bloc" if before is None else _name(before.name, added, gone)
    bloc = Bloc(name, members) if members else None
    beside, more = _beside(state, bloc, None if note else state.on)
    return Chosen(
        bloc=bloc,
        before=before if before and members and (added or gone) else None,
        beside=beside,
        words=_words(state, before, added, gone, dated=not note),
        notes=(*([note] if note else []), *more),
    )


def _membership(state: BlocsState) -> tuple[Bloc | None, str]:
    """Return the bloc as the catalogue has it, and why it is not the one of the day asked for."""
    from parity.blocs import Bloc, resolve

    if state.bloc == OWN:
        return None, ""
    try:
        found = resolve(state.bloc, state.on, partners=state.partners)
    except ParityError as problem:
        try:
            found = resolve(state.bloc, partners=state.partners)
        except ParityError:
            return None, f"{problem}."
        return Bloc(found.name, found.members), f"{problem}. Its members of today are shown."
    name = found.name if state.on is None else f"{found.name} of {state.on.year}"
    return Bloc(name + (" with partners" if state.partners else ""), found.members), ""


def _name(name: str, added: tuple[str, ...], gone: tuple[str, ...]) -> str:
    if not added and not gone:
        return name
    if len(added) + len(gone) > _MOST_NAMED:
        return f"{name}, changed"
    return " ".join([name, *(f"with {code}" for code in added), *(f"without {code}" for code in gone)])


def _beside(state: BlocsState, bloc: Bloc | None, day: date | None) -> tuple[tuple[Bloc, ...], list[str]]:
    """Return what the bloc is held against: other blocs of the same day, and countries."""
    from parity.blocs import Bloc, resolve

    found, notes = [], []
    for side in state.beside if bloc else ():
        if side == NOBODY:
            continue
        name = countries().get(side, side)
        try:
            other = resolve(side, day)
        except ParityError as problem:
            notes.append(f"{problem}.")
            continue
        if bloc and name != bloc.name and other.members != bloc.members:
            found.append(Bloc(name, other.members))
    return tuple(found), notes


def _words(
    state: BlocsState, before: Bloc | None, added: tuple[str, ...], gone: tuple[str, ...], *, dated: bool
) -> tuple[str, ...]:
    if before is None:
        return (",".join(added),)
    day = ["--on", str(state.on)] if state.on and dated else []
    changes = [word for code in added for word in ("--with", code)]
    changes += [word for code in gone for word in ("--without", code)]
    return (state.bloc, *day, *(["--partners"] if state.partners else []), *changes)


def as_side(state: BlocsState) -> list[str]:
    """Return the bloc as commands write it that let nobody in or out: a name and a day, or its countries."""
    found = chosen(state)
    if found.before is None and state.bloc != OWN and not state.partners:
        return list(found.words)
    return [",".join(found.bloc.members if found.bloc else ())]


def pool_command(state: BlocsState, *more: str) -> str:
    """Return the command that scores the bloc."""
    words = ["parity", "bloc", "pool", *chosen(state).words, *_variant(state)]
    return shlex.join([*words, "--draws", str(draws()), *more])


def compare_command(state: BlocsState, *more: str) -> str:
    """Return the command that holds the bloc against others."""
    first, *day = as_side(state)
    day = day or (["--on", str(state.on)] if state.on else [])
    others = [side for side in state.beside if side != NOBODY]
    words = ["parity", "bloc", "compare", first, *others, *day, *_variant(state)]
    return shlex.join([*words, "--draws", str(draws()), *more])


def _variant(state: BlocsState) -> list[str]:
    return [] if state.variant == "both" else ["--variant", state.variant]


def draws() -> int:
    """Return the number of rebuilds behind every interval of a bloc: as many as behind those of a brief."""
    from parity.brief.blocs import DRAWS

    return DRAWS


def made(variant: str) -> Draws:
    """Return the rebuilds of an index; one request makes them, the others wait."""
    with _lock:
        return _made(variant)


@lru_cache(maxsize=len(VARIANTS))
def _made(variant: str) -> Draws:
    from parity.robustness.rebuilds import rebuilds

    return tuple(rebuilds(built(variant).index, draws()))


@lru_cache(maxsize=len(VARIANTS))
def _everyone(variant: str) -> pl.DataFrame:
    from parity.brief.blocs import everyone

    return everyone(built(variant))


@lru_cache(maxsize=128)
def pooled(variant: str, bloc: Bloc) -> Pool:
    """Return a bloc as one unit of the index."""
    from parity.blocs import pool

    return pool(built(variant).index, bloc.members, name=bloc.name, data=_everyone(variant))


@lru_cache(maxsize=64)
def split(variant: str, bloc: Bloc) -> Contributions:
    """Return what each member brings."""
    from parity.blocs import contributions

    return contributions(pooled(variant, bloc))


@lru_cache(maxsize=64)
def drawn(variant: str, bloc: Bloc) -> Intervals:
    """Return the intervals of a bloc: over the same rebuilds for every bloc, so that they can be compared."""
    from parity.blocs import intervals

    return intervals([pooled(variant, bloc)], made(variant))[0]


def compared(variant: str, blocs: tuple[Bloc, ...], *, settled: bool) -> Comparison:
    """Return blocs side by side, with intervals where they are ``settled``."""
    from parity.blocs import Comparison

    pools = tuple(pooled(variant, each) for each in blocs)
    return Comparison(pools, tuple(drawn(variant, each) for each in blocs) if settled else ())


@lru_cache(maxsize=32)
def joining(variant: str, bloc: Bloc) -> Changes | None:
    """Return what each country outside would add; ``None`` where every country is in."""
    from parity.blocs import joining

    whole = pooled(variant, bloc)
    outside = [str(unit) for unit in whole.base.units if unit not in whole.members]
    return joining(whole, outside, made(variant), data=_everyone(variant)) if outside else None


@lru_cache(maxsize=32)
def changed(variant: str, bloc: Bloc, before: Bloc) -> Changes:
    """Return what is gained by going back from a bloc to the one before."""
    from parity.blocs import changes
    from parity.brief.bloc_profile import BEFORE

    others = {BEFORE: before.members}
    return changes(pooled(variant, bloc), others, made(variant), data=_everyone(variant))


@lru_cache(maxsize=16)
def years(variant: str, blocs: tuple[Bloc, ...]) -> History | None:
    """Return the standing of blocs over the years; ``None`` where no indicator goes through all of them."""
    from parity.brief.blocs import by_year

    return by_year(built(variant), blocs, draws())


@lru_cache(maxsize=64)
def network(members: tuple[str, ...]) -> Network:
    """Return the ties of a bloc's members with each other."""
    from parity.blocs import network
    from parity.brief.blocs import panel

    return network(panel(), members)


@cache
def tested() -> pl.DataFrame:
    """Return every pair of countries with its affinity and its likeliest change, tested among all pairs."""
    from parity.blocs import scan
    from parity.brief.blocs import panel

    return scan(panel())


@lru_cache(maxsize=256)
def tie(a: str, b: str) -> Tie:
    """Return the collaboration of two countries over time."""
    from parity.blocs import tie
    from parity.brief.blocs import panel

    return tie(panel(), a, b)
