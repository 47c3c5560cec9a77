"""From a page and a state to HTML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from parity.errors import ParityError
from parity.estimate import Estimate
from parity.web.page import Page, View
from parity.web.state import Read, query_of, with_changes


@cache
def environment() -> Environment:
    """Return the templates; everything they print is escaped, and a missing value is an error."""
    made = Environment(
        loader=PackageLoader("parity.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"link": with_changes}
    made.filters["estimate"] = Estimate.text
    return made


def page_html(page: Page, read: Read, pages: tuple[Page, ...], *, bare: bool = False) -> str:
    """Return a page.

    Parameters
    ----------
    page, read
        The page, and what its address holds.
    pages
        All pages, for the navigation.
    bare
        Leave out head and navigation: enough to bring a page that is open up to date.
    """
    body = _told(page.view, read.state)
    values = {"page": page, "pages": pages, "state": read.state, "notes": read.notes, "bare": bare}
    values |= {"address": query_of(read.state), "problem": body.pop("problem", None)}
    name = "problem.html" if values["problem"] else f"{page.slug.replace('-', '_')}.html"
    return environment().get_template(name).render(values | body)


def part_html(page: Page, name: str, read: Read) -> str:
    """Return a part of a page."""
    body = _told(page.parts[name], read.state)
    template = "part_problem.html" if "problem" in body else f"{page.slug.replace('-', '_')}_{name}.html"
    values = {"page": page, "part": name, "state": read.state, "address": query_of(read.state)}
    return environment().get_template(template).render(values | body)


def _told(view: View, state: Any) -> dict[str, Any]:
    """Return the values of a view, or the message of what a user can put right."""
    try:
        found: Mapping[str, Any] = view(state)
    except ParityError as problem:
        return {"problem": str(problem)}
    return dict(found)
