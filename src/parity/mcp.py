"""The face for language-model assistants: every question a tool, pages on methods as resources."""

from __future__ import annotations

import json
import logging
from typing import Any

import anyio.to_thread
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)

from parity import __version__
from parity.ask.answer import answer_schema
from parity.ask.question import Question, network_schema
from parity.errors import ParityError
from parity.questions import every, name_of
from parity.questions import question as find
from parity.show.markdown import markdown
from parity.views.methods import TITLES, method_text

INSTRUCTIONS = (
    "Parity says where a nation stands in AI, how many months behind the frontier it is, what holds it "
    "there, and whether claims about it hold up. Every number has an interval: pass it on with the number, "
    "as well as the day until which the data are known, and the command that reproduces the answer."
)
_METHODS, _BRIEF = "parity://methods/", "parity://brief/"
_log = logging.getLogger("parity.mcp")


def server() -> Server[Any]:
    """Return the server, ready for any transport."""
    questions = {name_of(question.verb): question for question in every()}
    tools = [_tool(name, question) for name, question in questions.items()]
    pages = [
        Resource(uri=_METHODS + name, name=name, title=f"Method: {title}", mime_type="text/markdown")
        for name, title in TITLES.items()
    ]

    brief = ResourceTemplate(
        uri_template=_BRIEF + "{place}",
        name="brief",
        title="Brief of a country or a bloc",
        description="Where it stands, how far behind, what holds it, and how sure that is; by code or name.",
        mime_type="text/markdown",
    )

    async def list_tools(_: Any, __: Any) -> ListToolsResult:
        return ListToolsResult(tools=tools)

    async def call_tool(_: Any, call: Any) -> CallToolResult:
        if call.name not in questions:
            raise MCPError(INVALID_PARAMS, f"no tool '{call.name}'; there are: {', '.join(questions)}")
        return await anyio.to_thread.run_sync(_answered, questions[call.name], call.arguments or {})

    async def list_resources(_: Any, __: Any) -> ListResourcesResult:
        return ListResourcesResult(resources=pages)

    async def list_templates(_: Any, __: Any) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=[brief])

    async def read_resource(_: Any, asked: Any) -> ReadResourceResult:
        try:
            text = await anyio.to_thread.run_sync(_page, str(asked.uri))
        except ParityError as problem:
            raise MCPError(INVALID_PARAMS, str(problem)) from None
        page = TextResourceContents(uri=asked.uri, text=text, mime_type="text/markdown")
        return ReadResourceResult(contents=[page])

    return Server(
        "parity",
        version=__version__,
        title="Parity",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _page(address: str) -> str:
    """Return a page: a brief, or one on methods."""
    if address.startswith(_BRIEF):
        from urllib.parse import unquote

        asked = find("brief").read({"places": [unquote(address.removeprefix(_BRIEF))]}, remote=True)
        return markdown(asked.answer().document())
    return method_text(address.removeprefix(_METHODS))


def _tool(name: str, question: type[Question]) -> Tool:
    return Tool(
        name=name,
        title=question.about().split("\n")[0],
        description=question.about(),
        input_schema=network_schema(question),
        output_schema=answer_schema(question),
        annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )


def _answered(question: type[Question], given: dict[str, Any]) -> CallToolResult:
    """Answer in words first, then as JSON; a mistake is told in words, so that the asker can mend it."""
    try:
        answer = question.read(given, remote=True).answer()
        text, body = markdown(answer.document()), json.loads(answer.json())
    except ParityError as problem:
        return CallToolResult(content=[TextContent(text=str(problem))], is_error=True)
    except Exception:
        _log.exception("%s failed", question.verb)
        told = "something went wrong in Parity itself: this is no answer, and says nothing about the question"
        return CallToolResult(content=[TextContent(text=told)], is_error=True)
    return CallToolResult(content=[TextContent(text=text)], structured_content=body)


async def over_stdio() -> None:
    """Serve one assistant over standard input and output."""
    served = server()
    async with stdio_server() as (given, told):
        await served.run(given, told, served.create_initialization_options())


def over_http(port: int) -> None:
    """Serve the assistants of this machine over HTTP, until stopped."""
    import uvicorn

    app = server().streamable_http_app(host="127.0.0.1", json_response=True, stateless_http=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
