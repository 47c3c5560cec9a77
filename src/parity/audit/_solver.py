"""Ask the model once; a provider's content filter is an answer, not an error."""

from __future__ import annotations

from collections.abc import Iterator

from inspect_ai.model import ModelOutput, StopDetails, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver

# What providers say, in the body of an HTTP 400, when their filter stopped a request. Inspect knows a few of
# them; without the others such a sample would become an error and leave the denominator.
FILTER_SIGNS = (
    "data_inspection_failed",
    "datainspectionfailed",
    "contentfilter",
    "content_filter",
    "content filter",
    "content_policy",
    "high risk",
    "sensitive_content",
    "inappropriate content",
    "'1301'",
    '"1301"',
    "responsibleaipolicyviolation",
    "prohibited_content",
)


@solver
def ask() -> Solver:
    """Send the prompt without a system prompt and keep what comes back, filtered or not."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        get_model(role="grader", required=True)  # nothing is asked that nobody could grade
        try:
            return await generate(state)
        except Exception as problem:
            sign = filter_sign(problem)
            if sign is None:
                raise
            state.output = ModelOutput.from_content(
                str(state.model), "", stop_reason="content_filter"
            ).model_copy(update={"stop_details": StopDetails(type="provider_filter", explanation=sign)})
            return state

    return solve


def filter_sign(problem: BaseException) -> str | None:
    """Return the sign of a content filter in an error or its causes, if there is one.

    Parameters
    ----------
    problem
        Error that a request ended with.

    Returns
    -------
    str or None
        The sign found in the text of an HTTP 400 (or 403, 451) answer; ``None`` for any other error.
    """
    for error in _causes(problem):
        if _status(error) not in (400, 403, 451):
            continue
        said = f"{error} {getattr(error, 'body', '')}".lower()
        for sign in FILTER_SIGNS:
            if sign in said:
                return sign
    return None


def _causes(problem: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    error: BaseException | None = problem
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None
