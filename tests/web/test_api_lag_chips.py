"""``/lag``, ``/rule`` and ``/reach`` answer as the command that they name."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from parity.cli.main import main
from tests.web.test_server import asked


@pytest.mark.parametrize(
    "path",
    [
        "/lag?of=RUS&behind=CHN&on=2026-03-01",
        "/lag?of=EU&behind=CHN",
        "/lag?of=CHN&domain=coding&include_derived=1",
        "/lag?of=open&behind=closed&projection=1",
        "/lag?of=RUS&scenario=1&days=180&accelerators=20000",
        "/rule?device=H20&to=CHN&on=2026-08-01",
        "/rule?device=RTX%204090&to=Vietnam&headquarters=China&data_center=0",
        "/reach?country=ARE&counting=approval&metric=memory_bandwidth",
    ],
)
def test_is_the_answer_of_its_command(server: str, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, body = asked(f"{server}/api/v1{path}")
    assert status == 200
    answer: dict[str, Any] = json.loads(body)
    with pytest.raises(SystemExit):
        main(shlex.split(answer.pop("command"))[1:])
    printed = json.loads(capsys.readouterr().out)
    printed.pop("command")
    assert answer == printed


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/lag?of=Atlantis", 400, "no country is known as 'Atlantis'"),
        ("/lag?of=DEU", 404, "no model of Germany"),
        ("/lag?of=RUS&on=2999-01-01", 422, "future"),
        ("/lag?of=open&parameters=1", 400, "compares countries"),
        ("/lag?of=RUS&days=nan", 422, "days"),
        ("/lag?colour=red", 422, "no such parameter"),
        ("/lag?scores=/etc/passwd", 422, "not over a network"),
        ("/rule?device=zzz&to=CHN", 400, "no accelerator is known"),
        ("/rule?device=H20&to=CHN&on=yesterday", 422, "on"),
        ("/reach?country=CHN&counting=denied", 422, "counting"),
    ],
)
def test_refuses_in_words(server: str, path: str, status: int, words: str) -> None:
    found, _, body = asked(f"{server}/api/v1{path}")
    assert found == status
    assert words in json.loads(body)["error"]
