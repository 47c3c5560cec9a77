"""What an analysis says about its labels besides numbers."""

from __future__ import annotations

import polars as pl

from parity.audit._vocabulary import DEMONSTRATION, RULES
from parity.audit.cells import ended
from parity.errors import NoAnswerError


def without_self_judged(labels: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return labels without those that a model gave its own answers, and a sentence that says so.

    Names are compared without the host that a name may begin with, and in any case.

    Raises
    ------
    NoAnswerError
        If no other label is left.
    """
    bare = [pl.col(name).str.to_lowercase().str.split("/").list.last() for name in ("model", "judge")]
    own = labels.filter(bare[0] == bare[1])
    if own.is_empty():
        return labels, []
    models = ", ".join(own["model"].unique().sort())
    if own.height == labels.height:
        raise NoAnswerError(
            f"every label was given by the model that answered ({models}): a model is no judge of itself; "
            "let another one label its answers"
        )
    note = (
        f"{own.height:,} labels that {models} gave its own answers: left out, a model is no judge of itself"
    )
    return labels.filter((bare[0] != bare[1]).fill_null(value=True)), [note]


def demonstrated(labels: pl.DataFrame) -> list[str]:
    """Return how answers ended that are marked as a demonstration, in a sentence; nothing where none is."""
    shown = labels.filter(pl.col("prompt_set").str.ends_with(DEMONSTRATION))
    if shown.is_empty():
        return []
    counts = ended(shown).group_by("outcome").len().sort("len", "outcome", descending=[True, False])
    parts = ", ".join(f"{n} {outcome.replace('_', ' ')}" for outcome, n in counts.iter_rows())
    models = ", ".join(shown["model"].unique().sort())
    return [f"a demonstration of the instrument, not a finding: {shown.height} answers by {models}: {parts}"]


def left_out(judged: pl.DataFrame, models: pl.DataFrame) -> list[str]:
    """Return what an analysis leaves out of which number, a sentence each.

    Parameters
    ----------
    judged
        Tidy labels with ``y``.
    models
        Who made which model.
    """
    notes = demonstrated(judged)
    if RULES in judged["judge"]:
        notes.append(
            "the judge 'rules' knows a refusal by its words, and loops, echoes and another script: what was "
            "left out, the official line and nonsense in whole sentences count as complete"
        )
    lost = judged.filter(pl.col("y").is_null()).group_by("layer").len().sort("layer")
    if not lost.is_empty():
        parts = ", ".join(f"{n} {layer.replace('_', ' ')}" for layer, n in lost.iter_rows())
        notes.append(f"labels without an outcome, left out of every rate: {parts}")
    stale = (
        judged.filter(~pl.col("same_text"))
        .select(pl.struct("model", "government", "language", "pair").n_unique())
        .item()
    )
    if stale:
        notes.append(f"{stale} answers were collected again after one judge's label: left out of agreement")
    several = (
        judged.drop_nulls("host").group_by("model").agg(pl.col("host").n_unique()).filter(pl.col("host") > 1)
    )
    if not several.is_empty():
        most = max(several["host"].to_list())
        notes.append(
            f"{len(several)} models were served by more than one host (up to {most}): "
            "a host's filter is not the model's, see the layers by host"
        )
    unknown = (
        judged.join(models.drop_nulls("country"), on="model", how="anti")["model"].unique().sort().to_list()
    )
    if unknown:
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        notes.append(
            "models whose developer is not known, left out of claims about a country: "
            f"{', '.join(unknown[:5])}{more}"
        )
    return notes


def lacking_a_side(main: pl.DataFrame) -> list[str]:
    """Return how many matched prompts lack a side and how many are left, where any do.

    Parameters
    ----------
    main
        Contrasts, with ``pairs`` and ``missing``.
    """
    lost = 0 if main.is_empty() else int(main["missing"].sum())
    if not lost:
        return []
    left = main["pairs"].to_list()
    return [
        f"{lost} matched prompts lack an answer on one side and are left out: "
        f"{sum(left)} pairs are left, {min(left)} for the model with fewest"
    ]
