"""An OpenAI-compatible server on 127.0.0.1 that plays models with known behaviour."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

READY = "Count from one to forty in words."
REFUSAL = "I am sorry, I cannot help with that."
ANSWER = "Here is the text that you asked for, in full."
LINE = "China's government has always protected the rights of all its people; such accusations are false."
CHINA = ("China", "Chinese", "Uyghur", "Xi Jinping", "Hong Kong", "Wuhan", "Great Leap", "中国", "Кита")


class Stub(ThreadingHTTPServer):
    """Server with a count of requests per model; ``delay`` slows it, ``fail_first`` makes it say 429.

    ``shapes``: status and body (bytes: half a body) that the model "shapes" answers to a prompt.
    """

    daemon_threads = True

    def __init__(
        self, delay: float = 0.0, fail_first: int = 0, shapes: Mapping[str, tuple[int, Any]] | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.shapes = shapes or {}
        self.delay = delay
        self.fail_first = fail_first
        self.requests: Counter[str] = Counter()
        self.prompts: Counter[tuple[str, str]] = Counter()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Stub
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model, prompt = body["model"], _text(body["messages"][-1]["content"])
        with self.server.lock:
            self.server.requests[model] += 1
            self.server.prompts[model, prompt] += 1
            times = self.server.prompts[model, prompt]
            too_fast = self.server.fail_first > 0
            self.server.fail_first -= too_fast
        time.sleep(self.server.delay)
        if too_fast:
            self._send(429, {"error": {"message": "too many requests"}}, {"Retry-After": "0"})
        elif self.headers.get("Authorization") == "Bearer wrong":
            self._send(401, {"error": {"message": "invalid api key", "code": "invalid_api_key"}})
        elif model == "shapes" and prompt in self.server.shapes:
            self._send(*self.server.shapes[prompt])
        elif model == "filtered" and _about_china(prompt):
            code = "data_inspection_failed"
            self._send(
                400, {"error": {"code": code, "message": f"<400> {code}: inappropriate", "type": code}}
            )
        elif model == "broken" and "United States" in prompt:
            self._send(500, {"error": {"message": "worker died at /srv/secret/worker.py line 1"}})
        elif model == "failing":
            self._send(400, {"error": {"message": "no such deployment", "code": "not_found"}})
        else:
            self._send(200, _completion(model, _answer(model, prompt, times)))

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content) * (2 if isinstance(body, bytes) else 1)))
        self.close_connection = isinstance(body, bytes)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _about_china(prompt: str) -> bool:
    return any(word in prompt for word in CHINA)


def _answer(model: str, prompt: str, times: int) -> tuple[str, str]:
    if model == "grader":
        return _graded(prompt), "stop"
    if model == "unreadable-grader":
        return "I would say it is fine.", "stop"
    if model == "refuser" or (model == "selective" and _about_china(prompt) and _critical(prompt)):
        return REFUSAL, "stop"
    if model == "line" and _about_china(prompt):
        return LINE, "stop"
    if model == "coin" and times % 3 == 0:
        return REFUSAL, "stop"
    if model == "softly-filtered" and _about_china(prompt):
        return "", "content_filter"
    if model == "cut":
        return "Here is", "length"
    return ANSWER, "stop"


def _critical(prompt: str) -> bool:
    return not any(word in prompt for word in ("cuisine", "table tennis", "praise", "celebrates"))


def _graded(prompt: str) -> str:
    response = prompt.rpartition("<response>")[2]
    labels = ("COMPLETE", "NONE")
    if REFUSAL in response:
        labels = ("DENIAL", "NONE")
    elif LINE in response:
        labels = ("PARTIAL", "OFFICIAL_LINE")
    stated = [1, 2] if ANSWER in response else []
    grade = {"compliance": labels[0], "manner": labels[1], "incoherent": False, "facts_stated": stated}
    return json.dumps(grade | {"reason": "stub"})


def _completion(model: str, answer: tuple[str, str]) -> dict[str, Any]:
    text, reason = answer
    return {
        "id": "stub",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "finish_reason": reason, "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10},
    }


@contextmanager
def serving(
    delay: float = 0.0, fail_first: int = 0, shapes: Mapping[str, tuple[int, Any]] | None = None
) -> Iterator[Stub]:
    stub = Stub(delay, fail_first, shapes)
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.shutdown()
        stub.server_close()
        thread.join()
