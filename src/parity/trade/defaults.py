"""What is taken for granted where a question leaves it open; every answer says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from parity.errors import NoAnswerError
from parity.trade._panel import UNIONS

# Groups whose members trade with each other under one roof.
ROOFS = ("EAEU", "CIS")
# A country at war trades like no other: 15 CFR 746.8 dates the control by the invasion of Ukraine.
NOT_COMPARABLE = {"RUS": ("UKR",)}
# More partners than this by month, and monthly data are simply what the reporter has.
FEW = 20
# A date this close to a known control is that control.
SAME = timedelta(days=31)
# Places whose exports of electronics are mainly goods made elsewhere, and that impose no such controls.
HUBS = ("ARE", "HKG", "SGP")
# States beside the European Union with controls on Russia: 15 CFR part 746, supplement no. 3.
PARTNERS = "Controls on Russia"
# The largest maker of chips is not on that list: what it sells is neither the coalition's nor just anyone's.
APART = {"Taiwan": "TWN"}


@dataclass(frozen=True, slots=True)
class Blocs:
    """Who belongs together.

    Attributes
    ----------
    union
        Member states of the European Union of 27, ISO3.
    roofs
        Members of each of ``ROOFS``.
    partners
        States beside the Union that impose the controls.
    """

    union: tuple[str, ...]
    roofs: tuple[tuple[str, ...], ...] = ()
    partners: tuple[str, ...] = ()

    @classmethod
    def of(cls, members: Callable[[str], Iterable[str]]) -> Blocs:
        """Return what a function from the name of a bloc to its members says."""
        roofs = tuple(tuple(members(roof)) for roof in ROOFS)
        return cls(tuple(members("EU")), roofs, tuple(members(PARTNERS)))

    def states(self, reporter: str) -> tuple[str, ...]:
        """Return the member states of a reporter: itself, if it is no union."""
        return self.union if reporter in UNIONS else (reporter,)

    @property
    def coalition(self) -> tuple[str, ...]:
        """The states that impose the controls: the European Union and the other partners."""
        return tuple(sorted({*self.union, *self.partners}))

    @property
    def coalition_in_words(self) -> str:
        """Who the coalition is, and who of weight is not in it."""
        inside = ", ".join(sorted({*self.partners} - {*self.union}))
        apart = ", ".join(f"{name} ({iso3})" for name, iso3 in APART.items() if iso3 not in self.coalition)
        who = f"the coalition is the European Union with {inside} (15 CFR part 746, supplement no. 3)"
        return f"{who}; {apart} is not in it" if apart else who

    def under_one_roof(self, country: str) -> tuple[str, ...]:
        """Return the countries that share a customs union or a commonwealth with one."""
        together = {iso3 for inside in self.roofs if country in inside for iso3 in inside}
        return tuple(sorted(together - {country}))

    def excluded(self, sanctioned: str) -> tuple[str, ...]:
        """Return countries that stand for nothing: neighbours under one roof, and those at war."""
        return (*self.under_one_roof(sanctioned), *NOT_COMPARABLE.get(sanctioned, ()))

    def groups(self, country: str) -> dict[str, tuple[str, ...]]:
        """Return the groups of origins between which a country's supply is split."""
        return {
            "coalition": (*self.coalition, *UNIONS.values()),
            "China": ("CHN",),
            **{name: (iso3,) for name, iso3 in APART.items()},
            "hubs": HUBS,
            "neighbours": self.under_one_roof(country),
        }


def candidates(flows: pl.DataFrame, blocs: Blocs, sanctioned: str, reporter: str) -> tuple[str, ...]:
    """Return the third countries that are judged where the user names none.

    A family of questions must be chosen before the answers are seen. Where a reporter's months
    are at hand for the sanctioned country and a few others only, these were chosen by whoever
    collected them to answer this very question; elsewhere the countries that share a customs union
    or a commonwealth with the sanctioned one are taken.

    Raises
    ------
    NoAnswerError
        If that leaves none.
    """
    states = blocs.states(reporter)
    monthly = flows.filter(
        pl.col("reporter").is_in([*states, UNIONS.get(reporter, reporter)])
        & (pl.col("flow") == "export")
        & (pl.col("period").str.len_chars() == 7)
    )["partner"].unique()
    few = tuple(sorted(set(monthly) - {sanctioned, *states}))
    chosen = sanctioned in set(monthly) and 0 < len(few) <= FEW
    found = few if chosen else blocs.under_one_roof(sanctioned)
    if not found:
        raise NoAnswerError(
            f"no third countries come to mind for {sanctioned}; name them with --candidates ARM,KAZ,..."
        )
    return found


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a question may look.

    Attributes
    ----------
    until
        Last year to use, or ``None`` for all.
    note
        Why, empty where there is no limit.
    """

    until: str | None = None
    note: str = ""


def window(timeline: pl.DataFrame, sanctioned: str, start: date) -> Window:
    """End the time after an early date before the first known control, whose effect it would see.

    Parameters
    ----------
    timeline
        Table ``timeline`` of export-control instruments.
    sanctioned
        Country that the control is on.
    start
        Date that was asked about.
    """
    rules = timeline.filter(
        pl.col("countries").str.split(";").list.contains(sanctioned)
        & (pl.col("source_class") == "rule_text")
        & pl.col("date_effective").is_not_null()
    ).sort("date_effective")
    if rules.is_empty():
        return Window()
    first = rules["date_effective"][0]
    if start >= first - SAME:
        return Window()
    last = f"{first.year - 1}" if first.month <= 6 else f"{first.year}"
    return Window(
        last,
        f"the first control on {sanctioned} on record starts on {first} ({rules['citation'][0]}); "
        f"later years are left out, or a date before it would be credited with its effect",
    )
