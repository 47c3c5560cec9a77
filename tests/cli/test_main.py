"""What every command's help and mistakes have in common."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from parity.cli.main import main, root


def commands(group: click.Group, context: click.Context, words: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Yield the words of every command and group below one."""
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield [*words, name]
        if isinstance(found, click.Group):
            yield from commands(found, context, (*words, name))


@pytest.mark.parametrize("words", list(commands(root, click.Context(root))), ids=" ".join)
def test_examples_in_help_stand_on_lines_of_their_own(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert "\\b" not in told
    if "Examples:" in told:
        assert "\n  Examples:\n    parity " in told or "\n  Examples:\n    echo " in told


def test_a_number_too_large_gets_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["rank", "--top", "9" * 20])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("parity: --top: input should be less than or equal to")
