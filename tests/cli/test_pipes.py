"""What a reader that goes away leaves behind."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "words",
    [
        ["rank"],  # rich
        ["rank", "--json"],
        ["data", "sql", "select * from observations limit 20000"],
    ],
)
def test_a_closed_pipe_is_no_failure(words: list[str]) -> None:
    """As `parity rank | head -1`: the reader closes after one line; no message, no failure."""
    running = subprocess.Popen(
        [sys.executable, "-c", "from parity.cli.main import main; main()", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    told = running.stderr.read()
    running.stderr.close()
    assert running.wait(timeout=60) == 0
    assert told == b""
