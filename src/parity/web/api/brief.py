"""``/brief``: a country's brief, as JSON and as a file."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from fastapi.responses import Response

from parity.answers.brief import BriefAnswer, brief_answer
from parity.ask.standing import built
from parity.catalogue import vintage
from parity.errors import ParityError
from parity.web.api.command import told
from parity.web.briefs import TYPES, brief_of, file_of, forms

router = APIRouter(tags=["brief"])

Country = Annotated[str, Path(max_length=60)]


@router.get("/brief/{country}")
def brief(country: Country) -> BriefAnswer:
    """Brief a ranked country: standing, models, hardware, trade, ties, pledges, claims, gaps in the data."""
    unit = built().unit(country)
    return told(brief_answer(brief_of(unit)), "brief", unit)


@router.get(
    "/brief/{country}/file",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in TYPES.values()}}},
)
def file(country: Country, format: Literal["html", "pdf", "md", "json"] = "html") -> Response:
    """Give the brief of a ranked country as a file."""
    unit = built().unit(country)
    if format not in forms():
        raise ParityError(f"this server cannot write {format}; it has {', '.join(forms())}")
    if format == "json":
        body = told(brief_answer(brief_of(unit)), "brief", unit).model_dump_json(indent=2).encode()
    else:
        body = file_of(unit, format)
    headers = {
        "content-disposition": f'attachment; filename="parity-brief-{unit}.{format}"',
        "parity-data": vintage(),
    }
    return Response(body, media_type=TYPES[format], headers=headers)
