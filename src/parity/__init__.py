"""Parity: where a nation stands in AI, with an interval on every number.

Every question of the command line is a function here, made from the same declaration:
``parity.lag("RUS", behind="USA")``. Its answer shows itself, and has ``.table()``, ``.to_pandas()``,
``.chart()``, ``.document()`` and ``.json()``. Sub-packages are imported on first use, so that
``import parity`` costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

__all__ = ["__version__"]


def __getattr__(name: str) -> Any:
    """Return the function of a question."""
    # This file is below everything, for all import the version; questions stand at the top, and what
    # is no question has to be refused without importing anything that is being imported itself.
    if name not in _names():
        raise AttributeError(f"module 'parity' has no attribute '{name}'")
    if find_spec(f"parity.{name}"):
        return import_module(f"parity.{name}")
    globals()[name] = found = import_module("parity.python").function(name)
    return found


def __dir__() -> list[str]:
    """Return the names of all questions, and what a module has."""
    return sorted({*globals(), *_names()})


def _names() -> set[str]:
    questions = import_module("parity.questions")
    return {*questions.SHORT, *(questions.name_of(verb) for verb in questions.QUESTIONS)}


class _Asked(ModuleType):
    """A sub-package with the name of a question, which can be called as well: ``parity.robustness()``."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        name = self.__name__.removeprefix("parity.")
        return import_module("parity.python").function(name)(*args, **kwargs)


class _Package(ModuleType):
    """The package itself: the import system binds its sub-packages here."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and name in _names():
            value.__class__ = _Asked
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
