"""What the API answers where it has no answer, in its own words."""

from __future__ import annotations

import re
import shlex
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from parity.ask.question import Question, parameters
from parity.errors import InvalidError, did_you_mean
from parity.questions import QUESTIONS, question


class ErrorAnswer(BaseModel):
    """Why there is no answer, in plain words."""

    model_config = ConfigDict(extra="forbid")

    error: str = Field(description="What was given, what is allowed, what to do")


def only(request: Request, *names: str) -> None:
    """Refuse parameters that an address does not know.

    Raises
    ------
    InvalidError
        If there is one.
    """
    for name in request.query_params:
        if name not in names:
            raise InvalidError(name, f"there is no such parameter here.{did_you_mean(name, names)}")


def in_words_of_the_api(message: str) -> str:
    """Return a message with parameters in place of options of the command line."""
    told, mark, example = message.rpartition("for example: parity ")
    verbs = [verb for verb in QUESTIONS if f"{example} ".startswith(f"{verb} ")]
    if mark and verbs:
        verb = max(verbs, key=len)
        asked = urlencode(said_by(question(verb), f"parity {example}"))
        return f"{told}for example: /api/v1/{verb.replace(' ', '/')}?{asked}"
    message = re.sub(r"--no-([a-z][a-z-]*)", lambda found: f"{_word(found)}=false", message)
    message = re.sub(
        r"'parity ((?:[a-z-]+ ?)+)'", lambda found: f"/api/v1/{found[1].replace(' ', '/')}", message
    )
    return re.sub(r"--([a-z][a-z-]*)", _word, message)


def _word(found: re.Match[str]) -> str:
    return found[1].replace("-", "_")


def said_by(question: type[Question], example: str) -> list[tuple[str, str]]:
    """Return what an example of a command asks, as parameters; nothing where it reads the user's own file."""
    if any(word.endswith((".toml", ".csv", ".xlsx", ".txt")) for word in example.split("--out")[0].split()):
        return []
    words = shlex.split(example)[1 + len(question.verb.split()) :]
    options = {each.option: each for each in parameters(question) if not each.local}
    places = [each for each in options.values() if each.place]
    found = []
    while words:
        word = words.pop(0)
        option, _, value = word.partition("=")
        if option in options and options[option].kind is bool:
            found.append((options[option].word, "true"))
        elif option in options:
            found.append((options[option].word, value or words.pop(0)))
        elif f"--{option.removeprefix('--no-')}" in options:
            found.append((options[f"--{option.removeprefix('--no-')}"].word, "false"))
        elif word.startswith("--"):
            del words[: 0 if value else 1]
        elif places:
            found.append((places[0].word, word))
            places = places if places[0].many else places[1:]
    return found


MEANINGS = {
    400: "Something given is not known or does not fit: a country, a bloc, a device",
    404: "Nothing is on record that answers the question, or there is no such address",
    408: "The body of the request did not come in time",
    413: "The body is larger than the server takes",
    414: "The address is longer than the server takes",
    422: "A parameter is missing, of the wrong kind or out of its bounds",
    500: "Something went wrong on the server, whose log says what",
    503: "The server is busy, or the question took too long; Retry-After says when to ask again",
}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": meaning} for status, meaning in MEANINGS.items()
}
