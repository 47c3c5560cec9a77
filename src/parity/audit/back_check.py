"""Compare translations of the battery with their translations back into English."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import polars as pl

from parity.audit.prompts import findings, forms, questions, topics

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
