"""The command that gives the same answer as a request."""

from __future__ import annotations

import shlex
from typing import TypeVar

from parity.answers.base import Answer

A = TypeVar("A", bound=Answer)


def told(answer: A, verb: str, *words: str, **options: object) -> A:
    """Return an answer that names its command.

    Parameters
    ----------
    answer
        What is returned to the client.
    verb, words
        Command and its arguments.
    options
        Options by name; ``None`` and ``False`` are left out, a sequence is repeated.
    """
    line = ["parity", *verb.split(), *words]
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        for one in value if isinstance(value, list | tuple) else [value]:
            if one is True:
                line.append(flag)
            elif one is not None and one is not False:
                line += [flag, str(one)]
    return answer.model_copy(update={"command": shlex.join([*line, "--json"])})
