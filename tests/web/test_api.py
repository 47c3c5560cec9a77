"""Every endpoint of the API under generated requests: no failure of the server, answers as documented."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.meta import TestPhase
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from parity.web.app import guarded

EXAMPLES = 3
"""Requests per endpoint, always the same ones."""
TIMEOUT = 600
"""Seconds: no request takes so long on the slowest machine."""
DRAWS = 20
COSTLY = ("benchmarks", "full", "parameters")
"""What takes many seconds, and is frozen elsewhere: left out of all requests."""

schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", guarded())


def known(case: schemathesis.Case) -> set[str]:
    """Return the parameters of an endpoint."""
    return {each.name for each in case.operation.query}


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
