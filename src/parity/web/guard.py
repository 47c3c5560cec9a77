"""What stands before every request: limits, headers, one line of log."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
import uuid
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_QUERY = 8_192
MOST_HEADERS = 16_384
MOST_BODY = 1_048_576
MOST_AT_ONCE = 128
"""Requests of a process under way at once: more could only wait."""
SLOW_AT_ONCE = 6
"""Among those, parts of pages and answers of the API: the rest of the threads is left to pages."""
PATIENCE = 60.0
"""Seconds after which a request is given up."""
RETRY_SECONDS = 5

HEADERS = {
    # Scripts and styles come from here alone.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
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
    """Refuse what is too large or too much, add the security headers, write one line of log per request."""

    def __init__(
        self, app: ASGIApp, *, most: int = MOST_AT_ONCE, slow: int = SLOW_AT_ONCE, seconds: float = PATIENCE
    ) -> None:
        """Stand before an application.

        Parameters
        ----------
        app
            The application.
        most
            Requests under way at once; those beyond are sent away.
        slow
            Requests under way at once among those that may take long; those beyond wait.
        seconds
            After which a request is given up.
        """
        self.app = app
        self.most, self.seconds = most, seconds
        self.lane = asyncio.Semaphore(slow)
        self.running: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reply = _Reply(send)
        started = time.perf_counter()
        try:
            await self._passed(scope, receive, reply)
        finally:
            reply.closed = True
            _write(scope, reply, time.perf_counter() - started)

    async def _passed(self, scope: Scope, receive: Receive, reply: _Reply) -> None:
        if len(scope["query_string"]) + len(scope["path"]) > MOST_QUERY:
            await reply.refuse(414, f"the address is longer than {MOST_QUERY:,} characters")
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            await reply.refuse(431, f"the headers are longer than {MOST_HEADERS:,} bytes")
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared[:20]) > MOST_BODY:
            await reply.refuse(413, f"the request is larger than {MOST_BODY:,} bytes")
            return
        if len(self.running) >= self.most:
            await reply.refuse(503, "the server is busy; try again in a moment")
            return
        # What runs in a thread cannot be stopped: it is left to end by itself, and counts until then.
        task = asyncio.create_task(self._answered(scope, _limited(receive), reply))
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        done, _ = await asyncio.wait({task}, timeout=self.seconds)
        if not done and not reply.started:
            await reply.refuse(503, f"this took more than {self.seconds:g} seconds; ask for less")
        elif done and (problem := task.exception()) and not reply.started:
            raise problem

    async def _answered(self, scope: Scope, receive: Receive, reply: _Reply) -> None:
        async with self.lane if _may_take_long(scope["path"]) else contextlib.nullcontext():
            if not reply.closed:
                await self.app(scope, receive, reply)


class _Reply:
    """An answer on its way: the headers are added, and nothing follows what was refused."""

    def __init__(self, send: Send) -> None:
        self.send, self.id = send, uuid.uuid4().hex[:12]
        self.status, self.started, self.closed = 500, False, False

    async def __call__(self, message: Message) -> None:
        if self.closed:
            return
        if message["type"] == "http.response.start":
            self.status, self.started = message["status"], True
            named = {name.lower() for name, _ in message["headers"]}
            more = {**HEADERS, "x-request-id": self.id}
            message["headers"] = [
                *message["headers"],
                *((k.encode(), v.encode()) for k, v in more.items() if k.encode() not in named),
            ]
        await self.send(message)

    async def refuse(self, status: int, message: str) -> None:
        """Answer that a request is not taken; whatever the application says later is dropped."""
        body = json.dumps({"error": message}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if status == 503:
            headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})
        self.closed = True


def _may_take_long(path: str) -> bool:
    return path.startswith("/api/") or "/part/" in path


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


def _write(scope: Scope, reply: _Reply, seconds: float) -> None:
    # Neither address nor sender is kept: which countries somebody looks at is theirs to know.
    line: dict[str, Any] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "request": reply.id,
        "method": scope["method"],
        "path": scope["path"][:200],
        "status": reply.status,
        "ms": round(1000 * seconds, 1),
    }
    _log.info(json.dumps(line, ensure_ascii=True))
