"""Run the audit on models through Inspect: what it will cost, the run itself, what came of it."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.audit._logs import labels_from_logs, need_inspect
from parity.audit._vocabulary import GOVERNMENTS, KINDS, LANGUAGES, RULES
from parity.audit.progress import Progress, running, span
from parity.audit.prompts import Prompt
from parity.audit.rubric import grading_prompt
from parity.errors import NoAnswerError, ParityError

# Characters a token, by script: about four letters of Latin text, two of Cyrillic, one Chinese character.
# They only serve the estimate before a run; the run itself records what the provider counted.
CHARACTERS_PER_TOKEN = {"en": 4.0, "ru": 2.0, "zh": 1.0}
TOKENS_PER_SECOND = 50
# The first request to every model: it shows that the model is there, and how fast it writes.
FIRST = "Count from one to forty in words."


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will ask for.

    Attributes
    ----------
    prompts
        Number of prompts.
    calls, grader_calls
        Requests to the models under test, and to the grader.
    tokens_in, tokens_out
        Estimated tokens of the models under test.
    grader_tokens_in, grader_tokens_out
        Estimated tokens of the grader.
    seconds
        Estimated time with one request at a time, at ``TOKENS_PER_SECOND``.
    cost
        Estimated cost in the currency of the prices; ``None`` where no prices were given.
    """

    prompts: int
    calls: int
    grader_calls: int
    tokens_in: int
    tokens_out: int
    grader_tokens_in: int
    grader_tokens_out: int
    seconds: float
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Options of a run; the field names are those of the command line.

    Attributes
    ----------
    models
        Inspect model names, for example ``openai-api/local/NAME``.
    grader
        Inspect model name of the grader, or ``"rules"``: refusals are then known by their words, and nothing
        else is told of an answer.
    base_url, grader_base_url
        Address of an OpenAI-compatible server, for the models and for the grader.
    topics, languages, kinds
        Governments, languages and kinds of the battery to ask.
    prompts_file
        JSONL file of own prompts instead.
    limit
        Ask at most so many prompts, whole tasks of every kind in turn.
    demonstration
        Mark the answers as ones that show the instrument and find nothing out.
    epochs
        How often each prompt is asked.
    log_dir
        Folder of the logs. A run with the same folder and options goes on where it stopped.
    max_connections
        Requests in flight at once; adaptive where ``None``.
    max_retries, timeout
        Retries of a failed request, and seconds after which one attempt fails.
    max_tokens
        Longest answer. High, because a cut answer counts as missing.
    temperature
        Sampling temperature; the provider's default where ``None``.
    allow_self_grading
        Let a model grade itself.
    """

    models: tuple[str, ...]
    grader: str
    log_dir: str
    base_url: str | None = None
    grader_base_url: str | None = None
    topics: tuple[str, ...] = GOVERNMENTS
    languages: tuple[str, ...] = LANGUAGES
    kinds: tuple[str, ...] = KINDS
    prompts_file: str | None = None
    limit: int | None = None
    demonstration: bool = False
    epochs: int = 1
    max_connections: int | None = None
    max_retries: int = 5
    timeout: int = 600
    max_tokens: int = 8192
    temperature: float | None = None
    allow_self_grading: bool = False


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What came of a run.

    Attributes
    ----------
    log_dir
        Folder of the logs, for ``parity audit analyse``.
    complete
        Every sample of every model was answered or filtered, none ended in an error.
    samples, completed, errors
        Samples asked for, those with an outcome, and those that ended in an error.
    problem
        The first error, in one line; empty where there was none.
    tokens
        Tokens in and out by model, of this call alone, as the servers counted them.
    seconds
        How long it took.
    """

    log_dir: str
    complete: bool
    samples: int
    completed: int
    errors: int
    problem: str
    tokens: dict[str, tuple[int, int]]
    seconds: float


def plan(
    prompts: Sequence[Prompt],
    n_models: int,
    epochs: int = 1,
    *,
    answer_tokens: int = 700,
    prices: tuple[float, float] | None = None,
    grader_prices: tuple[float, float] | None = None,
    by_rules: bool = False,
) -> Plan:
    """Estimate a run's calls, tokens, time and cost.

    Parameters
    ----------
    prompts
        Prompts to ask.
    n_models
        Number of models under test.
    epochs
        How often each is asked.
    answer_tokens
        Expected tokens of an answer.
    prices, grader_prices
        Price of a million tokens in and out, of the models and of the grader.
    by_rules
        No grader is asked.
    """
    times = n_models * epochs
    asked = sum(_tokens(prompt.text, prompt.language) for prompt in prompts)
    graded = sum(_tokens(grading_prompt(prompt.text, "", prompt.facts), "en") for prompt in prompts)
    calls = len(prompts) * times
    tokens = (asked * times, calls * answer_tokens)
    grader_tokens = (0, 0) if by_rules else (graded * times + calls * answer_tokens, calls * 80)
    known = [
        (used, price)
        for used, price in ((tokens, prices), (grader_tokens, grader_prices))
        if price is not None
    ]
    cost = sum(used[0] * price[0] + used[1] * price[1] for used, price in known) / 1e6 if known else None
    seconds = (tokens[1] + grader_tokens[1]) / TOKENS_PER_SECOND
    return Plan(len(prompts), calls, 0 if by_rules else calls, *tokens, *grader_tokens, seconds, cost)


def run(
    options: RunOptions, tell: Callable[[str], None] | None = None, wanted: Plan | None = None
) -> RunOutcome:
    """Ask the models and grade their answers, going on where an earlier run stopped.

    Parameters
    ----------
    options
        What to ask whom.
    tell
        Takes lines of progress.
    wanted
        What the run will ask for, for its progress.

    Raises
    ------
    ParityError
        If the ``audit`` extra is missing, a model is its own grader, no model is given, or a
        model cannot be used at all (unknown name, no key).
    """
    need_inspect()
    check(options)
    # A context of its own: Inspect leaves the model and the grader of a run behind, for the next one to find.
    return copy_context().run(_run, options, tell or (lambda line: None), wanted)


def _run(options: RunOptions, tell: Callable[[str], None], wanted: Plan | None) -> RunOutcome:
    # Inspect asks for its own names of these; where the user has set nothing, keep its console quiet.
    os.environ.setdefault("INSPECT_LOG_LEVEL", "error")
    from inspect_ai import eval_set
    from inspect_ai._util.error import PrerequisiteError
    from inspect_ai.model import GenerateConfig, get_model

    from parity.audit.tasks import candor

    patience = {"max_retries": options.max_retries, "attempt_timeout": options.timeout}
    config = GenerateConfig(max_tokens=options.max_tokens, temperature=options.temperature, **patience)
    grader_url = options.grader_base_url or options.base_url
    asked = [(name, options.base_url, config) for name in options.models]
    if options.grader != RULES:
        asked.append((options.grader, grader_url, GenerateConfig(temperature=0.0, **patience)))
    began = time.monotonic()
    try:
        paces = asyncio.run(_reach(asked))
        if wanted is not None:
            _announce(paces, wanted, options, tell)
        models = [
            get_model(name, base_url=url, config=with_, **_key(name, url)) for name, url, with_ in asked
        ]
        roles = {} if options.grader == RULES else {"grader": models.pop()}
        _, logs = eval_set(
            candor(
                topics=",".join(options.topics),
                languages=",".join(options.languages),
                kinds=",".join(options.kinds),
                prompts=options.prompts_file,
                limit=options.limit,
                epochs=options.epochs,
                by_rules=options.grader == RULES,
                demonstration=options.demonstration,
                allow_self_grading=options.allow_self_grading,
            ),
            log_dir=options.log_dir,
            # One folder may hold several runs: other models, or another grader of the same answers.
            log_dir_allow_dirty=True,
            model=models,
            model_roles=roles,
            fail_on_error=False,
            retry_attempts=1,
            retry_wait=2,
            cache=True,
            display="none",
            **_connections(options.max_connections),
        )
    except (PrerequisiteError, ValueError) as problem:
        # A key that is missing, a provider that is not installed, a name that Inspect does not know.
        raise ParityError(_plain(str(getattr(problem, "message", problem)))) from None
    if not logs or any(log.status == "cancelled" for log in logs):
        raise KeyboardInterrupt  # which Inspect keeps to itself
    return _outcome(options.log_dir, logs, time.monotonic() - began)


def _announce(
    paces: dict[str, float], wanted: Plan, options: RunOptions, tell: Callable[[str], None]
) -> None:
    """Say how long a run takes at the pace of the first requests, and count its answers from here on."""
    tokens = dict.fromkeys(options.models, wanted.tokens_out / len(options.models))
    tokens[options.grader] = tokens.get(options.grader, 0) + wanted.grader_tokens_out
    for name, pace in paces.items():
        told = f"at that, {span(tokens[name] / pace)} for all one at a time"
        tell(f"{name} writes {pace:.0f} tokens a second; {told}" if pace else f"{name}: is there")
    if kept := _kept(options):
        tell(f"{kept:,} of {wanted.calls:,} answers are there from an earlier run")
    running.set(Progress(wanted.calls, tell, kept=kept))


def _kept(options: RunOptions) -> int:
    """Return how many answers of these models an earlier run left in the folder, none of them an error."""
    try:
        found = labels_from_logs(options.log_dir).filter(pl.col("model").is_in(options.models))
    except NoAnswerError:
        return 0
    judge = options.grader if options.grader == RULES else options.grader.partition("/")[2]
    mine = found.filter(pl.col("judge").str.ends_with(judge), pl.col("layer") != "route_error")
    return mine.height


def check(options: RunOptions) -> None:
    """Refuse a run without models, or one in which a model would grade itself unknowingly.

    Raises
    ------
    ParityError
        Saying which.
    """
    if not options.models:
        raise ParityError("no model to audit; give --model, for example openai-api/local/NAME")
    same_host = options.grader_base_url in (None, options.base_url)
    if options.grader in options.models and same_host and not options.allow_self_grading:
        raise ParityError(
            f"'{options.grader}' is to be audited and to grade: a model must not grade itself. "
            "Name another --grader, or say --allow-self-grading and report it"
        )


def _key(name: str, base_url: str | None) -> dict[str, Any]:
    """Return a placeholder key for a server of the user's own that asks for none."""
    parts = name.split("/")
    if base_url is None or parts[0] != "openai-api" or len(parts) < 3:
        return {}
    variable = parts[1].upper().replace("-", "_") + "_API_KEY"
    return {} if os.environ.get(variable) else {"api_key": "none"}


async def _reach(asked: Sequence[tuple[str, str | None, Any]]) -> dict[str, float]:
    """Send one short request to every model: a wrong key or address costs one call, not thousands.

    Returns how many tokens each of them writes in a second.
    """
    from inspect_ai.model import GenerateConfig, get_model

    once = GenerateConfig(max_tokens=64, max_retries=0, attempt_timeout=60)
    paces = {}
    for name, url, _ in asked:
        # An instance of its own: its connections belong to this event loop and end with it.
        async with get_model(name, base_url=url, memoize=False, **_key(name, url)) as model:
            began = time.monotonic()
            try:
                output = await model.generate(FIRST, config=once)
            except Exception as problem:
                if re.search(r"RateLimitError|Error code: 429", str(problem)):
                    continue  # it is there; the run itself waits as long as the server asks
                raise ParityError(f"{name}: cannot be reached: {_plain(str(problem))}") from None
            tokens = output.usage.output_tokens if output.usage else 0
            paces[name] = tokens / (time.monotonic() - began)
    return paces


def _connections(fixed: int | None) -> dict[str, Any]:
    return {} if fixed is None else {"max_connections": fixed, "adaptive_connections": False}


def _outcome(log_dir: str, logs: Sequence[Any], seconds: float) -> RunOutcome:
    from inspect_ai.log import read_eval_log_sample_summaries

    samples = completed = errors = 0
    problem = ""
    tokens: dict[str, tuple[int, int]] = {}
    for log in logs:
        for name, usage in log.stats.model_usage.items():
            before = tokens.get(name, (0, 0))
            tokens[name] = (before[0] + usage.input_tokens, before[1] + usage.output_tokens)
        if log.error is not None:
            problem = problem or log.error.message
        samples += log.results.total_samples if log.results else 0
        for summary in read_eval_log_sample_summaries(log.location) if log.location else []:
            completed += not summary.error
            errors += bool(summary.error)
            problem = problem or (summary.error or "")
    samples = max(samples, completed + errors)
    complete = errors == 0 and completed == samples > 0
    return RunOutcome(log_dir, complete, samples, completed, errors, _plain(problem), tokens, seconds)


def _plain(message: str) -> str:
    """Return an error in one line: what the server said where it said anything."""
    if said := re.search(r"Error code: (\d+) - (.+?)(?:['\"]\)|$)", message):
        return f"the server answered {said[1]}: {said[2]}"
    if "APIConnectionError" in message or "Connection error" in message:
        return "no server answers at that address"
    if "APITimeoutError" in message or "AttemptTimeoutError" in message:
        return "the server did not answer in time"
    lines = [line.strip() for line in re.sub(r"\[/?[a-z ]*\]", "", message).splitlines() if line.strip()]
    return ": ".join(line.rstrip(":") for line in lines[:2]).removeprefix("ERROR: ")[:300]


def _tokens(text: str, language: str) -> int:
    return round(len(text) / CHARACTERS_PER_TOKEN.get(language, 3.0)) or 1
