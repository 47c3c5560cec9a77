"""The answer of ``parity robustness`` on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import polars as pl

from parity.cli._tables import print_table
from parity.robustness.results import SHIFT, largest_error

if TYPE_CHECKING:
    from parity.ask.standing import Standing
    from parity.robustness import Robustness, Sensitivity

_MOST_ALTERNATIVES = 8


def print_run(found: Standing, result: Robustness, shown: tuple[str, ...], tops: tuple[int, ...]) -> None:
    """Print intervals, what they rest on, and the assumptions."""
    title = result.spec.index.title or result.spec.index.id
    title += f", variant {found.variant}" if found.variant else ""
    intervals = _intervals(result, tops)
    if shown:
        intervals = intervals.filter(pl.col("code").is_in(shown))
    print_table(intervals, title=f"{title}: ranks in {result.draws:,} rebuilds")
    for unit in shown if result.counts.above.size else ():
        same = result.not_apart(unit)
        click.echo(f"{unit} cannot be told apart from: {', '.join(same) if same else 'nobody else'}")
    if result.sensitivity is not None:
        _print_sensitivity(result.sensitivity, shown)
    click.echo("\nVaried:")
    for use in result.uses:
        click.echo(f"- {use.name}: {_alternatives(use.alternatives, use.draws)}")
    error = largest_error(result.counts, result.bins)
    click.echo(
        f"\nMonte Carlo error of interval ends: at most {error:.2f} ranks. "
        f"Seed {result.seed}, {result.seconds:.1f} s. Data: {result.vintage}"
    )


def _intervals(result: Robustness, tops: tuple[int, ...]) -> pl.DataFrame:
    table = result.table()
    columns = [pl.col("rank"), pl.col("id").alias("code"), pl.col("name"), pl.col("median")]
    columns += [
        pl.format("{}-{}", f"low{level}", f"high{level}").alias(f"{level} %") for level in (50, 90, 95)
    ]
    columns += [pl.col("group").alias("group")] if "group" in table.columns else []
    shares = {f"P(rank<={k})": pl.Series(result.top(k)).round(4) for k in tops}
    return table.select(columns).with_columns(**shares)


def _print_sensitivity(sensitivity: Sensitivity, shown: tuple[str, ...]) -> None:
    table = sensitivity.table()
    outputs = [f"rank {unit}" for unit in shown] or [SHIFT]
    for output in outputs:
        click.echo()
        rows = table.filter(output=output)
        where = f", {sensitivity.condition}" if sensitivity.condition else ""
        title = f"Variance of {output} explained{where} (Sobol indices, 95 % intervals)"
        reason = rows["reason"][0]
        if reason:
            click.echo(f"{title}: none, for {reason}")
            continue
        print_table(_percentages(rows), title=title)
    if sensitivity.indices.second.shape[1]:
        pairs = sensitivity.pairs().filter(pl.col("output").is_in(outputs))
        click.echo()
        print_table(pairs.with_columns(pl.col("interaction", "low", "high").round(3)), title="Pairs")


def _percentages(rows: pl.DataFrame) -> pl.DataFrame:
    def share(name: str) -> pl.Expr:
        ends = (pl.col(f"{name}{end}").round(3) for end in ("", "_low", "_high"))
        return pl.format("{} [{}, {}]", *ends).alias({"first": "alone", "total": "with others"}[name])

    return rows.sort("total", descending=True, nulls_last=True).select(
        "assumption", share("first"), share("total")
    )


def _alternatives(names: tuple[str, ...], draws: tuple[int, ...]) -> str:
    if len(names) == 1:
        return names[0]
    listed = [f"{name} ({n:,})" for name, n in zip(names, draws, strict=True)][:_MOST_ALTERNATIVES]
    more = len(names) - len(listed)
    return "; ".join(listed) + (f"; and {more} more" if more > 0 else "")
