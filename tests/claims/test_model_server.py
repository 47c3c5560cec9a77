"""Extraction by a language model behind a service that lies, breaks off, dawdles or never ends."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from parity.catalogue import web
from parity.claims import check
from parity.errors import NoAnswerError

TEXT = "Officials in Riga mumble that Latvia sits in the EU bloc since long. Nothing else is said."
GOOD = {"quote": "Latvia sits in the EU bloc", "family": "membership", "bloc": "EU", "countries": ["LVA"]}
# Seconds; far above what an answer from this machine takes, far below what a test may.
SHORT = 0.4


def answered(content: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@contextmanager
def served(respond: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with suppress(OSError):
                respond(self)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def whole(body: bytes, status: int = 200) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def respond(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def found(address: str) -> tuple[list[str], tuple[str, ...]]:
    report = check(TEXT, complete=lambda prompt: web.chat(prompt, "any", address))
    return [one.claim.text for one in report.checked], report.notes


def test_an_honest_answer_is_used() -> None:
    with served(whole(answered(f"Sure: {json.dumps([GOOD])} Hope [that] helps!"))) as address:
        assert found(address)[0] == [GOOD["quote"]]


@pytest.mark.parametrize(
    ("items", "note"),
    [
        ([GOOD | {"quote": "Latvia is in the bloc"}], "does not stand in the text"),
        ([GOOD | {"quote": "x" * 100_000}], "does not stand in the text"),
        ([GOOD | {"countries": ["Latvia"]}], "not of any type"),
        ([GOOD | {"verdict": "supported"}], "not of any type"),
        ([GOOD | {"span": [0, 3], "text": "Off", "as_of": "1999-01-01"}], "1 kept"),
        ([GOOD] * 3, "twice"),
        ([None, 3, "x", [], {}], "without a quote"),
        ([GOOD | {"quote": f"Latvia {n}"} for n in range(2000)], "beyond the most items"),
    ],
)
def test_lies_are_dropped_and_counted(items: list[object], note: str) -> None:
    with served(whole(answered(json.dumps(items)))) as address:
        quotes, notes = found(address)
    assert set(quotes) <= {GOOD["quote"]}
    assert note in notes[0]


@pytest.mark.parametrize("content", ["", "no", "[", "[{]", "{}", "[" * 50_000, '[{"quote": "Latvia', "null"])
def test_answers_without_a_list_add_nothing(content: str) -> None:
    with served(whole(answered(content))) as address:
        quotes, notes = found(address)
    assert quotes == []
    assert "no JSON list" in notes[0]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'{"choices": []}', b'{"choices": [{"message": 3}]}']
)
def test_other_protocols_are_refused(body: bytes) -> None:
    with served(whole(body)) as address, pytest.raises(NoAnswerError, match="OpenAI-compatible"):
        found(address)


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"busy", "503$"), (b'{"error": {"message": "context is 2048 tokens"}}', "503: context is 2048 tokens")],
)
def test_errors_are_told(body: bytes, told: str) -> None:
    with served(whole(body, 503)) as address, pytest.raises(NoAnswerError, match=told):
        found(address)


@pytest.mark.parametrize(
    "content",
    [
        f'<think>[{{"quote": "Officials in Riga"}}] perhaps</think>{json.dumps([GOOD])}',
        f'From ["Latvia", "EU"] I take {json.dumps([GOOD])}',
    ],
)
def test_the_list_is_that_of_the_answer(content: str) -> None:
    with served(whole(answered(content))) as address:
        assert found(address)[0] == [GOOD["quote"]]


def test_a_refusal_adds_nothing() -> None:
    body = json.dumps({"choices": [{"message": {"content": None, "refusal": "I cannot."}}]}).encode()
    with served(whole(body)) as address:
        assert "no JSON list" in found(address)[1][0]


def test_a_huge_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST_BYTES", 10_000)
    with served(whole(answered("x" * 20_000))) as address, pytest.raises(NoAnswerError, match="larger than"):
        found(address)


def test_an_answer_that_breaks_off_is_refused() -> None:
    def respond(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"choices"')

    with served(respond) as address, pytest.raises(NoAnswerError):
        found(address)


@pytest.mark.parametrize("pause", [3 * SHORT, SHORT / 4])
def test_a_slow_answer_is_given_up(monkeypatch: pytest.MonkeyPatch, pause: float) -> None:
    monkeypatch.setattr(web, "PATIENCE", SHORT)

    def respond(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(pause)

    with served(respond) as address, pytest.raises(NoAnswerError):
        found(address)
