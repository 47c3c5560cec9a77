"""Documentation that drifts fails the build."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from parity.cli.main import root
from tools.generate_docs import DOCS, PAGES, commands

TREE = list(commands(root, "parity"))


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def examples(command: click.Command) -> list[str]:
    _, _, block = (command.help or "").partition("Examples:")
    return re.findall(r"^\s*(parity .*?)\s*$", block, re.MULTILINE)


@pytest.mark.parametrize("path", [path for path, command, _ in TREE if not isinstance(command, click.Group)])
def test_command_has_examples_that_parse(path: str) -> None:
    command = next(command for name, command, _ in TREE if name == path)
    found = examples(command)
    assert found, f"`{path} --help` shows no example"
    for example in found:
        words = shlex.split(example, comments=True)[1:]
        if words[0] == "--snapshot":  # this process has read its data
            words = words[2:]
        parse(root, words)


def parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Parse the words as the command line would, without running anything."""
    context = command.make_context(
        command.name or "parity", list(words), parent=parent, resilient_parsing=False
    )
    if isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        _, child, left = command.resolve_command(context, rest)
        assert child is not None, f"no command {rest[0]}"
        parse(child, left, context)
