"""``/data/NAME``: a card by its address, and its rows as files."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Literal

import polars as pl
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from parity.ask.data import DataShow
from parity.catalogue import Card, describe, files, rows_of, vintage
from parity.errors import InvalidError, NoAnswerError, ParityError, did_you_mean, one_of
from parity.web.api.ask import answers
from parity.web.api.errors import only
from parity.web.sending import sent

router = APIRouter(tags=["data"])

Name = Annotated[
    str,
    Path(
        max_length=80,
        examples=["ai_patents"],
        description="Code of an indicator, or `table:` or `source:` and a name.",
    ),
]
Country = Annotated[str, Query(max_length=100)]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


@router.get("/data/{name}", response_class=Response, responses=answers(DataShow), deprecated=True)
def show(
    request: Request,
    name: Name,
    country: Annotated[
        list[Country] | None,
        Query(max_length=20, description="Countries whose series is told.", examples=[["FRA"]]),
    ] = None,
) -> Response:
    """Tell what an indicator, a table or a source is; `/data/show` does, too."""
    only(request, "country")
    _known(name)
    asked = DataShow.read({"id": name, "country": country or ()}, remote=True)
    return sent(request, asked.answer().json(), "application/json")


@router.get(
    "/data/{name}/rows",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in TYPES.values()}}},
)
def rows(
    request: Request,
    name: Name,
    format: Annotated[
        Literal["csv", "json", "parquet"], Query(description="Of the file.", examples=["csv"])
    ] = "csv",
    limit: Annotated[int | None, Query(ge=1, le=1_000_000, description="Most rows.", examples=[100])] = None,
    offset: Annotated[int, Query(ge=0, description="Rows to leave out first.", examples=[0])] = 0,
) -> Response:
    """Give the rows behind an indicator, a table or a source as a file.

    Any column is a filter by its name, and may be repeated: `?iso3=RUS&iso3=CHN&year=2024`.
    """
    card, frame, body = _known(name), rows_of(name), BytesIO()
    for column, values in _filters(request).items():
        if column not in frame.columns:
            told = did_you_mean(column, frame.columns)
            raise InvalidError(column, f"no column has this name; there are {one_of(frame.columns)}.{told}")
        frame = frame.filter(pl.col(column).cast(pl.String).is_in(values))
    total = frame.height
    frame = frame.slice(offset, limit)
    if format == "parquet":
        frame.write_parquet(body)
    elif format == "json":
        frame.write_json(body)
    else:
        files.escape_formulas(frame).write_csv(body)
    sources = "; ".join(one.citation for one in card.sources)
    headers = {
        "content-disposition": f'attachment; filename="parity-{card.id}.{format}"',
        "parity-data": vintage(),
        "parity-rows": str(total),
        # Headers are Latin; names of publishers are not always.
        "parity-citation": sources[:2000].encode("ascii", "replace").decode().replace("\n", " "),
    }
    return sent(request, body.getvalue(), TYPES[format], headers=headers)


def _filters(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, value in request.query_params.multi_items():
        if column not in ("format", "limit", "offset"):
            found.setdefault(column, []).append(value)
    return found


def _known(name: str) -> Card:
    """Return what an address names; one that names nothing is no address."""
    try:
        return describe(name)
    except ParityError as problem:
        raise NoAnswerError(str(problem)) from None
