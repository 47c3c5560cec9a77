"""What moved between two settings of an index, and which of the changes moved it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

import numpy as np
from pydantic import BaseModel, Field

from parity.ask.settings import Settings, edited
from parity.ask.standing import Standing
from parity.errors import ParityError
from parity.stats import every_coalition, shapley

MOST_CHANGES = 5
"""Above, all changes of weights count as one: the work doubles with each."""


class Move(BaseModel):
    """A country whose rank differs."""

    iso3: str = Field(description="Code")
    name: str = Field(description="Usual English name")
    before: int = Field(description="Rank with the first settings")
    after: int = Field(description="Rank with the second")
    parts: dict[str, float] = Field(description="Places gained by each change; they add up to the move")

    @property
    def places(self) -> int:
        """Places gained; below zero: lost."""
        return self.before - self.after


class Choice(BaseModel):
    """A variant of the built-in index with settings."""

    variant: str = "both"
    settings: Settings = Settings()


def moves(build: Callable[[str], Standing], before: Choice, after: Choice) -> list[Move]:
    """Split every country's move in rank over the changes of settings.

    The parts are Shapley values: what a change does, averaged over all orders in which the changes could
    be made. They add up to the move exactly.

    Parameters
    ----------
    build
        Returns the index of a variant as its spec has it.
    before, after
        The two settings.

    Returns
    -------
    list of Move
        Largest move first; countries that stay, or that only one side ranks, are left out.
    """
    start = edited(build(before.variant), before.settings)
    changes = _changes(start, before, after)
    try:
        ranks = _all_ranks(build, before, changes)
    except ParityError:
        # Half of a change of weights can leave a group without any; the whole of it cannot.
        changes = _by_kind(changes)
        ranks = _all_ranks(build, before, changes)
    units = sorted(set.intersection(*map(set, ranks.values())))
    values = {made: np.array([of[unit] for unit in units]) for made, of in ranks.items()}
    worths = np.stack([-values[made] for made in _subsets(list(changes))])
    parts = dict(zip(changes, shapley(worths), strict=True))
    total = values[frozenset()] - values[frozenset(changes)]
    names = dict(zip(start.index.units, start.index.names, strict=True))
    found = [
        Move(
            iso3=unit,
            name=str(names[unit]),
            before=int(values[frozenset()][row]),
            after=int(values[frozenset(changes)][row]),
            parts={title: float(parts[title][row]) for title in changes},
        )
        for row, unit in enumerate(units)
        if total[row]
    ]
    return sorted(found, key=lambda move: (-abs(move.places), move.after))


@dataclass(frozen=True, slots=True)
class _Change:
    """What one change sets: fields of a choice, and weights (``None``: that of the spec)."""

    variant: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, float | None] = field(default_factory=dict)


Changes = dict[str, _Change]


def _changes(start: Standing, before: Choice, after: Choice) -> Changes:
    """Return what differs, by a title for people."""
    found: Changes = {}
    if before.variant != after.variant:
        found[f"variant {after.variant}"] = _Change(variant=after.variant)
    for name, label in (("normalise", "normalisation"), ("aggregate", "aggregation")):
        value = getattr(after.settings, name)
        if value != getattr(before.settings, name):
            found[label] = _Change(fields={name: value})
    old, new = before.settings.weights, after.settings.weights
    for code in sorted({*old, *new}):
        if old.get(code) != new.get(code):
            title = start.title(start.index.node(code))
            found[f"weight of {title}"] = _Change(weights={code: new.get(code)})
    return found if len(found) <= MOST_CHANGES else _by_kind(found)


def _by_kind(changes: Changes) -> Changes:
    """Count all changes of weights as one."""
    weights = {code: weight for change in changes.values() for code, weight in change.weights.items()}
    rest = {title: change for title, change in changes.items() if not change.weights}
    return rest | ({"weights": _Change(weights=weights)} if weights else {})


def _all_ranks(
    build: Callable[[str], Standing], before: Choice, changes: Changes
) -> dict[frozenset[str], dict[str, float]]:
    """Return the ranks of units after every subset of the changes."""
    return {made: _ranks(build, before, changes, made) for made in _subsets(list(changes))}


def _subsets(titles: list[str]) -> Iterator[frozenset[str]]:
    for inside in every_coalition(len(titles)):
        yield frozenset(compress(titles, inside))


def _ranks(
    build: Callable[[str], Standing], before: Choice, changes: Changes, made: frozenset[str]
) -> dict[str, float]:
    variant, fields = before.variant, before.settings.model_dump()
    weights: dict[str, float | None] = dict(before.settings.weights)
    for title in made:
        change = changes[title]
        variant = change.variant or variant
        fields |= change.fields
        weights |= change.weights
    own = {code: weight for code, weight in weights.items() if weight is not None}
    plain = edited(build(variant), Settings.model_validate(fields | {"weights": {}})).index
    ranks = plain.ranks_under(own)
    return {str(unit): place for unit, place in zip(plain.units, ranks, strict=True) if place == place}
