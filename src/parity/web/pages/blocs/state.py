"""The address of the page on blocs."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from parity.ask.question import Day
from parity.views.names import countries
from parity.web.state import State

OWN = "own"
"""The bloc that has no members but those that a reader adds."""

NOBODY = "none"
"""Written in place of what the bloc is compared with, where a reader takes all of it away."""

MOST_MEMBERS, MOST_BESIDE = 60, 4


@cache
def bloc_names() -> tuple[str, ...]:
    """Return the names of all blocs of the catalogue, those of the past too."""
    from parity.catalogue import load_table

    return tuple(load_table("memberships")["bloc"].unique().sort())


def _country(code: str) -> str:
    if code not in countries():
        raise ValueError("no country has this code")
    return code


def _side(name: str) -> str:
    if name not in (*bloc_names(), NOBODY):
        _country(name)
    return name


def _node(code: str) -> str:
    from parity.ask.standing import built

    tree = built().index.tree
    if code not in [tree.codes[node] for node in tree.groups]:
        raise ValueError("the index has no such pillar")
    return code


Code = Annotated[str, AfterValidator(_country)]
Side = Annotated[str, AfterValidator(_side)]
Node = Annotated[str, AfterValidator(_node)]


class BlocsState(State):
    """Who is in the bloc, what it is held against, and in what.

    Attributes
    ----------
    bloc
        Bloc of the catalogue, or ``own`` for one of the reader's; to be chosen.
    on
        Day of the membership; by default the present one.
    partners
        Whether partner countries are pooled too.
    add, drop
        Countries added to it, and taken out.
    of
        Bloc that ``add``, ``drop``, ``a`` and ``b`` were chosen for; they go when another is.
    beside
        Blocs and countries that it is held against; by default the first of the ranking.
    variant
        Variant of the index.
    node
        Index, pillar or sub-pillar that is split over the members.
    a, b
        Countries whose collaboration is shown over time; by default the members with the largest ties.
    """

    bloc: str = ""
    on: Day | None = None
    partners: bool = False
    add: tuple[Code, ...] = Field(default=(), max_length=MOST_MEMBERS)
    drop: tuple[Code, ...] = Field(default=(), max_length=MOST_MEMBERS)
    of: str = ""
    beside: tuple[Side, ...] = Field(default=("USA",), max_length=MOST_BESIDE)
    variant: Literal["both", "scale", "intensity"] = "both"
    node: Node = "index"
    a: Code | Literal[""] = ""
    b: Code | Literal[""] = ""

    @model_validator(mode="before")
    @classmethod
    def _of_this_bloc(cls, given: Any) -> Any:
        """Leave out what was chosen for another bloc."""
        if not isinstance(given, dict):
            return given
        kept = {key: value for key, value in given.items() if key != "of"}
        if given.get("of") and given["of"] != given.get("bloc", cls.model_fields["bloc"].default):
            kept = {key: value for key, value in kept.items() if key not in ("add", "drop", "a", "b")}
        return kept

    @field_validator("bloc")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in (*bloc_names(), OWN, ""):
            raise ValueError(f"there is no such bloc; there are {', '.join(bloc_names())}")
        return name

    @field_validator("add", "drop")
    @classmethod
    def _once(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(codes)))

    @field_validator("beside")
    @classmethod
    def _sides(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        given = names or cls.model_fields["beside"].default
        return tuple(dict.fromkeys(name for name in given if name != NOBODY)) or (NOBODY,)
