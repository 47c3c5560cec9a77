"""Limits, headers, the API's form, and what an error says."""

from __future__ import annotations

import gzip
import json
import socket
import urllib.error
import urllib.parse
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
        with problem:
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


def test_a_country_s_short_address_leads_to_its_page(server: str) -> None:
    status, _, body = asked(server + "/country/Nigeria")
    assert status == 200
    assert "Nigeria" in body.partition("</h1>")[0].rpartition("<h1")[2]


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


def test_the_openapi_document_names_every_answer_and_every_error(server: str) -> None:
    document = json.loads(asked(server + "/api/v1/openapi.json")[2])
    assert {"rank", "explain", "lag", "rule", "pool", "check"} <= {
        path.removeprefix("/api/v1/") for path in document["paths"]
    }
    for path, operations in document["paths"].items():
        for operation in operations.values():
            content = operation["responses"]["200"]["content"]["application/json"]
            # An answer has a name of its own: that of its verb, or of its model.
            if not path.endswith(("/rows", "/file")):
                named = content["schema"]["$ref"].rpartition("/")[2]
                assert named in document["components"]["schemas"]
            assert operation["description"]
            for status in ("400", "404", "413", "422", "503"):
                error = operation["responses"][status]["content"]["application/json"]["schema"]["$ref"]
                assert error.endswith("/ErrorAnswer")


def test_a_file_is_sent_once_compressed_and_not_read_from_elsewhere(server: str) -> None:
    address = server + "/static/figures.js"
    request = urllib.request.Request(address, headers={"accept-encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        packed, etag = answer.read(), answer.headers["etag"]
        assert answer.headers["content-encoding"] == "gzip"
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert gzip.decompress(packed) == answer.read()
    again = {"accept-encoding": "gzip", "if-none-match": etag}
    with pytest.raises(urllib.error.HTTPError) as found:
        urllib.request.urlopen(urllib.request.Request(address, headers=again), timeout=60)
    assert found.value.code == 304
    found.value.close()


def spoken(server: str, text: bytes) -> bytes:
    """Return what the server answers to bytes on the wire."""
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as one:
        one.sendall(text)
        held = b""
        while more := one.recv(65536):
            held += more
    return held


@pytest.mark.parametrize(
    ("line", "statuses"),
    [
        (b"GET /static/%2e%2e/%2e%2e/app.py HTTP/1.1", {404}),
        (b"GET /static/..\\..\\app.py HTTP/1.1", {404}),
        (b"GET /static//etc/passwd HTTP/1.1", {404}),
        (b"GET /static/%00 HTTP/1.1", {404}),
        (b"GET /static/docs/..%2findex.md HTTP/1.1", {404}),
        (b"GET /ranking?find=%ff%fe HTTP/1.1", {200}),
        (b"GET /ranking?find=%zz HTTP/1.1", {200}),
        (b"GET /%ff%c0%80 HTTP/1.1", {404}),
        (b"GET /\xff HTTP/1.1", {400, 404}),
        (b"GET /api/v1/explain?a=%ff&b=%00 HTTP/1.1", {400}),
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1", {414}),
        (b"DELETE /ranking HTTP/1.1", {405}),
        (b"POST /api/v1/rank HTTP/1.1", {405}),
        (b"TRACE / HTTP/1.1", {405}),
        (b"NONSENSE", {400}),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 80_000, {400, 431}),
        (b"GET / HTTP/1.1\r\nContent-Length: -1", {400, 413}),
    ],
)
def test_what_is_malformed_is_refused_and_tells_nothing(server: str, line: bytes, statuses: set[int]) -> None:
    held = spoken(server, line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert int(held.split(b" ")[1]) in statuses
    assert b"Traceback" not in held
    assert b"site-packages" not in held
    assert b"root:" not in held


SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "path",
    [
        "/ranking?find={}",
        "/ranking?{}=1",
        "/ranking?w.{}=3",
        "/ranking?pin={}",
        "/frontier?of={}",
        "/chips?device={}",
        "/country?country={}",
        "/blocs?bloc={}",
        "/trade?country={}",
        "/check?text={}",
        "/data?find={}",
        "/{}",
        "/ranking/part/{}",
    ],
)
def test_a_script_in_an_address_is_never_one_on_the_page(server: str, path: str) -> None:
    for text in (SCRIPT, f"'\"></script>{SCRIPT}"):
        _, _, body = asked(server + path.format(urllib.parse.quote(text, safe="")))
        assert SCRIPT not in body


def test_a_form_with_a_script_is_shown_as_text(server: str) -> None:
    body = urllib.parse.urlencode({"text": f"Russia is ahead of China. {SCRIPT}"}).encode()
    status, _, page = asked(server + "/check", body)
    assert status == 200
    assert SCRIPT not in page
