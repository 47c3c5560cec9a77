"""What questions about blocs share: who is meant, the pooled bloc, its intervals over rebuilds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from parity.ask.cache import cached, progress
from parity.ask.question import Day, Question, TableFile
from parity.errors import ParityError

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.standing import Standing
    from parity.blocs import Bloc, Changes, Contributions, Draws, History, Intervals, Pool

DRAWS = 120
"""Rebuilds of the index behind every interval of a bloc, unless others are asked for."""
MOST_COUNTRIES = 60
Draw = Annotated[int, Field(ge=0, le=1000)]
Name = Annotated[str, Field(min_length=1, max_length=400)]


def _parts(given: Any) -> Any:
    """Return texts with what commas separate on its own, names that hold a comma whole."""
    from parity.catalogue import find_country

    found: list[str] = []
    for text in (given,) if isinstance(given, str) else given:
        try:
            found.append(find_country(text).iso3)
        except (ParityError, AttributeError):
            found += [part.strip() for part in text.split(",")] if isinstance(text, str) else [text]
    return tuple(found)


Countries = Annotated[tuple[Name, ...], BeforeValidator(_parts), Field(max_length=MOST_COUNTRIES)]
"""Countries by code or name; one text may name several, separated by commas."""


class OfBlocs(Question):
    """A question about blocs on a date, the catalogue's or a user's own."""

    on: Day | None = Field(default=None, description="Membership on this date; the present one by default.")
    partners: bool = Field(default=False, description="Count partner countries as members.")
    blocs: TableFile = Field(
        default=None, description="Table of your own blocs: bloc, iso3, date_from, date_to."
    )

    def resolved(self, text: str, joining: tuple[str, ...] = (), leaving: tuple[str, ...] = ()) -> Bloc:
        """Return the bloc that a text means."""
        from parity.ask.membership import resolve

        return resolve(text, memberships(self.blocs), self.on, joining, leaving, self.partners)


def memberships(own: Any = None) -> pl.DataFrame:
    """Return the table of memberships; with a user's own, from a file or a frame."""
    from pathlib import Path

    from parity.ask.membership import own_blocs
    from parity.catalogue import files, load_table

    table = load_table("memberships")
    if own is None:
        return table
    if not isinstance(own, str):
        return own_blocs(own, "a table of your own", table)
    if not Path(own).suffix and not Path(own).exists():
        raise ParityError(
            f"--blocs takes a table of your own blocs (.csv, .xlsx), and there is no file '{own}'; countries "
            "to pool are words of the command: parity bloc pool 'BRICS + SAU'"
        )
    return own_blocs(files.read_table(own), own, table)


@cached(8)
def everyone(found: Standing) -> pl.DataFrame:
    """Return the data of all countries, small ones too: a bloc is the sum of all its members."""
    from parity.catalogue import load_table
    from parity.index import assemble
    from parity.index.spec import Units

    spec = found.index.spec
    if found.cells is None:
        return found.index.stages["raw"].table
    open_to_all = spec.model_copy(update={"index": spec.index.model_copy(update={"units": Units()})})
    return assemble(open_to_all, found.observations, load_table("countries")).table


@cached(3)
def rebuilt(found: Standing, draws: int) -> tuple[Any, ...]:
    """Return rebuilds of an index: the same for every bloc, so that they can be compared draw by draw."""
    from parity.robustness.rebuilds import rebuilds

    with _told(rebuilds(found.index, draws), draws, "Rebuilding the index") as made:
        return tuple(made)


@contextmanager
def _told(draws: Draws, total: int, what: str) -> Iterator[Draws]:
    """Yield rebuilds that tell how many draws are done."""
    with progress(total, what) as advance:

        def each() -> Draws:
            for variant, weights in draws:
                yield variant, weights
                advance(len(weights))

        yield each()


@cached(128)
def pooled(found: Standing, bloc: Bloc) -> Pool:
    """Return a bloc as one unit of an index."""
    from parity.blocs import known_weights, pool
    from parity.catalogue import load_table

    data = everyone(found)
    weights = known_weights(found.index.spec, load_table("indicators"), data.columns)
    return pool(found.index, bloc.members, bloc.on, name=bloc.name, data=data, weights=weights)


@cached(64)
def split(found: Standing, bloc: Bloc) -> Contributions:
    """Return what each member brings."""
    from parity.blocs import contributions

    return contributions(pooled(found, bloc))


@cached(64)
def drawn(found: Standing, bloc: Bloc, draws: int) -> Intervals | None:
    """Return a bloc's intervals over rebuilds; none without draws, or without assumptions to vary."""
    from parity.blocs import intervals

    made = rebuilt(found, draws)
    if not made:
        return None
    with _told(made, draws, f"Scoring {bloc.name}") as told:
        return intervals([pooled(found, bloc)], told)[0]


@cached(32)
def joining(found: Standing, bloc: Bloc, draws: int) -> Changes | None:
    """Return what each country outside would add; ``None`` where every country is in."""
    from parity.blocs import joining

    whole = pooled(found, bloc)
    outside = [str(unit) for unit in found.index.units if unit not in whole.members]
    return joining(whole, outside, rebuilt(found, draws), data=everyone(found)) if outside else None


@cached(32)
def changed(found: Standing, bloc: Bloc, draws: int) -> Changes | None:
    """Return what is gained by going back to the bloc before countries joined or left."""
    from parity.blocs import BEFORE, changes

    if bloc.before is None or bloc.before.members == bloc.members:
        return None
    others = {BEFORE: bloc.before.members}
    return changes(pooled(found, bloc), others, rebuilt(found, draws), data=everyone(found))


@cached(16)
def by_year(found: Standing, blocs: tuple[Bloc, ...], draws: int) -> History | None:
    """Return the standing of blocs year by year on a constant set of indicators.

    As in a brief, only indicators with data as of every year are kept and the scale is the last year's.

    Returns
    -------
    History or None
        ``None`` where no indicator goes through all years.
    """
    from parity.ask.basket import constant_basket
    from parity.ask.intervals import choices_below
    from parity.blocs import history, known_weights
    from parity.catalogue import load_table
    from parity.robustness.rebuilds import rebuilds

    if found.cells is None:
        raise ParityError("years are told on the catalogue's data alone, not on a table of your own")
    index, tables = found.index, (found.observations, load_table("countries"))
    basket = constant_basket(index.spec, list(index.units), *tables)
    if basket is None:
        return None
    last, data = basket
    # With fewer indicators a z-score may fall below 0, of which there is no geometric mean.
    spec = last.spec.model_copy(update={"robustness": choices_below(last.spec.robustness, 0)})
    last = replace(last, spec=spec)
    weights = known_weights(spec, load_table("indicators"), next(iter(data.values())).columns)
    named = {each.name: each.members for each in blocs}
    with _told(rebuilds(last, draws), draws, "Rebuilding the index of every year") as made:
        return history(named, last, data, made, weights=weights)
