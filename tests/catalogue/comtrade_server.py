"""A stand-in for the interface of UN Comtrade: the real shape of its answers and of its refusals."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "a-key-of-this-test"


@dataclass
class Service:
    """What is served.

    Attributes
    ----------
    rows
        Rows of the service, each with ``reporterCode, partnerCode, flowCode, cmdCode, period, primaryValue``.
    quota
        Answers before the quota is used up.
    busy
        Answers "rate limit is exceeded" before the next good one.
    broken
        Answers cut in the middle before the next good one.
    page
        Most rows of one answer.
    asked
        Parameters of every call, in order.
    """

    rows: list[dict[str, Any]]
    quota: int = 1000
    busy: int = 0
    broken: int = 0
    page: int = 100_000
    asked: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    def answer(self, key: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(query)
        if key != KEY:
            return 401, {"statusCode": 401, "message": "Access denied due to invalid subscription key."}
        if self.busy > 0:
            self.busy -= 1
            return 429, {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 3 seconds."}
        if self.quota == 0:
            told = "Out of call volume quota. Quota will be replenished in 07:01:20."
            return 403, {"statusCode": 403, "message": told}
        self.quota -= 1
        wanted = {name: set(value.split(",")) for name, value in query.items()}
        found = [
            row
            for row in self.rows
            if str(row["reporterCode"]) in wanted["reporterCode"]
            and row["flowCode"] in wanted["flowCode"]
            and row["cmdCode"] in wanted["cmdCode"]
            and str(row["period"]) in wanted["period"]
            and str(row.get("motCode", 0)) in wanted.get("motCode", {str(row.get("motCode", 0))})
        ]
        return 200, {"elapsedTime": "0.1 secs", "count": len(found), "data": found[: self.page], "error": ""}


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            query["path"] = parts.path
            status, body = service.answer(self.headers.get("Ocp-Apim-Subscription-Key", ""), query)
            content = json.dumps(body).encode()
            if status == 200 and service.broken > 0:
                service.broken -= 1
                content = content[: len(content) // 2]
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    service.address = f"http://127.0.0.1:{server.server_port}/data/v1/get/C"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
