"""``parity serve``: the app in the browser."""

from __future__ import annotations

import importlib.util

import click

from parity.errors import missing_extra


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8050, show_default=True, help="Port.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer."
)
@click.option(
    "--cors",
    multiple=True,
    default=("*",),
    show_default="all sites",
    help="Site whose scripts may read the data, such as https://example.org; may be repeated.",
)
def command(host: str, port: int, workers: int, cors: tuple[str, ...]) -> None:
    """Serve the pages and the JSON API until Ctrl-C.

    Only this machine can reach them unless --host says otherwise; a public service belongs behind a proxy
    that adds encryption. /healthz tells a supervisor that it is up.

    \b
    Examples:
      parity serve
      parity serve --port 8060 --workers 2
      parity serve --host 0.0.0.0
    """
    _require()
    from parity.web.serve import LOCAL, run

    if host not in LOCAL:
        click.echo(
            f"warning: {host} can be reached from other machines, without encryption or passwords; put a "
            "proxy with TLS and a limit per client before it",
            err=True,
        )
    click.echo(f"Parity is at http://{host}:{port} (Ctrl-C stops it)", err=True)
    run(host, port, workers, cors)


def _require() -> None:
    """Say what to install where the extra is absent."""
    if any(importlib.util.find_spec(name) is None for name in ("fastapi", "jinja2", "uvicorn")):
        raise missing_extra("the browser app", "web")
