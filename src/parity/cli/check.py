"""``parity check``: hold a news text against the evidence."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from parity import dates
from parity.cli.answers import json_option, print_json
from parity.errors import ParityError

if TYPE_CHECKING:
    from parity.claims import Report

FAMILIES = (
    "rank", "lag", "quantity", "controls", "trade", "deadline", "membership", "model behaviour", "chronology",
)  # fmt: skip
# No text on AI is older.
FIRST_YEAR = 1950
COLOURS = {"supported": "green", "contradicted": "red", "partly": "yellow", "depends": "magenta"}


@click.command(name="check")
@click.argument("article", required=False)
@click.option("--url", help="Read the page at this address in place of a file (needs internet).")
@click.option("--date", "date_", metavar="DATE", help="Date of the text; by default that at its head.")
@click.option(
    "--family", type=click.Choice(FAMILIES), multiple=True, help="Keep this family; repeat for more."
)
@click.option("--model", help="Let this language model find further claims (--endpoint or OPENAI_BASE_URL).")
@click.option("--endpoint", help="Address of an OpenAI-compatible service, for --model.")
@json_option
def command(
    article: str | None,
    url: str | None,
    date_: str | None,
    family: tuple[str, ...],
    model: str | None,
    endpoint: str | None,
    as_json: bool,
) -> None:
    """Check the claims of an ARTICLE about nations and AI.

    Finds the sentences that say something checkable, holds each against Parity's measures as of the
    text's date, and answers with a verdict, the evidence and the command that reproduces it. ARTICLE is
    a text file, or - for standard input.

    \b
    Examples:
      parity check article.txt
      parity check article.txt --date 2025-01-01 --json
      echo "Russia ranks 31st out of 83 countries in the Global AI Index." | parity check -
      parity check article.txt --family lag --family rank
    """
    from parity.claims import check

    day = dates.read_if(date_)
    if day and day.year < FIRST_YEAR:
        raise ParityError(f"'{date_}' is no date of a text on AI; give one from {FIRST_YEAR} on")
    complete = _complete(model, endpoint) if model else None
    report = check(_text(article, url), day, families=family, complete=complete)
    if as_json:
        from parity.answers.check import check_answer

        print_json(check_answer(report))
    else:
        _print(report)


def _text(article: str | None, url: str | None) -> str:
    from parity.catalogue import files

    if (article is None) == (url is None):
        raise ParityError("give a text file, - for standard input, or --url ADDRESS; one of them")
    if url is not None:
        from parity.catalogue.web import page_text

        text = page_text(url)
    elif article == "-":
        text = sys.stdin.read()
    else:
        text = files.read_text(article or "")
    if not text.strip():
        raise ParityError(f"{article or url} holds no text")
    return text


def _complete(model: str, endpoint: str | None) -> Any:
    from parity.catalogue.web import chat

    return lambda prompt: chat(prompt, model, endpoint)


def _print(report: Report) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    note = f" (from {report.dated}; --date sets it)" if report.dated and report.dated != "as given" else ""
    console.print(f"Read as of {report.date}{note}. Data: {report.data}.", style="dim", highlight=False)
    for line in report.notes:
        console.print(Text(line, style="dim"))
    for checked in report.checked:
        claim, judgement = checked.claim, checked.judgement
        verdict = judgement.verdict.value
        console.print()
        head = Text(verdict.upper(), style=f"bold {COLOURS.get(verdict, 'blue')}")
        console.print(head, Text(f"[{claim.family}]", style="dim"), Text(f"“{claim.text}”", style="bold"))
        said = f"said by {claim.attribution}; " if claim.attribution else ""
        console.print(f"  {said}as of {claim.as_of}", style="dim", highlight=False)
        console.print(Text(f"  {judgement.why}"))
        for item in judgement.evidence:
            console.print(Text(f"  - {item.what}: {item.finding} [{item.source}]"))
        console.print(Text(f"  would change it: {judgement.would_change}", style="dim"))
        console.print(Text(f"  $ {judgement.reproduce}", style="cyan"), soft_wrap=True)
    if report.uncheckable:
        console.print("\nNot checkable", style="bold underline")
    for one in report.uncheckable:
        console.print(Text(f"- “{one.text.strip()}”: {one.reason}"))
    if not report.checked:
        console.print("No claim about nations and AI that Parity could check.")
