"""Static files: a fixed list made at the start, compressed once, asked for again only where they changed."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from parity.show.draw import script
from parity.web.methods import documentation_figures

STATIC = Path(__file__).parent / "static"
LEVEL = 6
SMALLEST = 1_000
"""Bytes below which compression gains nothing."""
SCRIPT = "figures.js"
"""Made by `parity.show.draw`, not a file of the app."""
PACKED = ("font/woff2", "image/png")

# An address has no version, so that a browser has to ask whether its copy is still right; the drawing
# library is large, and a day old at most.
FRESH, DAY = "no-cache", "public, max-age=86400"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent.

    Attributes
    ----------
    body, packed
        Its bytes, plain and compressed; ``None`` where compression gains nothing.
    etag
        Changes with the bytes.
    media_type
        What it is.
    """

    body: bytes
    packed: bytes | None
    etag: str
    media_type: str


def names() -> dict[str, Path]:
    """Return the addresses below ``/static`` with their files: nothing else is ever read."""
    found = _below(STATIC)
    if figures := documentation_figures():
        found |= {f"docs/{name}": path for name, path in _below(figures).items()}
    found["world.json"] = STATIC.parent.parent / "show" / "world.json"
    found[SCRIPT] = Path(SCRIPT)
    return found


def _below(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


@lru_cache(maxsize=256)
def load(path: Path) -> Asset:
    """Read and compress a file."""
    body = script().encode() if path.name == SCRIPT else path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    small = len(body) < SMALLEST or kind in PACKED
    return Asset(
        body=body,
        packed=None if small else gzip.compress(body, LEVEL, mtime=0),
        etag=hashlib.sha256(body).hexdigest()[:20],
        media_type=kind,
    )


def answer(request: Request, path: Path) -> Response:
    """Send a file, or say that the copy which the browser has is still right."""
    found = load(path)
    packed = found.packed is not None and "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{found.etag}{"-gz" if packed else ""}"'
    headers = {
        "etag": etag,
        "cache-control": DAY if path.name == SCRIPT else FRESH,
        "vary": "accept-encoding",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(found.packed if packed else found.body, headers=headers, media_type=found.media_type)
