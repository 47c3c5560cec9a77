"""What the ranking page shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.intervals import LEVEL
from parity.ask.moves import Move, moves
from parity.ask.rank import Rank
from parity.ask.standing import Standing, built, ranking
from parity.catalogue import find_country, load_table, members, plain
from parity.errors import ParityError, near
from parity.show.document import Column, Document, Table
from parity.views.names import countries
from parity.views.rank import interval_chart, world_chart
from parity.web import shown as pieces
from parity.web.groups import groups
from parity.web.page import Page
from parity.web.pages.ranking.state import RankingState, weights_of_spec

if TYPE_CHECKING:
    from markupsafe import Markup

FORMS = {"scale": "By size", "intensity": "Per person", "both": "Mixed"}
MEANINGS = {
    "scale": "by size: how much there is",
    "intensity": "per person: how good for its size",
    "both": "mixed: by size and per person together",
}
NORMALISE = {"minmax": "Min–max", "zscore": "Z-score", "percentile_rank": "Percentile rank"}
AGGREGATE = {"arithmetic": "Arithmetic mean", "geometric": "Geometric mean", "harmonic": "Harmonic mean"}
MOVERS = 12
TICKS = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Slider:
    """The weight of a pillar or sub-pillar."""

    code: str
    title: str
    value: float
    own: float
    share: float
    most: int
    pillar: bool


def view(state: RankingState) -> Mapping[str, Any]:
    """Return what is there at once: everything but what needs rebuilds of the index."""
    found, problem = _found(state)
    return _common(state, found, _rows(state, found)) | {
        "sliders": _sliders(state, found),
        "choices": {"normalise": NORMALISE, "aggregate": AGGREGATE},
        "forms": FORMS,
        "meanings": MEANINGS,
        "groups": groups(),
        "told": problem,
        "changed": bool(state.setting()),
        "indicators": found.index.tree.n_indicators,
        "settled": False,
    }


def settled(state: RankingState) -> Mapping[str, Any]:
    """Return what takes rebuilds: intervals, what moved and why."""
    found, problem = _found(state)
    choice, pinned = state.choice(), state.pinned().choice()
    answer = None if problem else _asked(state).answer()
    places = () if answer is None else answer.result.countries
    moved_by = {one.iso3: one.forms for one in places if one.forms and one.forms.moved_by}
    ends = [(one.iso3, one.rank_low, one.rank_high) for one in places]
    rows = _rows(state, found, pl.DataFrame(ends, _ENDS, orient="row"))
    moved = [] if problem or choice == pinned else moves(built, pinned, choice)
    figures, table = [], None
    if answer is not None:
        document = answer.document()
        pieces.register(document, _table(found, shown(state, rows), document.title), "ranking")
        figures = _figures(state, document, rows)
        table = _moves(state, document, moved) if moved else None
    return _common(state, found, rows) | {
        "figures": figures,
        "moves": table,
        "changed": choice != pinned,
        "moved_by": {
            iso3: f"Moved most by {each.moved_by}, {each.moved_share:.0%}." for iso3, each in moved_by.items()
        },
        "settled": True,
    }


def _common(state: RankingState, found: Standing, rows: pl.DataFrame) -> dict[str, Any]:
    """Return what the table needs, with or without intervals."""
    told, units, meant = shown(state, rows), len(found.index.units), _meant(state.find)
    asked = _asked(state)
    return {
        "title": f"Ranking in AI, {asked_for(state, found)}",
        "setting": f"Open AI index, {asked_for(state, found)}",
        "rows": told,
        "near": near(state.find, rows["name"].to_list()) if told.is_empty() and state.find else [],
        "unranked": countries().get(meant, "") if meant not in rows["id"] else "",
        "all_rows": rows.height,
        "columns": _columns(found),
        "beside": {form: text for form, text in FORMS.items() if form != state.variant},
        "vintage": found.vintage,
        "sources": _sources(found.sources),
        "level": LEVEL,
        "units": units,
        "scale": lambda rank: _scale(rank, units),
        "ticks": [tick for tick in TICKS if tick < units],
        "command": asked.command,
    }


@cache
def _scale(rank: float, units: int) -> float:
    """Return the place of a rank on a scale of 0 to 1 that gives the first ranks the most room."""
    first = math.log(0.5)
    return (math.log(rank) - first) / (math.log(units + 0.5) - first)


def asked_for(state: RankingState, found: Standing) -> str:
    """Return the setting in words: "mixed; own weights: Talent 64 %; geometric mean"."""
    changed = (each for each in _sliders(state, found) if each.value != each.own)
    own = [f"{each.title} {100 * each.share:.3g} %" for each in changed]
    parts = [FORMS[state.variant].lower()]
    parts += [f"own weights: {', '.join(own)}"] if own else []
    parts += [NORMALISE[state.normalise].lower()] if state.normalise != "minmax" else []
    parts += [AGGREGATE[state.aggregate].lower()] if state.aggregate != "arithmetic" else []
    return "; ".join(parts)


@cache
def _sources(keys: tuple[str, ...]) -> str:
    titles = dict(load_table("sources").select("source", "publisher").iter_rows())
    return ", ".join(sorted({titles[key].partition(" (")[0].partition(";")[0] for key in keys}))


def _table(found: Standing, rows: pl.DataFrame, title: str) -> Table:
    """Return the ranking as data."""
    pillars = [(code, name) for code, name, _ in _columns(found)]
    names = ("rank", "rank_low", "rank_high", "score")
    columns = (
        Column("iso3", "Code"),
        Column("name", "Country", role="key"),
        *(Column(name, name.replace("_", " ").capitalize()) for name in names),
        *(Column(f"in_{form}", f"Rank, {text.lower()}") for form, text in FORMS.items()),
        *(Column(code, f"Score of {name}") for code, name in pillars),
        Column("imputed_share", "Share of the weight on imputed cells"),
    )
    return Table(rows.rename({"id": "iso3"}), columns, title)


def _moves(state: RankingState, document: Document, moved: list[Move]) -> Markup:
    """Return what moved, and why, the largest moves first."""
    rows = [(one.iso3, one.name, one.before, one.after, one.places, reasons(one)) for one in moved[:MOVERS]]
    names = ("iso3", "name", "before", "after", "places", "why")
    labels = ("", "Country", "From", "To", "Places", "Because of")
    columns = tuple(
        Column(name, label, role="key" if name == "name" else "text")
        for name, label in zip(names[1:], labels[1:], strict=True)
    )
    against = "the pinned setting" if state.pin else "the index as published"
    note = (
        f"{len(moved)} countries rank otherwise than in {against}; the largest moves first. Places are split "
        "over your changes: what each does, averaged over every order of making them."
    )
    frame = pl.DataFrame(rows, list(names), orient="row")
    return pieces.table(document, Table(frame, columns, "What moved, and why"), "moves", note)


_ENDS = {"id": pl.String, "rank_low": pl.Int64, "rank_high": pl.Int64}


_DRAWN = ("iso3", "name", "rank", "rank_low", "rank_high", "score")


def _figures(state: RankingState, document: Document, rows: pl.DataFrame) -> list[Markup]:
    """Return the figures of the answer: intervals of the rows in their order, and the whole world."""
    told, every = (each.rename({"id": "iso3"}).select(_DRAWN) for each in (shown(state, rows), rows))
    charts = (interval_chart(told, document.title), world_chart(every, document.title))
    return [pieces.figure(document, chart) for chart in charts]


def _asked(state: RankingState) -> Rank:
    """Return the question whose answer the page shows."""
    choice = state.choice()
    return Rank.read(
        {
            "variant": choice.variant,
            "weight": tuple(f"{code}={weight:g}" for code, weight in choice.settings.weights.items()),
            "normalise": choice.settings.normalise,
            "aggregate": choice.settings.aggregate,
        }
    )


def _found(state: RankingState) -> tuple[Standing, str]:
    """Return the index under the setting, or as published with what is wrong with the setting."""
    try:
        return _asked(state).standing(), ""
    except ParityError as problem:
        return built(state.variant), str(problem)


def _rows(state: RankingState, found: Standing, intervals: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return all countries: place, interval, place with the pinned setting, scores of pillars."""
    index = found.index
    scores = {index.tree.codes[node]: index.scores[:, node] for node in found.group_nodes()}
    sides = {f"in_{form}": state.model_copy(update={"variant": form}) for form in FORMS}
    ranks = {
        name: dict(zip(side.units, side.ranks[:, -1], strict=True))
        for name, setting in (*sides.items(), ("before", state.pinned()))
        for side in (_found(setting)[0].index,)
    }
    more = {name: [of.get(unit) for unit in index.units] for name, of in ranks.items()}
    columns = [pl.Series(name, numbers, nan_to_null=True) for name, numbers in (scores | more).items()]
    table = pl.DataFrame([pl.Series("id", list(index.units), pl.String), *columns])
    table = ranking(found).join(table, on="id", how="left", maintain_order="left")
    intervals = pl.DataFrame(schema=_ENDS) if intervals is None else intervals
    table = table.join(intervals, on="id", how="left", maintain_order="left").cast(
        dict.fromkeys(ranks, pl.Int64)
    )
    return table.with_columns(moved=pl.col("before") - pl.col("rank"))


def shown(state: RankingState, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that the reader asked for, in their order."""
    if state.group:
        rows = rows.filter(pl.col("id").is_in(members(state.group)))
    if state.find:
        meant, wanted = _meant(state.find), plain(state.find)
        # A code of two letters stands in many names; it means one country.
        holds = [not (meant and len(wanted) == 2) and wanted in plain(name) for name in rows["name"]]
        rows = rows.filter(pl.Series(holds, dtype=pl.Boolean) | (pl.col("id") == meant))
    return rows.sort(state.sort, "rank", descending=[state.down, False], nulls_last=True, maintain_order=True)


def _meant(text: str) -> str:
    """Return the code of the country that a name in any language, or a code, means; empty where none is."""
    try:
        return find_country(text).iso3
    except ParityError:
        return ""


def _columns(found: Standing) -> list[tuple[str, str, bool]]:
    """Return code, title and whether it is a pillar, for every group of the index."""
    top = found.index.tree.n_nodes - 1
    parents = found.index.tree.parents
    return [
        (found.index.tree.codes[node], found.title(node), int(parents[node]) == top)
        for node in found.group_nodes()
    ]


def _sliders(state: RankingState, found: Standing) -> list[Slider]:
    own = weights_of_spec()
    weights = own | dict(state.w)
    tree = found.index.tree
    sliders = []
    for code, title, pillar in _columns(found):
        parent = int(tree.parents[tree.position(code)])
        siblings = [tree.codes[node] for node in tree.children(parent)]
        whole = sum(weights[sibling] for sibling in siblings) or 1.0
        most = 24 if pillar else 10
        share = weights[code] / whole
        sliders.append(Slider(code, title, weights[code], own[code], share, most, pillar))
    return sliders


def reasons(move: Move) -> str:
    """Return what moved a country, the largest part first."""
    parts = sorted(move.parts.items(), key=lambda part: -abs(part[1]))
    return "; ".join(f"{title} {places:+.0f}" for title, places in parts if round(places))


PAGE = Page(
    slug="ranking",
    title="Ranking",
    summary="Where every country stands in AI, with rank intervals, under weights of your choice.",
    state=RankingState,
    view=view,
    parts={"settled": settled},
    main="settled.ranking",
)
