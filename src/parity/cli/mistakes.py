"""What is said of a command that cannot be understood: one line, and what was probably meant."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import click

from parity.ask.question import Question, parameters
from parity.errors import ParityError, did_you_mean
from parity.questions import QUESTIONS
from parity.questions import question as find


def told(problem: click.ClickException) -> str:
    """Return the message of a fault in the words of a command, and where its help is."""
    if isinstance(problem, click.NoSuchOption) and problem.ctx:
        offered = [option for each in _visible(problem.ctx) for option in each.opts if option[:2] == "--"]
        text = f"{problem.message}{did_you_mean(problem.option_name, offered)}"
    else:
        text = problem.format_message().rstrip(".")
    text = text if text.startswith("'") else f"{text[0].lower()}{text[1:]}"
    text = text if text.endswith(("?", ")", ".")) else f"{text}."
    context = problem.ctx if isinstance(problem, click.UsageError) else None
    return f"{text} See `{context.command_path} --help`" if context else text


def _visible(ctx: click.Context) -> list[click.Option]:
    options = ctx.command.get_params(ctx)
    return [each for each in options if isinstance(each, click.Option) and not each.hidden]


class Guiding(click.Group):
    """A group that names the command which was probably meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names.

        Raises
        ------
        click.UsageError
            If it names none.
        """
        word = args[0]
        if word.startswith("-") or self.get_command(ctx, word) is not None:
            return super().resolve_command(ctx, args)
        own = ctx.command_path.removeprefix("parity").strip()
        known = [f"{own} {name}".strip() for name in self.list_commands(ctx)]
        given = f"{own} {word}".strip()
        # A country is told first: "Chad" is near "check".
        hint = _place(own, args) or did_you_mean(given, known if own else {*known, *QUESTIONS})
        raise click.UsageError(f"`parity {given}` is no command.{hint}", ctx)


def too_many(question: type[Question], words: Sequence[str], ctx: click.Context) -> click.UsageError:
    """Return the fault of words that a question has no place for."""
    takes = [each.name.upper() for each in parameters(question) if each.place]
    allowed = f"takes {' and '.join(takes)}" if takes else "takes options alone"
    given = shlex.join(words[:5])
    return click.UsageError(
        f"`parity {question.verb}` {allowed}; too much: {given}.{_place(question.verb, words)}", ctx
    )


def _place(verb: str, words: Sequence[str]) -> str:
    """Return what to ask where the words are a country or a bloc, which the command does not take so."""
    from parity.catalogue import find_country, members

    word = shlex.quote(words[0])
    try:
        code = find_country(words[0]).iso3
    except ParityError:
        try:
            members(words[0])
        except ParityError:
            return ""
        if verb == "rank":
            return f" To rank its members: `parity rank --group {word}`"
        return f" To brief it: `parity brief {word}`"
    hint = f" To see where {code} stands: `parity brief {code}`"
    if verb == "rank":
        other = "CHN" if code == "USA" else "USA"
        hint += f"; why it stands there: `parity explain {other} {code}`"
    named = [each.name for each in parameters(find(verb))] if verb in QUESTIONS else []
    for name in ("country", "to"):
        if name in named:
            hint += f"; or give it as `--{name} {code}`"
    return hint
