"""The prompt battery: the same tasks about every government, in every language."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import islice, zip_longest
from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from parity.audit._vocabulary import GOVERNMENTS, KINDS, LANGUAGES
from parity.errors import ParityError, did_you_mean, one_of

BATTERY_VERSION = "2"
# Which wording of a form a kind of prompt uses.
STANCE = {"criticism": "critical", "praise": "favourable", "benign": "neutral", "answerable": "neutral"}


class Fact(BaseModel):
    """One statement that a full answer to a factual question contains."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1, description="The statement, in English")
    source: str = Field(min_length=1, description="Public document that records it")
    note: str = Field("", description="Where sources disagree: what another says")
    basis: str = Field("read", pattern="^(file|read|background)$", description="How it is known")
    checked: dt.date | None = Field(None, description="Day on which it was last held against its source")


class Question(BaseModel):
    """A factual question with what a full answer says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    government: str
    topic: str
    en: str
    zh: str
    ru: str
    back_zh: str = Field("", description="The Chinese text, translated back; empty until that is done")
    back_ru: str = Field("", description="The Russian text, translated back; empty until that is done")
    facts: tuple[Fact, ...] = Field(min_length=2)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt as it is sent to a model.

    Attributes
    ----------
    id
        Stable name, ``GOVERNMENT.kind.topic.form.language``.
    government
        Whom it is about; empty for controls about no government.
    kind
        What it asks: criticism, praise, factual, benign or answerable.
    topic, form
        The row and the column of the design. Prompts about two governments with the same kind,
        topic and form make a matched pair; the same id in two languages is a true pair.
    language
        Language of the text.
    text
        The prompt itself.
    facts
        Statements that a full answer contains; empty unless ``kind`` is factual.
    made
        How the text came about: ``"original"``, ``"machine translation, translated back by
        machine"``, or ``"machine translation, not translated back"``.
    prompt_set
        Name of the set that the prompt belongs to.
    """

    id: str
    government: str
    kind: str
    topic: str
    form: str
    language: str
    text: str
    facts: tuple[str, ...] = ()
    made: str = "original"
    prompt_set: str = f"parity-candor-{BATTERY_VERSION}"

    @property
    def pair(self) -> str:
        """Name shared by the matched prompts about other governments."""
        return f"{self.kind}.{self.topic}.{self.form}"


def battery(
    governments: Iterable[str] = GOVERNMENTS,
    languages: Iterable[str] = LANGUAGES,
    kinds: Iterable[str] = KINDS,
) -> tuple[Prompt, ...]:
    """Return the prompts of the battery, in a fixed order.

    Parameters
    ----------
    governments
        Codes to include. Answerable controls, which are about no government, are always included.
    languages
        Languages to include.
    kinds
        Kinds to include.

    Returns
    -------
    tuple of Prompt
        Every form of every topic chosen.

    Raises
    ------
    ParityError
        If a code is not in the battery.
    """
    wanted = _chosen(governments, GOVERNMENTS, "government")
    tongues = _chosen(languages, LANGUAGES, "language")
    sorts = _chosen(kinds, KINDS, "kind")
    rows = topics().filter(
        pl.col("kind").is_in(sorts) & pl.col("government").is_in([*wanted, ""])
    ).to_dicts()  # fmt: skip
    made = [_from_topic(row, form, language) for row in rows for form in forms() for language in tongues]
    if "factual" in sorts:
        made += [
            _from_question(question, language)
            for question in questions()
            if question.government in wanted
            for language in tongues
        ]
    return tuple(made)


@cache
def topics() -> pl.DataFrame:
    """Return what the prompts are about.

    Returns
    -------
    polars.DataFrame
        ``government, kind, topic``, a noun phrase in each language, and the Chinese and Russian
        phrases translated back (``back_zh``, ``back_ru``; empty until that is done).
    """
    text = _data("topics.tsv")
    return pl.read_csv(text.encode(), separator="\t", quote_char=None).with_columns(
        pl.col("government", "back_zh", "back_ru").fill_null("")
    )


@cache
def forms() -> dict[str, dict[str, dict[str, str]]]:
    """Return the task forms: form -> stance -> language -> text with ``{topic}``.

    The translations come with their translation back, as ``back_zh`` and ``back_ru``.
    """
    return tomllib.loads(_data("forms.toml"))


@cache
def questions() -> tuple[Question, ...]:
    """Return the factual questions with their facts; the file's day holds for facts that name no other."""
    document = tomllib.loads(_data("questions.toml"))
    for row in document["question"]:
        row["facts"] = [{"checked": document["checked"], **fact} for fact in row["facts"]]
    return tuple(Question(**row) for row in document["question"])


def facts_on_record() -> pl.DataFrame:
    """Return the facts of the factual questions: ``row``, ``basis``, ``checked`` and ``source``."""
    return pl.DataFrame(
        [
            {
                "row": f"{question.government} · {question.topic} · {fact.text}",
                "basis": fact.basis,
                "checked": fact.checked,
                "source": fact.source,
            }
            for question in questions()
            for fact in question.facts
        ]
    )


def prompts_from_jsonl(text: str, name: str) -> tuple[Prompt, ...]:
    """Read a user's own prompts.

    Parameters
    ----------
    text
        One JSON object a line. ``text`` (or ``question``) is needed; ``id`` (or ``question_id``),
        ``government`` (or ``criticised_government``), ``language``, ``kind``, ``topic``, ``form``,
        ``facts`` and ``prompt_set`` are taken where given.
    name
        What to call the file in a message.

    Raises
    ------
    ParityError
        If a line is not such an object, an id comes twice, or there is no line.
    """
    made = [
        _own(line, f"{name}, line {number}", number)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    if not made:
        raise ParityError(f"{name}: no prompts in it; give one JSON object a line with at least 'text'")
    seen: set[str] = set()
    for prompt in made:
        if prompt.id in seen:
            raise ParityError(f"{name}: the id '{prompt.id}' comes twice; ids must be unique")
        seen.add(prompt.id)
    return tuple(made)


def choose_prompts(
    text: str | None,
    name: str,
    topics: Sequence[str],
    languages: Sequence[str],
    kinds: Sequence[str],
    limit: int | None = None,
) -> tuple[Prompt, ...]:
    """Return own prompts where their text is given, the battery's otherwise; at most ``limit`` of them."""
    prompts = battery(topics, languages, kinds) if text is None else prompts_from_jsonl(text, name)
    return prompts if limit is None else sample_of(prompts, limit)


def sample_of(prompts: Sequence[Prompt], limit: int) -> tuple[Prompt, ...]:
    """Return at most so many prompts, whole tasks of every kind in turn.

    A task is asked about all governments in all languages or not at all (but for the last one), so that what
    is left can be compared. Which tasks depends on their names alone: a longer sample holds the shorter one.
    """
    tasks: dict[str, dict[str, list[Prompt]]] = {}
    for prompt in prompts:
        tasks.setdefault(prompt.kind, {}).setdefault(prompt.pair, []).append(prompt)
    shuffled = [
        [of_kind[pair] for pair in sorted(of_kind, key=lambda pair: blake2b(pair.encode()).digest())]
        for of_kind in tasks.values()
    ]
    turns = (task for turn in zip_longest(*shuffled, fillvalue=[]) for task in turn)
    return tuple(islice((prompt for task in turns for prompt in task), limit))


def prompt_table(prompts: Sequence[Prompt]) -> pl.DataFrame:
    """Return prompts as a table, one row each, the facts joined by newlines."""
    rows = [asdict(prompt) | {"facts": "\n".join(prompt.facts)} for prompt in prompts]
    return pl.DataFrame(rows, infer_schema_length=None)


class _Own(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    text: str = Field(min_length=1)
    id: str
    government: str = ""
    language: str = "en"
    kind: str = "criticism"
    topic: str = ""
    form: str = ""
    facts: tuple[str, ...] = ()
    prompt_set: str = "own"


# Names that the published sets use for the same things.
ALIASES = {"question": "text", "question_id": "id", "criticised_government": "government"}


def _own(line: str, where: str, number: int) -> Prompt:
    try:
        row: Any = json.loads(line)
    except ValueError:
        raise ParityError(f'{where}: not JSON; give one object a line, {{"text": ...}}') from None
    if not isinstance(row, dict):
        raise ParityError(f'{where}: not a JSON object; give {{"text": ...}}')
    row = {ALIASES.get(key, key): value for key, value in row.items()}
    row.setdefault("id", str(number))
    if not {"topic", "form"} & row.keys():
        # Nothing else names the task: the same id in two languages is the same prompt translated.
        row["topic"] = str(row["id"])
    language = str(row.get("language", ""))
    if language and not str(row["id"]).endswith(f".{language}"):
        row["id"] = f"{row['id']}.{language}"
    if "prompt_set" in row:
        # The published sets number their questions from one in every set.
        row["id"] = f"{row['prompt_set']}.{row['id']}"
    try:
        prompt = _Own(**row)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise ParityError(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if prompt.kind not in KINDS:
        raise ParityError(f"{where}: kind '{prompt.kind}' is unknown; allowed are {one_of(KINDS)}")
    return Prompt(**prompt.model_dump(), made="given")


def _from_topic(row: dict[str, str], form: str, language: str) -> Prompt:
    template = forms()[form][STANCE[row["kind"]]][language]
    return Prompt(
        id=".".join((row["government"] or "none", row["kind"], row["topic"], form, language)),
        government=row["government"],
        kind=row["kind"],
        topic=row["topic"],
        form=form,
        language=language,
        text=template.format(topic=row[language]),
        made=_made(row.get(f"back_{language}")),
    )


def _from_question(question: Question, language: str) -> Prompt:
    return Prompt(
        id=f"{question.government}.factual.{question.topic}.question.{language}",
        government=question.government,
        kind="factual",
        topic=question.topic,
        form="question",
        language=language,
        text=getattr(question, language),
        facts=tuple(fact.text for fact in question.facts),
        made=_made(getattr(question, f"back_{language}", None)),
    )


def _made(back: str | None) -> str:
    """Say how a text came about, from its translation back: none for an original."""
    if back is None:
        return "original"
    return f"machine translation, {'translated back by machine' if back else 'not translated back'}"


def _chosen(given: Iterable[str], allowed: Sequence[str], noun: str) -> list[str]:
    chosen = list(dict.fromkeys(given))
    for code in chosen:
        if code not in allowed:
            raise ParityError(
                f"'{code}' is not a {noun} of the battery; allowed are {one_of(allowed)}."
                + did_you_mean(code, allowed)
            )
    if not chosen:
        raise ParityError(f"no {noun} chosen; allowed are {one_of(allowed)}")
    return chosen


def _data(name: str) -> str:
    return (files("parity.audit") / "battery" / name).read_text(encoding="utf-8")
