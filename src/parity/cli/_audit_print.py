"""An audit on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import polars as pl

from parity.answers.audit import developer_sentence, language_summary, points
from parity.cli._tables import print_table

if TYPE_CHECKING:
    from parity.audit import AuditResult, Calibration


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
        print_table(language_summary(result), f"\nSame prompts, other language minus {options.base_language}")
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


def _contrast(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    percent = [(100 * pl.col(column)).round(1).alias(column) for column in ("difference", "low", "high")]
    small = [
        pl.col(column).map_elements(lambda p: f"{p:.2g}", return_dtype=pl.String)
        for column in ("p", "p_holm", "p_bh")
    ]
    return rows.select(*names, *percent, *small, "pairs", "missing", "verdict")


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
