"""Write the pages of ``docs/`` that are made from the product itself.

``python -m tools.generate_docs`` rewrites them; ``tests/docs`` fails when one is stale.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import click

from parity.ask.answer import answer_schema
from parity.ask.question import parameters
from parity.questions import QUESTIONS, every, name_of
from parity.questions import question as find
from tools.python_docs import notebook_page, python_page

DOCS = Path(__file__).resolve().parents[1] / "docs"
HELP_WIDTH = 100


def commands(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield every command of a tree with its full name and context, parents first."""
    # The settings decide how help is asked for, and click keeps that with the command: pass them on.
    settings = command.context_settings | {"terminal_width": HELP_WIDTH, "max_content_width": HELP_WIDTH}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield from commands(found, child, context)


def cli_page() -> str:
    """Return the command line reference: the ``--help`` of every command."""
    from parity.cli.main import root

    parts = [
        "# Command line",
        "Every command and its options, as `--help` prints them. Exit status: 0 fine, 1 the question has no "
        "answer (the message says why), 2 bad usage or bad input.",
    ]
    for path, command, context in commands(root, "parity"):
        depth = "#" * min(path.count(" ") + 2, 4)
        parts.append(f"{depth} {path}\n\n```text\n{command.get_help(context).rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def type_name(schema: dict[str, Any]) -> str:
    """Return a short name for a JSON Schema type: ``number or null``, ``list of Row``."""
    if isinstance(schema.get("type"), list):
        return " or ".join(schema["type"])
    if "$ref" in schema:
        return f"`{schema['$ref'].rsplit('/', 1)[-1]}`"
    if "anyOf" in schema:
        return " or ".join(type_name(option) for option in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {type_name(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map of {type_name(schema['additionalProperties'])}"
    if "const" in schema:
        return f"`{schema['const']!r}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    return str(schema.get("type", "any"))


def fields(schema: dict[str, Any]) -> str:
    """Return the fields of one object as a Markdown table."""
    rows = ["| key | type | meaning |", "|---|---|---|"]
    for key, value in schema.get("properties", {}).items():
        meaning = str(value.get("description", "")).replace("|", "\\|")
        rows.append(f"| `{key}` | {type_name(value)} | {meaning} |")
    return "\n".join(rows)


JSON = """\
Every command that answers a question takes `--json`, and so does the API. Keys are stable: new ones may come,
these stay. A number that is estimated is an object with `value`, `low`, `high`, `level` and `unit`; what is
unknown is `null`, with a `reason` beside it. Where nothing can be answered, the object has one key, `error`,
and the exit status is 1 (no answer) or 2 (a mistake)."""
GALLERY = """\
What there is to draw, and what draws it. `--out` takes `.svg`, `.png` and `.pdf` (extra `figures`), and
`.html` for all of an answer; the file carries title, source, vintage and the command. In the app every figure
has buttons for the same."""
TOPICS = tuple(dict.fromkeys(verb.split()[0] for verb in QUESTIONS))


@cache
def parts() -> dict[str, dict[str, str]]:
    """Return the parts of answers by the page they stand on: that of their one topic, or the first page."""
    text: dict[str, str] = {}
    users: dict[str, set[str]] = {}
    for question in every():
        whole = {kind.__name__ for kind in question.results()}
        for name, part in answer_schema(question)["$defs"].items():
            if name not in whole:
                text[name] = f"### {name}\n\n{part['description']}\n\n{fields(part)}"
                users.setdefault(name, set()).add(question.verb.split()[0])
    found: dict[str, dict[str, str]] = {}
    for name in sorted(text):
        page = next(iter(users[name])) if len(users[name]) == 1 else "index"
        found.setdefault(page, {})[name] = text[name]
    return found


def json_start() -> str:
    """Return the first page on ``--json``: what all answers have, the list of questions, shared parts."""
    rows = "\n".join(
        f"| [`parity {each.verb}`]({each.verb.split()[0]}.md#parity-{each.verb.replace(' ', '-')}) "
        f"| {each.about().splitlines()[0]} |"
        for each in every()
    )
    blocks = (
        "# JSON answers",
        JSON,
        f"| question | what it answers |\n|---|---|\n{rows}",
        "## Parts of several answers",
        *parts()["index"].values(),
    )
    return "\n\n".join(blocks) + "\n"


def json_page(topic: str) -> str:
    """Return the keys, types and meaning of the answers of one topic."""
    blocks = [f"# JSON: {topic}", "Types without a table below are on [the first page](index.md)."]
    for question in (each for each in every() if each.verb.split()[0] == topic):
        schema = answer_schema(question)
        told = [f"{one['description']}\n\n{fields(one)}" for one in schema.get("anyOf", [schema])]
        blocks.append(f"## parity {question.verb}\n\n" + "\n\nOr:\n\n".join(told))
    if own := parts().get(topic):
        blocks += ["## Parts", *own.values()]
    return "\n\n".join(blocks) + "\n"


def gallery_page() -> str:
    """Return the figures of the documentation, each with the command and the line of Python that draw it."""
    from tools.pictures import FIGURES

    blocks = ["# Gallery", GALLERY]
    for name, words in FIGURES.items():
        shell = f"```sh\nparity {words} --out {name}\n```"
        python = f"```python\n{in_python(words)}.chart()\n```"
        blocks += [f"## {words}", f"![parity {words}](assets/{name})", shell, python]
    return "\n\n".join(blocks) + "\n"


def in_python(words: str) -> str:
    """Return a command as a call."""
    given = shlex.split(words)
    verb = " ".join(given[:2]) if " ".join(given[:2]) in QUESTIONS else given[0]
    places: list[str] = []
    named: dict[str, list[Any]] = {}
    rest = iter(given[len(verb.split()) :])
    for word in rest:
        if not word.startswith("--"):
            places.append(repr(word))
            continue
        flag = next(each for each in parameters(find(verb)) if each.option == word)
        named.setdefault(flag.name, []).append(True if flag.kind is bool else next(rest))
    options = (
        f"{name}={tuple(values) if len(values) > 1 else values[0]!r}" for name, values in named.items()
    )
    return f"parity.{name_of(verb)}({', '.join([*places, *options])})".replace("'", '"')


def sources_page() -> str:
    """Return the page of data sources and licences, made from the data package."""
    from parity.catalogue import load_table

    parts = [
        "# Data sources and licences",
        "Made from the data package that ships with Parity. Figures are reshaped and reduced to what the "
        "measures use; each row of each table keeps the key of its source.",
    ]
    for row in load_table("sources").sort("source").iter_rows(named=True):
        lines = [f"## {row['title']}", ""]
        for label, key in SOURCE_LABELS.items():
            if row.get(key):
                lines.append(f"- {label}: {row[key]}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def tables_page() -> str:
    """Return every table with its columns, and every indicator, from the data package."""
    from parity.catalogue import listing, load_table
    from parity.catalogue._snapshot import datapackage

    parts = ["# Tables and indicators", "Made from the data package that ships with Parity."]
    for table in datapackage()["resources"]:
        rows = "\n".join(
            f"| `{field['name']}` | {field['type']} | {field['description']} |"
            for field in table["schema"]["fields"]
        )
        key = ", ".join(f"`{column}`" for column in table["schema"]["primaryKey"])
        head = f"## {table['name']}\n\n{table['title']}. Key: {key}."
        parts.append(f"{head}\n\n| column | type | meaning |\n|---|---|---|\n{rows}")
    notes = dict(load_table("indicators").select("indicator", "note").iter_rows())
    rows = "\n".join(
        f"| `{row['indicator']}` | {row['title']} ({row['unit']}) | {row['use']} | {row['countries']} "
        f"| {row['first']}-{row['last']} | {notes[row['indicator']]} |"
        for row in listing("indicators").iter_rows(named=True)
    )
    head = "| code | title (unit) | use | countries | years | note |\n|---|---|---|---|---|---|"
    parts.append(f"## Indicators\n\n{head}\n{rows}")
    return "\n\n".join(parts) + "\n"


SOURCE_LABELS = {
    "Key": "source",
    "Publisher": "publisher",
    "Licence": "licence",
    "Vintage": "vintage",
    "Citation": "citation",
    "Original": "original_url",
}

PAGES: dict[str, Callable[[], str]] = {
    "python.md": notebook_page,
    "gallery.md": gallery_page,
    "reference/cli.md": cli_page,
    "reference/python.md": python_page,
    "reference/json/index.md": json_start,
    **{f"reference/json/{topic}.md": partial(json_page, topic) for topic in TOPICS},
    "reference/sources.md": sources_page,
    "reference/tables.md": tables_page,
}


def main() -> None:
    """Rewrite every generated page."""
    for name, make in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8")
        print(os.path.relpath(path))


if __name__ == "__main__":
    main()
