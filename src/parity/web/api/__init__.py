"""The JSON API: the answers of ``--json``, over HTTP."""

from fastapi import APIRouter

from parity.web.api import bloc, brief, check, data, ties
from parity.web.api.ask import describe, routes
from parity.web.api.errors import ERRORS

router = APIRouter(responses=ERRORS)
for part in (bloc, ties, brief, check, data):
    router.include_router(part.router)
router.include_router(routes())

__all__ = ["describe", "router"]
