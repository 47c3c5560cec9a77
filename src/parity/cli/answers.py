"""How a command prints its answer as JSON; the models of the answers are in `parity.answers`."""

from __future__ import annotations

from typing import Any

import click

from parity.answers.base import Answer, EstimateModel, command_line

__all__ = ["Answer", "EstimateModel", "command_line", "json_option", "print_json"]


def print_json(answer: Answer) -> None:
    """Print an answer as JSON on standard output."""
    click.echo(answer.model_dump_json(indent=2, by_alias=True))


def json_option(command: Any) -> Any:
    """Give a command the ``--json`` flag, passed on as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")(command)
