"""``parity audit run``: ask models and grade their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parity.cli.by_hand import json_option, print_json, print_table

if TYPE_CHECKING:
    import polars as pl

    from parity.audit import Plan, RunOutcome


def codes(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Return the words of an option that are separated by commas."""
    if value is None:
        return None
    return tuple(word.strip() for word in value.split(",") if word.strip())


def prices(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[float, float] | None:
    """Return the price of a million tokens in, and out."""
    if value is None:
        return None
    try:
        first, second = (float(word) for word in value.split(","))
    except ValueError:
        raise click.BadParameter(
            f"'{value}' is not two prices; write the price of a million tokens in and out: 0.5,1.5"
        ) from None
    return first, second


@click.group(name="audit")
def command() -> None:
    """Measure information control in language models, any government with the same ruler.

    \b
    Examples:
      parity audit analyse
      parity audit power 0.15 0.05
      parity audit prompts --topics CN,US --languages en
    """


@command.command(name="run")
@click.option(
    "--model",
    "models",
    multiple=True,
    required=True,
    help="Inspect name: openai-api/local/NAME. Repeat for more.",
)
@click.option("--base-url", help="Address of an OpenAI-compatible server.")
@click.option(
    "--grader",
    help="Inspect name of the model that grades, never one under test; or 'rules': refusals by their words.",
)
@click.option("--grader-base-url", help="Address of the grader's server; --base-url by default.")
@click.option("--topics", metavar="A,B", callback=codes, help="CN,RU,US ...; all by default.")
@click.option("--languages", metavar="A,B", callback=codes, help="en,zh,ru; all by default.")
@click.option("--kinds", metavar="A,B", callback=codes, help="criticism,praise,factual ...")
@click.option("--prompts", "prompts_file", type=click.Path(), help="JSONL of own prompts.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many prompts, whole tasks in turn.")
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How often each prompt is asked.",
)
@click.option(
    "--log-dir",
    type=click.Path(),
    default="parity-audit",
    show_default=True,
    help="Folder of the logs; the same folder goes on where a run stopped.",
)
@click.option("--max-connections", type=click.IntRange(min=1), help="Requests at once; adaptive by default.")
@click.option(
    "--max-retries", type=click.IntRange(min=0), default=5, show_default=True, help="Retries of a request."
)
@click.option(
    "--timeout",
    type=click.IntRange(min=1),
    default=600,
    show_default=True,
    help="Seconds until one attempt at a request fails.",
)
@click.option(
    "--max-tokens", type=click.IntRange(min=1), default=8192, show_default=True, help="Longest answer."
)
@click.option("--temperature", type=float, help="Sampling temperature; the provider's own by default.")
@click.option("--allow-self-grading", is_flag=True, help="Let a model grade itself.")
@click.option(
    "--demonstration", is_flag=True, help="Mark the answers as no finding, wherever they are shown."
)
@click.option("--dry-run", is_flag=True, help="Say what the run would ask for, and stop.")
@click.option(
    "--answer-tokens",
    type=click.IntRange(min=1),
    default=700,
    show_default=True,
    help="Expected length of an answer, for the estimate.",
)
@click.option(
    "--price", metavar="IN,OUT", callback=prices, help="Price of a million tokens, models under test."
)
@click.option("--grader-price", metavar="IN,OUT", callback=prices, help="Price of a million tokens, grader.")
@json_option
def run(
    models: tuple[str, ...],
    grader: str | None,
    log_dir: str,
    dry_run: bool,
    answer_tokens: int,
    price: tuple[float, float] | None,
    grader_price: tuple[float, float] | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Ask models and grade their answers, with Inspect AI (extra 'audit').

    Keys come from the environment, as Inspect reads them (OPENAI_API_KEY, LOCAL_API_KEY ...).

    \b
    Examples:
      parity audit run --model openai-api/local/NAME --base-url http://127.0.0.1:8000/v1 --dry-run
      parity audit run --model openai/gpt-4o --grader mistral/mistral-large-latest --topics CN,US
    """  # fmt: skip
    from parity.ask.audit import read_prompts
    from parity.audit import RULES, RunOptions, plan
    from parity.audit import run as run_audit
    from parity.audit.prompts import choose_prompts
    from parity.audit.running import check
    from parity.errors import ParityError

    chosen = {name: value for name, value in given.items() if value is not None}
    options = RunOptions(models=models, grader=grader or "", log_dir=log_dir, **chosen)
    text, name = read_prompts(options.prompts_file)
    prompts = choose_prompts(text, name, options.topics, options.languages, options.kinds, options.limit)
    wanted = plan(
        prompts,
        len(models),
        options.epochs,
        answer_tokens=min(answer_tokens, options.max_tokens),
        prices=price,
        grader_prices=grader_price,
        by_rules=grader == RULES,
    )
    if dry_run:
        _report(log_dir, wanted, None, as_json)
        return
    if not grader:
        raise ParityError(
            "name the model that grades with --grader; it must not be one under test. "
            "--grader rules asks none: it knows refusals by their words"
        )
    check(options)
    click.echo(
        f"{_expected(wanted)}\nlogs: {log_dir}; the same command goes on where a run stopped", err=True
    )
    try:
        outcome = run_audit(options, lambda line: click.echo(line, err=True), wanted)
    except KeyboardInterrupt:
        click.echo("parity: interrupted. Answers are kept: run the same command again to go on", err=True)
        raise click.exceptions.Exit(130) from None
    _report(log_dir, wanted, outcome, as_json)
    if outcome.completed and not as_json:
        judge = grader if grader == RULES else grader.partition("/")[2]
        print_table(_summary(outcome, models, judge, price), f"Where {outcome.completed:,} answers ended")
        click.echo(f"Now: parity audit analyse {log_dir}")
    if not outcome.complete:
        click.echo(
            f"parity: {outcome.errors or outcome.samples - outcome.completed} of {outcome.samples} answers "
            f"are missing: {outcome.problem}. The others are kept: run the same command again to go on",
            err=True,
        )
        raise click.exceptions.Exit(1)


def _report(log_dir: str, wanted: Plan, outcome: RunOutcome | None, as_json: bool) -> None:
    from dataclasses import asdict

    from parity.audit import RUBRIC_VERSION
    from parity.audit.progress import span
    from parity.audit.prompts import BATTERY_VERSION

    data = f"battery {BATTERY_VERSION}, rubric {RUBRIC_VERSION}"
    if as_json:
        came = asdict(outcome) if outcome else {}
        kept = {name: came.get(name) for name in ("complete", "samples", "completed", "errors", "problem")}
        print_json(data, log_dir=log_dir, **asdict(wanted), **kept)
    elif outcome is None:
        click.echo(_expected(wanted))
    else:
        took = span(outcome.seconds)
        click.echo(f"{outcome.completed:,} of {outcome.samples:,} answers ({data}) in {took}.")


def _expected(wanted: Plan) -> str:
    """Return what a run will ask for and cost, as far as that can be told before."""
    from parity.audit.progress import span
    from parity.audit.running import TOKENS_PER_SECOND

    cost = (
        "give --price and --grader-price"
        if wanted.cost is None
        else f"{wanted.cost:,.2f}, by the prices given"
    )
    return (
        f"{wanted.prompts:,} prompts, {wanted.calls:,} requests to the models "
        f"and {wanted.grader_calls:,} to the grader\n"
        f"tokens, estimated: models {wanted.tokens_in:,} in, {wanted.tokens_out:,} out; "
        f"grader {wanted.grader_tokens_in:,} in, {wanted.grader_tokens_out:,} out\n"
        f"time, estimated: {span(wanted.seconds)} one at a time at {TOKENS_PER_SECOND} tokens a second; "
        f"with twenty at once a twentieth\ncost, estimated: {cost}"
    )


def _summary(
    outcome: RunOutcome, models: tuple[str, ...], judge: str, price: tuple[float, float] | None
) -> pl.DataFrame:
    """Return how the answers of each model ended, with the tokens that they took."""
    import polars as pl

    from parity.audit import labels_from_logs
    from parity.audit.cells import ended

    labels = labels_from_logs(outcome.log_dir)
    mine = labels.filter(pl.col("model").is_in(models), pl.col("judge").str.ends_with(judge))
    counts = ended(mine).group_by("model", "outcome").len().sort("model", "outcome")
    table = counts.pivot("outcome", index="model", values="len").fill_null(0)
    spent = [outcome.tokens.get(model, (0, 0)) for model in table["model"]]
    table = table.with_columns(
        pl.Series("tokens in", [used[0] for used in spent]),
        pl.Series("tokens out", [used[1] for used in spent]),
    )
    if price is None:
        return table
    costs = [(used[0] * price[0] + used[1] * price[1]) / 1e6 for used in spent]
    return table.with_columns(pl.Series("cost", costs))
