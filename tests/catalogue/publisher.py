"""A publisher on this machine: serves copies of files, well or badly."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import unquote

Manner = Literal["good", "truncated", "missing", "failing", "slow", "dripping"]


@dataclass
class Publisher:
    """What is served, and how.

    Attributes
    ----------
    files
        ``/HOST/PATH`` -> bytes.
    manner
        How every answer comes.
    address
        Where the server listens.
    asked
        Paths asked for, in order.
    failures
        Answers that fail before the first good one, in the manner ``failing``.
    moved
        Path -> address that the answer sends the client to.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    manner: Manner = "good"
    address: str = ""
    asked: list[str] = field(default_factory=list)
    failures: int = 1_000_000
    moved: dict[str, str] = field(default_factory=dict)


@contextmanager
def serving(publisher: Publisher) -> Iterator[Publisher]:
    """Serve in a thread for the time of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(self.path)
            publisher.asked.append(path)
            content = publisher.files.get(path)
            if path in publisher.moved:
                self.send_response(302)
                self.send_header("Location", publisher.moved[path])
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif content is None or publisher.manner == "missing":
                self.send_error(404)
            elif publisher.manner == "failing" and publisher.failures > 0:
                publisher.failures -= 1
                self.send_error(503)
            else:
                self._answer(content)

        def _answer(self, content: bytes) -> None:
            if publisher.manner == "slow":
                time.sleep(3)
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if publisher.manner == "truncated":
                self.wfile.write(content[: len(content) // 2])
            elif publisher.manner == "dripping":
                for byte in content[:100]:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(0.05)
            else:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has given up, as it should
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    publisher.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
