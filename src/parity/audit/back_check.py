"""Compare translations of the battery with their translations back into English."""

from __future__ import annotations

import re
from collections import Counter

import polars as pl

from parity.audit.prompts import questions, topics

# Words that carry no meaning of their own in a noun phrase.
STOP_WORDS = frozenset(
    "a an and as at by for from in into is its of on or over s that the to under with".split(" ")  # noqa: SIM905
)


def back_check() -> pl.DataFrame:
    """Score each translated text of the battery that was translated back against the original.

    Returns
    -------
    polars.DataFrame
        One row per text and language: ``government, kind, topic, language``, ``overlap`` (token
        F1 of the content words' five-letter stems, 0 to 1) and ``numbers_kept`` (every number of
        the original stands in the translation and in the text translated back).
    """
    columns = ("government", "kind", "topic", "en", "zh", "ru", "back_zh", "back_ru")
    asked = [
        dict(
            zip(
                columns,
                (q.government, "factual", q.topic, q.en, q.zh, q.ru, q.back_zh, q.back_ru),
                strict=True,
            )
        )
        for q in questions()
    ]
    rows = [
        {
            "government": row["government"],
            "kind": row["kind"],
            "topic": row["topic"],
            "language": language,
            "overlap": overlap(row["en"], row[f"back_{language}"]),
            "numbers_kept": _numbers(row["en"])
            == _numbers(row[language])
            == _numbers(row[f"back_{language}"]),
        }
        for row in [*topics().to_dicts(), *asked]
        for language in ("zh", "ru")
        if row[f"back_{language}"]
    ]
    return pl.DataFrame(rows)


def overlap(original: str, back: str) -> float:
    """Return the token F1 between two English texts, 0 (nothing shared) to 1 (the same words)."""
    first, second = _stems(original), _stems(back)
    shared = sum((first & second).values())
    total = sum(first.values()) + sum(second.values())
    return 2 * shared / total if total else 1.0


def _stems(text: str) -> Counter[str]:
    text = text.lower().replace("united states", "us").replace("european union", "eu")
    return Counter(word[:5] for word in re.findall(r"[a-z0-9]+", text) if word not in STOP_WORDS)


def _numbers(text: str) -> Counter[str]:
    # Years and dates; a digit inside a name (Covid-19, G20, PS752) belongs to the name.
    return Counter(re.findall(r"(?<![\w-])(?:19|20)\d\d", re.sub(r"[一-鿿]", " ", text)))
