"""A brief as a document: a page of findings and figures, then the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from parity.brief import charts, compare, measured, tables, words
from parity.brief.parts import Missing
from parity.brief.result import Comparison, CountryBrief, Written
from parity.show.document import (
    Block,
    Column,
    Commands,
    Document,
    Fact,
    Facts,
    Group,
    Plot,
    Table,
    Text,
    estimate,
)
from parity.views.common import document, listed, rank_columns

if TYPE_CHECKING:
    from parity.ask.answer import Answer

FEW, MOST = 3, 3
"""Pledges and claims on the page; strengths, and weaknesses."""


def brief(answer: Answer[Any]) -> Document:
    """Return the document of a brief: of one country, of several, or what was written."""
    result = answer.result
    if isinstance(result, Comparison):
        return compare.comparison(answer)
    if isinstance(result, Written):
        return _written(answer)
    return _country(answer)


def _country(answer: Answer[CountryBrief]) -> Document:
    found, asked = answer.result, answer.question
    given: Any = asked
    about = found.country
    known = [text for text in (about.income_group, about.region, ", ".join(about.blocs)) if text]
    findings = Facts(words.findings(found, changed=given.since is not None))
    page: tuple[Block, ...] = (
        Facts((*findings.rows, *words.rests_on(found))),
        Group("", tuple(charts.charts(found)), columns=2),
        Group("", tuple(charts.small(found)), columns=3),
        Group("", _at_a_glance(found), columns=2),
    )
    made = document(
        answer,
        f"{about.name} ({about.iso3})",
        words.headline(found),
        (*page, *tables.groups(found), _appendix(found, asked.command)),
    )
    screen = () if given.full else (findings, *_marks(found), *_foot(found, asked.command))
    return replace(made, subtitle=" · ".join(known), screen=screen)


def _marks(found: CountryBrief) -> tuple[Block, ...]:
    """Return the two marks of the screen: ranks by sub-pillar, and the lag behind each leading frontier."""
    return (ranks(found), *((lags(found),) if found.sections.lag.on else ()))


def ranks(found: CountryBrief) -> Table:
    """Return the rank overall and by sub-pillar with its interval as a strip."""
    places = [place for place in found.sections.position.places if place.depth != 1]
    rows = [(place.title, *words.ends_of(place)) for place in places]
    columns = (Column("what", "Rank", role="key"), *rank_columns("rank", "(90 % interval)"))
    return listed(rows, columns, plot=Plot(f"1 to {places[0].of}", ("rank",), 1, places[0].of))


def lags(found: CountryBrief) -> Table:
    """Return the lag behind every leading frontier as a strip."""
    section = found.sections.lag
    rows = [
        (one.name, one.standing.value, one.standing.low, one.standing.high, one.standing.reason or None)
        for one in section.others
    ]
    columns = (
        Column("behind", "Months behind", role="key"),
        *estimate("lag", "(90 % interval)", digits=1),
        Column("reason", role="reason"),
    )
    ends = [end for row in rows for end in row[1:4] if isinstance(end, float)]
    low, high = min([0.0, *ends]), max([1.0, *ends])
    return listed(rows, columns, plot=Plot(f"{low:.0f} to {high:.0f}", ("lag",), low, high))


def _foot(found: CountryBrief, asked: str) -> tuple[Block, ...]:
    code = found.country.iso3
    gap = found.sections.gap.gaps[0].iso3 if found.sections.gap.gaps else None
    more = [f"{asked} --full", f"parity lag {code} --behind {found.sections.lag.behind} --parameters"]
    own = words.own_options(asked)
    more.insert(1, f"parity explain {gap} {code}{own}" if gap else f"parity rank{own}")
    return Facts(words.rests_on(found)), Text("Read on:"), Commands(tuple(more))


def _at_a_glance(found: CountryBrief) -> tuple[Block, ...]:
    """Return strengths and weaknesses beside pledges due and claims, a few of each."""
    said = found.sections
    beside: list[Block] = []
    if not isinstance(said.pledges, Missing):
        coming = [line for line in said.pledges.pledges if line.due >= said.pledges.on]
        if coming:
            beside.append(measured.pledges(tuple(coming[:FEW]), "Pledges due next", whole=False))
    if not isinstance(said.claims, Missing):
        beside.append(
            measured.claims(said.claims.claims[:FEW], "Claims about it, the newest first", whole=False)
        )
    return tables.profile(said.profile, MOST, whole=False), Group("", tuple(beside))


def _appendix(found: CountryBrief, asked: str) -> Group:
    columns = (Column("what", "What", role="key"), Column("command", "Command"))
    return Group("Commands that give these numbers", (listed(words.commands(found, asked), columns),))


def _written(answer: Answer[Written]) -> Document:
    found = answer.result
    text = f"{len(found.written)} briefs written, {len(found.kept)} of the same data were there."
    rows = [(iso3, "written") for iso3 in found.written] + [(iso3, "kept") for iso3 in found.kept]
    columns = (Column("iso3", "Country", role="key"), Column("brief", "Brief"))
    made = document(answer, "Briefs", text, (listed(rows, columns, "Briefs"),))
    return replace(made, screen=(Facts((Fact("Folder", found.folder),)),))
