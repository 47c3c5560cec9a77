"""From a question to its address in the API: parameters, answers, schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

from parity.ask.answer import answer_schema
from parity.ask.question import Question, network_schema, parameters
from parity.questions import every

PARTS = "#/components/schemas/"


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
    return router


def answers(question: type[Question]) -> dict[int | str, dict[str, Any]]:
    """Return what the document says of the answer of a question."""
    return {200: {"content": {"application/json": {"schema": {"$ref": PARTS + _name(question)}}}}}


def describe(app: FastAPI) -> None:
    """Let the app's OpenAPI document hold the schemas of all answers."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            found.setdefault("components", {}).setdefault("schemas", {}).update(_schemas())
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _endpoint(question: type[Question]) -> Callable[[Request], Response]:
    many = {parameter.word for parameter in parameters(question) if parameter.many or parameter.size}

    def endpoint(request: Request) -> Response:
        given: dict[str, Any] = dict(request.path_params)
        for name, value in request.query_params.multi_items():
            given[name] = [*given.get(name, []), value] if name in many else value
        return Response(question.read(given, remote=True).answer().json(), media_type="application/json")

    return endpoint


def _parameters(question: type[Question], address: str) -> list[dict[str, Any]]:
    schema = network_schema(question)
    required = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "in": "path" if f"{{{name}}}" in address else "query",
            "required": name in required,
            "description": part.get("description", ""),
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
