"""What can go wrong for a user, as one small hierarchy.

A message says what was given, what is allowed and what to do. The command
line prints it on one line, without a traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import ClassVar


class ParityError(Exception):
    """Something a user can put right: bad usage or bad input."""

    exit_status: ClassVar[int] = 2


class DamageError(Exception):
    """The machine fails, not the question: a file of the data is not what was written.

    No kind of `ParityError`, so that nothing which turns "not known" into an answer can turn this into one.
    """

    exit_status: ClassVar[int] = 2


class NoAnswerError(ParityError):
    """The question is well put, but the data hold no answer; the message says why."""

    exit_status: ClassVar[int] = 1


class InvalidError(ParityError):
    """A parameter that is unknown, of the wrong kind or out of its bounds.

    Attributes
    ----------
    parameter
        Its name; empty where the fault is in no single one.
    reason
        What is wrong with it.
    """

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(f"{parameter}: {reason}" if parameter else reason)
        self.parameter = parameter
        self.reason = reason


def missing_extra(what: str, extra: str) -> ParityError:
    """Return the error for what needs a part of Parity that is not installed.

    Parameters
    ----------
    what
        Beginning of the message: what cannot be done.
    extra
        Name of the part, as in ``pyproject.toml``.

    Returns
    -------
    ParityError
        To be raised; it says how to install the part.
    """
    # This Python, for another's pip would install elsewhere; double quotes, for every shell takes them.
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable or "python"
    return ParityError(
        f"{what} needs the extra '{extra}', which is not installed; in the folder of Parity's source run: "
        f'{python} -m pip install ".[{extra}]"'
    )


def one_of(options: Iterable[str]) -> str:
    """List the allowed values for a message.

    Parameters
    ----------
    options
        Allowed values, in the order to show.

    Returns
    -------
    str
        The values, quoted and separated by commas.
    """
    return ", ".join(f"'{option}'" for option in options)


def did_you_mean(given: str, options: Iterable[str], limit: int = 3) -> str:
    """Suggest the nearest allowed values.

    Parameters
    ----------
    given
        What the user wrote.
    options
        Allowed values.
    limit
        Most suggestions to make.

    Returns
    -------
    str
        ``" Did you mean 'a' or 'b'?"`` with a leading space, or an empty string.
    """
    found = near(given, options, limit)
    return f" Did you mean {' or '.join(map(repr, found))}?" if found else ""


def near(given: str, options: Iterable[str], limit: int = 3) -> list[str]:
    """Return the allowed values nearest to what a user wrote, the nearest first; none if none is near."""
    from rapidfuzz import process, utils

    found = process.extract(
        given, list(options), processor=utils.default_process, limit=limit, score_cutoff=60
    )
    return [name for name, _, _ in found]
