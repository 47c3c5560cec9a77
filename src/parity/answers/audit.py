"""What an audit found, in words that every surface shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from parity.audit import AuditResult, DeveloperResult

LIMITS = (
    "Tasks are matched on their form, not on their content: one country may give more to criticise.",
    "Only China is asked about in several languages, its own among them; no other country is.",
    "Without harmless prompts in the same languages, a gap between languages may be command of the language.",
    "People have not labelled these answers: both judges are models, and their rates are not corrected.",
    "Each prompt was answered once; several hosts served many models: a filter may be theirs.",
    "A claim about a country is one about its developers, who are few; models of one developer agree anyway.",
)
"""What the labels that ship with Parity cannot show."""


def developer_sentence(found: DeveloperResult, level: float) -> str:
    """Return the country-level result in words."""
    if found.test is None:
        return f"Developers: no result: {found.reason}"
    test, own = found.test, found.own_weights
    how = "all" if test.exact else "a sample of"
    text = (
        f"Developers: {test.n_group} from {found.group} against {test.n_others} others: "
        f"{points(test.difference)} points, p = {test.p:.3g} over {how} {test.arrangements:,} arrangements"
    )
    if own is not None:
        text += f"; without models on foreign weights {points(own.difference)} points, p = {own.p:.3g}"
    if found.mixed is not None:
        effect = found.mixed.effect(level)
        if effect.low is not None and effect.high is not None:
            text += f"; mixed model {points(effect.value)} ({points(effect.low)} to {points(effect.high)})"
    return text


def points(share: float | None) -> str:
    """Return a share as points of 100."""
    return "unknown" if share is None else f"{100 * share + 0.0:.1f}"


def language_summary(result: AuditResult) -> pl.DataFrame:
    """Return mean and verdicts of the effect of each language, in points of 100, one row a government."""
    import polars as pl

    table = (
        result.languages.group_by("government", "language")
        .agg(
            models=pl.len(),
            mean=(100 * pl.col("difference").mean()).round(1),
            withhold_more=(pl.col("verdict") == "withholds more").sum(),
            withhold_less=(pl.col("verdict") == "withholds less").sum(),
            beyond_controls=(100 * pl.col("beyond_controls").mean()).round(1),
            remark=pl.col("reason").drop_nulls().first(),
        )
        .sort("government", "language")
    )
    return table.with_columns(pl.col("remark").fill_null(""))
