"""The JSON API: the answers of ``--json``, over HTTP."""

from fastapi import APIRouter

from parity.web.api import bloc, brief, capability, check, chips, data, goal, lag, pledges, rank, ties
from parity.web.api.errors import ERRORS

router = APIRouter(responses=ERRORS)
for part in (rank, goal, lag, capability, chips, bloc, ties, pledges, brief, check, data):
    router.include_router(part.router)

__all__ = ["router"]
