"""The JSON API: the answers of ``--json``, over HTTP."""

from fastapi import APIRouter

from parity.web.api import brief, check, chips, data, lag, rank

router = APIRouter()
router.include_router(rank.router)
router.include_router(lag.router)
router.include_router(chips.router)
router.include_router(brief.router)
router.include_router(check.router)
router.include_router(data.router)

__all__ = ["router"]
