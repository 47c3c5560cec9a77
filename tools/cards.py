"""Cards: what every series that was looked at for the open AI index is, and the verdict on it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from parity.index.spec import IndexSpec, Indicator, Select

CARDS = Path(__file__).with_name("cards.toml")


class Card(BaseModel):
    """What is known of a series, and the verdict."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    series: str = Field(description="Series of the catalogue")
    about: Literal["AI", "resource"] = Field(description="AI itself, or a resource that it needs")
    mechanism: str = Field(description="What it has to do with AI")
    hazard: str = Field(default="", description="Artefact that could act on it")
    counting: str = Field(default="", description="How joint work is counted")
    per: str | None = Field(default=None, description="What a candidate that is out is divided by")
    ceiling: float | None = Field(default=None, description="Greatest value per that which is possible")
    carried: bool = Field(default=True, description="Whether the catalogue carries it, so that tests are run")
    verdict: Literal["in", "repaired", "out"] = Field(description="Whether it is in the index")
    reason: str = Field(description="Why")


def cards() -> tuple[Card, ...]:
    """Return the cards, those of the index in its order, then those of the series that are out."""
    from parity.catalogue.files import read_text

    return tuple(Card(series=code, **fields) for code, fields in tomllib.loads(read_text(CARDS)).items())


def share_about_ai(spec: IndexSpec, node: str | None = None) -> float:
    """Return the share of a node's weight on series that are about AI itself.

    Parameters
    ----------
    spec
        A form of the open AI index.
    node
        Group; the index itself by default.
    """
    about = {card.series for card in cards() if card.about == "AI"}
    tree = spec.tree()
    leaves = tree.leaves(tree.n_nodes - 1 if node is None else tree.position(node))
    weights = tree.effective_weights()[leaves]
    on_ai = [_series(spec.indicators[leaf]) in about for leaf in leaves]
    return float(weights[on_ai].sum() / weights.sum())


def with_candidates(spec: IndexSpec) -> IndexSpec:
    """Return the spec with the series that are out beside those that are in, at weight 0 and untrimmed."""
    known = {_series(indicator) for indicator in spec.indicators}
    group = spec.indicators[0].group
    extra = [
        Indicator(
            code=f"{card.series}.intensity",
            group=group,
            weight=0.0,
            kind="intensive",
            denominator=card.per,
            select=Select(indicator=card.series),
        )
        for card in cards()
        if card.carried and card.series not in known
    ]
    index = spec.index.model_copy(update={"trim": False})
    return spec.model_copy(update={"index": index, "indicators": (*spec.indicators, *extra)})


def _series(indicator: Indicator) -> str:
    return indicator.select.indicator if indicator.select else indicator.code
