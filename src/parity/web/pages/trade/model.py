"""What every request shares: flows by goods, and questions answered before."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from parity.answers.trade import Asked, ask, diversion_question, fallback_codes

if TYPE_CHECKING:
    from parity.trade import Dependence, Diversion, Mirror, Substitution

UNION = "EU"
_lock = Lock()


class Found(NamedTuple):
    """An answer about diversion, and a note on the time that it looks at."""

    answer: Diversion
    note: str


@lru_cache(maxsize=2)
def asked(goods: str) -> Asked:
    """Return the flows of the snapshot in some goods."""
    return ask(goods, False, None)


@cache
def names() -> dict[str, str]:
    """Return the names of countries by ISO3."""
    from parity.catalogue import load_table

    return dict(load_table("countries").select("iso3", "name").iter_rows())


@cache
def controlled() -> tuple[str, ...]:
    """Return the countries that a rule on record controls exports to, and that flows know, by name."""
    import polars as pl

    from parity.catalogue import load_table

    rules = load_table("timeline").filter(pl.col("source_class") == "rule_text")
    known = rules["countries"].drop_nulls().str.split(";").explode().unique()
    return _by_name(set(known) & set(supplied()))


@cache
def supplied() -> tuple[str, ...]:
    """Return the countries that anybody reports exports to, by name."""
    from parity.catalogue import load_table

    flows = load_table("flows")
    return _by_name({*flows["partner"], *flows["reporter"]} & set(names()))


@cache
def reporting() -> tuple[str, ...]:
    """Return the countries whose own import reports are at hand, by name."""
    import polars as pl

    from parity.catalogue import load_table

    return _by_name(set(load_table("flows").filter(pl.col("flow") == "import")["reporter"]))


def _by_name(codes: set[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: names()[code]))


def diversion_of(sanctioned: str, start: date, reporter: str, third: str) -> Found:
    """Return an answer about diversion; one request works it out, the others wait."""
    with _lock:
        return _diversion_of(sanctioned, start, reporter, third)


@lru_cache(maxsize=64)
def _diversion_of(sanctioned: str, start: date, reporter: str, third: str) -> Found:
    from parity.trade import diversion

    question = asked(fallback_codes(reporter))
    named = tuple(third.split(",")) if third else ()
    spec, note = diversion_question(question, sanctioned, start, reporter, candidates=named)
    return Found(diversion(question.flows, question.codes, spec, vintage=question.vintage), note)


@lru_cache(maxsize=256)
def dependence_of(country: str, goods: str) -> Dependence:
    """Return where a country's supply comes from."""
    from parity.trade import HUBS, dependence

    question = asked(goods)
    blocs = question.blocs
    return dependence(
        question.flows,
        question.codes,
        country,
        coalition=blocs.coalition,
        hubs=HUBS,
        states=blocs.union,
        vintage=question.vintage,
    )


@lru_cache(maxsize=256)
def substitution_of(country: str, goods: str, start: date, split: str) -> Substitution:
    """Return how a country's supply moved."""
    from parity.trade import substitution

    question = asked(goods)
    blocs = question.blocs
    groups = blocs.groups(country) if split == "group" else None
    return substitution(
        question.flows,
        question.codes,
        country,
        start,
        groups,
        states=blocs.union,
        vintage=question.vintage,
    )


@lru_cache(maxsize=256)
def mirror_of(country: str, goods: str, start: date) -> Mirror:
    """Return what the Union says it sent to a country against what arrived."""
    from parity.trade import mirror

    question = asked(goods)
    states = question.blocs.union
    return mirror(question.flows, question.codes, states, country, start, vintage=question.vintage)
