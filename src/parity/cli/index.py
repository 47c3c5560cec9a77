"""``parity index``: build, audit and compare composite indices from a spec."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parity.cli._index_answers import (
    AuditAnswer,
    BuildAnswer,
    CompareAnswer,
    ImportAnswer,
    StepRecord,
    UnitScores,
)
from parity.cli._tables import print_table
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from parity.index import Comparison, Index, Record

_TOP = 20


@click.group()
def command() -> None:
    """Build, audit and compare composite indices from a spec.

    \b
    Examples:
      parity index new my-index.toml
      parity index build my-index.toml --out scores.csv
      parity index audit my-index.toml
    """


def _data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = "Data file, in place of the one that the spec names."
    return click.option("--data", type=click.Path(dir_okay=False), help=text)(command)


@command.command()
@click.argument("spec")
@_data_option
@click.option("--out", type=click.Path(dir_okay=False), help="Write a table: CSV, Excel, JSON or Parquet.")
@click.option(
    "--stage",
    help="Show or write the data after a step: raw, denominated, screened, imputed, treated, normalised, "
    "aggregated.",
)
@json_option
def build(spec: str, data: str | None, out: str | None, stage: str | None, as_json: bool) -> None:
    """Build an index: say what each step did, and print scores and ranks.

    SPEC is the path of a spec, or the name of a built-in index. The table written has the columns id,
    (year,) node, level, score, rank; with --stage one row per unit and one column per indicator.

    \b
    Examples:
      parity index build my-index.toml
      parity index build my-index.toml --data new.csv --out scores.csv
      parity index build my-index.toml --stage treated --out treated.csv
    """
    from parity.ask.standing import standing
    from parity.catalogue.files import write_table

    found = standing(spec, data=data)
    index = found.index
    if stage is None:
        _need_scores(index)
    table = index.table() if stage is None else index.stage(stage)
    if out is not None:
        write_table(out, table)
    if as_json:
        print_json(_build_answer(index, found.vintage, stage, table))
        return
    _print_steps(index.log)
    if out is not None:
        click.echo(f"\n{table.height:,} rows written to {out}")
    elif stage is not None:
        print_table(table, title=f"Stage {stage}")
    else:
        _print_scores(index)
    click.echo(f"Data: {found.vintage}")


def _need_scores(index: Index) -> None:
    """Refuse to print a ranking in which nobody has a place."""
    from parity.errors import NoAnswerError

    if index.scored:
        return
    rows, notes = len(index.units), "; ".join(note for record in index.log for note in record.notes)
    raise NoAnswerError(
        f"none of the {rows:,} row{'s' * (rows != 1)} gets a score in '{index.tree.codes[-1]}', so there is "
        f"nothing to rank ({notes}). An index compares units: give at least two, with values that differ"
    )


def _build_answer(index: Index, vintage: str, stage: str | None, table: pl.DataFrame) -> BuildAnswer:
    values = None if stage is None else table.to_dicts()
    return BuildAnswer(
        data=vintage,
        index=index.spec.index.id,
        steps=_steps(index.log),
        units=[_unit(index, row) for row in _in_order(index)],
        stage=stage,
        values=values,
    )


def _in_order(index: Index) -> list[int]:
    """Return the rows by year, then by rank; those without one last."""
    import numpy as np

    ranks = np.nan_to_num(index.ranks[:, -1], nan=np.inf)
    years = np.zeros(len(ranks)) if index.years is None else index.years
    return [int(row) for row in np.lexsort((ranks, years))]


def _unit(index: Index, row: int) -> UnitScores:
    codes = index.tree.codes
    return UnitScores(
        id=str(index.units[row]),
        year=None if index.years is None else int(index.years[row]),
        scores=dict(zip(codes, _nullable(index.scores[row]), strict=True)),
        ranks={
            code: None if rank is None else int(rank)
            for code, rank in zip(codes, _nullable(index.ranks[row]), strict=True)
        },
    )


def _nullable(values: np.ndarray) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def _steps(log: tuple[Record, ...]) -> list[StepRecord]:
    return [
        StepRecord(step=record.step, status=record.status, message=record.message, notes=list(record.notes))
        for record in log
    ]


def _print_steps(log: tuple[Record, ...]) -> None:
    for record in log:
        click.echo(record.text())
    click.echo()


def _print_scores(index: Index) -> None:
    import polars as pl

    tree = index.tree
    top = int(tree.levels.max())
    groups = [tree.codes[node] for node in reversed(tree.groups) if tree.levels[node] >= top - 1]
    scores = index.stage("aggregated")
    ranks = index.ranks_table().select(pl.col(tree.codes[-1]).alias("rank"))
    labels = ["id", *(["year"] if index.years is not None else [])]
    table = scores.select(*labels, *groups).hstack(ranks).select("rank", *labels, *groups)
    order = ["year", "rank"] if index.years is not None else ["rank"]
    print_table(table.sort(order, nulls_last=True), title=index.spec.index.title, max_rows=_TOP)


@command.command()
@click.argument("spec")
@_data_option
@json_option
def audit(spec: str, data: str | None, as_json: bool) -> None:
    """Audit an index: data, outliers, correlations, reliability, weights, effect of leaving elements out.

    \b
    Examples:
      parity index audit my-index.toml
      parity index audit my-index.toml --json
    """
    import polars as pl

    from parity.ask.standing import standing
    from parity.index import audit as audit_index

    found = standing(spec, data=data)
    _need_scores(found.index)
    result = audit_index(found.index)
    treatment = next((r.details for r in found.index.log if r.step == "treat"), None)
    tables = {
        "statistics": result.statistics,
        "treatment": pl.DataFrame() if treatment is None else treatment,
        "correlations": result.correlations,
        "across": result.across,
        "groups": result.groups,
        "weights": result.weights,
        "removal": result.removal,
        "outliers": result.outliers,
        "denominators": result.denominators,
    }
    if as_json:
        rows = {name: table.to_dicts() for name, table in tables.items()}
        steps = _steps(found.index.log)
        print_json(AuditAnswer(data=found.vintage, index=found.index.spec.index.id, steps=steps, **rows))
        return
    _print_steps(found.index.log)
    tables["correlations"] = result.correlations.filter(pl.col("flag") != "")
    for name, title in _AUDIT_TITLES.items():
        if tables[name].height:
            print_table(tables[name], title=title)
            click.echo()
    click.echo(f"Data: {found.vintage}")


_AUDIT_TITLES = {
    "statistics": "Raw data",
    "treatment": "Outlier test (0 before, 1 and 2 after the first and second treatment)",
    "outliers": "Raw cells more than three interquartile ranges outside the quartiles",
    "denominators": "Raw indicators that go with a denominator",
    "correlations": "Flagged correlations (redundant: members nearly the same; conflict: members pull apart)",
    "across": "Elements that go better with another group than with their own",
    "groups": "Groups: Cronbach's alpha, share of variance on the first principal component",
    "weights": "Weights: nominal share of the index, importance by correlation and by share of variance",
    "removal": "Rank change of the index when an element is left out",
}


@command.command()
def schema() -> None:
    """Print the JSON Schema of a spec, for editors.

    \b
    Examples:
      parity index schema
    """
    from parity.index import IndexSpec

    click.echo(json.dumps(IndexSpec.json_schema(), indent=2))


@command.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
def new(file: str | None) -> None:
    """Print a commented spec to start from, or write it to FILE.

    \b
    Examples:
      parity index new
      parity index new my-index.toml
    """
    from parity.catalogue.files import write_text
    from parity.errors import ParityError
    from parity.index import STARTER

    if file is None:
        click.echo(STARTER, nl=False)
        return
    if Path(file).exists():
        raise ParityError(f"{file} is there already; give another name")
    write_text(file, STARTER)
    click.echo(f"{file} written; put your indicators in and run: parity index build {file}")


@command.command(name="import-coinr")
@click.argument("idata", type=click.Path(dir_okay=False))
@click.argument("imeta", type=click.Path(dir_okay=False))
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder to write to.")
@json_option
def import_coinr(idata: str, imeta: str, out: str, as_json: bool) -> None:
    """Turn COINr's iData and iMeta tables (CSV or Excel) into a spec and its data.

    \b
    Examples:
      parity index import-coinr iData.csv iMeta.csv --out asem
      parity index build asem/spec.toml
    """
    from parity.catalogue.files import read_table, write_table
    from parity.errors import ParityError
    from parity.index import import_coinr as convert

    folder = Path(out)
    if (folder / "spec.toml").exists():
        raise ParityError(f"{folder / 'spec.toml'} is there already; give another folder with --out")
    spec, table = convert(read_table(idata), read_table(imeta), folder.resolve().name, "data.csv")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ParityError(f"{folder}: {problem.strerror}") from None
    write_table(folder / "data.csv", table)
    spec.save(folder / "spec.toml")
    if as_json:
        print_json(
            ImportAnswer(
                data=f"file {Path(idata).name}",
                spec=str(folder / "spec.toml"),
                table=str(folder / "data.csv"),
                units=table.height,
                indicators=len(spec.indicators),
                groups=len(spec.groups),
            )
        )
        return
    click.echo(
        f"{folder / 'spec.toml'} and {folder / 'data.csv'} written: {table.height:,} rows, "
        f"{len(spec.indicators)} indicators, {len(spec.groups)} groups\n"
        f"Build it: parity index build {folder / 'spec.toml'}"
    )


@command.command()
@click.argument("spec")
@click.option(
    "--published", required=True, type=click.Path(dir_okay=False), help="Table of published scores or ranks."
)
@_data_option
@click.option("--node", help="Group to compare; the index by default.")
@click.option("--id-column", help="Column of the published table that identifies a unit.")
@click.option("--score-column", help="Column of the published scores.")
@click.option("--rank-column", help="Column of the published ranks.")
@click.option("--year", type=int, help="Year to compare, in a panel; the last by default.")
@click.option("--year-column", help="Column of the year, where the published table holds several years.")
@json_option
def compare(
    spec: str,
    published: str,
    data: str | None,
    node: str | None,
    id_column: str | None,
    score_column: str | None,
    rank_column: str | None,
    year: int | None,
    year_column: str | None,
    as_json: bool,
) -> None:
    """Compare an index with published scores or ranks, and say where differences come from.

    \b
    Examples:
      parity index compare my-index.toml --published edition-2024.csv
      parity index compare my-index.toml --published ranks.xlsx --id-column Code --rank-column Position
      parity index compare my-index.toml --published panel.csv --year-column Edition --year 2023
    """
    from parity.ask.standing import standing
    from parity.catalogue.files import read_table
    from parity.index import compare as compare_index

    found = standing(spec, data=data)
    table = read_table(published)
    result = compare_index(found.index, table, node, id_column, score_column, rank_column, year, year_column)
    code = node or found.index.tree.codes[-1]
    if as_json:
        print_json(_compare_answer(result, found.index.spec.index.id, code, found.vintage))
        return
    rows = result.table()
    print_table(rows, title=f"{code}: own and published, {rows.height} units on both sides")
    click.echo(f"\nRank correlation (Spearman) {result.spearman:.4f}")
    for reason in result.reasons():
        click.echo(f"- {reason}")
    if result.implied_weights is not None:
        print_table(result.implied_weights, title="\nWeights that fit the published scores best")
    for label, units in (("not published", result.only_here), ("not here", result.only_published)):
        if units:
            click.echo(f"{len(units)} units {label}: {', '.join(units[:_TOP])}")
    click.echo(f"Data: {found.vintage}")


def _compare_answer(result: Comparison, index: str, node: str, vintage: str) -> CompareAnswer:
    implied = result.implied_weights
    spearman, pearson, greatest = _known(result.spearman, result.pearson, result.max_abs_difference)
    return CompareAnswer(
        data=vintage,
        index=index,
        node=node,
        n=len(result.units),
        spearman=spearman,
        pearson=pearson,
        max_abs_difference=greatest,
        reasons=list(result.reasons()),
        implied_weights=None if implied is None else implied.to_dicts(),
        only_here=list(result.only_here),
        only_published=list(result.only_published),
        rows=result.table().to_dicts(),
    )


def _known(*numbers: float) -> list[float | None]:
    return [None if number != number else number for number in numbers]
