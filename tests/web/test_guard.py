"""The limits before the application: too much at once, too long, what fails."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from parity.web.app import create_app
from parity.web.guard import HEADERS, Guard

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
