"""Every question is the same on every face: names, bounds, defaults, and the bytes of its answers."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import shlex
import sys
from typing import Any

import click
import pytest
from fastapi.testclient import TestClient
from mcp import Client

import parity
from parity import python
from parity.ask.question import Question, network_schema, parameters
from parity.cli.ask import command
from parity.mcp import server
from parity.questions import QUESTIONS, name_of, question
from parity.web.api.errors import in_words_of_the_api
from parity.web.app import create_app
from tests.cli.conftest import Ran
from tests.cli.conftest import parity as parity_fixture

VERBS = list(QUESTIONS)
run = parity_fixture
# Files of the reader's own are on no other face than the command line and Python.
LOCAL = (
    "--scores",
    "--out",
    "--data",
    "--spec",
    "--published",
    "--labels",
    "--blocs",
    "--graph",
    "--to-folder",
)


@pytest.fixture(scope="module")
def api() -> TestClient:
    return TestClient(create_app())


@pytest.fixture(scope="module")
def tools() -> dict[str, Any]:
    async def ask() -> dict[str, Any]:
        async with Client(server()) as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    return asyncio.run(ask())


def called(verb: str, given: dict[str, Any]) -> Any:
    async def ask() -> Any:
        async with Client(server()) as client:
            return await client.call_tool(name_of(verb), given)

    return asyncio.run(ask())


def asked_over_http(asked: type[Question]) -> list[str]:
    return [each.word for each in parameters(asked) if not each.local]


@pytest.mark.parametrize("verb", VERBS)
def test_declares_itself(verb: str) -> None:
    asked = question(verb)
    assert asked.verb == verb
    assert asked.about()
    assert asked.examples
    assert all(each.help for each in parameters(asked))


@pytest.mark.parametrize("verb", VERBS)
def test_options_of_the_command_line(verb: str) -> None:
    asked = question(verb)
    options = {option.name: option for option in command(asked).params if isinstance(option, click.Option)}
    for each in parameters(asked):
        option = options[each.name]
        assert each.option in option.opts
        assert each.help in (option.help or "")
        assert each.bounds in (option.help or "")
        assert each.default in (None, False, (), "") or str(each.default) in (option.help or "")
        assert getattr(option.type, "choices", ()) == each.choices
    for old in asked.old_figures:
        assert f"out_{old}" in options
        assert old in options["kind"].type.choices
    words = [each.name for each in command(asked).params if isinstance(each, click.Argument)]
    assert words == [f"word_{each.name}" for each in parameters(asked) if each.place]


@pytest.mark.parametrize("verb", VERBS)
def test_parameters_of_the_api(verb: str, api: TestClient) -> None:
    asked = question(verb)
    document = api.get("/api/v1/openapi.json").json()
    found = document["paths"][f"/api/v1/{verb.replace(' ', '/')}"]["get"]["parameters"]
    assert {each["name"]: each["schema"] for each in found} == network_schema(asked)["properties"]
    assert [each["name"] for each in found] == asked_over_http(asked)


@pytest.mark.parametrize("verb", VERBS)
def test_schema_of_the_tool(verb: str, tools: dict[str, Any]) -> None:
    asked = question(verb)
    assert tools[name_of(verb)].input_schema == network_schema(asked)
    assert list(network_schema(asked)["properties"]) == asked_over_http(asked)


@pytest.mark.parametrize("verb", VERBS)
def test_signature_in_python(verb: str) -> None:
    function = python.function(name_of(verb))
    found = inspect.signature(function).parameters
    for each in parameters(question(verb)):
        assert each.required or found[each.name].default == each.default
        assert (found[each.name].kind is inspect.Parameter.KEYWORD_ONLY) != each.positional
        assert each.help in function.__doc__
    assert set(found) == set(question(verb).model_fields)


EXAMPLES = [
    (verb, example)
    for verb in VERBS
    for example in question(verb).examples
    if not set(shlex.split(example)) & set(LOCAL) and not example.endswith((".csv", ".xlsx"))
]


@pytest.mark.parametrize(("verb", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_same_bytes(verb: str, example: str, run: Any, api: TestClient) -> None:
    printed: Ran = run(*shlex.split(example)[1:], "--json")
    assert printed.status == 0, printed.err
    body = printed.out.removesuffix("\n")
    settings = json.loads(body)["settings"]
    address = f"/api/v1/{verb.replace(' ', '/')}"
    assert api.get(address, params=settings).text == body
    assert called(verb, settings).structured_content == json.loads(body)
    assert getattr(parity, name_of(verb))(**settings).json() == body
    again: Ran = run(*shlex.split(json.loads(body)["command"])[1:])
    assert again.out == printed.out


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_unknown_is_refused_alike(verb: str, run: Any, api: TestClient) -> None:
    answer = api.get(f"/api/v1/{verb.replace(' ', '/')}", params={"no_such": "1"})
    assert answer.status_code == 422
    told = called(verb, {"no_such": "1"})
    assert told.is_error
    assert in_words_of_the_api(told.content[0].text) == answer.json()["error"]
    assert run(*verb.split(), "--no-such", "1").status == 2


@pytest.mark.parametrize(
    ("verb", "name"),
    [(verb, each.name) for verb in VERBS for each in parameters(question(verb)) if each.local],
)
def test_no_file_is_read_for_a_stranger(verb: str, name: str, api: TestClient) -> None:
    answer = api.get(f"/api/v1/{verb.replace(' ', '/')}", params={name: "/etc/passwd"})
    assert answer.status_code == 422
    assert "not over a network" in answer.json()["error"]
    assert "not over a network" in called(verb, {name: "/etc/passwd"}).content[0].text


def test_an_answer_shows_itself_briefly() -> None:
    found = parity.lag("RUS", parameters=True, benchmarks=True)
    assert len(repr(found).splitlines()) <= 41
    assert found.to_pandas().shape == found.table().shape


def test_a_fault_of_the_machine_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question("lag"), "answer", lambda _: 1 / 0)
    told = called("lag", {"of": "RUS"})
    assert told.is_error
    assert "no answer" in told.content[0].text


def test_a_package_with_the_name_of_a_question_can_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUESTIONS, "pledges", "parity.ask.lag:Lag")
    monkeypatch.delitem(sys.modules, "parity.pledges", raising=False)
    package = importlib.import_module("parity.pledges")
    assert package is parity.pledges
    assert parity.pledges("RUS").json() == parity.lag("RUS").json()
