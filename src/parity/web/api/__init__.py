"""The JSON API: the answers of ``--json``, over HTTP."""

from fastapi import APIRouter

from parity.web.api import rank

router = APIRouter()
router.include_router(rank.router)

__all__ = ["router"]
