"""Parity: where a nation stands in AI, with an interval on every number.

Every question of the command line is a function here, made from the same declaration:
``parity.lag("RUS", behind="USA")``. Its answer shows itself, and has ``.table()``, ``.to_pandas()``,
``.chart()``, ``.document()`` and ``.json()``. Sub-packages are imported on first use, so that
``import parity`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

__all__ = ["__version__"]


def __getattr__(name: str) -> Any:
    """Return the function of a question."""
    # This file is below everything, for all import the version; questions stand at the top, and what
    # is no question has to be refused without importing anything that is being imported itself.
    if name.replace("_", " ") not in import_module("parity.questions").QUESTIONS:
        raise AttributeError(f"module 'parity' has no attribute '{name}'")
    globals()[name] = found = import_module("parity.python").function(name)
    return found


def __dir__() -> list[str]:
    """Return the names of all questions, and what a module has."""
    return sorted(
        {*globals(), *(verb.replace(" ", "_") for verb in import_module("parity.questions").QUESTIONS)}
    )
