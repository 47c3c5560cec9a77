"""What stands before every request: limits, headers, one line of log."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import logging
import mmap
import re
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parity.ask.cache import forget_half, shown

MOST_QUERY = 8_192
MOST_HEADERS = 16_384
MOST_BODY = 1_048_576
MOST_AT_ONCE = 128
"""Requests of a process under way at once: more could only wait."""
SLOW_AT_ONCE = 6
"""Among those, parts of pages and answers of the API: the rest of the threads is left to pages."""
HEAVY_AT_ONCE = 2
"""Requests under way at once among those that compute for seconds: they keep nobody else from an answer."""
HEAVY = {"goal", "robustness", "what_if", "ties", "pair", "years", "between", "shares", "pool", "compare"} | {
    "reach", "bloc", "blocs", "diversion", "substitution", "fit", "ahead", "png", "svg", "brief"
}  # fmt: skip
"""Words of their addresses."""
PATIENCE = 60.0
"""Seconds after which a request is given up."""
BODY_SECONDS = 10.0
"""In which the body of a request has to come."""
LEFT = 499
"""In the log: the client went away before its answer."""
HEALTH = "/healthz"
FILE = re.compile(r"/[a-z]+\.(csv|csv-metadata\.json|png|svg)")
"""Addresses of figures and tables as files."""
RETRY_SECONDS = 5
TRIMMED_AFTER = 16
"""Requests after which free memory goes back to the system."""
MOST_MEMORY = 700_000_000
"""Bytes of a process above which it keeps only the newer half of its answers."""

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

OPEN = {"cross-origin-resource-policy": "cross-origin"}
"""Of answers that other sites may use: data, images, the API, figures to embed."""
EMBEDDED = OPEN | {
    "x-frame-options": "",
    "content-security-policy": HEADERS["content-security-policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    ),
}
METHODS = "GET, HEAD, OPTIONS"
_log = logging.getLogger("parity.web")


class AbandonedError(Exception):
    """Nobody waits for an answer any more: raised where long work next tells of its progress."""


class _GoneError(Exception):
    """The client went away while its request was read."""


class _TooLargeError(Exception):
    """A request's body went over the limit while it was read."""


class Guard:
    """Refuse what is too large or too much, add the security headers, write one line of log per request."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int = MOST_AT_ONCE,
        slow: int = SLOW_AT_ONCE,
        seconds: float = PATIENCE,
        origins: tuple[str, ...] = ("*",),
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
        origins
            Sites whose scripts may read the data, such as ``https://example.org``; ``*``: all of them.
        """
        self.app, self.origins = app, origins
        self.most, self.seconds = most, seconds
        self.lanes = {"slow": asyncio.Semaphore(slow), "heavy": asyncio.Semaphore(HEAVY_AT_ONCE)}
        self.running: set[asyncio.Task[None]] = set()
        self.answered = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reply = _Reply(send, scope, self.origins)
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
        if scope["method"] == "OPTIONS":
            await reply.allow()
            return
        try:
            # A body that comes slowly holds no place among those under way.
            body = await asyncio.wait_for(_body(receive), BODY_SECONDS)
        except TimeoutError:
            await reply.refuse(408, f"the request did not come within {BODY_SECONDS:g} seconds")
        except _TooLargeError:
            await reply.refuse(413, f"the request is larger than {MOST_BODY:,} bytes")
        except _GoneError:
            reply.gone()
        else:
            await self._run(scope, receive, body, reply)

    async def _run(self, scope: Scope, receive: Receive, body: bytes, reply: _Reply) -> None:
        """Let the application answer until it has, the client has gone, or it takes too long."""
        if len(self.running) >= self.most and scope["path"] != HEALTH:
            await reply.refuse(503, "the server is busy; try again in a moment")
            return
        # The application knows GET; what answers HEAD is its answer without the body.
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        task = asyncio.create_task(self._answered(asked, _held(body), reply))
        # What runs in a thread ends at its next sign of progress or by itself, and counts until then.
        self.running.add(task)
        task.add_done_callback(self._ended)
        leaving = asyncio.create_task(_left(receive))
        done, _ = await asyncio.wait(
            {task, leaving}, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED
        )
        leaving.cancel()
        if task in done:
            if (problem := task.exception()) and not reply.started:
                raise problem
            return
        if done:
            reply.gone()
        elif not reply.started:
            await reply.refuse(503, f"this took more than {self.seconds:g} seconds; ask for less")
        reply.closed = True
        if not reply.begun:
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.running.discard(task)
        self.answered += 1
        if self.answered % TRIMMED_AFTER == 0:
            asyncio.get_running_loop().run_in_executor(None, trim)
        if not task.cancelled():
            task.exception()  # seen: who waited for it has been told, or has gone

    async def _answered(self, scope: Scope, receive: Receive, reply: _Reply) -> None:
        async with self.lanes.get(_lane(scope["path"]), contextlib.nullcontext()):
            reply.begun = True
            with shown(reply.bar):
                await self.app(scope, receive, reply)


class _Reply:
    """An answer on its way: the headers are added, and nothing follows what was refused."""

    def __init__(self, send: Send, scope: Scope, origins: tuple[str, ...]) -> None:
        self.send, self.scope, self.origins, self.id = send, scope, origins, uuid.uuid4().hex[:12]
        self.status, self.begun, self.started, self.closed = 500, False, False, False

    async def __call__(self, message: Message) -> None:
        if self.closed:
            return
        if message["type"] == "http.response.start":
            self.status, self.started = message["status"], True
            named = {name.lower() for name, _ in message["headers"]}
            more = {**HEADERS, **self._opened(), "x-request-id": self.id}
            told = [(b"vary", more.pop("vary").encode())] if "vary" in more else []
            message["headers"] = [
                *message["headers"],
                *told,
                *((k.encode(), v.encode()) for k, v in more.items() if v and k.encode() not in named),
            ]
        elif self.scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await self.send(message)

    def _opened(self) -> dict[str, str]:
        """Return the headers that let other sites use the answer, where it is data."""
        path: str = self.scope["path"]
        embedded = path.startswith("/embed/")
        if not (embedded or path.startswith("/api/") or FILE.fullmatch(path)):
            return {}
        asking = dict(self.scope["headers"]).get(b"origin", b"").decode("latin-1")
        origin = "*" if "*" in self.origins else asking if asking in self.origins else ""
        found = EMBEDDED if embedded else OPEN
        if origin:
            found = found | {
                "access-control-allow-origin": origin,
                "access-control-expose-headers": "etag, link, parity-data, parity-citation",
            }
        return found if origin == "*" or "*" in self.origins else found | {"vary": "origin"}

    @contextlib.contextmanager
    def bar(self, total: int, what: str) -> Iterator[Callable[[int], None]]:
        """Stop long work at its next sign of progress once nobody waits for it."""

        def advance(_: int) -> None:
            if self.closed:
                raise AbandonedError

        yield advance

    def gone(self) -> None:
        """Note that the client has left: no fault of the server."""
        self.status, self.closed = self.status if self.started else LEFT, True

    async def allow(self) -> None:
        """Say what may be asked here, and by which sites."""
        headers = [
            (b"allow", METHODS.encode()),
            (b"access-control-allow-methods", METHODS.encode()),
            (b"access-control-allow-headers", b"accept, content-type, if-none-match"),
            (b"access-control-max-age", b"86400"),
        ]
        await self({"type": "http.response.start", "status": 204, "headers": headers})
        await self({"type": "http.response.body", "body": b""})

    async def refuse(self, status: int, message: str) -> None:
        """Answer that a request is not taken; whatever the application says later is dropped."""
        body = json.dumps({"error": message}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if status == 503:
            headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})
        self.closed = True


def _lane(path: str) -> str:
    """Return the lane of a request; none for what is quick."""
    words = set(path.replace(".", "/").split("/"))
    if words & HEAVY:
        return "heavy"
    return "slow" if path.startswith("/api/") or "part" in words or FILE.fullmatch(path) else ""


async def _body(receive: Receive) -> bytes:
    """Return the whole body, also where its length was not declared."""
    held = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        held += message.get("body", b"")
        if len(held) > MOST_BODY:
            raise _TooLargeError
        if not message.get("more_body"):
            return bytes(held)


def _held(body: bytes) -> Receive:
    """Give a body that has been read to the application."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def few_arenas() -> None:
    """Let threads share their heaps, and large arrays stand outside them: both go back after use."""
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(-8, 2)  # M_ARENA_MAX of malloc.h
        library.mallopt(-3, 1 << 20)  # M_MMAP_THRESHOLD


def own_memory() -> int:
    """Return the bytes of memory that are this process's own; 0 where the system does not tell."""
    try:
        resident, shared = Path("/proc/self/statm").read_text(encoding="ascii").split()[1:3]
    except OSError:
        return 0
    return (int(resident) - int(shared)) * mmap.PAGESIZE


def trim(most: int | None = None) -> None:
    """Keep fewer answers where they take too much memory, and give what is free back to the system."""
    if own_memory() > (MOST_MEMORY if most is None else most):
        forget_half()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


async def _left(receive: Receive) -> None:
    """Wait until the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


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
