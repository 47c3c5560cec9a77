"""What a question is: one frozen model whose fields are the parameters that every face offers."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import os
import shlex
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic.fields import FieldInfo

from parity import dates
from parity.errors import InvalidError, ParityError

if TYPE_CHECKING:
    from parity.ask.answer import Answer


@dataclass(frozen=True, slots=True)
class Place:
    """Marks a field that may be given without its name, in the order of the fields.

    Attributes
    ----------
    word
        As a word on the command line.
    python
        As a positional argument in Python.
    """

    word: bool = True
    python: bool = True


@dataclass(frozen=True, slots=True)
class Local:
    """Marks a field of the user's own machine: on the command line and in Python, never over a network.

    Attributes
    ----------
    settles
        Whether the answer depends on it; threads, for one, change no answer and no command.
    """

    settles: bool = True


@dataclass(frozen=True, slots=True)
class Old:
    """Marks a field with a former name: on the command line it works with a warning, elsewhere silently."""

    option: str


def _table(given: Any) -> Any:
    if isinstance(given, str):
        return given
    if hasattr(given, "__fspath__"):
        return given.__fspath__()
    if hasattr(given, "iter_rows") or hasattr(given, "iloc"):
        import polars as pl

        if isinstance(given, pl.DataFrame):
            return given
        # Cell by cell: polars takes the text of a pandas frame with pyarrow alone.
        cells = given.astype(object).where(given.notna(), None)
        return pl.DataFrame({str(name): cells[name].tolist() for name in cells.columns}, strict=False)
    raise ValueError("give the path of a table, or a polars or pandas frame")


TableFile = Annotated[Any, BeforeValidator(_table), WithJsonSchema({"type": "string"}), Local()]
"""A table of the user: the path of a file; in Python a polars or pandas frame as well."""


def _day(given: Any, *, first: bool = False, ahead: bool = False) -> Any:
    if not isinstance(given, str | dt.date):
        return given
    try:
        return dates.read(given, first=first, ahead=ahead)
    except ParityError as problem:
        raise ValueError(str(problem)) from None


Day = Annotated[dt.date, BeforeValidator(_day)]
"""A day up to today; a month or a year stands for its last day."""
FirstDay = Annotated[dt.date, BeforeValidator(partial(_day, first=True))]
"""A day up to today; a month or a year stands for its first day."""
AnyDay = Annotated[dt.date, BeforeValidator(partial(_day, ahead=True))]
"""A day, in the future as well; a month or a year stands for its last day."""


def _code(given: Any) -> Any:
    if not isinstance(given, str) or not given.strip():
        return given
    from parity.catalogue import find_country

    return find_country(given).iso3


Word = Annotated[str, Field(min_length=1, max_length=100)]
"""A name or a code."""
Line = Annotated[str, Field(min_length=1, max_length=200)]
Country = Annotated[Word, BeforeValidator(_code)]
"""A country, by code or name."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of a question as the faces see it.

    Attributes
    ----------
    name, help, default
        As declared; ``None`` where there is no default, or none by itself. A name that Python keeps for
        itself ends in ``_`` there alone (``with_``): see ``word``.
    kind
        Type of one value: ``str``, ``int``, ``float``, ``bool``, ``datetime.date``; ``None`` for a table.
    choices
        Allowed values, where they are few.
    many
        Whether it takes several values.
    size
        How many values belong together, where that is fixed; 0 elsewhere.
    required
        Whether there is no default.
    place, positional
        Whether it may be a word on the command line, and a positional argument in Python.
    local, settles
        See `Place` and `Local`.
    old
        Options that it had before.
    bounds
        In words, such as ``20<=x<=1000``.
    heading
        What it is about, where help has several groups.
    """

    name: str
    help: str
    default: Any
    kind: type | None
    choices: tuple[str, ...]
    many: bool
    size: int
    required: bool
    place: bool
    positional: bool
    local: bool
    settles: bool
    old: tuple[str, ...]
    bounds: str
    heading: str

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return f"--{self.word.replace('_', '-')}"

    @property
    def word(self) -> str:
        """Its name on every face but that of Python."""
        return self.name.rstrip("_")

    @property
    def annotation(self) -> Any:
        """Its type, for a signature in Python."""
        one: Any = Literal[self.choices] if self.choices else self.kind or Any
        whole = tuple[one, ...] if self.many or self.size else one
        return whole | None if self.default is None and not self.required else whole


class Question(BaseModel):
    """A question: fields are parameters, the docstring is the help, `answer` answers.

    Attributes
    ----------
    verb
        Words of the command, such as ``lag`` or ``bloc pool``.
    view
        ``module:function`` that makes the document of an answer: below ``parity.views``, or from ``parity``
        on.
    result
        ``module:Class`` of what the answer holds; commas between classes where it may be one of several.
    examples
        Commands, for the help.
    addresses
        Older names in the API.
    old_figures
        Kinds of figure that had an option of their own: ``--map FILE`` is now ``--kind map --out FILE``.
    heading
        What the fields of a class that questions share are about, for groups in the help.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True)

    verb: ClassVar[str]
    view: ClassVar[str]
    result: ClassVar[str]
    examples: ClassVar[tuple[str, ...]] = ()
    addresses: ClassVar[tuple[str, ...]] = ()
    old_figures: ClassVar[tuple[str, ...]] = ()
    heading: ClassVar[str] = "Options"

    def answer(self) -> Answer[Any]:
        """Load what the question takes, and answer it.

        Raises
        ------
        NoAnswerError
            If the data hold no answer.
        """
        raise NotImplementedError

    @classmethod
    def results(cls) -> tuple[type, ...]:
        """Return the types of result that the answer may hold, for the schema of its JSON."""
        module, _, names = cls.result.partition(":")
        return tuple(getattr(importlib.import_module(module), name) for name in names.split(","))

    @classmethod
    def read(cls, given: Mapping[str, Any], *, remote: bool = False) -> Self:
        """Return the question that some values make.

        Parameters
        ----------
        given
            Values by name; those left out have their defaults.
        remote
            Whether they come over a network, which may name no file of this machine.

        Raises
        ------
        InvalidError
            If a name is unknown, or a value is of the wrong kind or out of its bounds.
        ParityError
            If a value names nothing known.
        """
        asked = parameters(cls)
        former = {old.lstrip("-"): each.name for each in asked for old in each.old}
        names = former | {each.word: each.name for each in asked}
        given = {names.get(name, name): value for name, value in given.items()}
        for parameter in asked if remote else ():
            if parameter.local and parameter.name in given:
                raise InvalidError(
                    parameter.name, "not over a network; give it on the command line or in Python"
                )
        try:
            return cls.model_validate(given)
        except ValidationError as problem:
            fault = problem.errors(include_url=False)[0]
            name = str(fault["loc"][0]).rstrip("_") if fault["loc"] else ""
            if fault["type"] == "extra_forbidden":
                from parity.errors import did_you_mean

                hint = did_you_mean(name, cls.model_fields)
                raise InvalidError(name, f"'{cls.verb}' has no such parameter.{hint}") from None
            if fault["type"] == "missing":
                needed = next(each.help for each in asked if each.word == name).rstrip(".")
                example = f"; for example: {cls.examples[0]}" if cls.examples else ""
                raise InvalidError(name, f"is needed ({needed}){example}") from None
            reason = str(fault["msg"]).removeprefix("Value error, ")
            held = f" (given: {str(fault['input'])[:60]!r})"
            raise InvalidError(name, f"{reason[0].lower()}{reason[1:]}{held}") from None

    @property
    def settings(self) -> dict[str, Any]:
        """What differs from the defaults and changes the answer, as JSON values."""
        from parity.ask.serialise import plain

        found = {}
        for parameter in parameters(type(self)):
            value = getattr(self, parameter.name)
            if parameter.settles and not _same(value, parameter.default):
                found[parameter.word] = f"a table of {len(value)} rows" if _is_frame(value) else plain(value)
        return found

    @property
    def command(self) -> str:
        """The command that gives the same answer, quoted for a shell."""
        day = os.environ.get("PARITY_SNAPSHOT")
        return shlex.join(
            ["parity", *(("--snapshot", day) if day else ()), *self.verb.split(), *_words(self)]
        )

    @classmethod
    def about(cls) -> str:
        """Return the help: what is asked, without examples."""
        return inspect.getdoc(cls) or ""


@cache
def parameters(question: type[Question]) -> tuple[Parameter, ...]:
    """Return the parameters of a question, in order: its own before those that it shares with others."""
    fields = sorted(question.model_fields.items(), key=lambda item: item[0] not in question.__annotations__)
    found = [_parameter(name, field, _heading(question, name)) for name, field in fields]
    return tuple(sorted(found, key=lambda each: not each.place))


def network_schema(question: type[Question]) -> dict[str, Any]:
    """Return the JSON schema of what may be asked over a network: all but files and threads."""
    found = question.model_json_schema()
    asked = [parameter for parameter in parameters(question) if not parameter.local]
    properties = {each.word: _given(found["properties"][each.name]) for each in asked}
    return found | {"description": question.about(), "properties": properties}


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value that is given; one that is not is left out, not null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "title")}
    if kept.get("default", "") is None:
        del kept["default"]
    return kept | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {})


def _heading(question: type[Question], name: str) -> str:
    owner = next(each for each in question.__mro__ if name in vars(each).get("__annotations__", ()))
    return "Options" if owner is question else str(vars(owner).get("heading", "Options"))


def _parameter(name: str, field: FieldInfo, heading: str) -> Parameter:
    kind, choices, many, size = _kind(field.annotation)
    marks = field.metadata
    local = next((mark for mark in marks if isinstance(mark, Local)), None)
    place = next((mark for mark in marks if isinstance(mark, Place)), None)
    return Parameter(
        name,
        field.description or "",
        None if field.is_required() else field.get_default(call_default_factory=True),
        kind,
        choices,
        many,
        size,
        field.is_required(),
        place is not None and place.word,
        place is not None and place.python,
        local is not None,
        local is None or local.settles,
        tuple(mark.option for mark in marks if isinstance(mark, Old)),
        _bounds(marks),
        "How the work is done" if local is not None and not local.settles else heading,
    )


def _kind(annotation: Any) -> tuple[type | None, tuple[str, ...], bool, int]:
    """Return the type of one value, its choices, whether there may be several, and how many go together."""
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return _kind(inner[0])
    if get_origin(annotation) is Literal:
        return str, get_args(annotation), False, 0
    if get_origin(annotation) is tuple:
        parts = get_args(annotation)
        kind, choices, *_ = _kind(parts[0])
        return kind, choices, Ellipsis in parts, 0 if Ellipsis in parts else len(parts)
    return (annotation if isinstance(annotation, type) else None), (), False, 0


def _bounds(marks: list[Any]) -> str:
    low, high = "", ""
    for mark in marks:
        for name, sign in (("ge", "<="), ("gt", "<"), ("le", "<="), ("lt", "<")):
            if (end := getattr(mark, name, None)) is not None:
                if name[0] == "g":
                    low = f"{end:g}{sign}"
                else:
                    high = f"{sign}{end:g}"
    return f"{low}x{high}" if low or high else ""


def _is_frame(value: Any) -> bool:
    return hasattr(value, "iter_rows")


def _same(value: Any, default: Any) -> bool:
    return False if _is_frame(value) else bool(value == default)


def _words(question: Question) -> list[str]:
    """Return the words after the verb: places where they can be words, then options."""
    settings = question.settings
    places, options = [], []
    still = True
    for parameter in parameters(type(question)):
        value = settings.get(parameter.word)
        if parameter.place:
            held = value if value is not None else getattr(question, parameter.name)
            texts = [_written(one) for one in (held if parameter.many else [held])]
            still = still and held is not None and not any(text.startswith("-") for text in texts)
            if still:
                places.append((texts, value is not None))
                continue
        if value is None:
            continue
        if parameter.size:
            options += [parameter.option, *(str(one) for one in value)]
            continue
        for one in value if parameter.many else [value]:
            options += _option(parameter, one)
    while places and not places[-1][1]:
        places.pop()
    return [word for texts, _ in places for word in texts] + options


def _option(parameter: Parameter, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [parameter.option if value else f"--no-{parameter.option[2:]}"]
    text = _written(value)
    return [f"{parameter.option}={text}"] if text.startswith("-") else [parameter.option, text]


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)
