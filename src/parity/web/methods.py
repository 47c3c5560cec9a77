"""The pages on methods, with their formulas, as HTML that loads nothing from elsewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from parity.errors import NoAnswerError, ParityError

HERE = Path(__file__).parent
TITLES = {
    "index": "Index engine",
    "open-ai-index": "The open AI index",
    "agreement": "Agreement with published rankings",
    "robustness": "Robustness",
    "frontier": "Frontier and lag",
    "lag-claims": "Lag claims held against measures",
    "chips": "Chips and export controls",
    "trade": "Trade",
    "blocs": "Blocs and ties",
    "audit": "Information control",
    "claims": "Claims",
    "pledges": "Pledges",
    "brief": "Brief",
    "catalogue": "Data catalogue",
}
"""Name of each page's file -> its title, in the order to show."""


def documentation() -> Path | None:
    """Return the folder of the documentation: packed with the app, or beside the source."""
    places = (HERE / "docs", HERE.parents[2] / "docs")
    return next((place for place in places if (place / "methods").is_dir()), None)


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
    if name not in TITLES:
        raise ParityError(f"no page on methods is called '{name[:40]}'. There are: {', '.join(TITLES)}")
    place = documentation()
    if place is None:
        raise NoAnswerError("the pages on methods are not part of this installation")
    text = (place / "methods" / f"{name}.md").read_text(encoding="utf-8")
    tokens = _parser().parse(text)
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
