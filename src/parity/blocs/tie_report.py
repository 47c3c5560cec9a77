"""What is known of a pair, of a country's partners, of a bloc's members with each other, of all pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import polars as pl

from parity.blocs._panel import Panel
from parity.blocs.artefacts import Artefact
from parity.blocs.network import Network
from parity.blocs.ties import LIMITS, Break, Tie, tie
from parity.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Disturbed:
    """Accounts that stand in another country than the people behind them, and what they change.

    Attributes
    ----------
    artefact
        Which accounts.
    change, raw_change
        Change of affinity, and of collaboration itself, with both countries as one; none for people who
        moved.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"artefact": ""}

    artefact: Artefact
    change: Estimate | None
    raw_change: Estimate | None


@dataclass(frozen=True, slots=True, eq=False)
class PairReport:
    """How closely two countries work together, and since when more or less so.

    Attributes
    ----------
    a, b
        The countries.
    series
        Open-source collaboration by quarter: ``period, weight`` (events of both directions), ``affinity``
        (observed over expected from both countries' totals), ``low, high``; null where unpublished.
    likeliest
        Likeliest change; none where none was looked for.
    breaks
        That change where a test finds it; else empty.
    reason
        Why no break was looked for; none where one was.
    span
        The two spans that the changes compare.
    change, raw_change
        Change of affinity, and of collaboration itself, between the spans.
    artefacts
        Accounts that stand elsewhere than their people.
    merged, without
        Countries counted as one (CHN+HKG), and left out of the panel.
    gravity
        Collaboration over what totals, distance and language let expect.
    one_sided
        Quarters in which one direction alone is published.
    models
        Notable models of AI whose organisations lie in both countries, the newest first: ``date, model,
        developer``, ``one_firm``: whether it is one organisation that lies in both. Another thing than
        collaboration in open-source software at large.
    limits
        What the data cannot show.
    level
        Probability that the intervals cover.
    """

    a: str
    b: str
    series: pl.DataFrame
    likeliest: Break | None
    breaks: tuple[Break, ...]
    reason: str | None
    span: tuple[str, str]
    change: Estimate
    raw_change: Estimate
    artefacts: tuple[Disturbed, ...]
    merged: tuple[str, ...]
    without: tuple[str, ...]
    gravity: Estimate
    one_sided: tuple[str, ...]
    models: pl.DataFrame
    level: float
    limits: tuple[str, ...] = LIMITS


def pair_report(
    ties: Panel,
    a: str,
    b: str,
    *,
    first: str = "",
    last: str = "",
    artefacts: Sequence[Artefact] = (),
    gravity: Callable[[str, str], Estimate],
    models: pl.DataFrame,
    merged: Sequence[str] = (),
    without: Sequence[str] = (),
) -> PairReport:
    """Return how two countries' ties went, and the change between two spans.

    Parameters
    ----------
    ties
        All ties.
    a, b
        The pair.
    first, last
        Years or quarters that the change compares; by default the first year and the last.
    artefacts
        What disturbs the pair.
    gravity
        Gives observed over expected ties of a pair.
    models
        That both developed together.
    merged, without
        What was done to the ties.
    """
    found = tie(ties, a, b)
    span = (first or ties.periods[0][:4], last or ties.periods[-1][:4])
    return PairReport(
        a=a,
        b=b,
        series=found.table(),
        likeliest=found.likeliest,
        breaks=found.breaks,
        reason=found.reason or None,
        span=span,
        change=found.change(*span),
        raw_change=found.change(*span, adjusted=False),
        artefacts=tuple(_disturbed(ties, found, span, one) for one in artefacts if one.iso3 in ties.codes),
        merged=tuple(merged),
        without=tuple(without),
        gravity=gravity(a, b),
        one_sided=found.one_sided,
        models=models,
        level=found.level,
    )


def _disturbed(ties: Panel, found: Tie, span: tuple[str, str], one: Artefact) -> Disturbed:
    if one.kind != "exit" or {one.iso3, one.of} == {found.a, found.b}:
        return Disturbed(one, None, None)
    a, b = (one.of if code == one.iso3 else code for code in (found.a, found.b))
    whole = tie(ties.merged([(one.of, one.iso3)]), a, b, dated=False)
    return Disturbed(one, whole.change(*span), whole.change(*span, adjusted=False))


@dataclass(frozen=True, slots=True, eq=False)
class PartnersReport:
    """A country's partners, each with its likeliest change.

    Attributes
    ----------
    country
        Country.
    partners
        The largest first: ``iso3, weight`` (events a quarter), ``affinity`` of the latest four quarters with
        ``low, high``, ``earlier`` (of the first four), ``published`` (quarters), likeliest change (``kind,
        period, until``, ``change`` in per cent with its ends), its ``p, p_step, p_holm, q``; ``models`` of AI
        that several organisations developed together, those of ``one_firm`` in both countries.
    artefacts
        Accounts that stand elsewhere than their people.
    merged, without
        Countries counted as one, and left out of the panel.
    periods
        First and last quarter.
    limits
        What the data cannot show.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"periods": None}

    country: str
    partners: pl.DataFrame
    artefacts: tuple[Artefact, ...]
    merged: tuple[str, ...]
    without: tuple[str, ...]
    periods: tuple[str, str]
    limits: tuple[str, ...] = LIMITS


@dataclass(frozen=True, slots=True, eq=False)
class PairsReport:
    """Every pair of countries, the clearest change first.

    Attributes
    ----------
    pairs
        ``a, b`` and the columns of a country's partners, ``p_holm`` and ``q`` among all pairs; ``models``
        of AI developed together, which stands also where no collaboration is published.
    tested
        Pairs that are published throughout, and so tested for a change.
    clear
        Those whose change is clear at a false discovery rate of 5 %.
    periods
        First and last quarter.
    limits
        What the data cannot show.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"periods": None}

    pairs: pl.DataFrame
    tested: int
    clear: int
    periods: tuple[str, str]
    limits: tuple[str, ...] = LIMITS


@dataclass(frozen=True, slots=True, eq=False)
class NetworkReport:
    """A bloc's ties among its members, against random groups of countries.

    Attributes
    ----------
    bloc
        Bloc.
    members, without_data
        Members with published ties, and those without.
    measures
        Each against random groups: ``measure, against, value``, their quantiles ``low`` (5 %), ``median,
        high`` (95 %), ``p`` (share at least as high), ``p_holm`` (adjusted for all rows).
    hub, hub_share
        Member with the largest share of the ties inside, and that share.
    ties
        Pairs of members, the largest first: ``a, b, weight, affinity`` over the latest quarters, the other
        columns of all pairs, and ``models`` of AI developed together.
    periods
        Quarters looked at.
    limits
        What the data cannot show.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"periods": None}

    bloc: str
    members: tuple[str, ...]
    without_data: tuple[str, ...]
    measures: pl.DataFrame
    hub: str
    hub_share: float
    ties: pl.DataFrame
    periods: tuple[str, ...]
    limits: tuple[str, ...] = field(default=LIMITS)


def network_report(name: str, found: Network, pairs: pl.DataFrame) -> NetworkReport:
    """Return the ties among the members of a bloc.

    Parameters
    ----------
    name
        Bloc.
    found
        Its network.
    pairs
        Pairs of all countries, tested among each other.
    """
    n = len(found.members)
    rows = [
        (found.members[i], found.members[j], float(found.weights[i, j]), float(found.affinity[i, j]))
        for i in range(n)
        for j in range(i + 1, n)
        if found.weights[i, j] > 0
    ]
    kinds = {"a": pl.String, "b": pl.String, "weight": pl.Float64, "affinity": pl.Float64}
    ties = pl.DataFrame(rows, kinds, orient="row").sort("weight", descending=True)
    return NetworkReport(
        bloc=name,
        members=found.members,
        without_data=found.without_data,
        measures=found.table(),
        hub=found.hub[0],
        hub_share=found.hub[1],
        ties=ties.join(pairs.drop("weight", "affinity"), on=["a", "b"], how="left", maintain_order="left"),
        periods=found.periods,
    )
