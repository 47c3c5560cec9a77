"""``/check`` by POST: a text that is too long for an address."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from parity.ask.question import network_schema
from parity.claims.question import Check
from parity.web.api.ask import answers

router = APIRouter(tags=["check"])
_BODY = {"required": True, "content": {"application/json": {"schema": network_schema(Check)}}}


@router.post(
    "/check", response_class=Response, responses=answers(Check), openapi_extra={"requestBody": _BODY}
)
def check(asked: Annotated[dict[str, Any], Body()]) -> Response:
    """Hold a text against the evidence; the text is not kept."""
    answer = Check.read(asked, remote=True).answer()
    return Response(answer.json(), media_type="application/json")
