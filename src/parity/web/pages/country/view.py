"""What the country page shows: the brief at once, the gap to another country and a goal as parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from parity.ask.explain import Explain
from parity.ask.goal import Goal
from parity.ask.standing import built
from parity.brief.charts import beside
from parity.brief.question import Brief
from parity.brief.standing import aim, position
from parity.catalogue import vintage
from parity.errors import NoAnswerError
from parity.show.document import Document, Facts, Group, Note, Text, walk
from parity.views.names import countries
from parity.web import shown
from parity.web.api.brief import forms
from parity.web.groups import by_region
from parity.web.page import Choice, Page
from parity.web.pages.country.sections import cards
from parity.web.pages.country.state import MOST_PEERS, CountryState, ranked
from parity.web.pages.country.unranked import rest_part, view_unranked
from parity.web.state import query_of

if TYPE_CHECKING:
    from markupsafe import Markup


def choose(state: CountryState) -> Choice | None:
    """Return the countries, where none is chosen."""
    return None if state.country else Choice("Which country?", "country", "a country", by_region())


def view(state: CountryState) -> Mapping[str, Any]:
    """Return what is there at once: the brief."""
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
        "files": forms() if code in ranked() else (),
        "part_address": {
            "gap": query_of(CountryState(country=code, against=trimmed.against)),
            "goal": query_of(CountryState(country=code, rank=trimmed.rank)),
            "rest": query_of(CountryState(country=code)),
        },
    }
    return common | (_ranked(trimmed) if code in ranked() else view_unranked(code))


def _ranked(state: CountryState) -> dict[str, Any]:
    answer = Brief(places=(state.country,)).answer()
    document, found = answer.document(), answer.result
    blocks = document.blocks
    names = {code: countries()[code] for code in (state.country, *state.chosen())}
    groups = [block for block in blocks if isinstance(block, Group) and block.title]
    now = found.sections.position.places[0].rank or 1
    return {
        "about": found.country,
        "reason": "",
        "finding": document.headline.removesuffix("."),
        "facts": next(block for block in blocks if isinstance(block, Facts)).rows,
        "figures": [
            shown.block(document, block) for block in blocks if isinstance(block, Group) and not block.title
        ],
        "standing": _standing(names),
        "aim": aim(built(), state.country, now) if now > 1 else None,
        "sections": cards(document, groups, found.country, lag=found.sections.lag.on is not None),
    }


def _standing(names: Mapping[str, str]) -> Markup:
    """Return the figure of ranks by pillar, the country's own first, then its peers'."""
    sections = {name: position(built(), code) for code, name in names.items()}
    chart = beside(sections)
    document = Document(chart.title, (), data=built().vintage, command="parity rank --json")
    return shown.figure(document, chart)


def gap_part(state: CountryState) -> Mapping[str, Any]:
    """Return the gap to another country with the intervals of its parts."""
    document = Explain(a=state.country, b=state.other()).answer().document()
    return {
        "told": document.headline,
        "figures": [shown.figure(document, each) for each in document.charts()],
    }


def goal_part(state: CountryState) -> Mapping[str, Any]:
    """Return what it takes to reach the rank of the address."""
    if state.country not in ranked() or state.rank is None:
        raise NoAnswerError("choose a ranked country and a rank to reach")
    answer = Goal(country=state.country, rank=state.rank).answer()
    document = answer.document()
    texts = [block.text for block in walk(document.blocks) if isinstance(block, Text)]
    note = next(block.text for block in document.blocks if isinstance(block, Note))
    table = shown.table(document, document.tables()[0], "goal", note)
    return {"told": document.headline, "texts": texts, "table": table}


PAGE = Page(
    slug="country",
    title="Country",
    summary="Where a country stands, what makes its gaps and what would change them: its brief, interactive.",
    state=CountryState,
    view=view,
    choose=choose,
    sample="country=FRA",
    parts={"gap": gap_part, "goal": goal_part, "rest": rest_part},
)
