"""Each table is broken in turn, and every question is asked that reads it: a failure is never an answer."""

from __future__ import annotations

import functools
import gc
import json
import shlex
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType

import pytest

from parity.catalogue import _seal
from parity.questions import QUESTIONS
from tests.cli.conftest import Ran
from tests.cli.conftest import parity as parity_fixture
from tests.golden.cases import CASES, Case

run = parity_fixture


def _verb(case: Case) -> str:
    words = case.command.split()
    return " ".join(words[:2]) if " ".join(words[:2]) in QUESTIONS else words[0]


# One case of each verb: the first.
ASKED = list({_verb(case): case for case in reversed(CASES) if case.command}.values())[::-1]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken") / "snapshot"
    shutil.copytree(_seal.SNAPSHOT, folder)
    return folder


@pytest.fixture(autouse=True)
def afresh(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read from the copy, and remember nothing from before nor for after."""
    for thread in threading.enumerate():
        if thread.name == "warm":  # of an app that another test has made: it reads on behind our back
            thread.join()
    monkeypatch.setattr(_seal, "SNAPSHOT", copy)
    _forget_all()
    yield
    _forget_all()


def _forget_all() -> None:
    for held in gc.get_objects():
        if (
            isinstance(held, functools._lru_cache_wrapper | FunctionType)
            and "parity." in f"{held.__module__}"
        ):
            getattr(held, "cache_clear", int)()


@pytest.mark.parametrize("case", ASKED, ids=[case.name for case in ASKED])
def test_a_broken_table_is_never_an_answer(
    case: Case, copy: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[str] = set()
    sealed = _seal.sealed

    def noted(name: str, checksum: str | None = None) -> bytes:
        read.add(name)
        return sealed(name, checksum)

    for module in ("parity.catalogue._snapshot", "parity.catalogue._seal"):
        monkeypatch.setattr(f"{module}.sealed", noted)
    words = [*shlex.split(case.command), "--json"]
    run(*words)
    # A brief reads nearly every table, and reads some of them late.
    for name in sorted(read)[:: 6 if _verb(case) == "brief" else 1]:
        whole = (copy / name).read_bytes()
        (copy / name).write_bytes(bytes([*whole[:-9], whole[-9] ^ 1, *whole[-8:]]))
        try:
            _forget_all()
            answer = run(*words)
        finally:
            (copy / name).write_bytes(whole)
        assert answer.status == 2, f"{name} is broken, and the answer is {answer.out[:200]}"
        (told,) = json.loads(answer.out).items()
        assert told[0] == "error"
        assert name in told[1]
        assert "parity data verify" in told[1]
