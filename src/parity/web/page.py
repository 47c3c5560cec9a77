"""What a page is: an address, a state, and functions from the state to what its template shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parity.web.state import State

View = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What has to be chosen before a page can answer: no country is anybody's default.

    Attributes
    ----------
    question
        What is asked, as a heading.
    field
        Field of the state that the choice sets.
    label
        What is chosen.
    options
        Values and their names, under headings.
    """

    question: str
    field: str
    label: str
    options: Mapping[str, Mapping[str, str]]


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
    main
        The figure or table that ``/slug.csv`` holds: its name, after ``part.`` where a part shows it; the
        first of the page where it is empty.
    picture
        The figure that stands for it elsewhere; the first of what is there at once where it is empty.
    choose
        From the state to what is still to be chosen; ``None`` where nothing is.
    sample
        An address with everything chosen, to make at start what the first visitor would wait for.
    """

    slug: str
    title: str
    summary: str
    state: type[State]
    view: View
    parts: Mapping[str, View] = field(default_factory=dict)
    warmed: tuple[str, ...] = ()
    posted: bool = False
    main: str = ""
    picture: str = ""
    choose: Callable[[Any], Choice | None] | None = None
    sample: str = ""
