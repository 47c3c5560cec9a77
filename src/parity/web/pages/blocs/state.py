"""The address of the page on blocs."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field, field_validator, model_validator

from parity.ask.bloc import Pool
from parity.ask.standing import built, ranking
from parity.catalogue import find_country, load_table
from parity.errors import ParityError
from parity.web.groups import code_of
from parity.web.state import named, state_of

OWN = "own"
"""The bloc that has no members but those that a reader adds."""

NOBODY = "none"
"""Written in place of what the bloc is compared with, where a reader takes all of it away."""

MOST_MEMBERS, MOST_BESIDE = 60, 4


@cache
def bloc_names() -> tuple[str, ...]:
    """Return the names of all blocs of the catalogue, those of the past too."""
    return tuple(load_table("memberships")["bloc"].unique().sort())


def _known(name: str) -> str:
    """Return the name of a bloc of the catalogue, in any case, or of one of the reader's."""
    found = {each.lower(): each for each in (*bloc_names(), OWN)}.get(name.lower())
    if found is None:
        raise ParityError(f"there is no such bloc; there are {', '.join(bloc_names())}")
    return found


def _side(name: str) -> str:
    return name if name in (*bloc_names(), NOBODY) else find_country(name).iso3


def _node(code: str) -> str:
    tree = built().index.tree
    if code not in [tree.codes[node] for node in tree.groups]:
        raise ParityError("the index has no such pillar")
    return code


Code = Annotated[str, AfterValidator(code_of)]


class BlocsState(state_of((Pool, "on", "partners", "variant", "node"))):  # type: ignore[misc]
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
    add: tuple[Code, ...] = Field(default=(), max_length=MOST_MEMBERS)
    drop: tuple[Code, ...] = Field(default=(), max_length=MOST_MEMBERS)
    of: str = ""
    beside: tuple[Annotated[str, AfterValidator(named(_side))], ...] = Field(
        default=(), max_length=MOST_BESIDE
    )
    a: Code = ""
    b: Code = ""

    _bloc = field_validator("bloc")(named(_known))
    _of_index = field_validator("node")(named(_node))

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

    @field_validator("add", "drop")
    @classmethod
    def _once(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(codes)))

    @field_validator("beside")
    @classmethod
    def _sides(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in names if name != NOBODY)) or names[:1]

    def held(self) -> tuple[str, ...]:
        """Return what the bloc is held against; where nothing is chosen the first of the ranking."""
        return tuple(side for side in self.beside or (first(),) if side != NOBODY)


@cache
def first() -> str:
    """Return the country that stands first in the index."""
    code: str = ranking(built())["id"][0]
    return code
