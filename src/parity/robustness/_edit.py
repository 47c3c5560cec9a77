"""Change one field of a spec: how an alternative is put in place."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from parity.errors import ParityError, did_you_mean, one_of
from parity.index import IndexSpec
from parity.index.core import STEPS, Aggregate, Impute, Normalise, Treat, Weight, faults

_WHOLE: dict[str, Any] = {
    "impute": Impute,
    "treat": Treat,
    "normalise": Normalise,
    "weight": Weight,
    "aggregate": Aggregate,
    "member_weights": Weight,
}
"""Options that may be written as the name of a method alone."""


def with_value(spec: IndexSpec, field: str, value: Any) -> IndexSpec:
    """Return the spec with one field changed.

    Parameters
    ----------
    spec
        The spec.
    field
        ``STEP`` or ``STEP.OPTION``, ``indicator.CODE.FIELD`` or ``group.CODE.FIELD``.
    value
        New value. Options of a whole step are laid over those that it has; ``False`` takes
        the step away.

    Raises
    ------
    ParityError
        If the field names a step, an indicator or a group that the spec does not have, or
        the value is not allowed there.
    """
    body = spec.model_dump(by_alias=True, exclude_unset=True)
    try:
        _change(body, field, value)
        return IndexSpec.model_validate(body)
    except ValidationError as problem:
        raise ParityError(f"[robustness] sets '{field}' to {value!r}: {faults(problem)}") from problem


def _change(body: dict[str, Any], field: str, value: Any) -> None:
    """Find the table that a field lies in, and change it."""
    head, *rest = field.split(".")
    if head in STEPS:
        steps = body.get("steps", {})
        if steps.get(head) is None:
            raise ParityError(
                f"[robustness] varies '{field}', but the spec has no step '{head}'; "
                f"add [steps.{head}] to it, or drop the assumption"
            )
        _put(steps, [head, *rest], value)
    elif head in ("indicator", "group"):
        element, path = _element(body.get(head, []), field.removeprefix(f"{head}."), field, head)
        _put(element, path, value)
    else:
        raise ParityError(
            f"[robustness] varies '{field}', which begins neither with a step ({one_of(STEPS)}) nor with "
            f"'indicator' or 'group'.{did_you_mean(head, [*STEPS, 'indicator', 'group'])}"
        )


def _element(
    elements: list[dict[str, Any]], address: str, field: str, head: str
) -> tuple[dict[str, Any], list[str]]:
    """Return the element that an address begins with, and the rest of the address; codes may hold dots."""
    fitting = [each for each in elements if address.startswith(f"{each['code']}.")]
    if not fitting:
        codes = [each["code"] for each in elements]
        missing = address.rpartition(".")[0] or address
        raise ParityError(
            f"[robustness] varies '{field}', but the spec has no {head} '{missing}'."
            f"{did_you_mean(missing, codes)}"
        )
    element = max(fitting, key=lambda each: len(each["code"]))
    return element, address[len(element["code"]) + 1 :].split(".")


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    """Set the value at the end of a path, or lay options over options there."""
    *upper, last = path
    for name in upper:
        key: Any = int(name) if name.isdecimal() else name
        if not isinstance(tree.get(key), dict):
            tree[key] = {}
        tree = tree[key]
    key = int(last) if last.isdecimal() else last
    # aggregate.level.3 takes the options of aggregate.
    kind = upper[0] if upper and last.isdecimal() else last
    if value is False and (kind in _WHOLE or not upper):
        tree.pop(key, None)
        return
    if isinstance(value, str) and kind in _WHOLE:
        value = TypeAdapter(_WHOLE[kind]).validate_python(value).model_dump(exclude_unset=True)
    old = tree.get(key)
    tree[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
