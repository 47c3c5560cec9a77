"""Methods of one's own, named in a spec as ``custom:NAME``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from parity.errors import ParityError, one_of

Kind = Literal["impute", "treat", "normalise", "weight", "aggregate"]
F = TypeVar("F", bound=Callable[..., Any])

_known: dict[tuple[str, str], Callable[..., Any]] = {}


def register(kind: Kind, name: str) -> Callable[[F], F]:
    """Register the decorated function as the method ``custom:NAME`` of a step.

    Parameters
    ----------
    kind
        Step: ``impute``, ``treat``, ``normalise``, ``weight`` or ``aggregate``.
    name
        Letters, digits, ``_`` and ``-``, starting with a letter.

    Returns
    -------
    Callable
        The decorator. The functions get arrays with NaN for missing, and the spec's
        ``options`` as keywords:

        - impute: ``f(values, reference, **options)``, both (n, k) and (m, k); returns (n, k).
        - treat, normalise: ``f(values, reference, **options)`` for one indicator, (n,) and
          (m,); returns (n,). ``reference`` holds the values that the index was built from,
          so that a replay on new units leaves the others alone.
        - weight: ``f(scores, **options)`` for the members of a group, (n, k); returns (k,).
        - aggregate: ``f(scores, weights, **options)``, (n, k) and (k,); returns (n,).

    Examples
    --------
    >>> @register("normalise", "half")
    ... def half(values, reference):
    ...     return values / 2
    """

    def keep(function: F) -> F:
        _known[kind, name] = function
        return function

    return keep


def is_custom(method: str) -> bool:
    """Tell whether a method's name stands for a registered function."""
    return method.startswith("custom:")


def custom(kind: Kind, method: str) -> Callable[..., Any]:
    """Return the function behind ``custom:NAME``.

    Raises
    ------
    ParityError
        If no such function is registered.
    """
    name = method.removeprefix("custom:")
    if (kind, name) not in _known:
        names = [known for step, known in _known if step == kind]
        raise ParityError(
            f"no function '{name}' is registered for {kind}; "
            + (f"registered: {one_of(names)}" if names else "register it with parity.index.register")
        )
    return _known[kind, name]


def run_plugin(path: str) -> None:
    """Run a Python file of the user, that it may register its methods.

    Raises
    ------
    ParityError
        If there is no such file, or its code fails.
    """
    import runpy

    try:
        runpy.run_path(path)
    except FileNotFoundError:
        raise ParityError(f"{path}: no such file") from None
    except Exception as problem:
        raise ParityError(f"{path}: its code fails: {type(problem).__name__}: {problem}") from problem
