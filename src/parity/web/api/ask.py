"""From a question to its address in the API: parameters, answers, schemas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

from parity.ask.answer import answer_schema
from parity.ask.question import Parameter, Question, network_schema, parameters
from parity.ask.serialise import plain
from parity.errors import NoAnswerError, did_you_mean, one_of
from parity.questions import every
from parity.show.document import Chart, Document
from parity.web.api.errors import said_by
from parity.web.files import IMAGES, TYPES, file
from parity.web.sending import sent
from parity.web.shown import Piece, Place, at, keep

PARTS = "#/components/schemas/"
WORDS = {
    "coalition": "USA",
    "candidates": "KAZ",
    "since": "2019-01",
    "until": "2023-12",
    "from": "2021Q1",
    "to": "2024Q4",
    "table": "facts",
    "find": "patents",
    "maker": "NVIDIA",
    "text": "Russia ranks 31st in the Global AI Index.",
}
"""Values of parameters that neither an example nor a type says."""


def routes() -> APIRouter:
    """Return an address for every question, and the older ones."""
    router = APIRouter()
    every_one = list(every())
    # An older address may hold a parameter, which would catch the newer ones: it stands behind them.
    told = [(each, each.verb.replace(" ", "/"), "") for each in every_one]
    told += [(each, old, f"_{n}") for each in every_one for n, old in enumerate(each.addresses, 1)]
    for question, address, number in told:
        topic = question.view.partition(":")[0].removeprefix("parity.").partition(".")[0]
        router.add_api_route(
            f"/{address}",
            _endpoint(question),
            tags=[topic],
            summary=question.about().split("\n")[0],
            description=question.about(),
            operation_id=question.verb.replace(" ", "_") + number,
            response_class=Response,
            responses=answers(question),
            openapi_extra={"parameters": _parameters(question, address)},
            deprecated=bool(number) or None,
        )
        for kind in TYPES if "{" not in address else ():
            router.add_api_route(f"/{address}.{kind}", _endpoint(question, kind), include_in_schema=False)
    return router


@dataclass(frozen=True, slots=True)
class Told:
    """A question as the help shows it: its address, what it answers, its parameters, an address to try."""

    address: str
    about: str
    parameters: list[dict[str, Any]]
    example: str


@cache
def told() -> tuple[Told, ...]:
    """Return every question, for the help."""
    found = []
    for question in every():
        address = f"/api/v1/{question.verb.replace(' ', '/')}"
        rows = _parameters(question, address)
        asked = max((said_by(question, each) for each in question.examples[:2]), key=len)
        if {row["name"] for row in rows if row["required"]} > dict(asked).keys():
            asked = [(row["name"], row["example"]) for row in rows if row["required"]]
        example = f"{address}?{urlencode(asked)}" if asked else address
        found.append(Told(address, question.about(), rows, example))
    return tuple(found)


def answers(question: type[Question]) -> dict[int | str, dict[str, Any]]:
    """Return what the document says of the answer of a question."""
    content = {"application/json": {"schema": {"$ref": PARTS + _name(question)}}, "text/csv": {}}
    return {
        200: {"description": "The answer; `Accept: text/csv` or `.csv` gives a table", "content": content}
    }


def describe(app: FastAPI) -> None:
    """Let the app's OpenAPI document hold the schemas of all answers."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            found.setdefault("components", {}).setdefault("schemas", {}).update(_schemas())
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _endpoint(question: type[Question], kind: str = "") -> Callable[[Request], Response]:
    many = {parameter.word for parameter in parameters(question) if parameter.many or parameter.size}

    def endpoint(request: Request) -> Response:
        given: dict[str, Any] = dict(request.path_params)
        for name, value in request.query_params.multi_items():
            given[name] = [*given.get(name, []), value] if name in many else value
        form = kind or ("csv" if prefers_csv(request) else "")
        table = given.pop("table", "") if form and "table" not in question.model_fields else ""
        answer = question.read(given, remote=True).answer()
        if not form:
            return sent(request, answer.json(), "application/json")
        return file(request, _piece(answer.document(), table, form), form, request.url.path)

    return endpoint


def prefers_csv(request: Request) -> bool:
    """Tell whether a client asks for a table."""
    wanted = request.headers.get("accept", "")
    return "text/csv" in wanted and "application/json" not in wanted


def _piece(document: Document, name: str, kind: str) -> Piece:
    """Return a table of an answer, or the figure for an image; the first where none is named."""
    with at(Place("")) as place:
        keep(document, document.blocks)
    found = place.pieces
    if kind in IMAGES:
        found = {key: piece for key, piece in found.items() if isinstance(piece.block, Chart)}
    if name in found or (found and not name):
        return found[name] if name else next(iter(found.values()))
    there = f"it has {one_of(found)}" if found else "it has none"
    raise NoAnswerError(f"this answer has no such table or figure; {there}.{did_you_mean(name, found)}")


def example_of(question: type[Question], parameter: Parameter) -> Any:
    """Return a value that a parameter may have: of the question's examples, else any that is allowed."""
    for example in question.examples:
        for name, value in said_by(question, example):
            if name == parameter.word:
                return value
    schema = network_schema(question)["properties"][parameter.word]
    if schema.get("examples"):
        return schema["examples"][0]
    if parameter.choices:
        return parameter.choices[0]
    if parameter.default not in (None, (), ""):
        return plain(parameter.default)
    if parameter.kind is dt.date:
        return "2025-06-30"
    if parameter.kind in (int, float):
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        return min(least + 1, schema.get("maximum", least + 1))
    return True if parameter.kind is bool else WORDS.get(parameter.word, "USA")


def _parameters(question: type[Question], address: str) -> list[dict[str, Any]]:
    schema = network_schema(question)
    asked = {each.word: each for each in parameters(question)}
    required = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "in": "path" if f"{{{name}}}" in address else "query",
            "required": name in required,
            "description": part.get("description", ""),
            "example": example_of(question, asked[name]),
            "schema": part,
        }
        for name, part in schema["properties"].items()
    ]


def _name(question: type[Question]) -> str:
    return question.verb.replace(" ", ".")


def _schemas() -> dict[str, Any]:
    """Return the schemas of all answers; the parts of each bear its name, for measures share words."""
    found: dict[str, Any] = {}
    for question in every():
        schema = answer_schema(question)
        own = _name(question)
        parts = schema.pop("$defs")
        found[own] = _moved(schema, own)
        found |= {f"{own}.{name}": _moved(part, own) for name, part in parts.items()}
    return found


def _moved(schema: Any, own: str) -> Any:
    if isinstance(schema, list):
        return [_moved(one, own) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"{PARTS}{own}.{value.rsplit('/', 1)[-1]}" if key == "$ref" else _moved(value, own)
        for key, value in schema.items()
    }
