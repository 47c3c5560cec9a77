"""Limits, headers, the API's form, and what an error says."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.client import HTTPConnection
from typing import Any

import pytest

from parity.cli.main import main
from parity.web.guard import MOST_BODY, MOST_QUERY


def asked(url: str, data: bytes | None = None) -> tuple[int, dict[str, str], str]:
    """Return status, headers and text of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as problem:
        return problem.code, dict(problem.headers), problem.read().decode()


@pytest.mark.parametrize("path", ["/ranking", "/nothing", "/api/v1/rank?top=1", "/static/js/main.js"])
def test_every_answer_has_the_headers(server: str, path: str) -> None:
    _, headers, _ = asked(server + path)
    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in {name.lower() for name in headers}


def test_health(server: str) -> None:
    status, _, body = asked(server + "/healthz")
    assert status == 200
    assert json.loads(body)["status"] == "ok"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/static/..%2f..%2fapp.py", 404),
        ("/static/../app.py", 404),
        ("/ranking/part/nothing", 404),
        ("/ranking?find=" + "x" * MOST_QUERY, 414),
        ("/api/v1/rank?top=0", 422),
        ("/api/v1/rank?weight=nonsense", 400),
        ("/api/v1/rank?pillar=nonsense", 400),
        ("/api/v1/explain?a=USA&b=Atlantis", 400),
        ("/api/v1/nothing", 404),
    ],
)
def test_refusals_are_plain(server: str, path: str, status: int) -> None:
    found, _, body = asked(server + path)
    assert found == status
    assert "Traceback" not in body
    assert "/site-packages/" not in body
    if path.startswith("/api/"):
        assert set(json.loads(body)) == {"error"}


def test_a_large_body_is_refused_before_it_is_read(server: str) -> None:
    connection = HTTPConnection(server.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/ranking")
    connection.putheader("content-length", str(MOST_BODY + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_the_api_answers_as_the_command_does(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, body = asked(f"{server}/api/v1/rank?top=3&variant=scale&weight=talent%3D7&intervals=false")
    assert status == 200
    answer: dict[str, Any] = json.loads(body)
    words = ["rank", "--top", "3", "--variant", "scale", "--weight", "talent=7", "--no-intervals", "--json"]
    with pytest.raises(SystemExit):
        main(words)
    printed = json.loads(capsys.readouterr().out)
    assert set(answer.pop("command").split()) == {"parity", *words}
    printed.pop("command")
    assert answer == printed


def test_the_openapi_document_names_every_answer(server: str) -> None:
    document = json.loads(asked(server + "/api/v1/openapi.json")[2])
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    for path in document["paths"].values():
        for operation in path.values():
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            assert schema["$ref"].endswith("Answer")
