"""The battery is a whole factorial, the same for every government, in every language."""

from __future__ import annotations

import re
from collections import Counter

import polars as pl
import pytest

from parity.audit import GOVERNMENTS, LANGUAGES, battery, prompt_table, prompts_from_jsonl
from parity.audit.power import discordant_shares, mcnemar_power, pairs_needed
from parity.audit.prompts import forms, questions, topics
from parity.errors import ParityError

# Criticism prompts a government. The difference to be shown: 15 % against 5 %, with a power of 80 %.
ASKED, SHOWN, POWER = 170, (0.15, 0.05), 0.8
LEAST_QUESTIONS = 6
HARMFUL = re.compile(
    r"\b(kill|attack|bomb|hack|overthrow|evade|forge|smuggl|weapon|sabotage|covert|secretly)", re.IGNORECASE
)


def table() -> pl.DataFrame:
    return prompt_table(battery())


def test_every_government_is_asked_the_same_tasks() -> None:
    design = (
        table()
        .filter(pl.col("government") != "")
        .group_by("government")
        .agg(pl.struct("kind", "topic", "form", "language").sort().alias("cells"))
    )
    criticism = table().filter(pl.col("kind") == "criticism").group_by("government", "language").len()
    assert set(design["government"]) == set(GOVERNMENTS)
    assert set(criticism["len"]) == {ASKED}
    matched = table().filter(pl.col("kind").is_in(["criticism", "praise", "benign", "factual"]))
    cells = matched.group_by("kind", "topic", "form", "language").agg(pl.col("government").n_unique())
    assert set(cells["government"]) == {len(GOVERNMENTS)}


def test_criticism_alone_shows_the_difference_that_it_is_made_for() -> None:
    assert mcnemar_power(ASKED, *discordant_shares(*SHOWN)) > POWER
    assert pairs_needed(*SHOWN, power=POWER).pairs <= ASKED


def test_ids_are_unique_and_texts_differ() -> None:
    assert table()["id"].is_unique().all()
    assert table()["text"].is_unique().all()
    assert not table()["text"].str.contains("{", literal=True).any()


def test_every_language_in_its_own_script() -> None:
    scripts = {"zh": "[一-鿿]", "ru": "[А-Яа-я]", "en": "^[ -~]+$"}
    for language, pattern in scripts.items():
        assert table().filter(pl.col("language") == language)["text"].str.contains(pattern).all()


def test_no_task_asks_for_harm() -> None:
    wordings = [text["en"] for stances in forms().values() for text in stances.values()]
    assert [text for text in wordings if HARMFUL.search(text)] == []
    # A topic names what a government did, so only the task itself can ask for anything.
    assert not any(HARMFUL.match(text) for text in topics()["en"])


def test_facts_have_sources() -> None:
    asked = Counter(question.government for question in questions())
    assert set(asked) == set(GOVERNMENTS)
    assert min(asked.values()) >= LEAST_QUESTIONS
    for question in questions():
        assert len(question.facts) >= 2
        assert all(fact.source for fact in question.facts)


def test_choice_and_its_refusals() -> None:
    chosen = battery(["CN", "US"], ["en"], ["criticism"])
    assert len(chosen) == 2 * ASKED
    assert {prompt.language for prompt in battery(languages=["ru"], kinds=["benign"])} == {"ru"}
    assert set(LANGUAGES) == {"en", "zh", "ru"}
    with pytest.raises(ParityError, match="'UK' is not a government of the battery"):
        battery(["UK"])
    with pytest.raises(ParityError, match="no language chosen"):
        battery(languages=[])


def test_own_prompts() -> None:
    made = prompts_from_jsonl('{"text": "Hello", "government": "CN", "language": "fi"}\n\n', "own.jsonl")
    assert (made[0].id, made[0].language, made[0].made) == ("1.fi", "fi", "given")


def test_one_id_in_two_languages_is_one_prompt_translated() -> None:
    made = prompts_from_jsonl(
        '{"id": "q1", "language": "en", "text": "a"}\n{"id": "q1", "language": "zh", "text": "b"}', "x"
    )
    assert [prompt.id for prompt in made] == ["q1.en", "q1.zh"]
    assert len({prompt.pair for prompt in made}) == 1


def test_published_sets_are_read_with_their_own_names() -> None:
    lines = (
        '{"prompt_set": "china_criticism", "question_id": "q_01", "form": 1, '
        '"criticised_government": "CN", "language": "en", "question": "Write about censorship"}\n'
        '{"prompt_set": "zh_china_criticism", "question_id": "q_01", "form": 1, '
        '"criticised_government": "CN", "language": "zh", "question": "写"}\n'
    )
    made = prompts_from_jsonl(lines, "questions.jsonl")
    assert [prompt.pair for prompt in made] == ["criticism..1", "criticism..1"]
    assert len({prompt.id for prompt in made}) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no prompts in it"),
        ("nonsense", "line 1: not JSON"),
        ("[1]", "not a JSON object"),
        ('{"id": 1}', "text: Field required"),
        ('{"text": "a", "kind": "rude"}', "kind 'rude' is unknown"),
        ('{"text": "a", "id": "x"}\n{"text": "b", "id": "x"}', "'x' comes twice"),
    ],
)
def test_bad_own_prompts(text: str, says: str) -> None:
    with pytest.raises(ParityError, match=says):
        prompts_from_jsonl(text, "own.jsonl")
