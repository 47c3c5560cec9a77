"""``parity mcp``: the questions as tools of a language-model assistant."""

from __future__ import annotations

import importlib.util

import click

from parity.errors import missing_extra


@click.command(name="mcp")
@click.option("--http", is_flag=True, help="Listen on this machine's network instead of standard input.")
@click.option("--port", type=click.IntRange(1, 65535), default=8051, show_default=True, help="With --http.")
def command(http: bool, port: int) -> None:
    """Serve every question as a tool for language-model assistants (Model Context Protocol).

    Assistants start it themselves and talk over standard input and output; --http serves those of this
    machine at http://127.0.0.1:PORT/mcp.

    \b
    Examples:
      parity mcp
      parity mcp --http --port 8051
    """
    if importlib.util.find_spec("mcp") is None:
        raise missing_extra("the server for assistants", "mcp")
    from parity import mcp

    if http:
        click.echo(f"Parity is at http://127.0.0.1:{port}/mcp (Ctrl-C stops it)", err=True)
        mcp.over_http(port)
    else:
        import anyio

        anyio.run(mcp.over_stdio)
