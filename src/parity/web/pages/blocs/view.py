"""What the page on blocs shows: pieces of the answers to the questions that its address asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.ask.standing import built
from parity.ask.ties import Ties, panel
from parity.errors import ParityError
from parity.show.document import Document, Text
from parity.views.names import countries, upper_first
from parity.web import shown
from parity.web.page import Choice, Page
from parity.web.pages.blocs import asked
from parity.web.pages.blocs.members import added, membership_table, picks
from parity.web.pages.blocs.state import OWN, BlocsState, bloc_names
from parity.web.state import only, query_of, with_changes

VARIANTS = {"both": "Size and intensity", "scale": "Absolute size", "intensity": "Per person or GDP"}
NOTHING = {
    "finding": "Build a bloc",
    "lede": "Click countries below: they are scored together, as one.",
    "profile": None,
    "gaps": None,
    "settled": False,
}
NO_PIECES: Mapping[str, Any] = {"texts": [], "figures": [], "tables": [], "links": []}
MOST_LINKS = 5
_WHO = ("bloc", "on", "partners", "add", "drop")
_PARTS = {
    "profile": (*_WHO, "beside", "variant"),
    "shares": (*_WHO, "variant", "node"),
    "what_if": (*_WHO, "variant", "beside", "node", "a", "b"),
    "between": (*_WHO, "beside"),
    "ties": _WHO,
    "pair": (*_WHO, "a", "b"),
    "years": (*_WHO, "beside", "variant"),
}


def choose(state: BlocsState) -> Choice | None:
    """Return the blocs, where none is chosen."""
    options = {
        "Blocs": {name: name for name in bloc_names()},
        "Or": {OWN: "Your own, country by country"},
    }
    return None if state.bloc else Choice("Which countries together?", "bloc", "a bloc", options)


def view(state: BlocsState) -> Mapping[str, Any]:
    """Return what is there at once."""
    found, index = asked.chosen(state), built()
    tree = index.index.tree
    membership = None if state.bloc == OWN else membership_table(state)
    common = {
        "blocs": {OWN: "Your own, country by country"} | {name: name for name in bloc_names()},
        "variants": VARIANTS,
        "nodes": {tree.codes[-1]: index.title(tree.n_nodes - 1)}
        | {tree.codes[node]: index.title(node) for node in index.group_nodes()},
        "part_address": {name: query_of(only(state, *fields)) for name, fields in _PARTS.items()},
        "membership": membership,
        "told": list(found.notes),
        "own": state.bloc == OWN,
        "pooled": found.bloc is not None,
        "pair": _pair_choice(state),
        **picks(state),
    }
    if found.bloc is None:
        return common | NOTHING
    try:
        return common | _headline(state, 0)
    except ParityError as problem:
        said = {"finding": "No score for this bloc", "lede": upper_first(f"{problem}.")}
        return common | NOTHING | said | {"pooled": False}


def _headline(state: BlocsState, draws: int | None) -> dict[str, Any]:
    """Return the finding, the profile and the gaps; with intervals unless there are no ``draws``."""
    whole = asked.pool(state, draws).answer().document()
    beside = bool(asked.chosen(state).beside)
    document = asked.compare(state, draws).answer().document() if beside else whole
    texts = [block.text for block in whole.blocks if isinstance(block, Text)]
    gaps = document.tables()[1] if beside and draws is None else None
    return {
        "finding": whole.headline.removesuffix("."),
        "lede": texts[1],
        "profile": _figures(document, "profile")[0],
        "gaps": None if gaps is None else shown.table(document, gaps, "gaps"),
        "settled": draws is None,
    }


def _figures(document: Document, *names: str) -> list[Any]:
    """Return figures of a document, in its order; a name that ends in ``-`` stands for all that begin so."""
    return [
        shown.figure(document, chart)
        for chart in document.charts()
        if any(chart.name == name or (name.endswith("-") and chart.name.startswith(name)) for name in names)
    ]


def profile_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the finding and the profile again, with the intervals."""
    return _headline(state, None) if asked.chosen(state).bloc else NOTHING


def shares_part(state: BlocsState) -> Mapping[str, Any]:
    """Return what each member brings."""
    if asked.chosen(state).bloc is None:
        return NO_PIECES
    return {**NO_PIECES, "figures": _figures(asked.pool(state).answer().document(), "shares")}


def what_if_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the change against the bloc as it was, the best next members, and the weakest places."""
    if asked.chosen(state).bloc is None:
        return NO_PIECES
    answer = asked.pool(state).answer()
    document = answer.document()
    weak = [table for table in document.tables() if table.caption.startswith("Weakest")]
    codes = answer.result.joining["iso3"].head(MOST_LINKS)
    return {
        "texts": [],
        "figures": _figures(document, "change", "joining"),
        "tables": [shown.table(document, table, "weak") for table in weak],
        "links": [(countries()[code], code, with_changes(state, **added(state, code))) for code in codes],
    }


def between_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the frontier of all members, their compute, and their access to accelerators."""
    question = asked.reach(state) if asked.chosen(state).bloc else None
    if question is None:
        return NO_PIECES
    document = question.answer().document()
    return {
        **NO_PIECES,
        "texts": [document.headline],
        "figures": _figures(document, "lag", "compute", "access"),
    }


def ties_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the matrix, the map and what random groups of countries have."""
    bloc = asked.chosen(state).bloc
    if bloc is None or len(bloc.members) < 2:
        return NO_PIECES
    document = asked.ties(state).answer().document()
    texts = [block.text for block in document.blocks if isinstance(block, Text)]
    return {
        **NO_PIECES,
        "texts": [document.headline, *texts],
        "figures": _figures(document, "matrix", "ties-map"),
        "tables": [shown.table(document, document.tables()[0], "random")],
    }


def pair_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the collaboration of the chosen pair, with its breaks and what the data cannot show."""
    codes = asked.pair(state)
    if codes is None:
        return {**NO_PIECES, "limits": []}
    answer = Ties.read({"a": codes[0], "b": codes[1]}).answer()
    document = answer.document()
    texts = [block.text for block in document.blocks if isinstance(block, Text)]
    return {
        **NO_PIECES,
        "texts": [document.headline, *texts],
        "figures": _figures(document, "tie", "tie-events"),
        "tables": [shown.table(document, table, "models") for table in document.tables()[1:2]],
        "limits": answer.result.limits,
    }


def years_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the gaps over the years, and what became of them."""
    found = asked.chosen(state)
    if not found.bloc or not found.beside:
        return NO_PIECES
    document = asked.compare(state, years=True).answer().document()
    group = next(block for block in document.blocks if hasattr(block, "blocks"))
    texts = [block.text for block in group.blocks if isinstance(block, Text)]
    return {**NO_PIECES, "texts": texts, "figures": _figures(document, "years-")}


def _pair_choice(state: BlocsState) -> dict[str, Any]:
    """Return the pair that is shown, and the countries to choose from, members first."""
    bloc = asked.chosen(state).bloc
    members = bloc.members if bloc else ()
    known = {code: countries().get(code, code) for code in panel().codes}
    order = sorted(known, key=known.__getitem__)
    a, b = asked.pair(state) or ("", "")
    return {
        "a": a,
        "b": b,
        "choices": {
            "Members": {code: known[code] for code in order if code in members},
            "Others": {code: known[code] for code in order if code not in members},
        },
    }


PAGE = Page(
    slug="blocs",
    title="Blocs",
    summary="Build a bloc of countries: its pooled standing, what each member brings, the ties within.",
    state=BlocsState,
    view=view,
    choose=choose,
    sample="bloc=BRICS",
    parts={
        "profile": profile_part,
        "shares": shares_part,
        "what_if": what_if_part,
        "between": between_part,
        "ties": ties_part,
        "pair": pair_part,
        "years": years_part,
    },
    warmed=("profile",),
)
