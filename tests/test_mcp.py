"""The server for assistants, over a real pipe, with the protocol's own client."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

import parity
from parity.mcp import server

START = "from parity.cli.main import main; main(['mcp'])"


def test_over_standard_input() -> None:
    async def talk() -> tuple[Any, Any, Any, Any]:
        async with Client(
            stdio_client(StdioServerParameters(command=sys.executable, args=["-c", START]))
        ) as client:
            tools = (await client.list_tools()).tools
            answer = await client.call_tool("lag", {"of": "France", "behind": "China"})
            wrong = await client.call_tool("lag", {"of": "Atlantis"})
            page = await client.read_resource("parity://methods/frontier")
            return tools, answer, wrong, page

    tools, answer, wrong, page = asyncio.run(talk())
    assert "lag" in {tool.name for tool in tools}
    assert answer.structured_content == json.loads(parity.lag("FRA", "CHN").json())
    first, *rest = answer.content[0].text.strip().splitlines()
    assert first.startswith("# ")
    assert "months" in rest[1]
    assert wrong.is_error
    assert "no country is known as 'Atlantis'" in wrong.content[0].text
    assert page.contents[0].text.startswith("# ")


def test_briefs_are_resources() -> None:
    async def talk() -> tuple[Any, Any, str]:
        async with Client(server()) as client:
            templates = (await client.list_resource_templates()).resource_templates
            page = await client.read_resource("parity://brief/South%20Korea")
            with pytest.raises(MCPError) as wrong:
                await client.read_resource("parity://brief/Atlantis")
            return templates, page, str(wrong.value)

    templates, page, wrong = asyncio.run(talk())
    assert [one.uri_template for one in templates] == ["parity://brief/{place}"]
    assert "South Korea" in page.contents[0].text.splitlines()[0]
    assert "no country is known as 'Atlantis'" in wrong
