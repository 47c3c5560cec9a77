"""An audit on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import polars as pl

from parity.cli._tables import print_table

if TYPE_CHECKING:
    from parity.audit import AuditResult, Calibration, DeveloperResult


def print_analysis(result: AuditResult, calibration: Calibration | None, top: int | None) -> None:
    """Print an analysis: selectivity, own governments, languages, developers, judges."""
    options = result.options
    shown = result.table() if top is None else result.table().head(top)
    days = result.days()
    answered = "" if days is None else f" Answered {days[0]} to {days[1]}."
    click.echo(
        f"{result.data}.{answered} Outcome: {options.outcome}. Judge: {options.judge}. "
        "In points of 100 prompts.\n"
    )
    if not shown.is_empty():
        title = f"Withheld on {options.protected} minus {options.against}, same tasks"
        print_table(_contrast(shown, "model", "developer", "country", "language"), title)
    if not result.own.is_empty():
        found = result.own.filter(pl.col("verdict").str.starts_with("withholds"))
        click.echo(
            f"\nOwn government against others: {len(found)} of {len(result.own)} models differ after Holm"
        )
        if not found.is_empty():
            print_table(_contrast(found, "model", "protected", "language"))
    if not result.languages.is_empty():
        print_table(
            _language_summary(result), f"\nSame prompts, other language minus {options.base_language}"
        )
    if not result.facts.is_empty():
        print_table(_facts(result), f"\nFacts on record that answers state, judge {options.judge}, in %")
    if result.developers is not None:
        click.echo("\n" + developer_sentence(result.developers, options.level))
    for found_agreement in result.agreement:
        first, second = found_agreement.judges
        click.echo(
            f"Judges {first} and {second} on {found_agreement.n:,} answers: "
            f"same label {points(found_agreement.share.value)} %, kappa {found_agreement.kappa.text(3)}, "
            f"alpha {found_agreement.alpha.text(3)}"
        )
    if calibration is not None:
        _print_calibration(calibration)
    for note in result.notes:
        click.echo(f"note: {note}")


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


def _contrast(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    percent = [(100 * pl.col(column)).round(1).alias(column) for column in ("difference", "low", "high")]
    small = [
        pl.col(column).map_elements(lambda p: f"{p:.2g}", return_dtype=pl.String)
        for column in ("p", "p_holm", "p_bh")
    ]
    return rows.select(*names, *percent, *small, "pairs", "missing", "verdict")


def _language_summary(result: AuditResult) -> pl.DataFrame:
    rows = result.languages
    table = (
        rows.group_by("government", "language")
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


def _facts(result: AuditResult) -> pl.DataFrame:
    rows = result.facts.filter(pl.col("judge") == result.options.judge)
    percent = [(100 * pl.col(column)).round(1).alias(column) for column in ("share", "low", "high")]
    return rows.select("model", "government", "language", *percent, "questions", "facts")


def _print_calibration(found: Calibration) -> None:
    quality = found.quality
    click.echo(
        f"People's labels of {found.n} answers: judge {found.judge} has "
        f"sensitivity {quality.sensitivity:.3f}, specificity {quality.specificity:.3f}; "
        f"p of a random sample {found.p_same_population:.2g}"
    )
    corrected = found.ppi.text(3) if found.ppi.value is not None else f"not corrected: {found.ppi.reason}"
    click.echo(f"Overall rate {found.raw:.3f} by the judge; prediction-powered: {corrected}")
    print_table(found.cells, "Rates corrected by Rogan and Gladen")
