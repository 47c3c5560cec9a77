"""The rules for an image that matter: pinned, without root, watched, stopped by its own signal."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

from parity.cli.serve import command

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
LINES = [line.split(maxsplit=1) for line in TEXT.splitlines() if line.strip() and not line.startswith("#")]


def of(word: str) -> list[str]:
    """Return the arguments of an instruction, wherever it stands."""
    return [rest for name, rest in LINES if name == word]


def test_stages_start_from_a_named_version_and_no_registry() -> None:
    for image in of("FROM"):
        assert re.match(r"python:3\.(1[1-9]|[2-9]\d)-slim( AS \w+)?$", image)


def test_it_does_not_run_as_root() -> None:
    last = TEXT[TEXT.rindex("FROM ") :]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert last.index("USER ") < last.index("\nCMD ")


def test_what_it_installs_is_pinned_and_keeps_no_cache() -> None:
    (install,) = [line for line in of("RUN") if "pip install" in line]
    assert "--constraint constraints.txt" in install
    assert "--no-cache-dir" in install
    assert not any("apt-get" in line or "sudo" in line for line in of("RUN"))
    assert of("ADD") == []


def test_everything_copied_is_there_and_let_through() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    for line in of("COPY"):
        if not line.startswith("--from"):
            for name in line.split()[:-1]:
                assert (ROOT / name).exists()
                assert name in allowed


def test_it_starts_the_server_directly_and_is_watched() -> None:
    (start,) = of("CMD")
    program, verb, *words = json.loads(start)
    assert (program, verb) == ("parity", "serve")
    # A known set of options: a wrong one would end with status 2.
    assert CliRunner().invoke(command, [*words, "--help"]).exit_code == 0
    (check,) = of("HEALTHCHECK")
    assert "/healthz" in check
    assert words[words.index("--port") + 1] in check
    assert of("EXPOSE") == [words[words.index("--port") + 1]]
