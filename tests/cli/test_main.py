"""What every command's help and mistakes have in common."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("rnak", "`parity rnak` is no command. Did you mean 'rank'?"),
        ("France", "`parity brief FRA`"),
        ("rank France", "`parity explain USA FRA`"),
        ("rank BRICS", "`parity rank --group BRICS`"),
        ("robustness France", "`--country FRA`"),
        ("bloc shw", "Did you mean 'bloc show'"),
        ("compare", "'bloc compare'"),
        ("rank --jsn", "no such option '--jsn'. Did you mean '--json'?"),
        ("rank --zzz", "no such option '--zzz'. See"),
        ("lag FRA USA 2024", "takes OF and BEHIND; too much: 2024."),
        ("explain USA", "for example: parity explain USA RUS"),
        ("audit run", "missing option '--model'."),
        ("check Russia leads the world", 'put a sentence in quotes: parity check "Russia leads the world"'),
    ],
)
def test_a_mistake_gets_one_line_and_what_was_meant(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for as_json in ((), ("--json",)):
        with pytest.raises(SystemExit) as ended:
            main([*words.split(), *as_json])
        said = capsys.readouterr()
        assert ended.value.code == 2
        assert said.err.startswith("parity: ")
        assert said.err.count("\n") == 1
        assert told in said.err
        assert told in json.loads(said.out)["error"] if as_json else not said.out


def test_a_lag_and_a_claim_of_it_are_of_one_day(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*words: str) -> Any:
        with pytest.raises(SystemExit):
            main([*words, "--json"])
        return json.loads(capsys.readouterr().out)

    lag = asked("lag", "France")
    claim = asked("check", f"France is {lag['standing']['value']:.0f} months behind the US in AI.")["claims"][
        0
    ]
    assert claim["verdict"] == "supported"
    assert claim["evidence"][0]["found"] == lag["standing"]
    assert asked("lag", "France", "--on", "2026-10-20")["on"] == lag["on"]
