"""What a bloc's members have between them: the best model, compute, and what each may lawfully buy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from parity.ask import chips
from parity.ask import frontier as models
from parity.ask.answer import Answer, pages
from parity.ask.blocs import Name, OfBlocs
from parity.ask.cache import cached
from parity.ask.question import Place
from parity.chips import NOTE, Installed
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate
from parity.frontier import Lag

if TYPE_CHECKING:
    from parity.blocs import Bloc
    from parity.chips import PooledReach, Reach

# The US controls on advanced computing begin in October 2022; some months before show what they changed.
FIRST = dt.date(2022, 1, 1)
SOURCES = (*models.SOURCES, *chips.SOURCES)


@dataclass(frozen=True, slots=True)
class MemberReach:
    """One member's compute, and what it may buy: a bloc has no right that its members lack.

    Attributes
    ----------
    iso3
        Country.
    compute
        Known GPU clusters, H100 equivalents.
    best_free
        Best accelerator to be had without a licence.
    lag
        Months behind the world's best accelerator.
    """

    iso3: str
    compute: Estimate
    best_free: str | None
    lag: Estimate


@dataclass(frozen=True, slots=True)
class MonthReach:
    """What the members may buy without a licence, in one month.

    Attributes
    ----------
    month
        Month.
    freest
        Months that the freest member lags; low: if what is open allows.
    even
        Share of the bloc's GDP in members that lag no more than the freest.
    mean
        Mean lag, weighted by GDP; without a value, and with a low end: at least.
    least, last
        Months that the least free member lags, and which it is.
    """

    month: str
    freest: Estimate
    even: float
    mean: Estimate
    least: Estimate
    last: str


@dataclass(frozen=True, slots=True)
class FrontierLag:
    """The best model of any member, against another bloc's.

    Attributes
    ----------
    behind
        The other bloc.
    on
        Day.
    model
        Model that sets the bloc's frontier.
    standing
        Months behind; negative when ahead.
    mean
        Mean over the window since 2023.
    lag
        The whole of it.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"lag": None}

    behind: str
    on: dt.date
    model: str
    standing: Estimate
    mean: Estimate
    lag: Lag


@dataclass(frozen=True, slots=True)
class ReachReport:
    """A bloc's frontier, compute and access to accelerators.

    Attributes
    ----------
    bloc
        Bloc.
    on
        Date of the membership; none for the present.
    frontier
        None where no member has a scored model.
    frontier_reason
        Why there is no frontier; empty where there is one.
    compute
        Compute of all members, at year ends and on the last day.
    compute_note
        What the compute counts.
    access
        Access to accelerators by month; a right to buy is not pooled.
    checked_to
        Day to which rules on accelerators were looked for.
    members
        Every member.
    """

    bloc: str
    on: dt.date | None
    frontier: FrontierLag | None
    frontier_reason: str
    compute: tuple[Installed, ...]
    compute_note: str
    access: tuple[MonthReach, ...]
    checked_to: dt.date
    members: tuple[MemberReach, ...]


class BlocReach(OfBlocs):
    """Show what a bloc's members have between them: best model, compute, access to accelerators.

    Compute adds up. The right to buy does not: what one member may buy is not thereby another's. So access
    is shown for the freest member, the least free one and the mean weighted by GDP.
    """

    verb = "bloc reach"
    view = "bloc_reach:reach"
    result = "parity.ask.bloc_reach:ReachReport"
    examples = (
        "parity bloc reach BRICS",
        "parity bloc reach BRICS --behind G7 --out reach.png",
    )

    bloc: Annotated[Name, Place()] = Field(description="Bloc, or countries.", examples=["BRICS"])
    behind: Name = Field(default="USA", description="Bloc or country to hold it against.")

    def answer(self) -> Answer[ReachReport]:
        """Follow compute and access."""
        from parity.catalogue import vintage

        one, other = self.resolved(self.bloc), self.resolved(self.behind)
        if one.members == other.members:
            raise ParityError(f"{one.name} cannot trail itself; name another bloc in --behind")
        found = _report(one, other)
        known = {"compute": found.compute[-1].on, "rules": found.checked_to}
        if found.frontier is not None:
            known = {"models": found.frontier.on} | known
        read_in = pages((*one.read_in, *other.read_in))
        return Answer(self, found, vintage(), known, (*SOURCES, *read_in))


@cached(32)
def _report(one: Bloc, other: Bloc) -> ReachReport:
    from parity.catalogue import load_table
    from parity.chips import installed

    compute, access = _hardware(one.members)
    clusters, totals = load_table("clusters"), load_table("compute_published")
    today = [compute[-1].on]

    def member(found: Reach) -> MemberReach:
        own = installed(clusters, found.country, today, totals)[0].h100e
        return MemberReach(found.country, own, found.months["best_free"][-1], found.lags[-1])

    lag, reason = _frontier(one, other)
    return ReachReport(
        bloc=one.name,
        on=one.on,
        frontier=lag,
        frontier_reason=reason,
        compute=compute,
        compute_note=NOTE,
        access=tuple(
            MonthReach(f"{month:%Y-%m}", *each)
            for month, *each in zip(
                access.months, access.freest, access.even, access.mean, access.least, access.last, strict=True
            )
        ),
        checked_to=access.checked_to,
        members=tuple(member(each) for each in access.members),
    )


def _hardware(members: tuple[str, ...]) -> tuple[tuple[Installed, ...], PooledReach]:
    """Return a bloc's compute at year ends and on the last day, and its access to accelerators by month.

    The mean access is weighted by economic output, where that of any member is known.
    """
    from parity.ask.chips import accelerators, rulebook
    from parity.catalogue import load_table
    from parity.chips import last_month, pooled_compute, pooled_reach, year_ends

    clusters, book = load_table("clusters"), rulebook()
    output = dict(load_table("countries").select("iso3", "gdp_ppp").drop_nulls().rows())
    weights = output if any(output.get(code) for code in members) else None
    days = year_ends(clusters, FIRST.year)
    compute = pooled_compute(clusters, members, days, load_table("compute_published"))
    access = pooled_reach(book, accelerators(), members, FIRST, last_month(book), weights)
    return tuple(compute), access


def _frontier(one: Bloc, other: Bloc) -> tuple[FrontierLag | None, str]:
    """Return the lag of the members' best model behind the others', or why there is none."""
    from parity.frontier import lag

    both = models.board("bloc", blocs=tuple((each.name, each.members) for each in (one, other)))
    try:
        found = lag(both, one.name, other.name)
    except NoAnswerError as problem:
        return None, str(problem)
    of_model, mean = found.of_model, found.window.mean
    return FrontierLag(other.name, found.on, of_model, found.standing, mean, found), ""
