"""How bytes are sent: with a mark of what they are, so that who has them need not fetch them again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

HOUR, ASKED_ANEW = "public, max-age=3600", "no-cache"
"""An answer changes only when the data or the program do."""


def sent(
    request: Request,
    body: bytes | str,
    media_type: str,
    *,
    kept: str = HOUR,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Send bytes with their mark, or say that the copy which the client has is still right.

    Parameters
    ----------
    request
        What is answered.
    body, media_type
        What is sent.
    kept
        For how long others may keep it.
    headers
        More of them.
    """
    body = body.encode() if isinstance(body, str) else body
    mark = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    own = {"etag": mark, "cache-control": kept, "vary": "accept-encoding"} | dict(headers or {})
    # A proxy may have weakened the marks that a client sends back.
    held = (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(","))
    if {mark, "*"} & set(held):
        return Response(status_code=304, headers=own)
    return Response(body, media_type=media_type, headers=own)
