"""Answers on what the catalogue holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import Field

from parity import catalogue
from parity.answers.base import Answer
from parity.catalogue import Card


class ListAnswer(Answer):
    """Answer of ``parity data list --json``."""

    tables: list[dict[str, Any]] = Field(description="Tables: name, rows, title")
    indicators: list[dict[str, Any]] = Field(description="Indicators with their coverage")
    sources: list[dict[str, Any]] = Field(description="Sources with licence and vintage")


class ShowAnswer(Answer):
    """Answer of ``parity data show ID --json``."""

    id: str = Field(description="Code, name or key")
    kind: str = Field(description="indicator, table or source")
    title: str = Field(description="Title")
    facts: dict[str, str] = Field(description="What is to be known about it")
    sources: list[dict[str, Any]] = Field(description="Publisher, licence, vintage, citation of each source")
    coverage: list[dict[str, Any]] = Field(description="Countries with a value, by year")
    series: list[dict[str, Any]] = Field(description="Values of the countries asked for")


def list_answer(kind: str = "all") -> ListAnswer:
    """List ``"tables"``, ``"indicators"``, ``"sources"`` or ``"all"`` of them."""
    kinds = ("tables", "indicators", "sources")
    rows = {name: catalogue.listing(name).to_dicts() if kind in ("all", name) else [] for name in kinds}
    return ListAnswer(data=catalogue.vintage(), **rows)


def show_answer(name: str, countries: tuple[str, ...] = ()) -> ShowAnswer:
    """Answer with the card of an indicator, a table or a source.

    Raises
    ------
    ParityError
        As `parity.catalogue.describe`.
    """
    return answer_of(catalogue.describe(name, countries))


def answer_of(card: Card) -> ShowAnswer:
    """Return the JSON form of a card."""
    return ShowAnswer(
        data=catalogue.vintage(),
        id=card.id,
        kind=card.kind,
        title=card.title,
        facts=card.facts,
        sources=[asdict(source) for source in card.sources],
        coverage=card.coverage.to_dicts(),
        series=card.series.to_dicts(),
    )
