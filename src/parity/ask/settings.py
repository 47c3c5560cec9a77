"""An index with other weights, another normalisation or another aggregation: what a reader may turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from parity.errors import ParityError, did_you_mean, one_of
from parity.index import IndexSpec, build

if TYPE_CHECKING:
    from parity.ask.standing import Standing

Normalisation = Literal["minmax", "zscore", "percentile_rank"]
Aggregation = Literal["arithmetic", "geometric", "harmonic"]

# As the built-in index varies them, so that scores stay near 0 to 100.
NORMALISATIONS: dict[str, dict[str, Any]] = {
    "minmax": {"method": "minmax"},
    "zscore": {"method": "zscore", "mean": 50, "sd": 20},
    "percentile_rank": {"method": "percentile_rank"},
}
MOST_WEIGHT = 1000.0


class Settings(BaseModel):
    """What differs from the spec; nothing by default.

    Attributes
    ----------
    weights
        Weights by code of a group or an indicator, relative to those of its siblings.
    normalise
        How indicators come to a common scale.
    aggregate
        How the pillars, the groups right below the index, become its score.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: Mapping[str, float] = Field(default_factory=dict)
    normalise: Normalisation | None = None
    aggregate: Aggregation | None = None


def edited(found: Standing, settings: Settings) -> Standing:
    """Rebuild an index with other settings, on the same data.

    Raises
    ------
    ParityError
        If a weight names nothing in the index, is out of range, or the members of a group are left
        without any weight.
    """
    if settings == Settings():
        return found
    spec = edited_spec(found.index.spec, settings)
    table = found.index.stages["raw"].table
    return replace(found, index=build(spec, table, found.vintage, like=found.index))


def edited_spec(spec: IndexSpec, settings: Settings) -> IndexSpec:
    """Return a spec with other settings; an alternative that its intervals do not vary joins those."""
    body = spec.model_dump(by_alias=True, exclude_unset=True)
    _weigh(body, settings.weights)
    steps, top = body.setdefault("steps", {}), int(spec.tree().levels.max())
    if settings.normalise is not None:
        steps["normalise"] = dict(NORMALISATIONS[settings.normalise])
        _vary(body, "normalise", steps["normalise"])
    if settings.aggregate is not None:
        levels = steps.setdefault("aggregate", {}).setdefault("level", {})
        levels[top] = {"method": settings.aggregate}
        _vary(body, f"aggregate.level.{top}.method", settings.aggregate)
    return IndexSpec.model_validate(body)


def _weigh(body: dict[str, Any], weights: Mapping[str, float]) -> None:
    elements = {element["code"]: element for element in [*body["indicator"], *body.get("group", [])]}
    for code, weight in weights.items():
        if code not in elements:
            raise ParityError(
                f"no pillar, sub-pillar or indicator '{code}' to weigh.{did_you_mean(code, elements)}"
            )
        if not 0 <= weight <= MOST_WEIGHT:
            raise ParityError(
                f"the weight of '{code}' must lie between 0 and {MOST_WEIGHT:g}, not {weight:g}"
            )
        elements[code]["weight"] = weight
    for parent in {_parent(elements[code]) for code in weights}:
        members = [element for element in elements.values() if parent and _parent(element) == parent]
        if members and not any(member.get("weight", 1.0) for member in members):
            raise ParityError(f"all weights within '{parent}' are 0; leave one of its members some weight")


def _parent(element: dict[str, Any]) -> str | None:
    return element.get("parent") or element.get("group")


def _vary(body: dict[str, Any], field: str, value: Any) -> None:
    """Let the intervals cover the chosen alternative, where they cover others of its kind."""
    assumptions = body.get("robustness", {})
    choices = [
        choice | {"values": [*choice["values"], value]}
        if choice["field"] == field and value not in choice["values"]
        else choice
        for choice in assumptions.get("choice", ())
    ]
    if choices:
        body["robustness"] = assumptions | {"choice": choices}


def weights_of(words: tuple[str, ...]) -> dict[str, float]:
    """Read weights that are written ``CODE=NUMBER``.

    Raises
    ------
    ParityError
        If one is not.
    """
    found = {}
    for word in words:
        code, _, number = word.partition("=")
        try:
            found[code.strip()] = float(number)
        except ValueError:
            raise ParityError(f"'{word}' is not a weight; write {one_of(['talent=7'])}") from None
    return found
