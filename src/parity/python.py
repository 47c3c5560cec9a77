"""The face for Python: every question as a function, made from its fields."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from parity.ask.answer import Answer
from parity.ask.question import parameters
from parity.questions import question, verb_of


def function(name: str) -> Callable[..., Answer[Any]]:
    """Return a question as a function, with signature and docstring."""
    asked = question(verb_of(name))
    kinds = inspect.Parameter
    signature = inspect.Signature(
        [
            kinds(
                each.name,
                kinds.POSITIONAL_OR_KEYWORD if each.positional else kinds.KEYWORD_ONLY,
                default=kinds.empty if each.required else each.default,
                annotation=each.annotation,
            )
            for each in sorted(parameters(asked), key=lambda each: not each.positional)
        ]
    )

    # The settings of an answer, given back, are those of its question.
    words = {each.word: each.name for each in parameters(asked)}

    def ask(*args: Any, **kwargs: Any) -> Answer[Any]:
        given = {words.get(word, word): value for word, value in kwargs.items()}
        return asked.read(signature.bind(*args, **given).arguments).answer()

    rows = "\n".join(f"{each.name}\n    {each.help}" for each in parameters(asked))
    ask.__name__ = ask.__qualname__ = name
    ask.__module__ = "parity"
    ask.__doc__ = f"{asked.about()}\n\nParameters\n----------\n{rows}"
    ask.__signature__ = signature  # type: ignore[attr-defined]
    return ask
