"""What the page on blocs shows at once: the bloc, its members, its profile by the point estimates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from parity.ask.standing import built
from parity.errors import ParityError
from parity.views.names import countries, upper_first
from parity.web.pages.blocs import model
from parity.web.pages.blocs.members import coverage, membership_table, picks
from parity.web.pages.blocs.names import in_sentence
from parity.web.pages.blocs.pair import pair
from parity.web.pages.blocs.profile import gaps_table, profile_figure, shares_figure, titles
from parity.web.pages.blocs.state import OWN, BlocsState, bloc_names
from parity.web.state import query_of

if TYPE_CHECKING:
    from parity.blocs import Comparison

VARIANTS = {"both": "Size and intensity", "scale": "Absolute size", "intensity": "Per person or GDP"}
NOTHING = {
    "finding": "Build a bloc",
    "lede": "Click countries below: they are scored together, as one.",
    "profile": None,
    "gaps": None,
    "settled": False,
}
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


def view(state: BlocsState) -> Mapping[str, Any]:
    """Return what is there at once."""
    found = model.chosen(state)
    common = {
        "blocs": {OWN: "Your own, country by country"} | {name: name for name in bloc_names()},
        "variants": VARIANTS,
        "nodes": titles(),
        "part_address": {name: query_of(only(state, *fields)) for name, fields in _PARTS.items()},
        "membership": membership_table(state, built(state.variant).vintage),
        "told": list(found.notes),
        "own": state.bloc == OWN,
        "settled": False,
        "pooled": found.bloc is not None,
        "pair": _pair_choice(state),
        **picks(state),
    }
    if found.bloc is None:
        return common | NOTHING
    try:
        return common | told(state, settled=False)
    except ParityError as problem:
        told_so = {"finding": "No score for this bloc", "lede": upper_first(f"{problem}.")}
        return common | NOTHING | told_so | {"pooled": False}


def told(state: BlocsState, *, settled: bool) -> dict[str, Any]:
    """Return the finding, the profile and the gaps, with intervals where they are ``settled``."""
    found = model.compared(state.variant, model.chosen(state).blocs, settled=settled)
    vintage = built(state.variant).vintage
    return {
        "finding": finding(found),
        "lede": lede(found),
        "profile": profile_figure(state, found, vintage),
        "gaps": gaps_table(state, found, vintage) if settled and len(found.pools) > 1 else None,
        "settled": settled,
    }


def finding(found: Comparison) -> str:
    """Return the rank of the bloc as a headline."""
    whole = found.pools[0]
    table = whole.table().filter(node=whole.base.tree.codes[-1])
    name = upper_first(in_sentence(whole.name))
    if table["rank"][0] is None:
        return f"{name} has too little data to be scored"
    text = f"{name} as one would rank {_ordinal(table['rank'][0])} of {table['of'][0]}"
    return text.replace("Your bloc as one", "Your bloc, as one,")


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}" + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def lede(found: Comparison) -> str:
    """Return rank and score with their intervals, and the coverage, as sentences."""
    whole = found.pools[0]
    count = f"{len(whole.members)} member" + ("" if len(whole.members) == 1 else "s")
    of = " among the countries outside it"
    if found.intervals:
        drawn = found.intervals[0]
        places = f"Rank {drawn.rank().text(0)}{of}, score {drawn.score().text()}"
    else:
        places = f"Rank {whole.rank()}{of}, score {whole.score():.1f}"
    far = [code for code, beyond in zip(whole.base.spec.codes, whole.beyond, strict=True) if beyond]
    more = (
        f" In {len(far)} of {len(whole.beyond)} indicators it lies beyond every single country."
        if far
        else ""
    )
    return f"{places}; {count} pooled. {coverage(whole)}{more}"


def only(state: BlocsState, *fields: str) -> BlocsState:
    """Return a state with some fields alone: what a part depends on."""
    return BlocsState.model_construct(**{name: getattr(state, name) for name in fields})


def profile_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the finding and the profile again, with the intervals."""
    return told(state, settled=True) if model.chosen(state).bloc else NOTHING


def shares_part(state: BlocsState) -> Mapping[str, Any]:
    """Return what each member brings."""
    found = model.chosen(state)
    if found.bloc is None:
        return {"figure": None}
    return {"figure": shares_figure(state, found.bloc, built(state.variant).vintage)}


def _pair_choice(state: BlocsState) -> dict[str, Any]:
    """Return the pair that is shown, and the countries to choose from, members first."""
    from parity.brief.blocs import panel

    found = model.chosen(state)
    members = found.bloc.members if found.bloc else ()
    known = {code: countries().get(code, code) for code in panel().codes}
    order = sorted(known, key=known.__getitem__)
    shown = pair(state) or ("", "")
    return {
        "a": shown[0],
        "b": shown[1],
        "choices": {
            "Members": {code: known[code] for code in order if code in members},
            "Others": {code: known[code] for code in order if code not in members},
        },
    }
