"""The JSON API: the answers of ``--json``, over HTTP."""

from fastapi import APIRouter

from parity.web.api import brief, check, data
from parity.web.api.ask import describe, routes, told
from parity.web.api.errors import ERRORS

router = APIRouter(responses=ERRORS)
# Questions first: `/data/show` is no card by the name of "show".
router.include_router(routes())
for part in (brief, check, data):
    router.include_router(part.router)

__all__ = ["describe", "router", "told"]
