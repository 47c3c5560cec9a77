"""A country's brief as a file; as JSON it is a question like all others."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from parity.ask.cache import cached
from parity.ask.standing import built
from parity.brief.question import Brief
from parity.catalogue import vintage
from parity.errors import NoAnswerError, ParityError
from parity.show import files
from parity.web.api.ask import answers
from parity.web.api.errors import only
from parity.web.sending import sent

router = APIRouter(tags=["brief"])

Country = Annotated[
    str, Path(max_length=60, examples=["FRA"], description="A ranked country, by code or name.")
]
TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
"""Forms that a brief is written in, and their media types."""


@cache
def forms() -> tuple[str, ...]:
    """Return the forms that this installation can write; a PDF needs the extra ``pdf``."""
    return tuple(form for form in TYPES if form != "pdf" or find_spec("typst"))


@router.get("/brief/{country}", response_class=Response, responses=answers(Brief))
def brief(request: Request, country: Country) -> Response:
    """Brief a ranked country: an older address of `/brief?places=`."""
    only(request)
    return sent(request, Brief(places=(_unit(country),)).answer().json(), TYPES["json"])


@router.get(
    "/brief/{country}/file",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in TYPES.values()}}},
)
def file(
    request: Request,
    country: Country,
    format: Annotated[
        Literal["html", "pdf", "md", "json"], Query(description="Of the file.", examples=["pdf"])
    ] = "html",
) -> Response:
    """Give the brief of a ranked country as a file."""
    only(request, "format")
    unit = _unit(country)
    if format not in forms():
        raise ParityError(f"this server cannot write {format}; it has {', '.join(forms())}")
    headers = {
        "content-disposition": f'attachment; filename="parity-brief-{unit}.{format}"',
        "parity-data": vintage(),
    }
    return sent(request, _file(unit, format), TYPES[format], headers=headers)


def _unit(country: str) -> str:
    """Return the ranked country that an address names; one that names none is no address."""
    try:
        return built().unit(country)
    except ParityError as problem:
        raise NoAnswerError(str(problem)) from None


@cached(64)
def _file(unit: str, form: str) -> bytes:
    answer = Brief(places=(unit,)).answer()
    return files.body(answer.document(), form, json=answer.json())
