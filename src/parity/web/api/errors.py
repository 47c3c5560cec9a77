"""What the API answers where it has no answer."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ErrorAnswer(BaseModel):
    """Why there is no answer, in plain words."""

    model_config = ConfigDict(extra="forbid")

    error: str = Field(description="What was given, what is allowed, what to do")


MEANINGS = {
    400: "Something given is not known or does not fit: a country, a bloc, a device",
    404: "Nothing is on record that answers the question, or there is no such address",
    413: "The body is larger than the server takes",
    414: "The address is longer than the server takes",
    422: "A parameter is missing, of the wrong kind or out of its bounds",
    500: "Something went wrong on the server, whose log says what",
    503: "The server is busy, or the question took too long; Retry-After says when to ask again",
}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": meaning} for status, meaning in MEANINGS.items()
}
