"""The one way from a result to JSON, and the schema of that JSON, made from the result's types.

A dataclass becomes an object of its fields. Its class attribute ``json_keys`` maps an attribute to another
key, to ``None`` (left out) or to ``""`` (its own keys stand in its place); a property or a method without
parameters that is named there is added. What is unknown is ``null``, never NaN.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from parity.estimate import Estimate


def to_json(value: Any) -> str:
    """Return a value as JSON text, indented, numbers unrounded.

    Parameters
    ----------
    value
        Anything that `plain` takes.
    """
    from pydantic_core import to_json as write

    return write(plain(value), indent=2, inf_nan_mode="null").decode()


def plain(value: Any) -> Any:
    """Return a value as dicts, lists, strings, numbers and ``None``.

    Parameters
    ----------
    value
        Dataclasses, pydantic models, mappings, sequences, polars frames (rows), arrays, days, numbers.

    Raises
    ------
    TypeError
        If there is no JSON for it.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Estimate):
        return {**value.as_dict(), "reason": value.reason or None}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    for method in ("to_dicts", "model_dump", "to_list", "tolist"):  # frames, models, columns, arrays
        if hasattr(value, method):
            return plain(getattr(value, method)())
    raise TypeError(f"no JSON for {type(value).__name__}")


def _object(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for attribute, key in _keys(type(value)):
        held = getattr(value, attribute)
        told = plain(held() if inspect.ismethod(held) else held)
        found |= told if key == "" else {key: told}
    return found


def _keys(kind: type) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a dataclass that JSON holds, each with its key."""
    renamed: Mapping[str, str | None] = getattr(kind, "json_keys", {})
    names = [field.name for field in dataclasses.fields(kind)]
    for name in [*names, *(extra for extra in renamed if extra not in names)]:
        key = renamed.get(name, name)
        if key is not None:
            yield name, key


def schema(*kinds: type) -> dict[str, Any]:
    """Return the JSON schema of results: any one of them, with the parts that they share in ``$defs``.

    Parameters
    ----------
    kinds
        Dataclasses.
    """
    parts: dict[str, Any] = {}
    options = [_schema(kind, parts) for kind in kinds]
    return {**(options[0] if len(options) == 1 else {"anyOf": options}), "$defs": parts}


_SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
}


def _schema(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _SIMPLE:
        # What is not finite is null in JSON.
        return {"anyOf": [_SIMPLE[float], _SIMPLE[type(None)]]} if kind is float else _SIMPLE[kind]
    if origin in (Union, types.UnionType):
        options = [_SIMPLE[one] if one is float else _schema(one, parts) for one in inner]
        return {"anyOf": options}
    if origin is Literal:
        return {"enum": list(inner)}
    if isinstance(kind, type) and (dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")):
        if kind.__name__ not in parts:
            parts[kind.__name__] = {}
            parts[kind.__name__] = _object_schema(kind, parts)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    container = origin or kind
    if isinstance(container, type) and issubclass(container, Mapping):
        return {"type": "object", "additionalProperties": _schema(inner[1], parts) if inner else {}}
    if isinstance(container, type) and issubclass(container, Sequence | set | frozenset):
        fixed = [one for one in inner if one is not Ellipsis]
        return {"type": "array", "items": _schema(fixed[0], parts) if len(set(fixed)) == 1 else {}}
    if getattr(kind, "__name__", "") == "DataFrame":
        return {"type": "array", "items": {"type": "object"}}
    if hasattr(kind, "model_json_schema"):
        return {"type": "object", "description": inspect.getdoc(kind) or ""}
    return {}


def _object_schema(kind: type, parts: dict[str, Any]) -> dict[str, Any]:
    hints, meanings = get_type_hints(kind), _meanings(kind)
    pairs = ((name, name) for name in kind._fields) if hasattr(kind, "_fields") else _keys(kind)
    found: dict[str, Any] = {"type": "object", "description": (inspect.getdoc(kind) or "").split("\n")[0]}
    properties: dict[str, Any] = {}
    for name, key in pairs:
        hint = hints[name] if name in hints else _returned(kind, name)
        told = _schema(hint, parts)
        if key == "":
            properties |= parts[told["$ref"].rsplit("/", 1)[-1]]["properties"]
        else:
            meaning = meanings.get(name) or (inspect.getdoc(getattr(kind, name, None)) or "").split("\n")[0]
            properties[key] = {**told, "description": meaning}
    if kind is Estimate:
        properties["reason"] |= {"type": ["string", "null"]}
    return found | {"properties": properties, "required": list(properties)}


def _returned(kind: type, name: str) -> Any:
    """Return the type of what a property or a method gives."""
    member = inspect.getattr_static(kind, name)
    return get_type_hints(member.fget if isinstance(member, property) else member)["return"]


def _meanings(kind: type) -> dict[str, str]:
    """Return what the docstring's section "Attributes" says of each attribute."""
    section = (inspect.getdoc(kind) or "").partition("Attributes\n----------\n")[2]
    found: dict[str, str] = {}
    for names, text in re.findall(r"^(\w[\w, ]*)\n((?: +.*(?:\n|$)|\n(?= ))+)", section, re.MULTILINE):
        found |= dict.fromkeys(names.split(", "), " ".join(text.split()))
    return found
