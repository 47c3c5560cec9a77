"""The text side of a spec: its faults as one message, and its TOML."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from pydantic import ValidationError

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MOST_FAULTS = 3


def faults(problem: ValidationError) -> str:
    """Return the first few faults of a spec as one message that names the fields.

    Returns: ``"indicator.3.direction: must be 1 or -1, not 2; ..."``; positions count from 1.
    """
    found = [fault for fault in problem.errors(include_url=False) if not _echo(fault)] or problem.errors()
    told = "; ".join(_fault(fault) for fault in found[:_MOST_FAULTS])
    return told + (f"; and {len(found) - _MOST_FAULTS} more" if len(found) > _MOST_FAULTS else "")


def _echo(fault: Any) -> bool:
    # A field that may be a known name or custom:NAME reports both; and a list whose every
    # item is at fault is reported as too short as well.
    return fault["type"] == "string_pattern_mismatch" or (
        fault["type"] == "too_short" and fault["ctx"].get("actual_length") == 0 and bool(fault["input"])
    )


def _fault(fault: Any) -> str:
    parts = [part for part in fault["loc"] if not (isinstance(part, str) and part.startswith("literal["))]
    where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in parts)
    message = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    given = fault.get("input")
    match fault["type"]:
        case "extra_forbidden":
            message = "unknown field"
        case "missing":
            message = "missing"
        case _ if isinstance(given, float) and not math.isfinite(given):
            message = f"must be a finite number, not {given}"
        case "value_error":
            pass
        case _ if isinstance(given, str | int | float):
            message += f", not {given!r}"
    return f"{where}: {message}" if where else message


def toml(spec: dict[str, Any]) -> str:
    """Return a spec as TOML: one table per indicator and group, deeper tables inline.

    ``spec``: its fields by name; nulls are left out, for TOML has none.
    """
    chunks = [_table("index", spec["index"])]
    chunks += _tables("steps", spec.get("steps", {}))
    for name in ("indicator", "group"):
        chunks += [f"[[{name}]]\n{_fields(element)}" for element in spec.get(name, ())]
    chunks += _tables("robustness", spec.get("robustness", {}))
    return "\n".join(chunks)


def _tables(name: str, fields: dict[str, Any]) -> list[str]:
    """Return a table whose own fields come first, then each of its tables."""
    plain = {key: value for key, value in fields.items() if not isinstance(value, dict)}
    head = [_table(name, plain)] if plain else []
    return head + [_table(f"{name}.{_key(key)}", v) for key, v in fields.items() if isinstance(v, dict)]


def _table(name: str, fields: dict[str, Any]) -> str:
    return f"[{name}]\n{_fields(fields)}"


def _fields(fields: dict[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_value(item)}\n" for key, item in fields.items() if item is not None)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(str(k))} = {_value(v)}" for k, v in value.items() if v is not None)
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, float):
        # TOML writes 1e+16 with its sign but wants digits on both sides of the point.
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value)


def _text(value: str) -> str:
    """Return a TOML basic string."""
    # JSON's escapes are TOML's, save for surrogates (refused) and DEL (which JSON leaves bare).
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
