"""Ask the model once; a provider's content filter is an answer, not an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from inspect_ai.model import Model, ModelOutput, StopDetails, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver

from parity.audit.progress import answered

# What providers say when their filter stopped a request: Azure, Alibaba, Zhipu, Moonshot, DeepSeek, MiniMax,
# Volcengine, StepFun, OpenRouter, Google, Anthropic, xAI. Inspect knows a few of them; without the others
# such a sample would become an error and leave the denominator.
FILTER_SIGNS = re.compile(
    r"data_?inspection_?failed|content[ _]?filter|content[ _]polic|content exists risk|high risk|\W1301\W"
    r"|new_sensitive|sensitive_?content|sensitive_check|sensitive chat|inappropriate content|risk_?detection"
    r"|responsibleaipolicyviolation|prohibited_content|censorship_blocked|input was flagged|flagged_input"
    r"|guardrail_intervened|violates usage guidelines",
    re.IGNORECASE,
)
# Why an answer ended, in words that Inspect does not know: a filter stopped it, or the server broke it off.
# Any other word ("eos_token", "end_turn") is the model's own end.
FILTER_STOPS = frozenset(("sensitive", "safety", "prohibited_content", "blocklist"))
BROKEN_STOPS = frozenset(
    ("none", "", "error", "network_error", "insufficient_system_resource", "abort", "cancelled", "timeout")
)

# Body of the last answer as the server sent it, of which Inspect keeps less.
_body: ContextVar[dict[str, Any] | None] = ContextVar("_body", default=None)


@solver
def ask(by_rules: bool = False) -> Solver:
    """Send the prompt without a system prompt and keep what comes back, filtered or not."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if not by_rules:
            get_model(role="grader", required=True)  # nothing is asked that nobody could grade
        listens = _listen(get_model())
        _body.set(None)
        try:
            state = await generate(state, tool_calls="none")
            if state.output.stop_reason == "unknown" and listens and _body.get() is None:
                # A stored answer no longer tells how it ended in the server's words.
                state = await generate(state, tool_calls="none", cache=False)
        except Exception as problem:
            sign = filter_sign(problem, _body.get())
            if sign is None:
                answered()
                raise
            state.output = _filtered(str(state.model), "", sign)
            return state
        if state.output.stop_reason == "unknown":
            word = _stopped(_body.get())
            if word in FILTER_STOPS:
                state.output = _filtered(str(state.model), state.output.completion, word)
            elif word not in BROKEN_STOPS:
                state.output.choices[0].stop_reason = "stop"
        return state

    return solve


def filter_sign(problem: BaseException, response: dict[str, Any] | None = None) -> str | None:
    """Return the sign of a content filter in an error or its causes, if there is one.

    Parameters
    ----------
    problem
        Error that a request ended with.
    response
        Body of an answer that was no completion: some servers send their filter's word with status 200.

    Returns
    -------
    str or None
        The sign found in the text of an HTTP 400 (or 403, 421, 422, 451) answer, or in a body without
        choices; ``None`` for any other error.
    """
    said = [
        f"{error} {getattr(error, 'body', '')}"
        for error in _causes(problem)
        if getattr(error, "status_code", None) in (400, 403, 421, 422, 451)
    ]
    if response is not None and not response.get("choices"):
        said.append(str(response))
    found = FILTER_SIGNS.search(" ".join(said))
    return found[0].lower() if found else None


def _filtered(model: str, text: str, sign: str) -> ModelOutput:
    details = StopDetails(type="provider_filter", explanation=sign)
    made = ModelOutput.from_content(model, text, stop_reason="content_filter")
    return made.model_copy(update={"stop_details": details})


def _listen(model: Model) -> bool:
    """Keep what an OpenAI-compatible server sends, before anything is made of it; tell whether it is one."""
    heard = getattr(model.api, "on_response", None)
    if heard is None or getattr(heard, "keeps", False):
        return heard is not None

    def keep(response: dict[str, Any]) -> None:
        _body.set(response)
        heard(response)

    keep.keeps = True  # type: ignore[attr-defined]
    model.api.on_response = keep  # type: ignore[attr-defined]
    return True


def _stopped(response: dict[str, Any] | None) -> str:
    choices = (response or {}).get("choices") or [{}]
    return str(choices[0].get("finish_reason")).lower()


def _causes(problem: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    error: BaseException | None = problem
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
