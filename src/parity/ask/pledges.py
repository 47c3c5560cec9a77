"""What governments have committed themselves to by a date, and whether they kept it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import BeforeValidator, Field

from parity import dates
from parity.ask.answer import Answer, Page, pages
from parity.ask.cache import cached
from parity.ask.question import AnyDay, Day, Local, Place, Question, Word
from parity.errors import NoAnswerError, ParityError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parity.pledges import Measured, Pledge, Pledges, PledgeStatus, Ranks, Status


@cached(1)
def _carried() -> tuple[Pledge, ...]:
    from parity.catalogue import load_table
    from parity.pledges import Pledge

    return tuple(Pledge(**row) for row in load_table("pledges").iter_rows(named=True))


def known(country: str | None = None, file: str | None = None) -> list[Pledge]:
    """Return the pledges on record by their due date.

    Parameters
    ----------
    country
        Country (ISO3) or bloc to keep.
    file
        The user's own pledges; one with the id of a carried one stands in its place.
    """
    from parity.catalogue import files
    from parity.pledges import read_pledges, together

    own = read_pledges(files.read_text(file), file) if file else ()
    found = together(_carried(), own)
    return [pledge for pledge in found if country is None or pledge.country == country]


@cached(1)
def _measured() -> Measured:
    from parity.ask.years import rank_ranges
    from parity.catalogue import deciding, load_table, vintage
    from parity.pledges import Measured

    published = deciding(load_table("published_ranks"))
    return Measured(load_table("observations"), published, vintage(), rank_ranges)


def measured(ranks: Ranks | None = None) -> Measured:
    """Return what pledges are held against; with other ranks in the open AI index, where they are given."""
    return replace(_measured(), ranks=ranks) if ranks else _measured()


def assess(pledge: Pledge, on: dt.date, ranks: Ranks | None = None) -> Status:
    """Return how a pledge stands on a day, by evidence, by what is measured, else by the calendar."""
    from parity.pledges import assess

    return assess(pledge, on, measured(ranks))


def that_bind(country: str, on: dt.date) -> list[Pledge]:
    """Return the pledges of a country, then those of the blocs that it is a member of on a day."""
    from parity.catalogue import membership

    def belongs(bloc: str) -> bool:
        try:
            return country in membership(bloc, on, ("member",))["iso3"].to_list()
        except ParityError:
            return False

    every = known()
    blocs = {pledge.country for pledge in every if len(pledge.country) != len("RUS")} | {"EU"}
    joined = {bloc for bloc in blocs if belongs(bloc)}
    own = [pledge for pledge in every if pledge.country == country]
    return own + [pledge for pledge in every if pledge.country in joined]


def binding(text: str) -> str:
    """Return a country's code, or a bloc's name as the table has it."""
    from parity.catalogue import blocs, find_country

    named = {bloc.lower(): bloc for bloc in blocs()["bloc"].to_list()}
    return named.get(text.strip().lower()) or find_country(text).iso3


def sources_of(shown: Iterable[PledgeStatus], file: str | None = None) -> tuple[str | Page, ...]:
    """Return what pledges rest on: series that measure them, pages that state them and how they went."""
    every, against = {each.id: each for each in known(file=file)}, measured()
    keys: dict[str, None] = {}
    read_in: list[tuple[str | None, dt.date | None]] = []
    for each in shown:
        pledge = every[each.id]
        read_in += [(pledge.source, pledge.checked), (each.evidence_source, pledge.checked)]
        if each.measured is not None:
            series = against.observations.filter(indicator=pledge.measure, iso3=pledge.country)
            places = against.published.filter(index=pledge.measure, iso3=pledge.country)
            keys |= dict.fromkeys(series["source"].unique().sort())
            read_in += places.select("source", "checked").rows()
    return *keys, *pages(read_in)


Bound = Annotated[
    Word,
    BeforeValidator(lambda given: binding(given) if isinstance(given, str) and given.strip() else given),
]


class _PledgeQuestion(Question):
    """A question about pledges on a day."""

    result = "parity.pledges:Pledges"

    on: Day | None = Field(default=None, description="Day of the status; today by default.")
    file: Annotated[str | None, Local()] = Field(
        default=None, description="Your own pledges (TOML), added to the carried ones."
    )

    @property
    def day(self) -> dt.date:
        """Day of the status."""
        return self.on or dates.today()

    def standing(self, found: list[Pledge]) -> Answer[Pledges]:
        """Return how some pledges stand."""
        from parity.catalogue import looked_to
        from parity.pledges import standing

        against = measured()
        known = {"a collection, which need not hold all": looked_to("pledges")}
        result = standing(found, self.day, against)
        return Answer(self, result, against.data, known, sources_of(result.pledges, self.file))


class PledgesList(_PledgeQuestion):
    """List pledges with their status, by due date."""

    verb = "pledges list"
    view = "pledges:several"
    addresses: ClassVar[tuple[str, ...]] = ("pledges",)
    examples: ClassVar[tuple[str, ...]] = (
        "parity pledges list --country KOR --on 2026-10-01",
        "parity pledges list --country EU --ics due.ics",
    )

    country: Bound | None = Field(default=None, description="Country or bloc: ISO code, usual name, EU.")
    ics: Annotated[str | None, Local(settles=False)] = Field(
        default=None, description="Write the due dates to a calendar file (.ics)."
    )

    def answer(self) -> Answer[Pledges]:
        """List the pledges."""
        return self._told(self.found())

    def found(self) -> list[Pledge]:
        """Return the pledges of the country or of all."""
        found = known(self.country, self.file)
        if not found:
            from parity.catalogue import none_on_record

            said = none_on_record(f"pledge of {self.country}", "pledges")
            raise NoAnswerError(f"{said}; `parity pledges list` shows all")
        return found

    def _told(self, found: list[Pledge]) -> Answer[Pledges]:
        if self.ics is not None:
            from parity.catalogue import files
            from parity.pledges import calendar

            files.write_bytes(self.ics, calendar(found, dt.datetime.now(tz=dt.UTC)).encode())
        return self.standing(found)


class PledgesDue(PledgesList):
    """List what falls due from the day of the status up to a date."""

    verb = "pledges due"
    addresses = ()
    examples = ("parity pledges due --before 2027-01-01 --on 2026-10-01 --country EU",)

    before: AnyDay = Field(description="Last due date to list.", examples=["2027-01-01"])

    def answer(self) -> Answer[Pledges]:
        """List the pledges that fall due."""
        found = [pledge for pledge in self.found() if self.day <= pledge.due <= self.before]
        if not found:
            from parity.catalogue import none_on_record

            raise NoAnswerError(none_on_record(f"pledge due from {self.day} to {self.before}", "pledges"))
        return self._told(found)


class PledgesShow(_PledgeQuestion):
    """Show one pledge with its evidence and source."""

    verb = "pledges show"
    view = "pledges:one"
    examples = ("parity pledges show rus-china-ai-cooperation --on 2026-10-01",)

    name: Annotated[Word, Place()] = Field(description="Its id.", examples=["kor-gpus-10000-2025"])

    def answer(self) -> Answer[Pledges]:
        """Show the pledge."""
        from parity.pledges import find

        return self.standing([find(self.name, known(file=self.file))])
