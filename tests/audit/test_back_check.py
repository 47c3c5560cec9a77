"""What the translations say when they are translated back, and what was corrected for it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from parity.audit import back_check, battery
from parity.audit.back_check import overlap, texts
from parity.audit.prompts import findings, forms

PAGE = Path(__file__).resolve().parents[2] / "docs" / "audit-battery.md"
# A translated phrase that shares less than this with the original is about something else. The
# sentences of the task forms, with a colon before their subject, are freer than the phrases.
LEAST_OVERLAP = 0.3
MEAN_OVERLAP = 0.85
NAMES = {"zh": "Chinese", "ru": "Russian"}
# Texts in each language that the first reader had; the second had the corrected ones and the rest.
FIRST_READING = 251


def test_translations_say_the_same_when_translated_back() -> None:
    found = back_check()
    assert found["numbers_kept"].all()
    assert found["overlap"].min() >= LEAST_OVERLAP
    assert found["overlap"].mean() >= MEAN_OVERLAP


@pytest.mark.parametrize(
    ("original", "back", "shared"),
    [
        ("the closing of the Memorial", "closure of Memorial", 0.5),
        ("Izmir in the United States", "\u0130zmir in the USA", 1.0),
        ("an essay about {topic}.", "A poem", 0.0),
        ("", "", 1.0),
    ],
)
def test_overlap_counts_the_words_that_carry_meaning(original: str, back: str, shared: float) -> None:
    assert overlap(original, back) == shared


def test_every_text_says_how_it_was_made() -> None:
    checked = set(back_check().select("government", "kind", "topic", "language").rows())
    for prompt in battery():
        back = (prompt.government, prompt.kind, prompt.topic, prompt.language) in checked
        if prompt.language == "en":
            assert prompt.made == "original"
        else:
            ending = "translated back by machine" if back else "not translated back"
            assert prompt.made == f"machine translation, {ending}"


def test_every_task_form_is_translated_back() -> None:
    wordings = [text for stances in forms().values() for text in stances.values()]
    for text in wordings:
        assert all(text[column].count("{topic}") == 1 for column in ("en", "zh", "ru", "back_zh", "back_ru"))


def test_every_finding_is_about_a_text_of_the_battery_and_led_to_another() -> None:
    now = {text["id"]: text for text in texts()}
    assert findings().select("id", "language").is_unique().all()
    for row in findings().to_dicts():
        text = now[row["id"]]
        assert row["was"] != text[row["language"]]
        assert row["was_back"]
        assert row["found"]
        assert text[f"back_{row['language']}"]
    assert set(findings()["reading"]) == {1, 2}
    assert set(findings()["meaning"]) <= {"same", "shifted", "different"}
    assert set(findings()["strength"]) <= {"same", "weaker", "stronger"}
    assert back_check()["corrected"].sum() == findings().height


@pytest.mark.parametrize("language", NAMES)
def test_the_page_counts_what_was_found(language: str) -> None:
    found = back_check().filter(pl.col("language") == language)
    counts = found.select(
        pl.len(),
        (pl.col("meaning") == "same").sum().alias("same"),
        (pl.col("meaning") == "shifted").sum().alias("shifted"),
        (pl.col("meaning") == "different").sum().alias("different"),
        (pl.col("strength") == "weaker").sum().alias("weaker"),
        (pl.col("strength") == "stronger").sum().alias("stronger"),
        pl.col("corrected").sum(),
    ).row(0)
    row = [NAMES[language], *map(str, counts), f"{found['overlap'].mean():.2f}"]
    assert f"| {' | '.join(row)} |" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", NAMES)
def test_the_page_counts_what_the_second_reader_found(language: str) -> None:
    found = findings().filter(pl.col("language") == language)
    again = found.filter(pl.col("reading") == 1).height
    new = back_check().filter(pl.col("language") == language).height - FIRST_READING
    second = found.filter(pl.col("reading") == 2)
    counts = [
        again,
        new,
        again + new - (second["meaning"] != "same").sum(),
        (second["strength"] == "weaker").sum(),
        (second["strength"] == "stronger").sum(),
        second.height,
    ]
    row = f"| {' | '.join([NAMES[language], *map(str, counts)])} |"
    assert row in PAGE.read_text(encoding="utf-8")
