"""What the country page shows at once, and the part that splits the gap to another country."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.explain import Explain
from parity.ask.standing import built
from parity.brief._position import position
from parity.brief.model import Brief, Missing, Place
from parity.catalogue import vintage
from parity.show.document import Document
from parity.views.names import countries, sentence, upper_first
from parity.views.rank import peers_chart
from parity.web import briefs, shown
from parity.web.pages.country.goal import stored_goal
from parity.web.pages.country.peers import ranked
from parity.web.pages.country.sections import facts, sections
from parity.web.pages.country.state import MOST_PEERS, CountryState
from parity.web.pages.country.unranked import view_unranked
from parity.web.state import query_of

if TYPE_CHECKING:
    from markupsafe import Markup

    from parity.brief.model import PositionSection

# Drawn anew on this page, with more to choose.
OWN = ("position", "gap", "goal")


def view(state: CountryState) -> Mapping[str, Any]:
    """Return what is there at once: the brief with its stored sections."""
    trimmed = state.trimmed()
    code = trimmed.country
    common = {
        "state": trimmed,
        "everyone": countries(),
        "ranked": ranked(),
        "name": countries()[code],
        "others": dict(sorted(((c, n) for c, n in ranked().items() if c != code), key=lambda one: one[1])),
        "peers": trimmed.chosen(),
        "most_peers": MOST_PEERS,
        "other": trimmed.other(),
        "units": len(ranked()),
        "vintage": vintage(),
        "files": briefs.forms() if code in ranked() else (),
        "part_address": {
            "gap": query_of(CountryState(country=code, against=trimmed.against)),
            "goal": query_of(CountryState(country=code, rank=trimmed.rank)),
            "rest": query_of(CountryState(country=code)),
        },
    }
    return common | (_ranked(trimmed) if code in ranked() else view_unranked(code))


def _ranked(state: CountryState) -> dict[str, Any]:
    brief, document = briefs.brief_of(state.country), briefs.document_of(state.country)
    names = {code: countries()[code] for code in (state.country, *state.chosen())}
    goal = brief.sections.goal
    return {
        "about": brief.country,
        "reason": "",
        "finding": finding(brief),
        "explained": explained(brief),
        "facts": facts(document),
        "standing": _standing(names),
        "goal": goal,
        "goal_missing": goal.reason if isinstance(goal, Missing) else "",
        "goal_figure": stored_goal(goal, state.country, brief.data),
        "sections": sections(document, brief.country, without=OWN),
    }


def _standing(names: Mapping[str, str]) -> Markup:
    """Return the figure of ranks by pillar, the country's own first, then its peers'."""
    sections = {name: place_of(code) for code, name in names.items()}
    first = next(iter(sections.values()))
    rows = [
        (place.title, name, place.rank, place.rank_low, place.rank_high, place.score)
        for number in range(len(first.places))
        for name, place in ((name, section.places[number]) for name, section in sections.items())
    ]
    whole = dict.fromkeys(("rank", "rank_low", "rank_high"), pl.Int64)
    kinds = {"what": pl.String, "name": pl.String, **whole, "score": pl.Float64}
    chart = peers_chart(pl.DataFrame(rows, kinds, orient="row"), first.interval_level)
    document = Document(chart.title, (), data=built().vintage, command="parity rank --json")
    return shown.figure(document, chart)


def finding(brief: Brief) -> str:
    """Return where a country stands as a headline."""
    place = brief.sections.position.places[0]
    text = f"{upper_first(sentence(brief.country.iso3))} stands at rank {place.rank} of {place.of} in AI"
    if place.rank_low is None or place.rank_high is None:
        return text
    if place.rank_low == place.rank_high:
        return f"{text}, whatever the choices"
    return f"{text}, somewhere from {place.rank_low} to {place.rank_high}"


def explained(brief: Brief) -> str:
    """Return what the headline rests on, and the best and worst sub-pillar."""
    section = brief.sections.position
    level = section.interval_level
    text = f"So it is in {level:.0%} of rebuilds with other choices that could be defended. " if level else ""
    known = sorted(
        (place for place in section.places if place.depth == 2 and place.rank is not None),
        key=lambda place: place.rank or 0,
    )
    if len(known) > 1:
        text += f"Best in {_told(known[0])}; worst in {_told(known[-1])}."
    return text


def _told(place: Place) -> str:
    ends = "" if place.rank_low is None else f", {place.rank_low} to {place.rank_high}"
    return f"{place.title} (rank {place.rank}{ends})"


def gap_part(state: CountryState) -> Mapping[str, Any]:
    """Return the gap to another country with the intervals of its parts."""
    document = Explain(a=state.country, b=state.other()).answer().document()
    return {
        "told": document.headline,
        "figures": [shown.figure(document, each) for each in document.charts()],
    }


@cache
def place_of(code: str) -> PositionSection:
    """Return where a ranked country stands in every pillar."""
    return position(built(), code)
