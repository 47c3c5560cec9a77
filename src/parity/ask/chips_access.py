"""What a country can have of accelerators, since when, and how much is installed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from parity.ask.answer import Answer
from parity.ask.cache import cached
from parity.ask.chips import SOURCES, Destination, accelerators, device, rulebook
from parity.ask.question import Day, FirstDay, Old, Place, Question, Word
from parity.errors import ParityError

if TYPE_CHECKING:
    from parity.chips import Compute, Events, Reach, Reaches

START = dt.date(2019, 1, 1)
COUNTED = ("free", "exception", "domestic")
"""What can be had without anyone's decision on an application."""


def _several(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


Metric = Literal["tpp", "memory_bandwidth", "price_performance"]
Licence = Literal["approval", "case_by_case"]


def reach_of(
    country: str,
    *,
    start: dt.date = START,
    until: dt.date | None = None,
    metric: Metric = "tpp",
    counting: tuple[Licence, ...] = (),
    codified: bool = False,
) -> Reach:
    """Return what a country can have by one figure, as `CanReach` answers it."""
    asked = CanReach(
        country=country, start=start, until=until, metric=(metric,), counting=counting, codified=codified
    )
    (found,) = asked.answer().result.every
    return found


class CanReach(Question):
    """Show the best accelerator that a country can lawfully have, month by month, and the hardware lag.

    The lag says how long ago the world first had what the country can have without anyone's decision on an
    application: no licence, a licence exception, or made at home. What is not settled widens it to a range.
    """

    verb = "chips reach"
    view = "chips_access:reach"
    result = "parity.chips:Reaches"
    addresses = ("reach",)
    examples = (
        "parity chips reach CHN",
        "parity chips reach RUS --out reach.png",
        "parity chips reach ARE --counting approval",
        "parity chips reach CHN --metric memory_bandwidth --on 2024-06-30",
    )

    country: Annotated[Destination, Place()] = Field(description="Country.", examples=["CHN"])
    start: Annotated[FirstDay, Old("--from")] = Field(
        default=START, ge=dt.date(2010, 1, 1), description="First month."
    )
    until: Day | None = Field(
        default=None, description="Last month; by default the last to which rules were looked for."
    )
    on: Day | None = Field(default=None, description="Month whose lag is told; the last by default.")
    metric: Annotated[tuple[Metric, ...], BeforeValidator(_several)] = Field(
        default=("tpp",),
        min_length=1,
        max_length=3,
        description="Figure compared: the best is the best by it. Several are ranked each by itself.",
    )
    counting: Annotated[tuple[Licence, ...], Old("--with")] = Field(
        default=(), max_length=2, description="Count parts that need a licence of this kind too."
    )
    without: tuple[Word, ...] = Field(
        default=(), max_length=50, description="Leave a device out: what does the answer rest on?"
    )
    codified: bool = Field(default=False, description="Count text that is codified and not enforced.")

    @cached(128)
    def answer(self) -> Answer[Reaches]:
        """Go through the months."""
        import polars as pl

        from parity.chips import Reaches, last_month, reach

        book, devices = rulebook(), accelerators()
        left_out = [device(name).name for name in self.without]
        end = self.until or last_month(book)
        every = tuple(
            reach(
                book,
                devices.filter(~pl.col("name").is_in(left_out)),
                self.country,
                self.start,
                end,
                metric,
                (*COUNTED, *dict.fromkeys(self.counting)),
                self.codified,
            )
            for metric in dict.fromkeys(self.metric)
        )
        months = every[0].months["month"].to_list()
        at = max((place for place, month in enumerate(months) if self.on and month <= self.on), default=-1)
        if self.on and at < 0:
            at = 0
        return Answer(self, Reaches(every, at), book.vintage, book.checked_to, SOURCES)


class Timeline(Question):
    """List the rules, letters and events by date, all or those of a country."""

    verb = "chips timeline"
    view = "chips_access:timeline"
    result = "parity.chips:Events"
    examples = (
        "parity chips timeline",
        "parity chips timeline RUS --effect",
        "parity chips timeline CHN --out timeline.png",
    )

    country: Annotated[Destination | None, Place()] = Field(
        default=None, description="Country.", examples=["CHN"]
    )
    effect: bool = Field(
        default=False, description="Show which share was open to the country before and after each rule."
    )

    @model_validator(mode="after")
    def _of_a_country(self) -> Timeline:
        if self.effect and not self.country:
            raise ParityError("--effect compares shares open to a country; name one")
        return self

    @cached(64)
    def answer(self) -> Answer[Events]:
        """List them."""
        from parity.catalogue import load_table
        from parity.chips import Events, effects, timeline

        book = rulebook()
        changed: dict[str, dict[str, Any]] = {}
        if self.effect and self.country:
            for one in effects(book, accelerators(), load_table("chip_supply"), self.country):
                shares = ("models_before", "models_after", "supply_before", "supply_after")
                told = (
                    f"open models {one.models_before.text(2)} -> {one.models_after.text(2)}; "
                    f"open supply {one.supply_before.text(2)} -> {one.supply_after.text(2)}"
                )
                changed[one.rule_id] = {
                    "day": one.day.isoformat(),
                    "words": told,
                    **{name: getattr(one, name).as_dict() for name in shares},
                }
        rows = timeline(book, self.country).to_dicts()
        found = Events(self.country, tuple({**row, "effect": changed.get(row["id"])} for row in rows))
        return Answer(self, found, book.vintage, book.checked_to, SOURCES)


class Installed(Question):
    """Show the compute that is known to be installed in a country: a lower bound, by certainty."""

    verb = "chips compute"
    view = "chips_access:compute"
    result = "parity.chips:Compute"
    examples = ("parity chips compute RUS", "parity chips compute China --json")

    country: Annotated[Destination, Place()] = Field(description="Country.", examples=["RUS"])
    first: Annotated[int, Old("--from")] = Field(
        default=START.year, ge=2010, le=2100, description="First year."
    )

    @cached(64)
    def answer(self) -> Answer[Compute]:
        """Add up what is known."""
        from parity.catalogue import load_table, vintage
        from parity.chips import NOTE, Compute, installed, last_day, published_of, purchases, year_ends

        clusters, published = load_table("clusters"), load_table("compute_published")
        series = installed(clusters, self.country, year_ends(clusters, self.first), published)
        result = Compute(
            self.country,
            NOTE,
            tuple(series),
            purchases(load_table("chip_supply"), self.country),
            published_of(published, self.country),
        )
        return Answer(self, result, vintage(), last_day(clusters), ("epoch", "chips-2026"))
