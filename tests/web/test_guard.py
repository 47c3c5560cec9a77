"""The limits before the application: too much at once, too long, what fails."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from parity.ask.cache import cached, progress
from parity.web.app import create_app
from parity.web.guard import HEADERS, AbandonedError, Guard, own_memory, trim

SHORT = 0.05


async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer after a moment."""
    await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"late"})


def answers(guard: Guard, *paths: str) -> list[httpx.Response]:
    """Return the answers to requests made at once."""

    async def ask() -> list[httpx.Response]:
        # A failure reaches the client as its answer, as it does on a server.
        transport = httpx.ASGITransport(app=guard, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return list(await asyncio.gather(*(client.get(path) for path in paths)))

    # A browser of another test may have a loop running in this thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, ask()).result()


def test_what_takes_too_long_is_given_up_with_a_time_to_come_back() -> None:
    (answer,) = answers(Guard(waiting, seconds=SHORT), "/")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "took more than" in answer.json()["error"]


def test_too_many_at_once_are_sent_away() -> None:
    found = answers(Guard(waiting, most=2), *["/"] * 5)
    assert sorted(one.status_code for one in found) == [200, 200, 503, 503, 503]
    refused = [one for one in found if one.status_code == 503]
    assert all("retry-after" in one.headers for one in refused)


def test_what_may_take_long_waits_for_its_turn() -> None:
    begun: list[float] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(time.perf_counter())
        await waiting(scope, receive, send)

    found = answers(Guard(app, slow=1), "/api/v1/a", "/api/v1/b")
    assert [one.status_code for one in found] == [200, 200]
    # The second began after the first had slept.
    assert begun[1] - begun[0] >= 0.4


def test_heavy_work_stops_nothing_else() -> None:
    order: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (waiting(scope, receive, send) if "goal" in scope["path"] else answered(scope, receive, send))
        order.append(scope["path"])

    found = answers(Guard(app), *["/api/v1/goal"] * 6, "/api/v1/rank", "/healthz")
    assert [one.status_code for one in found] == [200] * 8
    assert set(order[:2]) == {"/api/v1/rank", "/healthz"}


async def answered(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at once."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"now"})


async def told(guard: Guard, path: str, *messages: Message) -> list[Message]:
    """Return what is sent to a client that sends messages, each after a moment, and then hangs."""
    sent: list[Message] = []
    coming = list(messages)

    async def receive() -> Message:
        await asyncio.sleep(SHORT)
        if not coming:
            await asyncio.sleep(3600)
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    await guard(scope, receive, send)
    return sent


def test_a_body_that_never_ends_holds_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parity.web.guard.BODY_SECONDS", 4 * SHORT)
    guard = Guard(answered, most=1)

    async def ask() -> tuple[list[Message], list[Message]]:
        slow = asyncio.create_task(told(guard, "/check", {"type": "http.request", "more_body": True}))
        await asyncio.sleep(2 * SHORT)
        return await told(guard, "/ranking", {"type": "http.request", "body": b""}), await slow

    with ThreadPoolExecutor(1) as thread:
        other, slow = thread.submit(asyncio.run, ask()).result()
    assert other[0]["status"] == 200
    assert slow[0]["status"] == 408


def test_a_client_that_leaves_ends_its_work_and_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    ended = threading.Event()

    def work() -> None:
        try:
            with progress(1_000, "Working") as advance:
                for _ in range(1_000):
                    time.sleep(SHORT / 5)
                    advance(1)
        except AbandonedError:
            ended.set()
            raise

    app = create_app()
    app.add_api_route("/api/v1/goal/work", work)
    came = ({"type": "http.request", "body": b""}, {"type": "http.disconnect"})

    async def ask() -> list[Message]:
        sent = await told(Guard(app), "/api/v1/goal/work", *came)
        await asyncio.to_thread(ended.wait, 30)
        return sent

    with caplog.at_level("INFO", logger="parity.web"), ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, ask()).result() == []
    assert ended.is_set()
    assert [json.loads(line)["status"] for line in caplog.messages] == [499]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("path", ["/fails", "/api/v1/fails"])
def test_a_failure_is_plain_and_has_the_headers(path: str, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app()

    def fails() -> None:
        raise RuntimeError("the secret of the database")

    app.add_api_route(path, fails)
    (answer,) = answers(Guard(app), path)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert set(HEADERS) <= set(answer.headers)
    assert "the secret of the database" in caplog.text


def test_a_process_that_grows_too_large_keeps_the_newer_half_of_its_answers() -> None:
    made = []

    @cached(8)
    def answer(place: str) -> int:
        made.append(place)
        return len(made)

    for place in ("FRA", "CHN", "USA", "BRA"):
        answer(place)
    trim(2 * own_memory() + 1)
    assert answer("FRA") == 1  # and is the newest now
    trim(most=-1)
    assert [answer("BRA"), answer("FRA"), answer("CHN")] == [4, 1, 5]
