"""Write the pages of ``docs/`` that are made from the product itself.

``python -m tools.generate_docs`` rewrites them; ``tests/docs`` fails when one is stale.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from parity.ask.answer import answer_schema
from parity.questions import every
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


def json_page() -> str:
    """Return the reference of ``--json``: every answer's keys, types and meaning."""
    parts = [
        "# JSON answers",
        "Every command that answers a question takes `--json`. Keys are stable: new ones may come, these "
        "stay. A number that is estimated is an object with `value`, `low`, `high`, `level` and `unit`; what "
        "is unknown is `null`, with a `reason` beside it.",
    ]
    shared: dict[str, str] = {}
    for question in every():
        schema = answer_schema(question)
        for one in schema.get("anyOf", [schema]):
            parts.append(f"## parity {question.verb}\n\n{one['description']}\n\n{fields(one)}")
        for name, part in schema["$defs"].items():
            if name not in {kind.__name__ for kind in question.results()}:
                shared[name] = f"### {name}\n\n{part['description']}\n\n{fields(part)}"
    parts.append("## Parts\n\n" + "\n\n".join(shared[name] for name in sorted(shared)))
    return "\n\n".join(parts) + "\n"


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
    "reference/cli.md": cli_page,
    "reference/python.md": python_page,
    "reference/json.md": json_page,
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
