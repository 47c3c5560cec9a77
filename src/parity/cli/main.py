"""The ``parity`` command: finds the verb's module and turns errors into one clear message."""

from __future__ import annotations

import importlib.util
import io
import os
import sys
from typing import NoReturn

import click

from parity import __version__
from parity.cli.mistakes import Guiding, told
from parity.errors import DamageError, ParityError
from parity.questions import QUESTIONS, question

# Verb -> one line of help. The module ``parity.cli.VERB`` holds ``command`` and is
# imported only when the verb is used, which keeps `parity --help` fast.
VERBS = {
    "brief": "Brief a country: where it stands, why, and how sure that is.",
    "rank": "Rank countries by an index, a pillar or an indicator.",
    "robustness": "What a ranking rests on: rank intervals, and which choices drive them.",
    "goal": "Find the smallest change of indicators that brings a country to a rank.",
    "explain": "Split the gap between two countries over the indicators.",
    "capability": "How capable models are, from their benchmark scores.",
    "lag": "How many months a country trails another.",
    "chips": "Accelerators: export-control rulings, what a country can reach, installed compute.",
    "trade": "Traces of export controls in trade statistics: dependence, diversion, substitution.",
    "bloc": "Alliances as one unit: standing, and what each member brings.",
    "ties": "How closely countries work together, and since when more or less so.",
    "audit": "Measure information control in language models.",
    "check": "Check a news text's claims about nations and AI.",
    "pledges": "Governments' dated commitments on AI: who, what, due when, kept or not.",
    "data": "List, show, query, export and update the data.",
    "serve": "Serve all of it in the browser, with a JSON API.",
    "mcp": "Serve the questions as tools of a language-model assistant.",
    "index": "Build, audit and compare composite indices from a spec.",
}


def _summaries() -> dict[str, str]:
    """Return the verbs with a line of help each; one that the table lacks is asked for its own."""
    more = {verb.split()[0]: verb for verb in QUESTIONS if verb.split()[0] not in VERBS}
    return VERBS | {name: question(verb).about().split("\n")[0] for name, verb in more.items()}


class LazyGroup(Guiding):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs, in the order of the table above."""
        return list(_summaries())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module and return its command."""
        if cmd_name not in _summaries():
            return None
        more = any(verb.startswith(f"{cmd_name} ") for verb in QUESTIONS)
        if cmd_name in QUESTIONS and not more:
            from parity.cli.ask import command as asks

            return asks(question(cmd_name))
        by_hand = importlib.util.find_spec(f"parity.cli.{cmd_name}")
        command: click.Command | None = None
        if by_hand is not None:
            command = importlib.import_module(by_hand.name).command
        if more:
            from parity.cli.ask import VerbGroup

            return VerbGroup(cmd_name, _summaries()[cmd_name], command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of verbs without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_summaries().items()))


@click.command(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="parity")
@click.option(
    "--snapshot",
    metavar="DATE",
    expose_value=False,
    is_eager=True,
    callback=lambda context, parameter, day: _choose(day),
    help="Answer from the data of that day, which 'parity data keep' has kept.",
)
def root() -> None:
    """Where a nation stands in AI, with an interval on every number.

    Start with: parity brief RUS
    """


def _choose(day: str | None) -> None:
    """Choose the snapshot before anything reads data: a process reads one."""
    if day is not None:
        if "parity.catalogue" in sys.modules:
            raise click.UsageError("the data have been read; choose a snapshot with PARITY_SNAPSHOT")
        os.environ["PARITY_SNAPSHOT"] = day


def _warn_of_damage() -> None:
    """Say which updates an answer could not use; nothing where the command read no data."""
    catalogue = sys.modules.get("parity.catalogue")
    for fault in catalogue.stored().faults.values() if catalogue else ():
        click.echo(f"parity: {fault}", err=True)


def _refuse(message: str, status: int, arguments: list[str] | None) -> NoReturn:
    """Say why there is no answer, to people and, where JSON was asked for, to programs; then exit."""
    if "--json" in (sys.argv[1:] if arguments is None else arguments):
        from parity.ask.serialise import to_json

        click.echo(to_json({"error": message}))
    click.echo(f"parity: {message}", err=True)
    sys.exit(status)


def _say_what_was_read() -> None:
    """Send to standard error how files of the user were understood, as they are read."""
    import logging

    log = logging.getLogger("parity.reading")
    if not log.handlers:
        handler = logging.Handler()
        handler.emit = lambda record: click.echo(f"parity: {record.getMessage()}", err=True)  # type: ignore[method-assign]
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 fine, 1 no answer, 2 bad usage or bad input.

    Parameters
    ----------
    arguments
        Words after ``parity``; the process's own by default.
    """
    out = sys.stdout
    for stream in (sys.stdout, sys.stderr):
        # A terminal or a redirect that cannot show a letter shows "?" for it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    _say_what_was_read()
    try:
        status = root.main(args=arguments, prog_name="parity", standalone_mode=False)
        _warn_of_damage()
        sys.exit(status if isinstance(status, int) else 0)
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.ClickException as problem:
        _refuse(told(problem), problem.exit_code, arguments)
    except (ParityError, DamageError) as problem:
        _refuse(str(problem), problem.exit_status, arguments)
    except OverflowError as problem:
        _refuse(f"a number given is too large: {problem}; give a smaller one", 2, arguments)
    except (click.Abort, KeyboardInterrupt):
        click.echo("parity: stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) went away: not our mistake, and nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except SystemExit as ending:
        # rich and click meet the same and exit with 1; click leaves another stream in its place.
        gone = isinstance(ending.__context__, BrokenPipeError) or sys.stdout is not out
        sys.exit(0 if gone else ending.code)
    except OSError as problem:
        # What is left in the buffer would fail once more when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"parity: cannot write the answer: {problem.strerror or problem}", err=True)
        sys.exit(1)
