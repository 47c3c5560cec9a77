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
    from parity.robustness.places import OwnWeight

Normalisation = Literal["minmax", "zscore", "percentile_rank"]
Aggregation = Literal["arithmetic", "geometric", "harmonic"]

# As the built-in index varies them, so that scores stay near 0 to 100.
NORMALISATIONS: dict[str, dict[str, Any]] = {
    "minmax": {"method": "minmax"},
    "zscore": {"method": "zscore", "mean": 50, "sd": 20},
    "percentile_rank": {"method": "percentile_rank"},
}
MOST_WEIGHT = 1000.0
_METHODS = {
    "minmax": "min-max",
    "zscore": "z-scores",
    "percentile_rank": "percentile ranks",
    "arithmetic": "arithmetic mean",
    "geometric": "geometric mean",
    "harmonic": "harmonic mean",
}


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
    made = replace(found, index=build(spec, table, found.vintage, like=found.index))
    own = own_weights(made, settings.weights)
    parts = [each for each in (found.setting, _told(own, settings)) if each]
    return replace(made, own_weights=own, setting="; ".join(parts))


def _told(own: tuple[OwnWeight, ...], settings: Settings) -> str:
    """Return what differs from the spec: "own weights: Talent 64 %; geometric mean"."""
    weights = ", ".join(f"{one.title} {100 * one.share:.3g} %" for one in own)
    methods = [_METHODS[given] for given in (settings.normalise, settings.aggregate) if given]
    return "; ".join([*([f"own weights: {weights}"] if own else []), *methods])


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


def weights_of(words: tuple[str, ...], found: Standing) -> dict[str, float]:
    """Read weights that are written ``CODE=NUMBER``, or ``CODE=SHARE%`` for a share in its group.

    Parameters
    ----------
    words
        What was written; a title stands for its code.
    found
        The index.

    Returns
    -------
    dict
        Weights by code, relative to those of the siblings. The siblings of one with a share keep their
        proportions to each other.

    Raises
    ------
    ParityError
        If one is not so written, or shares leave nothing to the others.
    """
    weights: dict[str, float] = {}
    shares: dict[str, float] = {}
    for word in words:
        name, _, number = word.rpartition("=")
        kept = shares if number.endswith("%") else weights
        try:
            kept[found.code(name)] = float(number.removesuffix("%")) / (100 if kept is shares else 1)
        except ValueError:
            wanted = one_of(["talent=7", "talent=64%"])
            raise ParityError(f"'{word}' is not a weight; write {wanted}") from None
    return weights | _relative(shares, weights, found)


def _relative(shares: dict[str, float], weights: dict[str, float], found: Standing) -> dict[str, float]:
    """Return the weights that give nodes some shares in their groups."""
    index = found.index
    by_group: dict[int, list[str]] = {}
    for code in shares:
        by_group.setdefault(int(index.tree.parents[index.node(code)]), []).append(code)
    made: dict[str, float] = {}
    for group, codes in by_group.items():
        left = 1 - sum(shares[code] for code in codes)
        if left <= 0 or min(shares[code] for code in codes) < 0:
            raise ParityError(
                f"the shares of {', '.join(codes)} must be 0 % or more and leave some to their group"
            )
        own = {index.tree.codes[node]: float(index.weights[node]) for node in index.tree.children(group)}
        rest = sum((own | weights)[code] for code in own if code not in codes)
        made |= {code: shares[code] / left * rest for code in codes}
    return made


def own_weights(found: Standing, weights: Mapping[str, float]) -> tuple[OwnWeight, ...]:
    """Return the weights that were set, with their shares in their groups, in an index that has them."""
    from parity.robustness.places import OwnWeight

    tree, own = found.index.tree, found.index.weights
    rows = []
    for code, weight in weights.items():
        node = found.index.node(code)
        siblings = tree.children(int(tree.parents[node]))
        rows.append(OwnWeight(code, found.title(node), weight, float(own[node] / own[siblings].sum())))
    return tuple(rows)
