"""Every figure and table of the pages at an address of its own: as data, as an image, for other sites."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import polars as pl
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from parity.errors import InvalidError, NoAnswerError, did_you_mean, one_of
from parity.show import draw
from parity.show.document import Chart, Column, Table
from parity.show.files import csv
from parity.views.names import countries
from parity.web import shown
from parity.web.page import Page
from parity.web.render import environment, shown_in
from parity.web.sending import sent
from parity.web.shown import Piece
from parity.web.state import query_of, read_state

MOST_FIELDS = 100
METADATA = "csv-metadata.json"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    METADATA: "application/csvm+json",
    "png": "image/png",
    "svg": "image/svg+xml",
}
IMAGES = ("png", "svg")
NAMED = ("name", "country", "place", "side", "label")
"""Columns that may hold names of countries."""
_DATATYPES: tuple[tuple[Any, str], ...] = (
    (pl.Boolean, "boolean"),
    (pl.Date, "date"),
    (pl.Datetime, "datetime"),
)


def route(app: FastAPI, page: Page) -> None:
    """Give the figures and tables of a page their addresses."""

    def show(request: Request) -> Response:
        kind = request.url.path.partition(".")[2]
        piece = _asked(page, request.query_params.multi_items())
        return file(request, piece, kind, _page(page, request))

    def embed(request: Request) -> Response:
        piece = _asked(page, request.query_params.multi_items(), figure=True)
        values = {
            "figure": shown.figure(piece.document, piece.block),  # type: ignore[arg-type]
            "title": piece.title,
            "address": _page(page, request),
        }
        return HTMLResponse(environment().get_template("embed.html").render(values))

    async def posted(request: Request) -> Response:
        piece = await run_in_threadpool(_asked, page, await form_of(request))
        return file(request, piece, "csv", "")

    if page.posted:
        app.add_api_route(f"/{page.slug}.csv", posted, methods=["POST"], include_in_schema=False)
    for kind in TYPES:
        app.add_api_route(f"/{page.slug}.{kind}", show, include_in_schema=False)
    app.add_api_route(f"/embed/{page.slug}", embed, include_in_schema=False)


async def form_of(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form that was sent."""
    return parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)


def _asked(page: Page, query: list[tuple[str, str]], *, figure: bool = False) -> Piece:
    """Return the figure or table that an address names; the page's main one where it names none."""
    read = read_state(page.state, [(name, value) for name, value in query if name != "table"])
    if read.notes:
        raise InvalidError("", " ".join(read.notes))
    asked = dict(query).get("table", page.main)
    part, _, name = asked.rpartition(".")
    if page.choose and (choice := page.choose(read.state)) and (not part or asked == page.main):
        raise NoAnswerError(f"{choice.field}: choose {choice.label}, as in /{page.slug}?{page.sample}")
    if part and part not in page.parts:
        raise NoAnswerError(f"there is no part '{part}' here; the parts are {one_of(page.parts)}")
    found = shown_in(page, part, read.state).pieces
    if figure:
        found = {key: piece for key, piece in found.items() if isinstance(piece.block, Chart)}
    if found and (not name or (name not in found and asked == page.main)):
        return next(iter(found.values()))
    if name not in found:
        before = f"{part}." if part else ""
        own = [before + each for each in found]
        there = f"here are {one_of(own)}" if own else "there is none in this state"
        raise NoAnswerError(f"nothing here is called '{asked[:80]}'; {there}.{did_you_mean(asked, own)}")
    return found[name]


def file(request: Request, piece: Piece, kind: str, address: str) -> Response:
    """Send a figure or table as a file.

    Parameters
    ----------
    request
        What is answered.
    piece, kind
        What is sent, and how: a key of `TYPES`.
    address
        Of what shows it to people; a figure bears it.
    """
    name = request.url.path.rpartition("/")[2]
    headers = {"content-disposition": f'inline; filename="parity-{name}"'}
    if kind == "csv":
        body = csv(coded(piece.table))
        headers["link"] = f'<{_beside(request, METADATA)}>; rel="describedby"; type="{TYPES[METADATA]}"'
    elif kind == METADATA:
        described = metadata(piece, _beside(request, "csv"))
        body = json.dumps(described, ensure_ascii=False, indent=2).encode()
    elif isinstance(piece.block, Chart):
        body = draw.drawn(piece.block, kind, piece.document.citation(piece.title, address=address))
    else:
        raise NoAnswerError(f"'{piece.title}' is a table; ask for it as .csv")
    return sent(request, body, TYPES[kind], headers=headers)


def coded(table: Table) -> Table:
    """Return a table whose countries have their codes too, in front, where it has their names alone."""
    frame = table.data()
    if "iso3" in frame.columns:
        return table
    codes = {name: code for code, name in countries().items()}
    for name, kind in frame.schema.items():
        if name in NAMED and kind == pl.String and frame[name].is_in(list(codes)).any():
            iso3 = frame[name].replace_strict(codes, default=None, return_dtype=pl.String).alias("iso3")
            return replace(table, whole=frame.insert_column(0, iso3))
    return table


def metadata(piece: Piece, address: str) -> Mapping[str, Any]:
    """Return what a CSV is, in the vocabulary of CSV on the Web.

    Parameters
    ----------
    piece
        What the file holds.
    address
        Of the file.
    """
    document, table = piece.document, coded(piece.table)
    frame = table.data()
    told = {column.name: column for column in table.columns}
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": address,
        "dc:title": piece.title,
        "dc:description": getattr(piece.block, "caption", ""),
        "dc:source": [
            {"dc:title": each.title, "url": each.address, "dc:license": each.licence}
            for each in document.sources
        ],
        "dc:bibliographicCitation": document.citation(piece.title, address=address),
        "dc:issued": document.data,
        "dc:temporal": document.known_to,
        "notes": [{"reproduce": document.command}],
        "tableSchema": {
            "columns": [_column(name, kind, told.get(name)) for name, kind in frame.schema.items()]
        },
    }


def _column(name: str, kind: pl.DataType, told: Column | None) -> dict[str, Any]:
    datatype = next((text for dtype, text in _DATATYPES if kind == dtype), "string")
    if kind.is_numeric():
        datatype = "integer" if kind.is_integer() else "number"
    found: dict[str, Any] = {"name": name, "titles": (told and told.label) or name, "datatype": datatype}
    if told and told.unit:
        found["dc:description"] = f"unit: {told.unit}"
    if told and told.role in ("low", "high"):
        found["dc:description"] = f"{told.role} end of the interval of the value before it"
    return found


def _beside(request: Request, kind: str) -> str:
    """Return the address of the same piece in another form."""
    path = request.url.path.partition(".")[0]
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.scheme}://{request.url.netloc}{path}.{kind}{query}"


def _page(page: Page, request: Request) -> str:
    """Return the address of the page that shows what is asked for."""
    query = [pair for pair in request.query_params.multi_items() if pair[0] != "table"]
    found = query_of(read_state(page.state, query).state)
    return f"{request.url.scheme}://{request.url.netloc}/{page.slug}" + (f"?{found}" if found else "")
