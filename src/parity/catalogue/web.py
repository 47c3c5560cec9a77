"""Pages and language models on the network, for commands that a user points at an address."""

from __future__ import annotations

import http.client
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser

from parity.errors import NoAnswerError, ParityError

# Seconds to wait for a piece of an answer, and for all of it.
TIMEOUT, PATIENCE = 60.0, 300.0
MOST_BYTES = 10_000_000
# Parts of a page that are no text, and parts that end a line.
_SILENT = frozenset(("script", "style", "noscript", "nav", "header", "footer", "aside", "form", "svg"))
# What a model thinks aloud before it answers, by the marks that model families put around it. Some servers
# send the end alone (the beginning stands in the prompt), an answer that is cut off the beginning alone.
_THOUGHTS = re.compile(
    r"^.*(?:</think(?:ing)?>|</thought>|\[/THINK\]|◁/think▷|<\|channel\|>final<\|message\|>)"
    r"|^\s*(?:<think(?:ing)?>|<thought>|\[THINK\]|◁think▷|<\|channel\|>analysis).*",
    re.DOTALL,
)
_BLOCKS = frozenset(
    ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr", "article", "section", "blockquote")
)


def page(address: str) -> bytes:
    """Return what stands at an address: a page's source, a text, a PDF.

    Raises ParityError if the address is none. Raises NoAnswerError if the page cannot be had, or is
    larger than 10 MB.
    """
    return _fetch(urllib.request.Request(_checked(address), headers={"User-Agent": "parity"}))


def html_text(source: str) -> str:
    """Return the text of a page's source, a paragraph per block, without menus, heads, feet and scripts.

    All that is left is kept: heuristics for the main part of a page lose short lists and tables, and what
    is lost is not checked.
    """
    reader = _Reader()
    reader.feed(source)
    return reader.text()


def chat(prompt: str, model: str, endpoint: str | None = None) -> str:
    """Return the answer of a language model behind an OpenAI-compatible service.

    ``endpoint``: address of the service up to ``/v1``; by default the variable OPENAI_BASE_URL. The key
    is read from OPENAI_API_KEY where the service needs one. Raises ParityError if no address is given.
    Raises NoAnswerError if the service cannot be reached, or answers in another form. A model that refuses
    says so in the answer; what it thought aloud is left out.
    """
    base = endpoint or os.environ.get("OPENAI_BASE_URL")
    if not base:
        raise ParityError(
            "--model needs a service: give --endpoint http://localhost:8000/v1, or set OPENAI_BASE_URL"
        )
    asked = {"model": model, "temperature": 0, "messages": [{"role": "user", "content": prompt}]}
    headers = {"Content-Type": "application/json", "User-Agent": "parity"}
    if key := os.environ.get("OPENAI_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    address = _checked(base.rstrip("/") + "/chat/completions")
    # A model on one's own machine sends nothing until it has written all.
    body = _fetch(urllib.request.Request(address, json.dumps(asked).encode(), headers), PATIENCE)
    try:
        message = json.loads(body)["choices"][0]["message"]
        return without_thoughts(str(message["content"] or message.get("refusal") or ""))
    except (ValueError, KeyError, IndexError, TypeError):
        raise NoAnswerError(f"{base} did not answer as an OpenAI-compatible service does") from None


def without_thoughts(text: str) -> str:
    """Return an answer without what the model thought aloud; empty where it never came to answer."""
    return _THOUGHTS.sub("", text).strip()


def _checked(address: str) -> str:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ParityError(f"'{address}' is no web address; it begins with https:// or http://")
    return address


def _fetch(request: urllib.request.Request, wait: float | None = None) -> bytes:
    """Return the body of an answer."""
    try:
        with urllib.request.urlopen(request, timeout=wait or TIMEOUT) as answer:
            body = _body(answer, time.monotonic() + PATIENCE)
    except urllib.error.HTTPError as problem:
        raise NoAnswerError(f"{request.full_url} answers {problem.code}{_reason(problem)}") from None
    except (OSError, ValueError, http.client.HTTPException) as problem:
        raise NoAnswerError(f"{request.full_url} cannot be reached: {problem}") from None
    if len(body) > MOST_BYTES:
        raise NoAnswerError(f"{request.full_url} is larger than {MOST_BYTES // 1_000_000} MB")
    return body


def _reason(problem: urllib.error.HTTPError) -> str:
    """Return what a service says of its refusal, where it says so in the usual place."""
    try:
        return f": {str(json.loads(problem.read(20_000))['error']['message'])[:300]}"
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return ""


def _body(answer: http.client.HTTPResponse, until: float) -> bytes:
    """Return the body of an answer, a little more than the most bytes of a longer one.

    ``TIMEOUT`` bounds the wait for each piece, ``PATIENCE`` that for all: a server may send a byte at a time.
    """
    parts, size = [], 0
    while size <= MOST_BYTES and (part := answer.read1(min(MOST_BYTES + 1 - size, 65_536))):
        parts.append(part)
        size += len(part)
        if time.monotonic() > until:
            raise TimeoutError(f"no whole answer within {PATIENCE:.0f} seconds")
    return b"".join(parts)


class _Reader(HTMLParser):
    """Collects the text of a page, a line per block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self._parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(self._silent - (tag in _SILENT), 0)
        if tag in _BLOCKS:
            self._parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(" ".join(data.split()) + " " if data.strip() else " ")

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n\n"))
        return "\n\n".join(line for line in lines if line)
