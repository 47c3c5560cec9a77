"""Data and methods: sources, licences, vintages, downloads, formulas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from parity.ask.data import DataList, DataShow
from parity.catalogue import vintage
from parity.errors import ParityError
from parity.show.document import Column, Table
from parity.views.data import LABELS
from parity.views.methods import TITLES
from parity.web import shown
from parity.web.methods import method_html
from parity.web.page import Page
from parity.web.state import state_of

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.answer import Answer
    from parity.catalogue import Card

MOST_COUNTRIES = 6
KINDS = {"indicators": "Indicators", "sources": "Sources", "tables": "Tables", "methods": "Methods"}


class DataState(state_of((DataList, "find"))):  # type: ignore[misc]
    """What is listed, what of it is opened, and the countries whose series is drawn."""

    kind: Literal["indicators", "sources", "tables", "methods"] = "indicators"
    show: str = Field(default="", max_length=80)
    country: str = Field(default="", max_length=200)

    def countries(self) -> tuple[str, ...]:
        """Return the countries asked for, as they were written."""
        parts = (part.strip() for part in self.country.split(","))
        return tuple(part for part in parts if part)[:MOST_COUNTRIES]


def view(state: DataState) -> Mapping[str, Any]:
    """Return the list, and the card or the page on methods that is open."""
    rows = None if state.kind == "methods" else _listed(state)
    answer, told = _card(state)
    card = None if answer is None else answer.result
    return {
        "kinds": KINDS,
        "titles": TITLES,
        "rows": rows,
        "columns": [] if rows is None else [(name, LABELS[name]) for name in rows.columns],
        "card": card,
        "told": told,
        "status_code": 404 if told and card is None else 200,
        "method": _method(state),
        "figures": _figures(answer),
        "series": card is not None and card.kind == "indicator",
        "vintage": vintage(),
    }


def _listed(state: DataState) -> pl.DataFrame:
    """Return the rows that hold the text."""
    given = {"kind": state.kind, "find": state.find}
    answer = DataList.read(given).answer()
    found: pl.DataFrame = getattr(answer.result, state.kind)
    labels = tuple(Column(name, LABELS[name]) for name in found.columns)
    shown.register(answer.document(), Table(found, labels, KINDS[state.kind]), "list")
    return found


def _card(state: DataState) -> tuple[Answer[Card] | None, str]:
    """Return the card that is open; where it cannot be had as asked, the nearest to it and why."""
    if not state.show or state.kind == "methods":
        return None, ""
    name = f"{state.kind.removesuffix('s')}:{state.show}"
    try:
        return DataShow.read({"id": name, "country": list(state.countries())}).answer(), ""
    except ParityError as problem:
        told = str(problem)
    try:
        return DataShow.read({"id": name}).answer(), told
    except ParityError:
        return None, told


def _figures(answer: Answer[Card] | None) -> list[Any]:
    if answer is None:
        return []
    document = answer.document()
    return [shown.figure(document, chart) for chart in document.charts()]


def _method(state: DataState) -> Mapping[str, Any] | None:
    if state.kind != "methods":
        return None
    name = state.show if state.show in TITLES else next(iter(TITLES))
    return {"name": name, "title": TITLES[name], "html": method_html(name)}


PAGE = Page(
    slug="data",
    title="Data and methods",
    summary="Every source with its licence and vintage, every table to download, every formula.",
    state=DataState,
    view=view,
)
