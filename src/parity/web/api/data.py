"""``/data/NAME``: a card by its address, and its rows as files."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from parity.ask.data import DataShow
from parity.catalogue import describe, files, rows_of, vintage
from parity.web.api.ask import answers

router = APIRouter(tags=["data"])

Name = Annotated[str, Path(max_length=80)]
Country = Annotated[str, Query(max_length=100)]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


@router.get("/data/{name}", response_class=Response, responses=answers(DataShow), deprecated=True)
def show(name: Name, country: Annotated[list[Country] | None, Query(max_length=20)] = None) -> Response:
    """Tell what an indicator, a table or a source is; `/data/show` does, too."""
    asked = DataShow.read({"id": name, "country": country or ()}, remote=True)
    return Response(asked.answer().json(), media_type="application/json")


@router.get(
    "/data/{name}/rows",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in TYPES.values()}}},
)
def rows(name: Name, format: Literal["csv", "json", "parquet"] = "csv") -> Response:
    """Give the rows behind an indicator, a table or a source as a file."""
    card, frame, body = describe(name), rows_of(name), BytesIO()
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
        # Headers are Latin; names of publishers are not always.
        "parity-citation": sources[:2000].encode("ascii", "replace").decode().replace("\n", " "),
    }
    return Response(body.getvalue(), media_type=TYPES[format], headers=headers)
