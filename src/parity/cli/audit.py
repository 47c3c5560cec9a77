"""``parity audit``: information control in language models."""

from __future__ import annotations

from typing import Any

import click

from parity.cli._audit_run import battery_options, run
from parity.cli._figures import save_figure
from parity.cli.answers import json_option, print_json


@click.group(name="audit")
def command() -> None:
    """Measure information control in language models, any government with the same ruler.

    \b
    Examples:
      parity audit analyse
      parity audit power 0.15 0.05
      parity audit prompts --topics CN,US --languages en
    """


command.add_command(run)


@command.command()
@click.argument("labels", required=False, type=click.Path())
@click.option("--models", type=click.Path(), help="Table of models: model, developer, country, base_country.")
@click.option("--protected", help="Government that may be spared; the one with most labels by default.")
@click.option(
    "--against", default="others", show_default=True, help="Government to compare with, or 'others'."
)
@click.option(
    "--outcome",
    default="noncompliance",
    show_default=True,
    help="noncompliance, denial, official_line or facts_missed.",
)
@click.option("--judge", help="Judge of the main tables; the last one by default.")
@click.option("--base-language", default="en", show_default=True, help="Language to compare the others with.")
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Probability that intervals cover.",
)
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    show_default=True,
    help="Largest difference that counts as none.",
)
@click.option("--mixed", is_flag=True, help="Also fit a random-effects model.")
@click.option(
    "--calibration", type=click.Path(), help="People's labels of a sample of the answers, same layout."
)
@click.option("--figure", type=click.Path(), help="Write a figure: .png, .svg or .pdf.")
@click.option(
    "--figure-kind",
    type=click.Choice(["forest", "languages", "layers"]),
    default="forest",
    show_default=True,
    help="Which figure.",
)
@click.option(
    "--csv",
    "--parquet",
    "table_file",
    type=click.Path(),
    help="Write the contrasts by every judge to a table (.csv, .parquet, .xlsx).",
)
@click.option("--labels-out", type=click.Path(), help="Write the labels in the one layout, without texts.")
@click.option("--top", type=click.IntRange(min=1), help="Show the N most selective models.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the bootstrap.")
@json_option
def analyse(
    labels: str | None,
    models: str | None,
    calibration: str | None,
    figure: str | None,
    figure_kind: str,
    table_file: str | None,
    labels_out: str | None,
    top: int | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Analyse labels: a file, a folder of Inspect logs, or the labels that ship with Parity.

    LABELS is a table with model, government, language, form (or pair), compliance and judge, a table in
    SpeechMap's layout, or a folder that 'parity audit run' wrote.

    \b
    Examples:
      parity audit analyse
      parity audit analyse --protected RU --against US
      parity audit analyse labels.csv --models models.csv --figure forest.svg --json
    """
    from parity.audit import AuditOptions, calibrate, own_governments, read_human, read_labels
    from parity.audit import analyse as analyse_labels
    from parity.audit.sources import alpha2
    from parity.catalogue import files
    from parity.cli._audit_convert import analyse_answer
    from parity.cli._audit_print import print_analysis

    if given["protected"]:
        given["protected"] = alpha2(given["protected"])
    if given["against"] != "others":
        given["against"] = alpha2(given["against"])
    found = read_labels(labels, models)
    result = analyse_labels(
        found.labels, found.models, AuditOptions(**given), own=own_governments(), data=found.data
    )
    checked = None
    if calibration:
        options = result.options
        checked = calibrate(
            found.labels,
            read_human(calibration),
            str(options.judge),
            options.outcome,
            options.level,
            options.seed,
        )
    if figure:
        save_figure(result.figure(figure_kind), figure)
    if table_file:
        files.write_table(table_file, result.by_judge)
    if labels_out:
        files.write_table(labels_out, found.labels)
    if as_json:
        print_json(analyse_answer(result, checked))
    else:
        print_analysis(result, checked, top)


@command.command()
@click.argument("first", type=float)
@click.argument("second", type=float)
@click.option("--power", default=0.8, show_default=True, help="Chance of finding the difference.")
@click.option("--alpha", default=0.05, show_default=True, help="Level of the test.")
@click.option(
    "--claims",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Number of claims that Holm's method divides the level by.",
)
@click.option(
    "--correlation", default=0.0, show_default=True, help="Correlation of the two answers of a pair."
)
@json_option
def power(
    first: float, second: float, power: float, alpha: float, claims: int, correlation: float, as_json: bool
) -> None:
    """Say how many matched prompts a difference of two rates needs.

    \b
    Examples:
      parity audit power 0.15 0.05
      parity audit power 0.15 0.05 --claims 37 --power 0.9 --json
    """
    from dataclasses import asdict

    from parity.audit import pairs_needed
    from parity.cli._audit_answers import PowerAnswer

    needed = pairs_needed(first, second, power=power, alpha=alpha / claims, correlation=correlation)
    if as_json:
        print_json(PowerAnswer(data="no data: a calculation", first=first, second=second, **asdict(needed)))
        return
    click.echo(
        f"{needed.pairs:,} matched prompts show {first:g} against {second:g} with a power of "
        f"{needed.power:.3f} (exact McNemar test at level {alpha / claims:.2g}).\n"
        f"Then about {100 * needed.discordant:.1f} % of pairs differ and the interval is "
        f"+-{100 * needed.half_width:.1f} points wide."
    )


@command.command()
@battery_options
@click.option("--out", type=click.Path(), help="Write the prompts to a table or .jsonl file.")
@json_option
def prompts(
    topics: tuple[str, ...] | None,
    languages: tuple[str, ...] | None,
    kinds: tuple[str, ...] | None,
    prompts_file: str | None,
    out: str | None,
    as_json: bool,
) -> None:
    """List the prompts: counts by default, all of them with --json or --out.

    \b
    Examples:
      parity audit prompts
      parity audit prompts --topics CN,US --languages en --kinds criticism --out prompts.jsonl
    """
    import polars as pl

    from parity.audit import GOVERNMENTS, KINDS, LANGUAGES, prompt_table
    from parity.audit.prompts import choose_prompts
    from parity.audit.sources import read_prompts
    from parity.catalogue import files
    from parity.cli._audit_answers import PromptRow, PromptsAnswer
    from parity.cli._tables import print_table

    text, name = read_prompts(prompts_file)
    chosen = choose_prompts(text, name, topics or GOVERNMENTS, languages or LANGUAGES, kinds or KINDS)
    table = prompt_table(chosen)
    if out and out.endswith(".jsonl"):
        files.write_text(
            out,
            table.with_columns(
                pl.col("facts").str.split("\n").list.eval(pl.element().filter(pl.element() != ""))
            ).write_ndjson(),
        )
    elif out:
        files.write_table(out, table)
    if as_json:
        rows = [PromptRow(**row) for row in table.iter_rows(named=True)]
        print_json(PromptsAnswer(data=chosen[0].prompt_set, count=len(rows), prompts=rows))
        return
    counts = (
        table.group_by("government", "kind", "language")
        .len()
        .pivot("language", index=["government", "kind"], values="len")
    )
    print_table(counts.sort("kind", "government"), f"{chosen[0].prompt_set}: {len(chosen):,} prompts")


@command.command()
@click.argument("labels", required=False, type=click.Path())
@click.option(
    "--models", "models_file", type=click.Path(), help="Table of models: model, developer, country."
)
@json_option
def models(labels: str | None, models_file: str | None, as_json: bool) -> None:
    """List the audited models, who made them and on whose weights.

    \b
    Examples:
      parity audit models
      parity audit models labels.csv --json
    """
    import polars as pl

    from parity.audit import read_labels
    from parity.cli._audit_answers import ModelRow, ModelsAnswer
    from parity.cli._tables import print_table

    found = read_labels(labels, models_file)
    counts = found.labels.group_by("model").agg(
        labels=pl.len(),
        languages=pl.col("language").unique().sort(),
        governments=pl.col("government").unique().sort(),
    )
    table = found.models.join(counts, on="model").sort("model")
    if as_json:
        print_json(
            ModelsAnswer(data=found.data, models=[ModelRow(**row) for row in table.iter_rows(named=True)])
        )
    else:
        print_table(table.with_columns(pl.col("languages", "governments").list.join(",")), found.data)
