"""The application: pages, their parts, static files, the API, and what answers a mistake."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from parity import __version__
from parity.errors import InvalidError, ParityError
from parity.web import api, assets, files
from parity.web.api.errors import in_words_of_the_api
from parity.web.guard import LEFT, AbandonedError, Guard, few_arenas
from parity.web.page import Page
from parity.web.pages import pages, warm
from parity.web.render import environment, page_html, part_html
from parity.web.sending import ASKED_ANEW, sent
from parity.web.state import query_of, read_state

PAGE_LEVEL = 4
"""Compression of pages: stronger levels take longer than the bytes saved are worth."""

ORIGINS = "PARITY_CORS"
"""Variable of the environment: sites whose scripts may read the data, with spaces between; all by default."""

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
        files.route(app, page)
    app.add_api_route("/country/{name}", _country, include_in_schema=False)
    app.add_api_route("/", _home, include_in_schema=False)
    for address in ("/api", "/api/v1"):
        app.add_api_route(address, _help, include_in_schema=False)
    app.add_api_route("/healthz", _health, include_in_schema=False)
    _route_files(app)
    for kind, handler in (
        (ParityError, _user_error),
        (RequestValidationError, _bad_request),
        (HTTPException, _http_error),
        (AbandonedError, _abandoned),
        (Exception, _failed),
    ):
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]
    app.add_middleware(GZipMiddleware, minimum_size=assets.SMALLEST, compresslevel=PAGE_LEVEL)
    return app


def guarded() -> Guard:
    """Return the application behind its limits, which also give the errors their headers."""
    few_arenas()
    return Guard(create_app(), origins=tuple(os.environ.get(ORIGINS, "*").split()))


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Bring what the first visitor would wait for into memory, beside the first requests."""
    Thread(target=warm, name="warm", daemon=True).start()
    yield


def _route(app: FastAPI, page: Page) -> None:
    def show(request: Request) -> Response:
        read = read_state(page.state, request.query_params.multi_items())
        bare, whole = request.headers.get("parity-live") == "1", request.url.path.endswith("/whole")
        made = page_html(page, read, pages(), bare=bare, whole=whole, base=str(request.base_url))
        headers = {
            "parity-address": query_of(read.state),
            "parity-title": quote(f"{made.title} · Parity"),
            "vary": "parity-live, accept-encoding",
        }
        if made.status != 200:
            return HTMLResponse(made.html, made.status, headers=headers)
        return sent(request, made.html, "text/html; charset=utf-8", kept=ASKED_ANEW, headers=headers)

    def show_part(name: str, request: Request) -> Response:
        if name not in page.parts:
            raise HTTPException(404, f"this page has no part '{name[:40]}'")
        return HTMLResponse(part_html(page, name, read_state(page.state, request.query_params.multi_items())))

    async def show_posted(request: Request) -> Response:
        read = read_state(page.state, await files.form_of(request))
        made = await run_in_threadpool(page_html, page, read, pages(), base=str(request.base_url))
        return HTMLResponse(made.html)

    app.add_api_route(f"/{page.slug}", show, include_in_schema=False)
    if page.parts:
        app.add_api_route(f"/{page.slug}/whole", show, include_in_schema=False)
    if page.posted:
        app.add_api_route(f"/{page.slug}", show_posted, methods=["POST"], include_in_schema=False)
    app.add_api_route(f"/{page.slug}/part/{{name}}", show_part, include_in_schema=False)


def _country(name: str) -> Response:
    """Lead from the address that people type."""
    return RedirectResponse(f"/country?{urlencode({'country': name})}")


def _home() -> Response:
    return RedirectResponse("/ranking")


def _help(request: Request) -> Response:
    """Show what can be asked of the API, with addresses to try."""
    base = str(request.base_url).rstrip("/")
    page = environment().get_template("api.html")
    html = page.render(pages=pages(), page=None, verbs=api.told(), base=base, bare=False)
    return sent(request, html, "text/html; charset=utf-8", kept=ASKED_ANEW)


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

    app.add_api_route("/static/{name:path}", show, include_in_schema=False)


def _user_error(request: Request, problem: ParityError) -> Response:
    unread = isinstance(problem, InvalidError)
    told = str(problem)
    if request.url.path.startswith("/api/"):
        told = in_words_of_the_api(told)
    return _plain(request, 404 if problem.exit_status == 1 else 422 if unread else 400, told)


def _bad_request(request: Request, problem: RequestValidationError) -> Response:
    fault = problem.errors()[0]
    where = ".".join(str(part) for part in fault["loc"][1:]) or "the request"
    return _plain(request, 422, f"{where}: {fault['msg']}")


def _http_error(request: Request, problem: HTTPException) -> Response:
    message = "there is nothing at this address" if problem.status_code == 404 else str(problem.detail)
    return _plain(request, problem.status_code, message)


def _abandoned(_: Request, __: AbandonedError) -> Response:
    return Response(status_code=LEFT)


def _failed(request: Request, problem: Exception) -> Response:
    """Say that it is our fault, and no more; the log has the rest."""
    _log.error("unexpected error at %s", request.url.path, exc_info=problem)
    return _plain(request, 500, "something went wrong on our side; the server's log says what")


def _plain(request: Request, status: int, message: str) -> Response:
    """Answer in JSON below /api, in text where a file was asked for, as a page elsewhere."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": message}, status)
    if "." in request.url.path:
        return PlainTextResponse(message, status)
    page = environment().get_template("error.html")
    return HTMLResponse(
        page.render(pages=pages(), page=None, message=message, status=status, bare=False), status
    )
