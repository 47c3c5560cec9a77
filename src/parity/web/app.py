"""The application: pages, their parts, static files, the API, and what answers a mistake."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from parity import __version__
from parity.errors import InvalidError, ParityError
from parity.web import api, assets
from parity.web.guard import Guard, TooLargeError
from parity.web.page import Page
from parity.web.pages import pages, warm
from parity.web.render import environment, page_html, part_html
from parity.web.state import query_of, read_state

MOST_FIELDS = 100
PAGE_LEVEL = 4
"""Compression of pages: stronger levels take longer than the bytes saved are worth."""
READ = ["GET", "HEAD"]

_log = logging.getLogger("parity.web")


def create_app() -> FastAPI:
    """Return the application, ready for any ASGI server."""
    app = FastAPI(
        title="Parity",
        version=__version__,
        summary="Where a nation stands in AI, with an interval on every number.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=_lifespan,
    )
    app.include_router(api.router, prefix="/api/v1")
    api.describe(app)
    for page in pages():
        _route(app, page)
    app.add_api_route("/country/{name}", _country, methods=READ, include_in_schema=False)
    app.add_api_route("/", _home, methods=READ, include_in_schema=False)
    app.add_api_route("/healthz", _health, methods=READ, include_in_schema=False)
    _route_files(app)
    for kind, handler in (
        (ParityError, _user_error),
        (RequestValidationError, _bad_request),
        (HTTPException, _http_error),
        (TooLargeError, _too_large),
        (Exception, _failed),
    ):
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]
    app.add_middleware(GZipMiddleware, minimum_size=assets.SMALLEST, compresslevel=PAGE_LEVEL)
    return app


def guarded() -> Guard:
    """Return the application behind its limits, which also give the errors their headers."""
    return Guard(create_app())


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Bring what the first visitor would wait for into memory, beside the first requests."""
    Thread(target=warm, name="warm", daemon=True).start()
    yield


def _route(app: FastAPI, page: Page) -> None:
    def show(request: Request) -> Response:
        read = read_state(page.state, request.query_params.multi_items())
        bare = request.headers.get("parity-live") == "1"
        html = page_html(page, read, pages(), bare=bare)
        headers = {"parity-address": query_of(read.state), "vary": "parity-live", "cache-control": "no-cache"}
        return HTMLResponse(html, headers=headers)

    def show_part(name: str, request: Request) -> Response:
        if name not in page.parts:
            raise HTTPException(404, f"this page has no part '{name[:40]}'")
        return HTMLResponse(part_html(page, name, read_state(page.state, request.query_params.multi_items())))

    async def show_posted(request: Request) -> Response:
        form = parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
        read = read_state(page.state, form)
        return HTMLResponse(await run_in_threadpool(page_html, page, read, pages()))

    app.add_api_route(f"/{page.slug}", show, methods=READ, include_in_schema=False)
    if page.posted:
        app.add_api_route(f"/{page.slug}", show_posted, methods=["POST"], include_in_schema=False)
    app.add_api_route(f"/{page.slug}/part/{{name}}", show_part, include_in_schema=False)


def _country(name: str) -> Response:
    """Lead from the address that people type."""
    return RedirectResponse(f"/country?{urlencode({'country': name})}")


def _home() -> Response:
    return RedirectResponse("/ranking")


def _health() -> dict[str, str]:
    """Answer a load balancer: the data can be read."""
    from parity.catalogue import vintage

    return {"status": "ok", "parity": __version__, "data": vintage()}


def _route_files(app: FastAPI) -> None:
    files = assets.names()

    def show(name: str, request: Request) -> Response:
        if name not in files:
            raise HTTPException(404)
        return assets.answer(request, files[name])

    app.add_api_route("/static/{name:path}", show, methods=READ, include_in_schema=False)


def _user_error(request: Request, problem: ParityError) -> Response:
    unread = isinstance(problem, InvalidError)
    return _plain(request, 404 if problem.exit_status == 1 else 422 if unread else 400, str(problem))


def _bad_request(request: Request, problem: RequestValidationError) -> Response:
    fault = problem.errors()[0]
    where = ".".join(str(part) for part in fault["loc"][1:]) or "the request"
    return _plain(request, 422, f"{where}: {fault['msg']}")


def _http_error(request: Request, problem: HTTPException) -> Response:
    message = "there is nothing at this address" if problem.status_code == 404 else str(problem.detail)
    return _plain(request, problem.status_code, message)


def _too_large(request: Request, _: TooLargeError) -> Response:
    return _plain(request, 413, "the request is larger than the server takes")


def _failed(request: Request, problem: Exception) -> Response:
    """Say that it is our fault, and no more; the log has the rest."""
    _log.error("unexpected error at %s", request.url.path, exc_info=problem)
    return _plain(request, 500, "something went wrong on our side; the server's log says what")


def _plain(request: Request, status: int, message: str) -> Response:
    """Answer in JSON below /api, as a page elsewhere."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": message}, status)
    page = environment().get_template("error.html")
    return HTMLResponse(
        page.render(pages=pages(), page=None, message=message, status=status, bare=False), status
    )
