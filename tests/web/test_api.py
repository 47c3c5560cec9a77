"""Every endpoint of the API under generated requests: no failure of the server, answers as documented."""

from __future__ import annotations

import json

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.meta import TestPhase
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from parity.web.app import create_app
from parity.web.guard import Guard

EXAMPLES = 3
"""Requests per endpoint, always the same ones."""
TIMEOUT = 600
"""Seconds: no request takes so long on the slowest machine."""
DRAWS = 20
COSTLY = ("benchmarks", "full", "parameters")
"""What takes many seconds, and is frozen elsewhere: left out of all requests."""

PLAIN = "/api/v1/rank"
"""Where requests of a wrong form are asked: it answers at once."""
FIRST: dict[str, str] = {}
"""Where a fault of a request was first asked."""

schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", Guard(create_app(), seconds=TIMEOUT))


def known(case: schemathesis.Case) -> set[str]:
    """Return the parameters of an endpoint."""
    return {each.name for each in case.operation.query}


def repeated(case: schemathesis.Case) -> bool:
    """Tell whether the same has been asked elsewhere, for endpoints share parameters and one adapter.

    An older address asks what the newer one does: its examples alone. What is wrong with a parameter, or with
    the form of a request, is asked where it first comes.
    """
    if case.meta is None or case.meta.phase.name == TestPhase.EXAMPLES:
        return False
    raw = case.operation.definition.raw
    if raw.get("deprecated"):
        return True
    if case.meta.phase.name != TestPhase.COVERAGE:
        return False
    name, told = case.meta.phase.data.parameter, case.meta.phase.data.description
    declared = [each["schema"] for each in raw.get("parameters", ()) if each.get("name") == name]
    if not declared and case.method == "GET":  # the form of the request, which no endpoint looks at
        return bool(case.operation.path != PLAIN)
    key = json.dumps([name, declared, told], sort_keys=True)
    return FIRST.setdefault(key, case.operation.label) != case.operation.label


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_endpoint_keeps_to_its_document(case: schemathesis.Case) -> None:
    # What is right and only varies one parameter is like what the examples ask; what is broken is all asked.
    if case.meta and case.meta.phase.name == TestPhase.COVERAGE and case.meta.generation.mode.is_positive:
        return
    if repeated(case):
        return
    # How often a fit or an index is made again costs time and changes no field of the answer.
    if isinstance(case.query.get("draws"), int):
        case.query["draws"] = min(case.query["draws"], DRAWS)
    elif "draws" in known(case):
        case.query["draws"] = DRAWS
    for name in COSTLY:
        if case.query.get(name) in (True, "true"):
            case.query[name] = "false"
    case.call_and_validate(
        timeout=TIMEOUT,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
