"""The state of a page is its address: reading one, refusing junk in it plainly, writing one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Self, TypeVar, get_args
from urllib.parse import urlencode

from annotated_types import MaxLen
from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    create_model,
    field_validator,
)
from pydantic.fields import FieldInfo

from parity import dates
from parity.ask.question import Question
from parity.errors import ParityError, did_you_mean

MOST_CHARACTERS = 500
FORMER = {
    "derived": ("include_derived", ""),
    "ahead": ("projection", ""),
    "approval": ("counting", "approval"),
    "case_by_case": ("counting", "case_by_case"),
}
"""Names in addresses of earlier versions: what they are called now, and the value where it was a yes."""
Q = TypeVar("Q", bound=Question)


class State(BaseModel):
    """Base of every page's state: all fields have defaults, which the address leaves out.

    A field of type ``dict`` is written ``field.key=value``; a field of type ``tuple`` is repeated.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="wrap")
    @classmethod
    def _in_words(cls, value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """Refuse what a question's own field refuses in its words."""
        try:
            return read(value)
        except ParityError as problem:
            raise ValueError(str(problem)) from None

    def trimmed(self) -> Self:
        """Return the state without what says the same as a default; pages with more to drop override it."""
        return self


S = TypeVar("S", bound=State)


def state_of(*parts: tuple[Any, ...], **defaults: Any) -> Any:
    """Return the state of a page that asks questions: fields of theirs, as the questions declare them.

    Parameters
    ----------
    *parts
        A question and the names of its fields that the page lets a reader choose.
    **defaults
        What stands where the address says nothing, if not the question's own default.
    """
    fields: dict[str, Any] = {}
    for question, *names in parts:
        for name in names:
            field = question.model_fields[name]
            if name in defaults:
                field = FieldInfo.merge_field_infos(field, default=defaults[name])
            fields[name] = (field.annotation, field)
    return create_model("".join(question.__name__ for question, *_ in parts), __base__=State, **fields)


def asked(question: type[Q], state: State, **more: Any) -> Q:
    """Return the question that a page's state asks.

    Parameters
    ----------
    question
        What is asked; fields of the state that it lacks are left out.
    state
        State of the page.
    more
        Values besides; those that are ``None`` are left out.

    Raises
    ------
    ParityError
        If the values make no question.
    """
    given = {
        name: value
        for name in type(state).model_fields
        if name in question.model_fields
        and (value := getattr(state, name)) is not None
        and value != question.model_fields[name].get_default(call_default_factory=True)
    }
    return question.read(given | {name: value for name, value in more.items() if value is not None})


def named(read: Callable[[str], str]) -> Callable[[str | None], str | None]:
    """Return a validator that reads a name where there is one; an unknown one is refused in its words."""

    def validate(text: str | None) -> str | None:
        try:
            return read(text) if text else text
        except ParityError as problem:
            raise ValueError(str(problem)) from None

    return validate


class Read(NamedTuple):
    """A state and what an address held that could not be used.

    Attributes
    ----------
    state
        Valid in any case.
    notes
        One plain sentence for each thing refused.
    refused
        What was given for fields whose value could not be used.
    """

    state: Any
    notes: tuple[str, ...]
    refused: Mapping[str, str] = {}


def read_state(model: type[S], query: Iterable[tuple[str, str]]) -> Read:
    """Read the state of a page from its address; what is not usable is left out, and said.

    Parameters
    ----------
    model
        State of the page.
    query
        Names and values, as in the address; a name may come again.
    """
    given, notes = _gather(model, query)
    asked = {name: value for name, value in given.items() if isinstance(value, str)}
    # Each round drops what the last one refused; what is left after the last are the defaults.
    for _ in range(len(given) + 1):
        try:
            kept = model.model_validate(given)
            return Read(kept, tuple(notes), {k: v for k, v in asked.items() if k not in given})
        except ValidationError as problem:
            notes += [_drop(given, fault) for fault in problem.errors(include_url=False)]
    return Read(model(), tuple(notes))


def _gather(model: type[State], query: Iterable[tuple[str, str]]) -> tuple[dict[str, Any], list[str]]:
    given: dict[str, Any] = {}
    notes: list[str] = []
    for name, value in query:
        field, dot, key = name.partition(".")
        if field not in model.model_fields and field in FORMER:
            field, value = FORMER[field][0], FORMER[field][1] or value
        if value == "" and field in model.model_fields and model.model_fields[field].default is None:
            continue
        if field not in model.model_fields or (dot and not _is(model, field, Mapping)):
            told = f"which this page does not know: left out.{did_you_mean(name, model.model_fields, 1)}"
            notes.append(f"The address holds “{_short(name)}”, {told}")
        elif len(value) > (most := _most(model, field)):
            notes.append(f"“{field}” is longer than {most:,} characters: left out.")
        elif _is(model, field, Mapping):
            given.setdefault(field, {})[key] = value
        elif _is(model, field, tuple):
            given.setdefault(field, []).append(value)
        else:
            given[field] = _day(model, field, value)
    return given, notes


def _is(model: type[State], field: str, kind: type) -> bool:
    return isinstance(model.model_fields[field].get_default(call_default_factory=True), kind)


def _day(model: type[State], field: str, value: str) -> str:
    """Return the day that a slider without script sends as a number; anything else as it is.

    Four digits are a year. A slider's numbers have five: its days lie after 1997.
    """
    number = (
        _dated(model.model_fields[field].annotation)
        and len(value) == 5
        and value.isascii()
        and value.isdigit()
    )
    return dates.day_of(int(value)).isoformat() if number else value


def _dated(kind: Any) -> bool:
    return kind is dt.date or any(_dated(part) for part in get_args(kind))


def _most(model: type[State], field: str) -> int:
    own = [limit.max_length for limit in model.model_fields[field].metadata if isinstance(limit, MaxLen)]
    return max([MOST_CHARACTERS, *own])


def _drop(given: dict[str, Any], fault: Any) -> str:
    """Take the value at fault out, and say so."""
    field, *below = fault["loc"] or ("",)
    held = given.get(field)
    if isinstance(held, dict) and below and below[0] in held:
        value, name = held.pop(below[0]), f"{field}.{below[0]}"
    elif isinstance(held, list) and below and isinstance(below[0], int) and below[0] < len(held):
        value, name = held[below[0]], field
        given[field] = [one for place, one in enumerate(held) if place != below[0]]
    else:
        value, name = given.pop(field, ""), field
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"“{_short(name)}” cannot be “{_short(str(value))}” ({message}): the default is shown instead."


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def query_of(state: State) -> str:
    """Return the address of a state after the question mark: only what differs from the defaults."""
    body = state.trimmed().model_dump(mode="json", exclude_defaults=True)
    pairs: list[tuple[str, str]] = []
    for field, value in body.items():
        if isinstance(value, dict):
            pairs += [(f"{field}.{key}", _text(value[key])) for key in sorted(value)]
        elif isinstance(value, list):
            pairs += [(field, _text(one)) for one in value]
        else:
            pairs.append((field, _text(value)))
    return urlencode(pairs, safe="/,:")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:g}" if isinstance(value, float) else str(value)


def only(state: Any, *fields: str) -> Any:
    """Return a state with some fields alone: what a part of a page depends on."""
    return type(state).model_construct(**{name: getattr(state, name) for name in fields})


def with_changes(state: State, **changes: Any) -> str:
    """Return the address of a state with some fields changed, for a link."""
    return "?" + query_of(state.model_copy(update=changes))
