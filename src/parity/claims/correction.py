"""Readings corrected by a person: the fields of a claim set anew, and the claim judged by them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from parity.claims.model import AnyClaim
from parity.errors import InvalidError, one_of

Changes = Mapping[int, Mapping[str, str]]

_ADAPTER: TypeAdapter[AnyClaim] = TypeAdapter(AnyClaim)
# What is no part of the reading: where it stands, who said it, and what follows from a correction itself.
_FIXED = frozenset(
    ("span", "text", "family", "read_by", "open", "attribution", "rounding", "hedge", "stated_date")
)
_SETTING = re.compile(r"(?P<claim>\d{1,4})\.(?P<field>\w+)=(?P<value>.*)", re.S)
MOST_CHANGES = 200
"""Fields that are set anew in one text."""


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field of a claim, for a form.

    Attributes
    ----------
    name, meaning
        Its name, and what it says.
    value
        What was read, as it is typed.
    choices
        What it may be; empty where it is free.
    """

    name: str
    meaning: str
    value: str
    choices: tuple[str, ...] = ()


def changes(settings: Iterable[str]) -> Changes:
    """Read corrections: ``2.rank=30`` sets the rank of the second claim of the text.

    Raises
    ------
    InvalidError
        If one is written in another way.
    """
    found: dict[int, dict[str, str]] = {}
    for setting in settings:
        parts = _SETTING.fullmatch(setting.strip())
        if parts is None:
            raise InvalidError("reading", f"'{setting}' is not NUMBER.FIELD=VALUE, such as 2.rank=30")
        found.setdefault(int(parts["claim"]), {})[parts["field"]] = parts["value"].strip()
    return found


def corrected(claims: Sequence[AnyClaim], asked: Changes) -> list[AnyClaim]:
    """Return claims with the corrections of a person; what is set as it was read stays as it was.

    Parameters
    ----------
    claims
        By their place in the text; numbered from 1.
    asked
        Number -> field -> value.

    Raises
    ------
    InvalidError
        If there is no claim of a number, no such field, or the value does not fit.
    """
    for number in asked:
        if not 1 <= number <= len(claims):
            raise InvalidError("reading", f"there is no claim {number}: the text has {len(claims)}")
    return [_corrected(claim, n, asked.get(n, {})) for n, claim in enumerate(claims, 1)]


def _corrected(claim: AnyClaim, number: int, asked: Mapping[str, str]) -> AnyClaim:
    known = {field.name: field.value for field in fields(claim)}
    if unknown := sorted(set(asked) - set(known)):
        raise InvalidError(
            "reading", f"claim {number} has no field '{unknown[0]}'; allowed are {one_of(sorted(known))}"
        )
    new = {name: value for name, value in asked.items() if value != known[name]}
    if not new:
        return claim
    given = claim.model_dump() | {name: _typed(claim, name, value) for name, value in new.items()}
    # A person has settled what was open, except for the day of the text; a number stands as it is given.
    given |= {"read_by": "person", "open": [one for one in claim.open if one == "day of the text"]}
    if {"low", "high"} & set(new):
        given |= {"rounding": 0.0, "hedge": ""}
    if "as_of" in new:
        given["stated_date"] = True
    try:
        return _ADAPTER.validate_python(given)
    except ValidationError as problem:
        fault = problem.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"][1:])
        message = str(fault["msg"]).removeprefix("Value error, ")
        raise InvalidError("reading", f"claim {number}, {where or 'fields'}: {message}") from None


def fields(claim: AnyClaim) -> list[FieldOf]:
    """Return the fields of a claim that a person may set anew."""
    return [
        FieldOf(
            name,
            field.description or name.replace("_", " "),
            _written(getattr(claim, name)),
            _choices(field.annotation),
        )
        for name, field in type(claim).model_fields.items()
        if name not in _FIXED
    ]


def _choices(kind: Any) -> tuple[str, ...]:
    if kind is bool:
        return ("no", "yes")
    options = get_args(kind) if get_origin(kind) is Literal else ()
    return tuple(str(option) for option in options)


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _typed(claim: AnyClaim, name: str, value: str) -> Any:
    """Return a value as the claim's model takes it; pydantic reads numbers and days from text."""
    field = type(claim).model_fields[name]
    if field.annotation is bool:
        return value in ("yes", "true", "1")
    if isinstance(getattr(claim, name), tuple):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    # An index that is not named is "", one that does not apply is null: what is empty stays what it was.
    return None if value == "" and not isinstance(field.get_default(), str) else value
