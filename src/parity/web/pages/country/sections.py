"""Sections of a brief as the page shows them: notes, tables, sources, commands, and where there is more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import shorten
from urllib.parse import urlencode

from markupsafe import Markup

from parity.brief.document import Document, Fact, Grid, Part, link
from parity.brief.html import marks_svg
from parity.brief.layout._one import WRITERS
from parity.brief.model import BriefCountry
from parity.catalogue import describe, find_country

INDEX = "Open AI index"
_OWN = "named with each"
_MODELS = ("models", "model_scores", "benchmarks", "notable_models")
TABLES: Mapping[str, tuple[str, ...]] = {
    "since": (*_MODELS, "timeline", "ties"),
    "lag": _MODELS,
    "chips": ("accelerators", "rules", "timeline", "clusters"),
    "trade": ("flows",),
    "ties": ("ties",),
    "control": ("audit_labels",),
}
"""Tables that a section is made from, beside the index."""

FACTS = (
    "position", "lag", "chips", "trade", "bloc", "ties", "control", "pledges", "claims", "since", "goal",
    "data_gaps",
)  # fmt: skip
"""Sections that the findings of the first page come from, in their order."""

LONGEST = 80


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A source of a section, and its place on the page of data; empty where it has none."""

    title: str
    vintage: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A section on the page.

    Attributes
    ----------
    name
        Name of the section; its anchor.
    part
        Its notes, tables and commands.
    sources
        Where its numbers come from.
    more, more_text
        Address of the page that goes deeper, in the state of this country; empty: none.
    """

    name: str
    part: Part
    sources: tuple[SourceLink, ...]
    more: str = ""
    more_text: str = ""

    @staticmethod
    def drawings(grid: Grid) -> list[Markup]:
        """Return the marks beside the rows of a table; made of numbers alone, so safe."""
        plot = grid.plot
        return [] if plot is None else [Markup(marks_svg(plot, row)) for row in range(len(plot.marks))]

    @staticmethod
    def host(cell: str) -> str | None:
        """Return what to show of a cell that is an address; ``None`` for any other."""
        return link(cell)


def sections(document: Document, country: BriefCountry, without: Iterable[str] = ()) -> list[Shown]:
    """Return the sections of a whole brief, some left out."""
    named = zip(WRITERS, document.parts, strict=True)
    return [shown(name, part, country) for name, part in named if name not in set(without)]


def shown(name: str, part: Part, country: BriefCountry) -> Shown:
    """Return a section with its sources and the page that goes deeper."""
    told = bool(part.notes) and not part.notes[0].startswith("Not told")
    more, text = _more(name, country, told=told)
    return Shown(name, part, _sources(name), more, text)


def facts(document: Document) -> list[tuple[str, Fact]]:
    """Return the findings of the first page, each with the section that it comes from."""
    return list(zip(FACTS, document.facts, strict=True))


def _sources(name: str) -> tuple[SourceLink, ...]:
    if name in ("pledges", "claims"):
        return (SourceLink(_OWN),)
    index = () if name in TABLES and name != "since" else (SourceLink(INDEX, "", "#s-sources"),)
    return (*index, *_described(TABLES.get(name, ())))


@cache
def _described(names: tuple[str, ...]) -> tuple[SourceLink, ...]:
    known = {source.source: source for name in names for source in describe(f"table:{name}").sources}
    return tuple(
        SourceLink(
            shorten(source.title.partition(":")[0], LONGEST, placeholder="…"),
            source.vintage,
            "/data?" + urlencode({"kind": "sources", "show": key}),
        )
        for key, source in known.items()
    )


def _more(name: str, country: BriefCountry, *, told: bool) -> tuple[str, str]:
    """Return the address of the page that goes deeper and what to call it, where the app has that page."""
    from parity.web.pages import pages

    slug, query, text = _deeper(country, told=told).get(name, ("", {}, ""))
    if slug not in {page.slug for page in pages()}:
        return "", ""
    return f"/{slug}" + (f"?{urlencode(query)}" if query else ""), text


def _deeper(country: BriefCountry, *, told: bool) -> dict[str, tuple[str, dict[str, str], str]]:
    """Return the page behind each section: its slug, its state for this country, what to call it."""
    code = country.iso3
    sides = {"of": code} | ({"behind": "CHN"} if code == "USA" else {})
    known = {
        "lag": ("frontier", sides, "Its frontier") if told else ("frontier", {}, "Frontiers of others"),
        "chips": ("chips", {"to": code}, "Rulings for any device"),
        "trade": ("trade", {"country": code}, "Its supply, and flows against expectation"),
        "control": (
            "information",
            {"protected": find_country(code).iso2} if told else {},
            "The audited models",
        ),
        "claims": ("check", {}, "Check a text"),
        "sources": ("data", {"kind": "sources"}, "All sources"),
        "data_gaps": ("data", {"kind": "indicators"}, "All indicators"),
    }
    for bloc in country.blocs[:1]:
        known["bloc"] = ("blocs", {"bloc": bloc}, f"{bloc}, and any other bloc")
        known["ties"] = ("blocs", {"bloc": bloc, "of": bloc, "a": code}, f"Ties within {bloc}")
    return known
