"""Sections of a brief that measures give: models, hardware, trade, blocs, ties, pledges, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from parity.chips import Installed
from parity.estimate import Estimate
from parity.frontier import Lag, ParameterLag
from parity.pledges import PledgeStatus


@dataclass(frozen=True, slots=True)
class Missing:
    """Stands in place of a section that the data do not allow, or that was not asked for.

    Attributes
    ----------
    reason
        Why it is not there.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class OtherLag:
    """Lag behind another frontier.

    Attributes
    ----------
    behind, name
        Whose frontier: code, and name.
    standing
        Months; negative where the country leads.
    """

    behind: str
    name: str
    standing: Estimate


@dataclass(frozen=True, slots=True)
class Models:
    """How many months the country's best models trail another frontier.

    Attributes
    ----------
    behind
        The frontier that it is held against.
    on
        Day; null without a lag.
    standing
        Months since the other had what the country has now.
    mean
        Mean of the standing lag over the window.
    since
        First day of the window.
    of_model, behind_model
        Model that sets the country's level, and the one of the other that first had it.
    others
        Lag behind every leading frontier, the highest first.
    parameters
        Lag by parameter, in a full brief.
    earlier
        Standing lag a year before the data.
    measured
        The lag itself, for figures.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"measured": None}

    behind: str
    on: dt.date | None
    standing: Estimate
    mean: Estimate | None = None
    since: dt.date | None = None
    of_model: str | None = None
    behind_model: str | None = None
    others: tuple[OtherLag, ...] = ()
    parameters: tuple[ParameterLag, ...] | None = None
    earlier: Estimate | None = None
    measured: Lag | None = None


@dataclass(frozen=True, slots=True)
class Laboratory:
    """A developer of the country.

    Attributes
    ----------
    developer
        Its name.
    models
        Models of its own on record, those that start from foreign weights left out.
    newest, released
        The newest of them, and its day where that is on record.
    """

    developer: str
    models: int
    newest: str
    released: dt.date | None


@dataclass(frozen=True, slots=True)
class Laboratories:
    """Who makes the country's models.

    Attributes
    ----------
    developers
        Those with the newest models of their own first.
    known_to
        Until when its models are known.
    missing
        What is known to be missing.
    """

    developers: tuple[Laboratory, ...]
    known_to: dt.date | None
    missing: str


@dataclass(frozen=True, slots=True)
class Event:
    """A rule, letter or guidance on exports.

    Attributes
    ----------
    day
        Day on which it took effect.
    instrument
        What it is.
    citation
        Where it is published.
    """

    day: dt.date
    instrument: str
    citation: str


@dataclass(frozen=True, slots=True)
class ReachMonth:
    """What could be had in a month.

    Attributes
    ----------
    month
        Its last day.
    level, level_high
        Total processing performance of the best that can be had for certain without anybody's decision, and
        if all that is open falls the country's way; null for none.
    world
        That of the world's best.
    lag
        Months since the world had that level.
    """

    month: dt.date
    level: float | None
    level_high: float | None
    world: float | None
    lag: Estimate


@dataclass(frozen=True, slots=True)
class Chips:
    """What accelerators the country can lawfully reach, and what it is known to have installed.

    Attributes
    ----------
    on
        Day of the rules.
    groups
        Country groups of the US rules that it is in.
    best
        Best accelerator by terms; null for none.
    within
        Best accelerator that can be had for certain without anybody's leave, made at home ones included.
    world
        Best accelerator in the world.
    lag
        Months since the world had the level that is within reach.
    h100e
        Known installed compute, H100 equivalents.
    share
        Known clusters over the published total of the world, 0 to 1: the least that the share can be.
    compute_on, compute_note
        Day of the installed compute, and what is counted.
    published
        What others publish of its compute: measure, day, value, unit, publisher, how it is known.
    events
        Latest events, the oldest first.
    months
        Hardware within reach, month by month.
    compute
        Known compute at the end of every year.
    """

    on: dt.date
    groups: tuple[str, ...]
    best: Mapping[str, str | None]
    within: str | None
    world: str | None
    lag: Estimate
    h100e: Estimate
    share: Estimate
    compute_on: dt.date
    compute_note: str
    published: tuple[Mapping[str, str | float | None], ...]
    events: tuple[Event, ...]
    months: tuple[ReachMonth, ...]
    compute: tuple[Installed, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """A country that the country works with.

    Attributes
    ----------
    iso3
        Country.
    share
        Its share of the country's collaboration in the latest four quarters, 0 to 1.
    affinity, low, high
        Observed over expected collaboration, latest four quarters, and its interval in a full brief.
    earlier
        Affinity in the first four quarters.
    by_quarter
        Affinity in every quarter, by its name.
    kind, period, until
        Change that a test finds (step or slope), its first quarter, first quarter of the new level; null
        where none is found or none was looked for.
    change, change_low, change_high
        Change of affinity there, in per cent, and its interval.
    q
        False discovery rate of the change among all partners.
    doubt
        Why its accounts may stand elsewhere than their people: then it is not drawn, and no change is told.
    """

    iso3: str
    share: float
    affinity: float | None
    low: float | None
    high: float | None
    earlier: float | None
    by_quarter: Mapping[str, float | None]
    kind: str | None = None
    period: str | None = None
    until: str | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    q: float | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Ties:
    """With whom the country works.

    Attributes
    ----------
    first, last
        First and last quarter of the series.
    partners
        Largest partners in collaboration on GitHub.
    tested
        Whether changes were looked for: in a full brief.
    """

    first: str
    last: str
    partners: tuple[Partner, ...]
    tested: bool


@dataclass(frozen=True, slots=True)
class Pledges:
    """Dated commitments, and how they stand.

    Attributes
    ----------
    on
        Day of the statuses.
    counts
        Number by status; none are left out.
    pledges
        The country's own, then those of its blocs, by due date.
    """

    on: dt.date
    counts: Mapping[str, int]
    pledges: tuple[PledgeStatus, ...]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A national strategy on AI.

    Attributes
    ----------
    title
        Its name in English.
    published, precision
        When it was published, and what is known of that date.
    verified
        Whether its page was read; otherwise it rests on general knowledge.
    source
        Page that states it.
    """

    title: str
    published: dt.date | None
    precision: str | None
    verified: bool
    source: str | None


@dataclass(frozen=True, slots=True)
class Strategies:
    """National strategies on AI.

    Attributes
    ----------
    strategies
        The newest last; none where somebody looked and found none.
    note
        What was found instead.
    """

    strategies: tuple[Strategy, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that has changed since a day, and what kind of cause that is.

    Attributes
    ----------
    cause
        data, rule, model, method, or pledge.
    what
        What changed.
    why
        What it rests on.
    day
        When; null where that is a span.
    """

    cause: str
    what: str
    why: str
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class YearRank:
    """Rank of the country in an edition of the index.

    Attributes
    ----------
    year
        Built on the data up to the end of this year.
    rank
        Rank with its 90 % interval over rebuilds of the index.
    """

    year: int
    rank: Estimate


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model that came out.

    Attributes
    ----------
    name, developer, released
        Model, who made it, and its day.
    base
        Foreign or older weights that it starts from; null for none known.
    """

    name: str
    developer: str
    released: dt.date
    base: str | None


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since a day.

    Attributes
    ----------
    since, until
        First day looked at, and day of the data.
    ranks
        Editions of the index, rising.
    lag_then, lag_now, lag_now_on
        Standing lag on the first day, and now; null without a lag.
    models
        Models that came out, by date.
    rules
        Export controls that took effect and concern the country.
    pledges
        Pledges that fell due.
    moved
        What moved its numbers, by cause.
    """

    since: dt.date
    until: dt.date
    ranks: tuple[YearRank, ...]
    lag_then: Estimate | None
    lag_now: Estimate | None
    lag_now_on: dt.date | None
    models: tuple[ModelLine, ...]
    rules: tuple[Event, ...]
    pledges: tuple[PledgeStatus, ...]
    moved: tuple[Moved, ...]
