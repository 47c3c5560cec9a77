"""Groups of a brief's document as cards of the page, each with the page that goes deeper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from parity.catalogue import find_country
from parity.show.document import Document, Group
from parity.web import shown

if TYPE_CHECKING:
    from markupsafe import Markup

    from parity.brief.result import Country


@dataclass(frozen=True, slots=True)
class Card:
    """A group on the page.

    Attributes
    ----------
    name
        Its anchor.
    title
        Its heading.
    body
        Its blocks.
    more
        Addresses of the pages that go deeper, in the state of this country, and what to call them.
    """

    name: str
    title: str
    body: Markup
    more: tuple[tuple[str, str], ...] = ()


def cards(document: Document, groups: Iterable[Group], country: Country, *, lag: bool) -> list[Card]:
    """Return groups of a brief as cards.

    Parameters
    ----------
    document
        What they are part of: its vintage and command stand in every citation.
    groups
        What to show.
    country
        The country.
    lag
        Whether its models have a lag.
    """
    made = []
    for group in groups:
        name = group.title.lower().partition(" since")[0].replace(",", "").replace(" ", "-")
        body = shown.block(document, Group("", group.blocks, columns=group.columns))
        made.append(Card(name, group.title, body, tuple(_more(name, country, lag=lag))))
    return made


def _more(name: str, country: Country, *, lag: bool) -> Iterable[tuple[str, str]]:
    """Yield the pages behind a group that the app has: address in the state of this country, and a name."""
    from parity.web.pages import pages

    known = {page.slug for page in pages()}
    for slug, query, text in _deeper(country, lag=lag).get(name, ()):
        if slug in known:
            yield f"/{slug}" + (f"?{urlencode(query)}" if query else ""), text


def _deeper(country: Country, *, lag: bool) -> dict[str, list[tuple[str, dict[str, str], str]]]:
    code = country.iso3
    found: dict[str, list[tuple[str, dict[str, str], str]]] = {
        "models": [
            ("frontier", {"of": code} if lag else {}, "Its frontier" if lag else "Frontiers of others")
        ],
        "hardware-and-compute": [("chips", {"to": code}, "Rulings for any device")],
        "trade-ties-and-blocs": [("trade", {"country": code}, "Its supply")],
        "strategy-pledges-and-information-control": [
            ("information", {"protected": find_country(code).iso2} if lag else {}, "The audited models")
        ],
        "public-claims-about-it": [("check", {}, "Check a text")],
        "what-it-rests-on": [("data", {"kind": "sources"}, "All sources")],
    }
    for bloc in country.blocs[:1]:
        found["trade-ties-and-blocs"] += [
            ("blocs", {"bloc": bloc}, f"{bloc}, and any other bloc"),
            ("blocs", {"bloc": bloc, "of": bloc, "a": code}, f"Ties within {bloc}"),
        ]
    return found
