"""What stands before every request: limits, headers, one line of log."""

from __future__ import annotations

import json
import logging
import time
import uuid
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_QUERY = 8_192
MOST_BODY = 1_048_576

HEADERS = {
    # Scripts come from here alone. Plotly sets styles on the elements that it draws, hence the exception.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

_log = logging.getLogger("parity.web")


class TooLargeError(Exception):
    """A request's body went over the limit while it was read."""


class Guard:
    """Refuse what is too large, add the security headers, write one line of log per request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        request = uuid.uuid4().hex[:12]

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                more = {**HEADERS, "x-request-id": request}
                named = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((k.encode(), v.encode()) for k, v in more.items() if k.encode() not in named),
                ]
            await send(message)

        try:
            await self._passed(scope, receive, answer)
        finally:
            _write(scope, request, status, time.perf_counter() - started)

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(scope["query_string"]) > MOST_QUERY:
            await _refuse(send, 414, f"the address is longer than {MOST_QUERY:,} characters")
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > MOST_BODY:
            await _refuse(send, 413, f"the request is larger than {MOST_BODY:,} bytes")
            return
        await self.app(scope, _limited(receive), send)


def _limited(receive: Receive) -> Receive:
    """Count what comes without a declared length too."""
    held = 0

    async def counted() -> Message:
        nonlocal held
        message = await receive()
        held += len(message.get("body", b""))
        if held > MOST_BODY:
            raise TooLargeError
        return message

    return counted


async def _refuse(send: Send, status: int, message: str) -> None:
    body = json.dumps({"error": message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _write(scope: Scope, request: str, status: int, seconds: float) -> None:
    # Neither address nor sender is kept: which countries somebody looks at is theirs to know.
    line: dict[str, Any] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "request": request,
        "method": scope["method"],
        "path": scope["path"][:200],
        "status": status,
        "ms": round(1000 * seconds, 1),
    }
    _log.info(json.dumps(line, ensure_ascii=True))
