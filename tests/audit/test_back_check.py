"""What the translations say when they are translated back, and what was corrected for it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from parity.audit import battery
from parity.audit.prompts import forms, questions, topics

PAGE = Path(__file__).resolve().parents[2] / "docs" / "audit-battery.md"
# A translated phrase that shares less than this with the original is about something else. The
# sentences of the task forms, with a colon before their subject, are freer than the phrases.
LEAST_OVERLAP = 0.3
MEAN_OVERLAP = 0.85
NAMES = {"zh": "Chinese", "ru": "Russian"}
# Texts in each language that the first reader had; the second had the corrected ones and the rest.
FIRST_READING = 251
# Words that carry no meaning of their own in a noun phrase.
STOP_WORDS = frozenset(
    "a an and as at by for from in into is its of on or over s that the to under with".split(" ")  # noqa: SIM905
)


def back_check() -> pl.DataFrame:
    """Hold each translated text of the battery that was translated back against the original.

    Returns
    -------
    polars.DataFrame
        One row per text and language: ``id, government, kind, topic, language`` (a task form has
        the kind ``form`` and no government), ``overlap`` (token F1 of the content words' five-letter
        stems, 0 to 1), ``numbers_kept`` (every number of the original stands in the translation
        and in the text translated back), and how a reader who had not seen the original
        understood the first translation: ``meaning`` (same, shifted or different), ``strength``
        (same, weaker or stronger), ``corrected`` (whether the text was changed for it).
    """
    rows = [
        {
            "id": row["id"],
            "government": row["government"],
            "kind": row["kind"],
            "topic": row["topic"],
            "language": language,
            "overlap": overlap(row["en"], row[f"back_{language}"]),
            "numbers_kept": _numbers(row["en"])
            == _numbers(row[language])
            == _numbers(row[f"back_{language}"]),
        }
        for row in texts()
        for language in ("zh", "ru")
        if row[f"back_{language}"]
    ]
    judged = findings().select("id", "language", "meaning", "strength", corrected=True)
    return (
        pl.DataFrame(rows)
        .join(judged, on=["id", "language"], how="left", maintain_order="left")
        .with_columns(pl.col("meaning", "strength").fill_null("same"), pl.col("corrected").fill_null(False))
    )


def texts() -> list[dict[str, str]]:
    """Return every text of the battery: the topics, the factual questions and the task forms.

    Returns
    -------
    list of dict
        ``id, government, kind, topic``, the text in each language, and the texts translated back.
    """
    asked = [{"kind": "factual"} | q.model_dump(exclude={"facts"}) for q in questions()]
    tasks = [
        {"government": "", "kind": "form", "topic": f"{form}.{stance}"} | text
        for form, stances in forms().items()
        for stance, text in stances.items()
    ]
    return [{"id": _id(row)} | row for row in [*topics().to_dicts(), *asked, *tasks]]


def _id(row: dict[str, str]) -> str:
    if row["kind"] == "form":
        return f"form.{row['topic']}"
    return f"{row['government'] or 'none'}.{row['kind']}.{row['topic']}"


def overlap(original: str, back: str) -> float:
    """Return the token F1 between two English texts, 0 (nothing shared) to 1 (the same words)."""
    first, second = _stems(original), _stems(back)
    shared = sum((first & second).values())
    total = sum(first.values()) + sum(second.values())
    return 2 * shared / total if total else 1.0


def _stems(text: str) -> Counter[str]:
    # Izmir with and without its dot is one word, as are three names of one country.
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    text = text.replace("{topic}", "").replace("european union", "eu")
    text = re.sub(r"united states|\busa\b", "us", text)
    return Counter(word[:5] for word in re.findall(r"[a-z0-9]+", text) if word not in STOP_WORDS)


def _numbers(text: str) -> Counter[str]:
    # Years and dates; a digit inside a name (Covid-19, G20, PS752) belongs to the name.
    return Counter(re.findall(r"(?<![\w-])(?:19|20)\d\d", re.sub(r"[一-鿿]", " ", text)))


@cache
def findings() -> pl.DataFrame:
    """Return what was found wrong when the translations were read without their originals.

    Returns
    -------
    polars.DataFrame
        One row per text that was corrected: ``id`` (``GOVERNMENT.kind.topic`` or
        ``form.FORM.STANCE``), ``language``, ``reading`` (1 or 2: which reader found it),
        ``meaning`` (same, shifted or different) and ``strength`` (same, weaker or stronger) of the
        text as it ``was``, what was ``found``, and its translation back (``was_back``).
    """
    return pl.read_csv(
        (files("parity.audit") / "battery" / "findings.tsv").read_bytes(), separator="\t", quote_char=None
    )


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
