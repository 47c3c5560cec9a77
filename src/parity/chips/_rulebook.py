"""The rules as rows, read once: tests, provisions and groups, cut at the days on which they change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Self, TypeVar

import polars as pl

from parity.chips._devices import DENSITY
from parity.chips._scope import Groups, Party, covers, parse
from parity.errors import ParityError, did_you_mean, one_of

TABLES = ("rules", "thresholds", "destinations", "country_groups", "chpl", "timeline")
# Jurisdiction -> the country to which goods are not exported under its rules: its own.
HOME = {"US": "USA", "UK": "GBR", "JP": "JPN"}
# Where an item is exported from, unless it is said.
ORIGIN = "USA"
# Most seats that are named one by one.
SEATS_NAMED = 6
WHAT_IF = re.compile(
    r"^\s*(?P<paragraph>[^:]+):(?P<quantity>\w+)\s*(?P<operator>>=|<=|==|>|<)?=?\s*(?P<value>\S+)\s*$"
)


@dataclass(frozen=True, slots=True)
class Test:
    """One numeric or verbal test of a rule; fields as in the table ``thresholds``."""

    rule_id: str
    paragraph: str
    clause: str
    quantity: str
    operator: str
    value: float | None
    text: str | None
    unit: str | None
    role: str
    about: str
    unless: str | None
    exception: str | None
    basis: str | None
    source_url: str | None

    def words(self) -> str:
        """Return the test in words, for example ``TPP >= 4800``; a condition as a requirement."""
        if self.about == "transaction":
            # A requirement on the parties, never a finding about them.
            return self.text or self.quantity.format(value=self.value)
        name = "TPP" if self.quantity == "tpp" else self.quantity.replace("_", " ")
        if self.unit == "bool" or self.quantity == "data_center":
            return f"{name}: {'yes' if self.value else 'no'}"
        given = self.text if self.value is None else f"{self.value:,.10g}"
        unit = "" if self.unit in (None, "", "TPP") else f" {self.unit}"
        return f"{name} {self.operator} {given}{unit}"


@dataclass(frozen=True, slots=True)
class Provision:
    """What a rule requires of whom; fields as in the table ``destinations``."""

    position: int
    rule_id: str
    layer: str
    scope: str
    transaction: str | None
    item: str
    item_text: str
    date_from: date | None
    date_to: date | None
    requirement: str
    review_policy: str | None
    review_verified: bool
    exception: str | None
    exception_terms: str | None
    enforced: str
    limit: str | None
    note: str | None
    basis: str | None
    citation: str

    def in_force(self, on: date) -> bool:
        """Return whether the row applies on a day."""
        return (self.date_from is None or self.date_from <= on) and (
            self.date_to is None or on < self.date_to
        )


RowT = TypeVar("RowT", Test, Provision)


@dataclass(frozen=True)
class RuleBook:
    """Every rule, and when it applies.

    Attributes
    ----------
    rules
        Rule -> its row of the table ``rules``.
    tests
        Tests, in the order of the data.
    provisions
        Provisions, in the order of the data.
    groups
        Country groups.
    timeline, chpl
        Events, and the Common High Priority List.
    vintage
        One line that says which data a ruling rests on.
    """

    rules: Mapping[str, Mapping[str, Any]]
    tests: tuple[Test, ...]
    provisions: tuple[Provision, ...]
    groups: Groups
    timeline: pl.DataFrame
    chpl: pl.DataFrame
    vintage: str = ""
    _in_force: dict[date, InForce] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame], vintage: str = "") -> Self:
        """Return the book that the catalogue's tables hold.

        Parameters
        ----------
        tables
            The tables named in ``TABLES``.
        vintage
            One line that says which data they are.
        """
        return cls(
            rules={row["rule_id"]: row for row in tables["rules"].iter_rows(named=True)},
            tests=tuple(_rows(Test, tables["thresholds"].sort("position"))),
            provisions=tuple(_rows(Provision, tables["destinations"].sort("position"))),
            groups=Groups.of(tables["country_groups"]),
            timeline=tables["timeline"],
            chpl=tables["chpl"],
            vintage=vintage,
        )

    @property
    def checked_to(self) -> date:
        """Last day to which later rules were looked for."""
        return max(date.fromisoformat(row["checked_to"]) for row in self.rules.values())

    @property
    def first_rule(self) -> date:
        """First day on which a dated rule or letter of the data requires a licence for an accelerator."""
        binding = (row for row in self.provisions if row.layer in ("rule", "letter"))
        return min(row.date_from for row in binding if row.date_from)

    def breaks(self) -> list[date]:
        """Return the days on which a rule, a provision or a country group changes, sorted."""
        days = {day for row in self.rules.values() for day in (row["date_from"], row["date_to"])}
        days |= {day for row in self.provisions for day in (row.date_from, row.date_to)}
        days |= {
            day for spans in self.groups.spans.values() for _, start, end, _ in spans for day in (start, end)
        }
        return sorted(day for day in days if day is not None)

    def on(self, day: date) -> InForce:
        """Return what is in force on a day."""
        since = max((change for change in self.breaks() if change <= day), default=date.min)
        if since not in self._in_force:
            self._in_force[since] = InForce.of(self, day)
        return self._in_force[since]

    def what_if(self, *changes: str) -> RuleBook:
        """Return the book with other thresholds: a question, not a rule.

        Parameters
        ----------
        changes
            For example ``"3A090.a.1:tpp=4000"``, or with the operator, where a paragraph tests a
            quantity twice: ``"3A090.b.1:tpp<5000"``.

        Raises
        ------
        ParityError
            If a change is misspelt or no rule has such a test.
        """
        if not changes:
            return self
        tests = self.tests
        for change in changes:
            tests = _changed(tests, change)
        return replace(
            self, tests=tests, vintage=f"{self.vintage}, what if {'; '.join(changes)}", _in_force={}
        )


def _rows(kind: type[RowT], table: pl.DataFrame) -> list[RowT]:
    names = [name.name for name in fields(kind)]
    return [kind(*row) for row in table.select(names).rows()]


def _changed(tests: tuple[Test, ...], change: str) -> tuple[Test, ...]:
    """Return the tests with one threshold changed."""
    match = WHAT_IF.match(change)
    try:
        value = float(match["value"]) if match else None
    except ValueError:
        value = None
    if match is None or value is None:
        raise ParityError(
            f"'{change}' is not a change of a threshold; write for example '3A090.a.1:tpp=4000'"
        )
    judged = [test for test in tests if test.about == "accelerator" and test.value is not None]
    wanted = {
        id(test)
        for test in judged
        if (test.paragraph, test.quantity) == (match["paragraph"], match["quantity"])
        and match["operator"] in (None, "", test.operator)
    }
    if not wanted:
        known = list(
            dict.fromkeys(f"{test.paragraph}:{test.quantity}{test.operator}{test.value:g}" for test in judged)
        )
        raise ParityError(f"no rule tests '{change}'.{did_you_mean(change, known)} Tests are {one_of(known)}")
    return tuple(replace(test, value=value) if id(test) in wanted else test for test in tests)


@dataclass(frozen=True)
class InForce:
    """What is in force on a day, and on every day until the next change.

    Attributes
    ----------
    book
        The whole book.
    day
        A day of the period.
    provisions
        Provisions on exports and re-exports that apply.
    tests
        Tests of the rules that apply.
    aliases
        Destination -> destination that it is ruled as.
    """

    book: RuleBook
    day: date
    provisions: tuple[Provision, ...]
    tests: tuple[Test, ...]
    aliases: Mapping[str, str]
    _seats: list[tuple[str, ...]] = field(default_factory=list, compare=False, repr=False)

    @classmethod
    def of(cls, book: RuleBook, day: date) -> InForce:
        """Return what a book has in force on a day."""
        current = [row for row in book.provisions if row.in_force(day) and not row.transaction]
        alive = {rule_id for rule_id, row in book.rules.items() if _alive(row, day)}
        alive |= {row.rule_id for row in current}
        aliases = {
            clause.members[0]: row.requirement.removeprefix("same_as:")
            for row in current
            if row.layer == "alias"
            for clause in parse(row.scope)
        }
        return cls(
            book=book,
            day=day,
            provisions=tuple(row for row in current if row.layer != "alias"),
            tests=tuple(test for test in book.tests if test.rule_id in alive),
            aliases=aliases,
        )

    def cuts(self) -> list[float]:
        """Return the densities of memory at which the rules of the day part."""
        values = {test.value for test in self.tests if test.quantity == DENSITY and test.value is not None}
        return sorted(values)

    def party(self, iso3: str, *, disputed: bool = True) -> Party:
        """Return a country as the rules of the day know it."""
        codes = {iso3, self.aliases.get(iso3, iso3)}
        of_country = self.book.groups.of_country
        groups = frozenset().union(*(of_country(code, self.day, disputed=disputed) for code in codes))
        return Party(groups | codes)

    def seats(self) -> tuple[tuple[str, ...], ...]:
        """Return the countries that the rules of the day tell apart as seats: one group per kind."""
        if not self._seats:
            kinds: dict[tuple[bool, ...], tuple[str, ...]] = {}
            for iso3 in sorted({*self.book.groups.spans, *HOME.values()}):
                party = self.party(iso3)
                kind = tuple(_within(party, *pair) for pair in self._asked_of_seats())
                kinds[kind] = (*kinds.get(kind, ()), iso3)
            self._seats.extend(kinds.values())
        return tuple(self._seats)

    def seat_words(self, countries: tuple[str, ...]) -> str:
        """Return in words where a seat is: by the set of a rule where it is one, otherwise by name."""
        among = {iso3 for kind in self.seats() for iso3 in kind}
        for pair in self._asked_of_seats():
            if {iso3 for iso3 in among if _within(self.party(iso3), *pair)} == set(countries):
                return _set_words(*pair)
        few = len(countries) <= SEATS_NAMED
        return ", ".join(countries) if few else f"{len(countries)} countries, {', '.join(countries[:3])} ..."

    def _asked_of_seats(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        clauses = (
            (clause.members, clause.minus)
            for row in self.provisions
            for clause in parse(row.scope)
            if clause.party == "hq" and row.layer in ("rule", "letter")
        )
        return list(dict.fromkeys(clauses))

    def readings(
        self, destination: str, headquarters: str, origin: str = ORIGIN
    ) -> tuple[tuple[bool, ...], ...]:
        """Return what covers the parties by each reading of the country groups: two where texts disagree."""
        both = (self.covered(destination, headquarters, origin, disputed=told) for told in (True, False))
        return tuple(dict.fromkeys(both))

    def covered(
        self, destination: str, headquarters: str, origin: str = ORIGIN, *, disputed: bool = True
    ) -> tuple[bool, ...]:
        """Return which provisions cover a destination, a headquarters and a place of export.

        Parameters
        ----------
        destination, headquarters, origin
            ISO3 codes.
        disputed
            Whether memberships of country groups count on which the texts disagree.
        """
        to, seat, out = (self.party(iso3, disputed=disputed) for iso3 in (destination, headquarters, origin))
        result: list[bool] = []
        taken: set[tuple[str, str]] = set()
        for row in self.provisions:
            clauses = parse(row.scope)
            key = (row.rule_id, row.item)
            home = HOME.get(self.book.rules[row.rule_id]["jurisdiction"]) == destination
            # Guidance on parts that somebody else made binds at home as well.
            abroad = not home or row.layer == "guidance"
            inside = abroad and covers(clauses, to, seat, key not in taken, out)
            # A row for every destination leaves "other" to the rows that name some.
            if inside and not any("any" in clause.members for clause in clauses if clause.party == "dest"):
                taken.add(key)
            result.append(inside)
        return tuple(result)


def _within(party: Party, members: tuple[str, ...], minus: tuple[str, ...]) -> bool:
    return party.within(members, False) and not party.within(minus, False)


def _set_words(members: tuple[str, ...], minus: tuple[str, ...]) -> str:
    """Return a set of countries and groups in words: "MAC or group D:5"."""
    named = [f"group {one}" if ":" in one or one == "AIA" else one for one in members]
    without = f" outside {', '.join(minus)}" if minus else ""
    return f"{' or '.join(named)}{without}"


def _alive(row: Mapping[str, Any], day: date) -> bool:
    return (row["date_from"] is None or row["date_from"] <= day) and (
        row["date_to"] is None or day < row["date_to"]
    )
