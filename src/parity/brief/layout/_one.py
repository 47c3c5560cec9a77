"""A country's brief as a document."""

from __future__ import annotations

from collections.abc import Callable

from parity.brief.document import Document, Part
from parity.brief.layout import _measures, _record, _standing
from parity.brief.layout._page import facts
from parity.brief.model import Brief

# In the order of print; every section of the model has one.
WRITERS: dict[str, Callable[[Brief], Part]] = {
    "position": _standing.position,
    "profile": _standing.profile,
    "gap": _standing.gap,
    "goal": _standing.goal,
    "change": _standing.change,
    "since": _record.since,
    "lag": _measures.lag,
    "chips": _measures.chips,
    "trade": _measures.trade,
    "bloc": _measures.bloc,
    "ties": _measures.ties,
    "control": _measures.control,
    "pledges": _record.pledges,
    "claims": _record.claims,
    "evidence": _standing.evidence,
    "data_gaps": _record.data_gaps,
    "sources": _record.sources,
}


def lay_out(brief: Brief) -> Document:
    """Lay a brief out: the page of findings, then every section.

    Parameters
    ----------
    brief
        What to lay out.
    """
    country = brief.country
    known = [fact for fact in (country.income_group, country.region, ", ".join(country.blocs)) if fact]
    return Document(
        title=f"{country.name} ({country.iso3})",
        subtitle=" · ".join(known),
        headline=_standing.standing_line(brief),
        facts=facts(brief),
        parts=tuple(writer(brief) for writer in WRITERS.values()),
        data=brief.data,
    )
