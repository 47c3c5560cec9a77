"""From a question to its command: options, help, output. Nothing about a question is written again here."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from parity.ask.cache import shown
from parity.ask.question import Parameter, Question, parameters
from parity.cli._progress import progress_bar
from parity.cli.mistakes import Guiding, too_many
from parity.errors import InvalidError, ParityError
from parity.questions import QUESTIONS
from parity.questions import question as find
from parity.show import FIGURES, KINDS

if TYPE_CHECKING:
    from parity.ask.answer import Answer

_WORDS: dict[type | None, str] = {int: "INTEGER", float: "NUMBER", dt.date: "DATE", str: "TEXT", None: "FILE"}
# Options that wrote files before `--out` did; a figure alone went to .pdf.
_OLD_OUT = ("figure", "csv", "parquet", "html", "md", "pdf")


def command(question: type[Question]) -> click.Command:
    """Return the command of a question."""
    asked = parameters(question)
    places = [parameter for parameter in asked if parameter.place]

    def callback(**given: Any) -> None:
        _run(question, given)

    words = [
        click.Argument(
            [f"word_{each.name}"],
            required=False,
            metavar=each.name.upper() if each.required else f"[{each.name.upper()}]",
            nargs=-1 if each.many else 1,
            default=None,
        )
        for each in places
    ]
    examples = "\n".join(f"  {example}" for example in question.examples)
    return _Command(
        question,
        callback=callback,
        params=[*words, *(option for each in asked for option in _options(each)), *_output(question)],
        help=f"{question.about()}\n\n\b\nExamples:\n{examples}",
    )


class _Command(click.Command):
    """The command of a question: options in groups, and a word for words that it has no place for."""

    def __init__(self, question: type[Question], **attributes: Any) -> None:
        super().__init__(question.verb.split()[-1], **attributes)
        self.question = question

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words after the command."""
        ctx.allow_extra_args = True
        if words := super().parse_args(ctx, args):
            raise too_many(self.question, words, ctx)
        return words

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options by what they are about."""
        _in_groups(self.question, self, ctx, formatter)


def _in_groups(
    question: type[Question], command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write the options of a question, each below the heading of what it is about."""
    headings = {each.name: each.heading for each in parameters(question)}
    groups: dict[str, list[tuple[str, str]]] = {}
    for option in command.get_params(ctx):
        if record := option.get_help_record(ctx):
            groups.setdefault(headings.get(str(option.name), "Output"), []).append(record)
    for heading, records in groups.items():
        with formatter.section(heading):
            formatter.write_dl(records)


class VerbGroup(Guiding):
    """The questions whose verbs begin alike, and the commands beside them that are written by hand.

    Where the group's name is a question itself, that is asked unless another verb follows.
    """

    def __init__(self, name: str, summary: str, by_hand: click.Command | None) -> None:
        self.by_hand = by_hand if isinstance(by_hand, click.Group) else click.Group()
        super().__init__(name, help=self.by_hand.help or summary)
        self.questions = [verb.split()[1] for verb in QUESTIONS if verb.startswith(f"{name} ")]
        if name in QUESTIONS:
            own = command(find(name))
            self.params, self.help, self.invoke_without_command = own.params, own.help, True
            self.callback = self._asked

    def _asked(self, **given: Any) -> None:
        """Answer the group's own question, unless another verb follows."""
        if click.get_current_context().invoked_subcommand is None:
            _run(find(str(self.name)), given)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the group's own question by what they are about, then the commands."""
        if self.name in QUESTIONS:
            _in_groups(find(str(self.name)), self, ctx, formatter)
            self.format_commands(ctx, formatter)
        else:
            super().format_options(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the questions in their order, then the others."""
        return list(dict.fromkeys([*self.questions, *self.by_hand.list_commands(ctx)]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a question, or the one written by hand."""
        if cmd_name in self.questions:
            return command(find(f"{self.name} {cmd_name}"))
        return self.by_hand.get_command(ctx, cmd_name)


def _options(parameter: Parameter) -> list[click.Option]:
    """Return the option of a parameter, and those that it had before, hidden."""
    attributes: dict[str, Any] = {"default": None, "help": _help(parameter)}
    flags = parameter.option
    if parameter.kind is bool:
        attributes["is_flag"] = True
        flags += f"/--no-{parameter.option[2:]}" if parameter.default is not False else ""
    elif parameter.choices:
        attributes["type"] = click.Choice(parameter.choices)
    else:
        attributes |= {"metavar": _WORDS.get(parameter.kind, "TEXT"), "type": str}
    if parameter.many:
        attributes["multiple"] = True
    if parameter.size:
        attributes["nargs"] = parameter.size
    found = [click.Option([flags, parameter.name], **attributes)]
    for old in parameter.old:
        # A former "--not-x" says no to what may be left open.
        flag = f" /{old}" if parameter.kind is bool and old.startswith("--no") else old
        found.append(click.Option([flag, f"old_{parameter.name}"], hidden=True, **attributes))
    return found


def _help(parameter: Parameter) -> str:
    notes = []
    if parameter.default not in (None, False, (), ""):
        notes.append(f"default: {parameter.default}")
    if parameter.bounds:
        notes.append(parameter.bounds)
    if parameter.many:
        notes.append("repeat for more")
    return parameter.help + (f"  [{'; '.join(notes)}]" if notes else "")


def _output(question: type[Question]) -> list[click.Option]:
    old = (*_OLD_OUT, *question.old_figures)
    kinds = ", ".join(f".{kind}" for kind in KINDS)
    return [
        click.Option(["--json", "as_json"], is_flag=True, help="Print the answer as JSON."),
        click.Option(
            ["--out", "out"], multiple=True, metavar="FILE", help=f"Write the answer: {kinds}. Repeatable."
        ),
        click.Option(["--quiet", "quiet"], is_flag=True, help="Print the answer in one sentence."),
        click.Option(
            ["--cite", "cite"],
            type=click.Choice(("text", "apa", "bibtex")),
            help="Print how to cite the answer and its sources.",
        ),
        *(click.Option([f"--{each}", f"out_{each}"], hidden=True, metavar="FILE") for each in old),
    ]


def _run(question: type[Question], given: dict[str, Any]) -> None:
    _own_files(question, given)
    _old_figures(question, given)
    files = _files(given)
    try:
        _answered(question, given, files)
    except ParityError as problem:
        named = {each.word: each for each in parameters(question)}
        if isinstance(problem, InvalidError) and (at := named.get(problem.parameter)):
            problem = InvalidError(at.name.upper() if at.place else at.option, problem.reason)
        raise problem from None


def _own_files(question: type[Question], given: dict[str, Any]) -> None:
    """Hand the files over that the question writes itself: `--out due.ics` is `--ics due.ics`."""
    for path in given["out"]:
        ending = path.rpartition(".")[2] if "." in path else "to_folder"
        if ending in question.model_fields:
            if ending == "to_folder":
                _warn("--out FOLDER", "--to-folder")
            given[ending] = path
            given["out"] = tuple(one for one in given["out"] if one != path)


def _old_figures(question: type[Question], given: dict[str, Any]) -> None:
    """Understand the options of a kind of figure: `--map FILE` is `--kind map --out FILE`."""
    for kind in question.old_figures:
        if path := given[f"out_{kind}"]:
            _warn(f"--{kind} FILE", f"--kind {kind} --out FILE")
            given["kind"] = kind
            given["out"] = (*given["out"], path)


def _answered(question: type[Question], given: dict[str, Any], files: list[tuple[str, str]]) -> None:
    asked = question.read(_values(question, given))
    live = sys.stderr.isatty() and not given["quiet"]
    with shown(progress_bar) if live else nullcontext():
        answer = asked.answer()
    if given["cite"]:
        click.echo(answer.cite(given["cite"]))
    elif given["as_json"]:
        click.echo(answer.json())
    elif given["quiet"]:
        own = f" ({answer.setting})" if answer.setting else ""
        click.echo(f"{answer.document().headline}{own}")
    elif not any(path == "-" for path, _ in files):
        from parity.show import terminal

        terminal.show(answer.document())
    _write(answer, files)


def _values(question: type[Question], given: dict[str, Any]) -> dict[str, Any]:
    """Return what was given, by the names of the fields."""
    found: dict[str, Any] = {}
    for parameter in parameters(question):
        for spelling in (f"old_{parameter.name}", parameter.name, f"word_{parameter.name}"):
            value = given.get(spelling)
            if value is None or value == ():
                continue
            if spelling.startswith("old_"):
                _warn(parameter.old[0], parameter.option)
            if found.get(parameter.name, value) != value:
                raise ParityError(
                    f"both '{value}' and {parameter.option} '{found[parameter.name]}' are given; give one of "
                    "them"
                )
            found[parameter.name] = value
    return found


def _files(given: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the files to write, each with its kind, checked before any work is done for them."""
    from parity.show.files import kind_of

    files = [(path, kind_of(path)) for path in given["out"]]
    for old in _OLD_OUT:
        if path := given[f"out_{old}"]:
            kinds = (*FIGURES, "pdf") if old == "figure" else (old, "xlsx") if old == "csv" else (old,)
            kind = kind_of(path, kinds)
            _warn(f"--{old}", "--out")
            files.append((path, "figure-pdf" if old == "figure" and kind == "pdf" else kind))
    return files


def _write(answer: Answer[Any], files: list[tuple[str, str]]) -> None:
    from parity.show.files import write

    for path, kind in files:
        write(answer.document(), path, kind=kind, json=answer.json() if kind == "json" else "")
        click.echo(f"wrote {path}", err=True)


def _warn(old: str, new: str) -> None:
    click.echo(f"parity: {old} is now {new}; the old name still works", err=True)
