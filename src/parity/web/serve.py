"""Run the app on uvicorn: several workers, a lost one replaced, a graceful stop."""

from __future__ import annotations

import logging.config
from typing import Any

MOST_CONNECTIONS = 1_024
"""Of a process; beyond these the connection itself is refused."""
GRACE_SECONDS = 30
"""For which running requests may go on after a stop is asked for."""
HEALTHY_SECONDS = 30
"""Without a sign of life before a worker is replaced; a dead one is replaced at once."""
LOCAL = ("127.0.0.1", "localhost", "::1")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(message)s"}, "json": {"()": "parity.web.serve.JsonLines"}},
    "handlers": {
        "requests": {"class": "logging.StreamHandler", "formatter": "plain"},
        "events": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "loggers": {
        "parity.web": {"handlers": ["requests"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["events"], "level": "WARNING", "propagate": False},
    },
}


class JsonLines(logging.Formatter):
    """Write an event as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        import json

        line = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def run(host: str, port: int, workers: int, origins: tuple[str, ...] = ("*",)) -> None:
    """Serve until stopped.

    Parameters
    ----------
    host, port
        Where to listen.
    workers
        Processes.
    origins
        Sites whose scripts may read the data; ``*``: all of them.
    """
    import os

    import uvicorn

    # Workers are processes of their own: they find it in their environment.
    os.environ["PARITY_CORS"] = " ".join(origins)

    uvicorn.run(
        "parity.web.app:guarded",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        server_header=False,
        log_config=LOGGING,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=5,
        timeout_worker_healthcheck=HEALTHY_SECONDS,
    )
