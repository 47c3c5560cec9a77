"""What a country can have of accelerators, since when, and how much is installed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from parity.ask.answer import Answer
from parity.ask.cache import cached
from parity.ask.chips import SOURCES, accelerators, codes, device, rulebook
from parity.ask.question import Day, FirstDay, Old, Place, Question
from parity.errors import ParityError

if TYPE_CHECKING:
    from parity.chips import Compute, Events, Reach, Reaches

START = dt.date(2019, 1, 1)
COUNTED = ("free", "exception", "domestic")
"""What can be had without anyone's decision on an application."""
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

    verb: ClassVar[str] = "chips reach"
    view: ClassVar[str] = "chips_access:reach"
    addresses: ClassVar[tuple[str, ...]] = ("reach",)
    examples: ClassVar[tuple[str, ...]] = (
        "parity chips reach CHN",
        "parity chips reach RUS --out reach.png",
        "parity chips reach ARE --counting approval",
        "parity chips reach CHN --metric memory_bandwidth --on 2024-06-30",
    )

    country: Annotated[str, Place()] = Field(
        min_length=1, max_length=100, description="Country.", examples=["CHN"]
    )
    start: Annotated[FirstDay, Old("--from")] = Field(
        default=START, ge=dt.date(2010, 1, 1), description="First month."
    )
    until: Day | None = Field(
        default=None, description="Last month; by default the last to which rules were looked for."
    )
    on: Day | None = Field(default=None, description="Month whose lag is told; the last by default.")
    metric: tuple[Metric, ...] = Field(
        default=("tpp",),
        min_length=1,
        max_length=3,
        description="Figure compared: the best is the best by it. Several are ranked each by itself.",
    )
    counting: Annotated[tuple[Licence, ...], Old("--with")] = Field(
        default=(), max_length=2, description="Count parts that need a licence of this kind too."
    )
    without: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field(
        default=(), max_length=50, description="Leave a device out: what does the answer rest on?"
    )
    codified: bool = Field(default=False, description="Count text that is codified and not enforced.")

    @model_validator(mode="before")
    @classmethod
    def _by_code(cls, given: Any) -> Any:
        found = codes(given, "country")
        if isinstance(found, dict) and isinstance(found.get("metric"), str):
            found = found | {"metric": (found["metric"],)}
        return found

    @classmethod
    def results(cls) -> tuple[type, ...]:
        """Return the result: what a country can have, by each figure asked."""
        from parity.chips import Reaches

        return (Reaches,)

    def answer(self) -> Answer[Reaches]:
        """Go through the months."""
        return _reached(self)


@cached(128)
def _reached(asked: CanReach) -> Answer[Reaches]:
    import polars as pl

    from parity.chips import Reaches, last_month, reach

    book, devices = rulebook(), accelerators()
    left_out = [device(name).name for name in asked.without]
    end = asked.until or last_month(book)
    every = tuple(
        reach(
            book,
            devices.filter(~pl.col("name").is_in(left_out)),
            asked.country,
            asked.start,
            end,
            metric,
            (*COUNTED, *dict.fromkeys(asked.counting)),
            asked.codified,
        )
        for metric in dict.fromkeys(asked.metric)
    )
    months = every[0].months["month"].to_list()
    at = max((place for place, month in enumerate(months) if asked.on and month <= asked.on), default=-1)
    if asked.on and at < 0:
        at = 0
    return Answer(asked, Reaches(every, at), book.vintage, book.checked_to, SOURCES)


class Timeline(Question):
    """List the rules, letters and events by date, all or those of a country."""

    verb: ClassVar[str] = "chips timeline"
    view: ClassVar[str] = "chips_access:timeline"
    examples: ClassVar[tuple[str, ...]] = (
        "parity chips timeline",
        "parity chips timeline RUS --effect",
        "parity chips timeline CHN --out timeline.png",
    )

    country: Annotated[str | None, Place()] = Field(
        default=None, min_length=1, max_length=100, description="Country.", examples=["CHN"]
    )
    effect: bool = Field(
        default=False, description="Show which share was open to the country before and after each rule."
    )

    @model_validator(mode="before")
    @classmethod
    def _by_code(cls, given: Any) -> Any:
        return codes(given, "country")

    @model_validator(mode="after")
    def _of_a_country(self) -> Timeline:
        if self.effect and not self.country:
            raise ParityError("--effect compares shares open to a country; name one")
        return self

    @classmethod
    def results(cls) -> tuple[type, ...]:
        """Return the result: events."""
        from parity.chips import Events

        return (Events,)

    def answer(self) -> Answer[Events]:
        """List them."""
        return _timeline(self)


@cached(64)
def _timeline(asked: Timeline) -> Answer[Events]:
    from parity.catalogue import load_table
    from parity.chips import Events, effects, timeline

    book = rulebook()
    changed: dict[str, dict[str, Any]] = {}
    if asked.effect and asked.country:
        for one in effects(book, accelerators(), load_table("chip_supply"), asked.country):
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
    rows = timeline(book, asked.country).to_dicts()
    found = Events(asked.country, tuple({**row, "effect": changed.get(row["id"])} for row in rows))
    return Answer(asked, found, book.vintage, book.checked_to, SOURCES)


class Installed(Question):
    """Show the compute that is known to be installed in a country: a lower bound, by certainty."""

    verb: ClassVar[str] = "chips compute"
    view: ClassVar[str] = "chips_access:compute"
    examples: ClassVar[tuple[str, ...]] = ("parity chips compute RUS", "parity chips compute China --json")

    country: Annotated[str, Place()] = Field(
        min_length=1, max_length=100, description="Country.", examples=["RUS"]
    )
    first: Annotated[int, Old("--from")] = Field(
        default=START.year, ge=2010, le=2100, description="First year."
    )

    @model_validator(mode="before")
    @classmethod
    def _by_code(cls, given: Any) -> Any:
        return codes(given, "country")

    @classmethod
    def results(cls) -> tuple[type, ...]:
        """Return the result: compute by year."""
        from parity.chips import Compute

        return (Compute,)

    def answer(self) -> Answer[Compute]:
        """Add up what is known."""
        return _installed(self)


@cached(64)
def _installed(asked: Installed) -> Answer[Compute]:
    from parity.catalogue import load_table, vintage
    from parity.chips import NOTE, Compute, installed, last_day, published_of, purchases, year_ends

    clusters, published = load_table("clusters"), load_table("compute_published")
    series = installed(clusters, asked.country, year_ends(clusters, asked.first), published)
    result = Compute(
        asked.country,
        NOTE,
        tuple(series),
        purchases(load_table("chip_supply"), asked.country),
        published_of(published, asked.country),
    )
    return Answer(asked, result, vintage(), last_day(clusters), ("epoch", "chips-2026"))
