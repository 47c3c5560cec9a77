"""Pages and language models, against a server of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from parity.catalogue import web
from parity.errors import NoAnswerError, ParityError

PAGE = b"""<html><head><title>T</title><style>p{}</style></head><body><nav>menu</nav>
<p>First &amp; <b>bold</b>
line.</p><script>bad()</script><p>Second.</p></body></html>"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body, kind, status = {
            "/page": (PAGE, "text/html", 200),
            "/plain": (b"Just text.", "text/plain", 200),
            "/large": (b"x" * 2000, "text/plain", 200),
        }.get(self.path, (b"", "text/plain", 404))
        self._send(status, body, kind)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked["model"] == "broken":
            self._send(200, b"not json", "text/plain")
            return
        said = f"{asked['messages'][0]['content']} / {self.headers.get('Authorization')}"
        answer = {"choices": [{"message": {"content": said}}]}
        self._send(200, json.dumps(answer).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_text_of_a_page(server: str) -> None:
    assert web.html_text(web.page(f"{server}/page").decode()) == "T\n\nFirst & bold line.\n\nSecond."
    assert web.page(f"{server}/plain") == b"Just text."


def test_pages_that_cannot_be_had(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoAnswerError, match="404"):
        web.page(f"{server}/none")
    with pytest.raises(NoAnswerError, match="cannot be reached"):
        web.page("http://127.0.0.1:9/")
    with pytest.raises(ParityError, match="no web address"):
        web.page("file:///etc/hosts")
    monkeypatch.setattr(web, "MOST_BYTES", 1000)
    with pytest.raises(NoAnswerError, match="larger"):
        web.page(f"{server}/large")


def test_chat(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", server)
    assert web.chat("Hello", "m") == "Hello / Bearer k"
    monkeypatch.delenv("OPENAI_API_KEY")
    assert web.chat("Hello", "m", server) == "Hello / None"
    with pytest.raises(NoAnswerError, match="did not answer"):
        web.chat("Hello", "broken", server)
    monkeypatch.delenv("OPENAI_BASE_URL")
    with pytest.raises(ParityError, match="--endpoint"):
        web.chat("Hello", "m")
