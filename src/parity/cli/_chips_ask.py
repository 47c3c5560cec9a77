"""``parity chips rule`` and ``screen``: ruling on one device, or on a table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parity.cli._tables import print_table
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    from parity.chips import Device, RuleBook, Ruling

# Most bad rows named on the terminal.
MAX_BAD = 20


def device_options(command: Any) -> Any:
    """Give a command the options that describe a device by its figures."""
    options = (
        click.option("--tops", multiple=True, type=float, help="Dense TOPS; repeat for each precision."),
        click.option("--bits", multiple=True, type=float, help="Bit length of each --tops, in its order."),
        click.option("--die", "die_area", type=float, help="Area of all non-planar logic dies, mm2."),
        click.option("--memory-bandwidth", type=float, help="DRAM bandwidth, GB/s."),
        click.option(
            "--io", "io_bandwidth", type=float, help="Bidirectional bandwidth to other chips, GB/s."
        ),
        click.option("--process", "process_nm", type=float, help="Process, nm."),
        click.option(
            "--dies", type=click.IntRange(min=1), default=1, help="--tops and --die are of one of N dies."
        ),
        click.option("--maker", help="Maker: letters bind the firm that they went to."),
        click.option("--sparse", is_flag=True, help="--tops is quoted with 2:4 sparsity; it is halved."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("device", required=False)
@click.option("--to", required=True, help="Destination: ISO code or usual English name.")
@click.option("--on", help="Day, YYYY-MM-DD; by default the last to which rules were looked for.")
@click.option(
    "--headquarters", "--hq", help="Seat of the parties or their parent; without it both cases are named."
)
@click.option("--exported-from", help="Where it is exported from; the United States by default.")
@click.option(
    "--data-center/--not-data-center",
    default=None,
    help="Designed or marketed for data centres, or not; the catalogue's answer by default.",
)
@click.option("--what-if", multiple=True, help="Another threshold, as a question: '3A090.a.1:tpp=4000'.")
@device_options
@json_option
def rule(
    device: str | None,
    to: str,
    on: str | None,
    headquarters: str | None,
    exported_from: str | None,
    data_center: bool | None,
    what_if: tuple[str, ...],
    as_json: bool,
    **figures: Any,
) -> None:
    """Rule on a DEVICE, or on one given by its figures: an analysis, not legal advice.

    Rule text and letters ("is informed") are kept apart; every step has its citation; what is not known
    makes the answer "undetermined" and is named.

    \b
    Examples:
      parity chips rule H20 --to CHN --on 2026-08-01
      parity chips rule "RTX 4090" --to Vietnam --headquarters China
      parity chips rule --tops 296 --bits 8 --die 814 --data-center --to CHN --json
    """
    from parity import chips

    book = chips.rulebook().what_if(*what_if)
    subject = _subject(device, figures)
    ruling = chips.rule(
        subject,
        to=to,
        on=on,
        headquarters=headquarters,
        data_center=data_center,
        book=book,
        exported_from=exported_from,
    )
    if as_json:
        from parity.answers.chips import rule_answer

        print_json(rule_answer(ruling))
    else:
        _print(ruling)


def _subject(device: str | None, figures: dict[str, Any]) -> str | Device:
    """Return the name of a device, or the device that figures describe."""
    from parity.chips import describe_device
    from parity.errors import ParityError

    tops, bits = figures.pop("tops"), figures.pop("bits")
    dies, sparse = figures.pop("dies"), figures.pop("sparse")
    described = bool(tops or bits or any(value is not None for value in figures.values()))
    if not described and device:
        return device
    if device is None and not described:
        raise ParityError("no device is given: name one, or describe it with --tops, --bits and --die")
    if len(tops) != len(bits):
        raise ParityError(
            f"{len(tops)} --tops and {len(bits)} --bits: give a bit length for each TOPS figure"
        )
    return describe_device(
        operations=list(zip(tops, bits, strict=True)), dies=dies, sparse=sparse, name=device or "", **figures
    )


def _print(ruling: Ruling) -> None:
    from parity.chips import DISCLAIMER

    lines = [
        f"{ruling.device} to {ruling.to} on {ruling.on}: {ruling.verdict.replace('_', ' ')}",
        f"  rule text   {ruling.status.replace('_', ' ')}; {_paragraph(ruling)}",
        f"  licence     {_licence(ruling)}",
    ]
    lines += [f"  condition   {condition}" for condition in ruling.conditions]
    lines += [f"  otherwise   {case.when}: {case.verdict.replace('_', ' ')}" for case in ruling.cases]
    lines += [f"  letter      {step.title}: {step.citation}" for step in ruling.letters]
    lines += [f"  unknown     {text}" for text in ruling.unknown]
    lines += [f"  note        {text}" for text in ruling.notes]
    click.echo("\n".join(lines))
    print_table(ruling.table().select("holds", "says", "enforced", "citation", "basis"))
    click.echo(
        f"{ruling.scope.meaning[0].upper()}{ruling.scope.meaning[1:]}. Not held: "
        f"{'; '.join(ruling.scope.not_held)}."
    )
    click.echo(f"{DISCLAIMER} Data: {ruling.vintage}.")


def _paragraph(ruling: Ruling) -> str:
    """Say which paragraph is met; beside "not controlled" it must not read as if that one controlled."""
    if ruling.paragraph is None:
        return "meets no paragraph for certain"
    if ruling.status != "not_controlled" or ruling.paragraph.startswith("none"):
        return ruling.paragraph
    return f"its figures meet {ruling.paragraph}, which does not reach {ruling.to} on that day"


def _licence(ruling: Ruling) -> str:
    words = {True: "required", False: "not required by the rules held here", None: "cannot be determined"}[
        ruling.license_required
    ]
    by = f" by {' and '.join(ruling.license_basis).replace('_', ' ')}" if ruling.license_basis else ""
    review = f"; {ruling.review_policy.replace('_', ' ')}" if ruling.review_policy else ""
    exception = f"; exception {ruling.exception} may apply" if ruling.exception else ""
    terms = f" ({ruling.exception_terms})" if ruling.exception_terms else ""
    codified = "; codified, not enforced" if ruling.enforced is False else ""
    return f"{words}{by}{review}{exception}{terms}{codified}"


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "--out", type=click.Path(), help="Write the rulings to this file (.csv, .parquet, .xlsx or .json)."
)
@click.option("--what-if", multiple=True, help="Another threshold, as a question: '3A090.a.1:tpp=4000'.")
@json_option
def screen(file: str, out: str | None, what_if: tuple[str, ...], as_json: bool) -> None:
    """Rule on every row of FILE: a table of devices and destinations.

    Columns: device (or tops and bits) and to; optionally on, headquarters, data_center, die_area,
    memory_bandwidth, io_bandwidth, process_nm, maker, sparse. Rows keep their order. A row that cannot be
    ruled is reported by its line, and the rest is done.

    \b
    Examples:
      parity chips screen orders.csv
      parity chips screen orders.xlsx --out rulings.csv
      parity chips screen orders.csv --json
    """
    from parity import chips
    from parity.catalogue import files
    from parity.errors import NoAnswerError

    book: RuleBook = chips.rulebook().what_if(*what_if)
    ruled = chips.screen_table(files.read_table(file), book)
    bad = ruled.with_row_index("line", offset=2).filter(ruled["error"].is_not_null()).select("line", "error")
    if ruled.height and bad.height == ruled.height:
        raise NoAnswerError(f"{file}: no row could be ruled; line 2: {bad['error'][0]}")
    if out:
        files.write_table(out, ruled)
    counted = dict(ruled["verdict"].drop_nulls().value_counts(sort=True).rows())
    if as_json:
        from parity.answers.chips import ScreenAnswer

        rows = [] if out else ruled.to_dicts()
        answer = ScreenAnswer(
            data=book.vintage, rows=ruled.height, bad=bad.to_dicts(), verdicts=counted, file=out, rulings=rows
        )
        print_json(answer)
        return
    for line, error in bad.head(MAX_BAD).rows():
        click.echo(f"{file}: line {line}: {error}", err=True)
    if bad.height > MAX_BAD:
        click.echo(
            f"... and {bad.height - MAX_BAD:,} more lines: they are in the table's column 'error'", err=True
        )
    if not out:
        print_table(ruled.select("matched", "destination", "day", "verdict", "otherwise", "reason", "error"))
    summary = ", ".join(f"{count:,} {verdict.replace('_', ' ')}" for verdict, count in counted.items())
    click.echo(f"{ruled.height:,} rows, {bad.height:,} not ruled: {summary}.")
    click.echo(f"{chips.DISCLAIMER} Data: {book.vintage}.")
