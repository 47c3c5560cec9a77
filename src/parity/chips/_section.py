"""The chips section of a country's brief."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from parity.chips._access import access
from parity.chips._compute import NOTE, installed, last_day
from parity.chips._effect import timeline
from parity.chips._reach import BEST, last_month, reach
from parity.chips._rulebook import RuleBook
from parity.estimate import Estimate

LAST_EVENTS = 5


@dataclass(frozen=True, slots=True)
class ChipsSection:
    """What a brief says about a country's access to accelerators.

    Attributes
    ----------
    on
        Day of the rules.
    groups
        Country groups of the US rules.
    best
        Terms -> best accelerator on them, ``None`` for none.
    world
        Best accelerator in the world.
    lag
        Hardware lag, months.
    terms
        Accelerators that are out, by terms.
    h100e, share, growth
        Installed compute that is known, what it is of the published total of the world, its growth over a
        year.
    compute_on
        Day of the installed compute.
    compute_note
        What is counted.
    events
        Latest events: day, instrument, citation.
    vintage
        Data that it rests on.
    """

    on: date
    groups: tuple[str, ...]
    best: dict[str, str | None]
    world: str | None
    lag: Estimate
    terms: dict[str, int]
    h100e: Estimate
    share: Estimate
    growth: Estimate
    compute_on: date
    compute_note: str
    events: tuple[dict[str, str], ...]
    vintage: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        estimates = {name: getattr(self, name).as_dict() for name in ("lag", "h100e", "share", "growth")}
        return {
            **asdict(self),
            "on": self.on.isoformat(),
            "compute_on": self.compute_on.isoformat(),
            **estimates,
        }


def section(
    book: RuleBook,
    accelerators: pl.DataFrame,
    clusters: pl.DataFrame,
    published: pl.DataFrame,
    country: str,
) -> ChipsSection:
    """Return the chips section of a country's brief.

    Parameters
    ----------
    book, accelerators, clusters, published
        The rules and the tables ``accelerators``, ``clusters`` and ``compute_published``.
    country
        ISO3.
    """
    end = last_month(book)
    found = reach(book, accelerators, country, end.replace(day=1), end)
    last = found.months.row(-1, named=True)
    compute_on = last_day(clusters)
    compute = installed(clusters, country, [compute_on], published)[0]
    seen = access(book, accelerators, country, [end])
    terms = pl.Series(seen.terms[0][seen.out[0]]).value_counts(sort=True, name="models").rows()
    return ChipsSection(
        on=end,
        groups=tuple(sorted(book.on(end).party(country).labels - {country})),
        best={name.removeprefix("best_"): last[name] for name in BEST},
        world=last["world"],
        lag=found.lags[-1],
        terms={str(kind): int(number) for kind, number in terms},
        h100e=compute.h100e,
        share=compute.share,
        growth=compute.growth,
        compute_on=compute_on,
        compute_note=NOTE,
        events=_events(book, country),
        vintage=book.vintage,
    )


def _events(book: RuleBook, country: str) -> tuple[dict[str, str], ...]:
    rows = timeline(book, country).filter(pl.col("day").is_not_null()).tail(LAST_EVENTS)
    return tuple(
        {"day": day.isoformat(), "instrument": instrument, "citation": citation}
        for day, instrument, citation in rows.select("day", "instrument", "citation").rows()
    )
