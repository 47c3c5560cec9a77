"""What a page is: an address, a state, and functions from the state to what its template shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parity.web.state import State

View = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the app.

    Attributes
    ----------
    slug
        Its address is ``/slug`` and its template ``slug.html``.
    title
        Name in the navigation.
    summary
        One sentence for search engines and the list of pages.
    state
        Model of its address.
    view
        From the state to the values of its template.
    parts
        Slower pieces, fetched after the page is there: name to view; the template of part ``name`` is
        ``slug_name.html``, and the elements in it with an id take the place of those on the page.
    warmed
        Names of the parts that are made at start, so that the first visitor need not wait for them.
    posted
        Whether the state may come with a form as well, where it can be too long for an address.
    """

    slug: str
    title: str
    summary: str
    state: type[State]
    view: View
    parts: Mapping[str, View] = field(default_factory=dict)
    warmed: tuple[str, ...] = ()
    posted: bool = False
