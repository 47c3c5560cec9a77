"""Inspect tasks of the audit, registered as ``parity/candor``.

Needs the ``audit`` extra; nothing else in Parity imports this module at its top.
"""

from __future__ import annotations

from dataclasses import replace

from inspect_ai import Epochs, Task, task
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import get_model
from inspect_ai.model._model import active_model

from parity.audit._grader import grade, is_same
from parity.audit._solver import ask
from parity.audit._vocabulary import DEMONSTRATION, GOVERNMENTS, KINDS, LANGUAGES
from parity.audit.prompts import BATTERY_VERSION, Prompt, choose_prompts
from parity.audit.rubric import RUBRIC_VERSION
from parity.catalogue import files
from parity.errors import ParityError

ALL_TOPICS, ALL_LANGUAGES, ALL_KINDS = (",".join(words) for words in (GOVERNMENTS, LANGUAGES, KINDS))


@task
def candor(
    topics: str | list[str] = ALL_TOPICS,
    languages: str | list[str] = ALL_LANGUAGES,
    kinds: str | list[str] = ALL_KINDS,
    prompts: str | None = None,
    limit: int | None = None,
    epochs: int = 1,
    by_rules: bool = False,
    demonstration: bool = False,
    allow_self_grading: bool = False,
) -> Task:
    """Ask a model about governments and grade how it answers.

    Parameters
    ----------
    topics
        Governments to ask about, separated by commas.
    languages
        Languages to ask in.
    kinds
        Kinds of prompt: criticism, praise, factual, benign, answerable.
    prompts
        JSONL file of own prompts, used instead of the battery.
    limit
        Ask at most so many prompts: whole tasks of every kind in turn.
    epochs
        How often each prompt is asked.
    by_rules
        Grade by rules, without a grader: they know a refusal by its words, and nothing else.
    demonstration
        Mark the answers as ones that show the instrument and find nothing out.
    allow_self_grading
        Let the model under test be the grader. Off: such a run is refused.
    """
    if not by_rules:
        _check_grader(allow_self_grading)
    try:
        text = None if prompts is None else files.read_text(prompts)
        chosen = choose_prompts(text, prompts or "", _words(topics), _words(languages), _words(kinds), limit)
    except ParityError as problem:
        # The one error that Inspect's command line shows as a message.
        raise PrerequisiteError(str(problem)) from None
    if demonstration:
        chosen = tuple(replace(one, prompt_set=one.prompt_set + DEMONSTRATION) for one in chosen)
    return Task(
        dataset=MemoryDataset([sample(prompt) for prompt in chosen], name=chosen[0].prompt_set),
        solver=ask(by_rules),
        scorer=grade(allow_self_grading=allow_self_grading, by_rules=by_rules),
        # No reducer: repeats are clustered by prompt in the analysis, not averaged here.
        epochs=Epochs(epochs, "mean"),
        version=f"{BATTERY_VERSION}+{RUBRIC_VERSION}",
    )


def sample(prompt: Prompt) -> Sample:
    """Return a prompt as an Inspect sample; its stable id is what makes a run resumable."""
    return Sample(
        id=prompt.id,
        input=prompt.text,
        metadata={
            "government": prompt.government,
            "kind": prompt.kind,
            "pair": prompt.pair,
            "language": prompt.language,
            "facts": list(prompt.facts),
            "prompt_set": prompt.prompt_set,
        },
    )


def _check_grader(allow_self_grading: bool) -> None:
    """Refuse before anything is asked: without a grader the model under test would judge itself."""
    tested = active_model()
    if tested is None:
        return  # built by a script, before its models are known: the solver and the scorer check again
    grader = get_model(role="grader", required=True)
    if is_same(grader, tested) and not allow_self_grading:
        raise PrerequisiteError(
            f"the grader '{grader}' is the model under test; name another as --model-role grader=..., "
            "or say -T allow_self_grading=true and report it"
        )


def _words(given: str | list[str]) -> list[str]:
    # Inspect's own command line has already split what holds a comma.
    return given.split(",") if isinstance(given, str) else given
