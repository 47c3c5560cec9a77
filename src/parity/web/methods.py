"""The pages on methods, with their formulas, as HTML that loads nothing from elsewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from parity.views.methods import TITLES, documentation, method_text


def documentation_figures() -> Path | None:
    """Return the folder of the figures that the pages on methods show."""
    place = documentation()
    return place and place / "assets"


@cache
def method_html(name: str) -> Markup:
    """Return a page on methods as HTML: no script, formulas as MathML, figures from this server.

    Parameters
    ----------
    name
        A key of `TITLES`.

    Raises
    ------
    ParityError
        If there is no such page.
    NoAnswerError
        If the documentation is not part of this installation.
    """
    tokens = _parser().parse(method_text(name))
    _lower_headings(tokens)
    # Markup in the text itself is escaped by the parser; what is marked safe here is what the parser wrote.
    return Markup(_wrapped(_parser().renderer.render(tokens, _parser().options, {})))


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(dollarmath_plugin, renderer=_formula, double_inline=True)
    parser.add_render_rule("link_open", _link)
    parser.add_render_rule("image", _image)
    return parser


def _formula(tex: str, options: dict[str, Any]) -> str:
    from latex2mathml.converter import convert

    if options["display_mode"]:
        made = convert(tex, display="block")
        return str(made).replace("<math ", '<math tabindex="0" ', 1)
    return str(convert(tex))


def _lower_headings(tokens: list[Any]) -> None:
    """Make room for the title of the page that shows them."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _link(renderer: Any, tokens: list[Any], place: int, options: Any, env: Any) -> str:
    """Keep links within the app in it; those to other pages of the documentation go nowhere here."""
    target = tokens[place].attrs.get("href", "")
    page = re.fullmatch(r"(?:\.\./methods/)?([\w-]+)\.md(#.*)?", target)
    if page and page[1] in TITLES:
        tokens[place].attrs["href"] = f"/data?kind=methods&show={page[1]}"
    elif not target.startswith("https://"):
        del tokens[place].attrs["href"]
    return str(renderer.renderToken(tokens, place, options, env))


def _image(renderer: Any, tokens: list[Any], place: int, options: Any, env: Any) -> str:
    tokens[place].attrs["src"] = "/static/docs/" + str(tokens[place].attrs["src"]).rpartition("/")[2]
    tokens[place].attrs["loading"] = "lazy"
    return str(renderer.image(tokens, place, options, env))


def _wrapped(html: str) -> str:
    """Let wide tables and lines of code scroll by themselves, with the keyboard too."""
    opened = '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>'
    html = html.replace("<table>", opened).replace("</table>", "</table></div>")
    return html.replace("<pre>", '<pre tabindex="0">')
