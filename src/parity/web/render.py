"""From a page and a state to HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from parity.errors import ParityError, near
from parity.estimate import Estimate
from parity.show.document import Chart
from parity.views.names import countries
from parity.web.page import Choice, Page, View
from parity.web.shown import Place, at, file
from parity.web.state import Read, State, query_of, with_changes


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
    made.globals |= {"link": with_changes, "file": file}
    made.filters |= {"estimate": Estimate.text, "clickable": clickable}
    return made


def clickable(note: str, state: State) -> Markup:
    """Return what is said of a field, the countries that it suggests as links that set the field."""
    said, field = str(escape(note)), re.match(r"“(\w+)”", note)
    if field is None or field[1] not in type(state).model_fields:
        return Markup(said)
    codes, held = {name: code for code, name in countries().items()}, getattr(state, field[1])

    def link(found: re.Match[str]) -> str:
        if (code := codes.get(found[1])) is None:
            return found[0]
        address = with_changes(state, **{field[1]: (*held, code) if isinstance(held, tuple) else code})
        return f'<a data-live-link href="{escape(address)}">{found[1]}</a>'

    return Markup(re.sub("&#39;(.+?)&#39;", link, said))


class Made(NamedTuple):
    """A page, what it is called, and the status that it is sent with."""

    html: str
    title: str
    status: int = 200


def page_html(
    page: Page,
    read: Read,
    pages: tuple[Page, ...],
    *,
    bare: bool = False,
    whole: bool = False,
    base: str = "",
) -> Made:
    """Return a page.

    Parameters
    ----------
    page, read
        The page, and what its address holds.
    pages
        All pages, for the navigation.
    bare
        Leave out head and navigation: enough to bring a page that is open up to date.
    whole
        Put the parts in their places at once, for who reads without script.
    base
        Address of the server, for what other sites show of a page.
    """
    with at(Place(page.slug, "", query_of(read.state))) as place:
        choice = page.choose(read.state) if page.choose else None
        if choice:
            return _chooser(page, read, pages, choice, base)
        body = _told(page.view, read.state)
        values = {"page": page, "pages": pages, "state": read.state, "notes": read.notes, "bare": bare}
        values |= {"address": place.query, "base": base.rstrip("/"), "problem": body.pop("problem", None)}
        values["title"] = body.get("title") or body.get("finding") or page.title
        figures = [name for name, piece in place.pieces.items() if isinstance(piece.block, Chart)]
        first = page.picture or next(iter(figures), "")
        values["picture"] = place.live().file("png", first) if first else ""
        values["whole"] = (lambda part: Markup(part_html(page, part, read, whole=True))) if whole else None
        name = "problem.html" if values["problem"] else f"{page.slug}.html"
        status = body.pop("status_code", 200)
        return Made(environment().get_template(name).render(values | body), values["title"], status)


def _chooser(page: Page, read: Read, pages: tuple[Page, ...], choice: Choice, base: str) -> Made:
    """Return a page that asks for what has to be chosen; near names where an unknown one was given."""
    unknown = read.refused.get(choice.field, "")
    names = {name: value for options in choice.options.values() for value, name in options.items()}
    html = (
        environment()
        .get_template("chooser.html")
        .render(
            page=page,
            pages=pages,
            state=read.state,
            choice=choice,
            unknown=unknown,
            near={name: names[name] for name in near(unknown, names)} if unknown else {},
            notes=() if unknown else read.notes,
            kept=parse_qsl(query_of(read.state)),
            title=page.title,
            address=query_of(read.state),
            base=base.rstrip("/"),
            picture="",
            bare=False,
            whole=True,
            problem=None,
        )
    )
    return Made(html, page.title, 404 if unknown else 200)


def part_html(page: Page, name: str, read: Read, *, whole: bool = False) -> str:
    """Return a part of a page; ``whole`` where it is put into the page at once."""
    with at(Place(page.slug, name, query_of(read.state))) as place:
        body = _told(page.parts[name], read.state)
        template = "part_problem.html" if "problem" in body else f"{page.slug}_{name}.html"
        values = {"page": page, "part": name, "state": read.state, "address": place.query, "whole": whole}
        return environment().get_template(template).render(values | body)


def shown_in(page: Page, part: str, state: Any) -> Place:
    """Return what a page, or a part of it, shows in a state: its figures and tables by name.

    Raises
    ------
    ParityError
        If it can show nothing in this state.
    """
    with at(Place(page.slug, part, query_of(state))) as place:
        (page.parts[part] if part else page.view)(state)
        return place


def _told(view: View, state: Any) -> dict[str, Any]:
    """Return the values of a view, or the message of what a user can put right."""
    try:
        found: Mapping[str, Any] = view(state)
    except ParityError as problem:
        return {"problem": str(problem)}
    return dict(found)
