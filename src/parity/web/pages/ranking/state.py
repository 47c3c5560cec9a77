"""The address of the ranking page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self
from urllib.parse import parse_qsl

from pydantic import Field, field_validator

from parity.ask.moves import Choice
from parity.ask.settings import Aggregation, Normalisation, Settings
from parity.ask.standing import built
from parity.web.groups import known_group
from parity.web.state import State, query_of, read_state

Weight = Annotated[float, Field(ge=0, le=100)]


class RankingState(State):
    """What is ranked, how, and what of it is shown.

    Attributes
    ----------
    variant, normalise, aggregate, w
        The setting; ``w`` holds weights by code of a pillar or sub-pillar.
    group, find
        Rows shown: members of a group, names or codes that hold a text.
    sort, down
        Column that rows are sorted by, and whether the largest comes first.
    subs
        Whether sub-pillars have columns.
    pin
        Address of a setting to compare with; empty: none.
    """

    variant: Literal["both", "scale", "intensity"] = "both"
    normalise: Normalisation = "minmax"
    aggregate: Aggregation = "arithmetic"
    w: Mapping[str, Weight] = Field(default_factory=dict)
    group: str = ""
    find: str = Field(default="", max_length=60)
    sort: str = "rank"
    down: bool = False
    subs: bool = False
    pin: str = Field(default="", max_length=400)

    @field_validator("w")
    @classmethod
    def _pillars(cls, weights: Mapping[str, float]) -> Mapping[str, float]:
        allowed = weights_of_spec()
        if unknown := [code for code in weights if code not in allowed]:
            raise ValueError(f"no pillar or sub-pillar is called {unknown[0][:40]}")
        return weights

    @field_validator("group")
    @classmethod
    def _group(cls, group: str) -> str:
        return known_group(group)

    @field_validator("sort")
    @classmethod
    def _column(cls, column: str) -> str:
        if column not in ("rank", "name", "score", *weights_of_spec()):
            raise ValueError("there is no such column")
        return column

    def trimmed(self) -> Self:
        """Return the state without weights that are those of the index."""
        own = weights_of_spec()
        return self.model_copy(update={"w": {c: w for c, w in self.w.items() if w != own[c]}})

    def choice(self) -> Choice:
        """Return the setting as the measures take it."""
        plain = self.trimmed()
        settings = Settings(
            weights=plain.w,
            normalise=None if plain.normalise == "minmax" else plain.normalise,
            aggregate=None if plain.aggregate == "arithmetic" else plain.aggregate,
        )
        return Choice(variant=plain.variant, settings=settings)

    def setting(self) -> str:
        """Return the address of the setting alone, to pin it."""
        kept = RankingState(
            variant=self.variant, normalise=self.normalise, aggregate=self.aggregate, w=self.w
        )
        return query_of(kept)

    def pinned(self) -> RankingState:
        """Return the setting to compare with; that of the index where none is pinned."""
        state: RankingState = read_state(RankingState, parse_qsl(self.pin)[:40]).state
        return state


def weights_of_spec() -> dict[str, float]:
    """Return the index's own weights of pillars and sub-pillars, by code, pillars before their members."""
    found = built()
    weights = {group.code: group.weight for group in found.index.spec.groups}
    return {
        found.index.tree.codes[node]: weights[found.index.tree.codes[node]] for node in found.group_nodes()
    }
