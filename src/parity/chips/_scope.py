"""Who a provision covers: the grammar of destinations and headquarters.

``dest:MAC|group(D:5) minus group(A:5|A:6) and not hq:CHN`` - clauses joined by *and* or *or*, read from
the left; a set is countries and groups joined by ``|``; ``any`` is every country and ``other`` every
destination that no earlier row of the same rule and item covers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from parity.errors import ParityError

MEMBER = re.compile(r"group\(([^)]*)\)|([A-Z]{3})|(any)|(other)")
CLAUSE = re.compile(r"(?:(and|or) )?(not )?(dest|hq|from):(\S+)(?: minus (\S+))?")
Members = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a scope.

    Attributes
    ----------
    joins
        ``and`` or ``or``; how it joins the clauses before it.
    negated
        Whether it holds where the set does not contain the party.
    party
        ``dest``, ``hq`` or ``from`` (where the item is exported from).
    members, minus
        Members of the set, and of what is taken from it: countries, groups, ``any``, ``other``.
    """

    joins: str
    negated: bool
    party: str
    members: Members
    minus: Members


@cache
def parse(scope: str) -> tuple[Clause, ...]:
    """Return the clauses of a scope.

    Raises
    ------
    ParityError
        If the scope is not in the grammar.
    """
    clauses = [
        Clause(joins or "and", bool(negated), party, _members(listed, scope), _members(minus or "", scope))
        for joins, negated, party, listed, minus in CLAUSE.findall(scope)
    ]
    if not clauses or re.sub(r"\s+", " ", CLAUSE.sub("", scope)).strip():
        raise ParityError(
            f"a rule covers '{scope}', which is not a scope (dest:ABC|group(X) minus ... and not hq:...)"
        )
    return tuple(clauses)


def _members(listed: str, scope: str) -> Members:
    found: list[str] = []
    for groups, country, every, other in MEMBER.findall(listed):
        found += groups.split("|") if groups else [country or every or other]
    if re.sub(r"[|]", "", MEMBER.sub("", listed)):
        raise ParityError(f"a rule covers '{scope}': '{listed}' is no set of countries and groups")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Groups:
    """Dated membership of countries in country groups.

    Attributes
    ----------
    spans
        Country -> its groups with first day and day after the last (``None``: open), and whether the texts
        agree on it.
    disputed
        Country -> what the sources do not agree on about a membership.
    """

    spans: Mapping[str, tuple[tuple[str, date | None, date | None, bool], ...]]
    disputed: Mapping[str, str]

    @classmethod
    def of(cls, table: pl.DataFrame) -> Groups:
        """Return the memberships of the table ``country_groups``."""
        spans: dict[str, tuple[tuple[str, date | None, date | None, bool], ...]] = {}
        agreed = ~pl.col("basis").str.contains("CONFLICT")
        for iso3, *span in table.select("iso3", "group", "date_from", "date_to", agreed).rows():
            spans[iso3] = (*spans.get(iso3, ()), (span[0], span[1], span[2], span[3]))
        disputed = table.filter(~agreed).select("iso3", "basis")
        return cls(spans, dict(disputed.rows()))

    def of_country(self, iso3: str, on: date, *, disputed: bool = True) -> frozenset[str]:
        """Return the groups that a country is in on a day, with those that texts disagree on or without."""
        return frozenset(
            group
            for group, start, end, agreed in self.spans.get(iso3, ())
            if (agreed or disputed) and (start is None or start <= on) and (end is None or on < end)
        )


@dataclass(frozen=True, slots=True)
class Party:
    """A country under every name that the rules know it by, with its groups on a day.

    Attributes
    ----------
    labels
        Its code, the code that it is ruled as, and its groups.
    """

    labels: frozenset[str]

    def within(self, members: Members, other: bool) -> bool:
        """Return whether it is in a set; ``other`` says whether no earlier row covers the destination."""
        return any(
            member == "any" or (member == "other" and other) or member in self.labels for member in members
        )


def covers(
    clauses: tuple[Clause, ...],
    destination: Party,
    headquarters: Party,
    other: bool,
    origin: Party | None = None,
) -> bool:
    """Return whether a scope covers a destination, a headquarters and a place of export.

    Parameters
    ----------
    clauses
        The parsed scope.
    destination, headquarters
        The parties.
    other
        Whether no earlier row of the same rule and item covers them.
    origin
        Where the item is exported from; no scope names a place where none is given.
    """
    result = True
    for clause in clauses:
        party = {"dest": destination, "hq": headquarters, "from": origin or Party(frozenset())}[clause.party]
        inside = party.within(clause.members, other) and not party.within(clause.minus, False)
        holds = inside != clause.negated
        result = (result or holds) if clause.joins == "or" else (result and holds)
    return result
