"""Pages on the Python face: a notebook that is run, and the reference from docstrings."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import io
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parity.questions import QUESTIONS, name_of

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "notebooks" / "python.py"
LIBRARY = (
    "parity.ask.answer",
    "parity.index",
    "parity.robustness",
    "parity.frontier",
    "parity.chips",
    "parity.trade",
    "parity.blocs",
    "parity.audit",
    "parity.pledges",
    "parity.claims",
    "parity.catalogue",
    "parity.stats",
    "parity.estimate",
    "parity.dates",
    "parity.errors",
)
"""Modules of the reference: what their ``__all__`` names, or else their public names."""
_MOST_LINES = 40
_CELL = re.compile(r"^# %%( \[markdown\])?\n", re.MULTILINE)


def notebook_page() -> str:
    """Return the notebook as a page: its words, its code, and what running each cell says."""
    _, *parts = _CELL.split(NOTEBOOK.read_text(encoding="utf-8"))
    space: dict[str, Any] = {"__name__": "notebook"}
    made = []
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, _narrow():
        os.chdir(folder)
        try:
            for words, cell in zip(parts[::2], parts[1::2], strict=True):
                if words:
                    made.append(
                        "\n".join(line.removeprefix("#").removeprefix(" ") for line in cell.split("\n"))
                    )
                    continue
                made.append(f"```python\n{cell.strip()}\n```\n")
                if said := _run(cell, space):
                    made.append(f"```text\n{said}\n```\n")
        finally:
            os.chdir(here)
    return "\n".join(part.strip("\n") + "\n" for part in made)


@contextlib.contextmanager
def _narrow() -> Iterator[None]:
    """Let texts be as wide as the page, wherever this runs."""
    before = dict(os.environ)
    os.environ |= {"COLUMNS": "100", "POLARS_TABLE_WIDTH": "100"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run(cell: str, space: dict[str, Any]) -> str:
    """Run a cell, and return what it prints and what its last line gives, as a notebook shows it."""
    body = ast.parse(cell).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), space)
        value = None
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), space)
    said = out.getvalue() + ("" if value is None else repr(value))
    lines = said.rstrip().splitlines()
    return "\n".join(lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], "..."])


def python_page() -> str:
    """Return the reference of the Python face: functions of questions, then the library by module."""
    import parity

    parts = [
        "# Python",
        "Every question is a function of `parity`; each returns an `Answer`. Below them the library itself: "
        "measures are pure functions of tables.",
        "## Questions",
    ]
    for verb in QUESTIONS:
        function = getattr(parity, name_of(verb))
        called = function if inspect.isfunction(function) else _function(name_of(verb))
        parts.append(_entry(f"parity.{name_of(verb)}", called, 3))
    for name in LIBRARY:
        module = importlib.import_module(name)
        summary = (inspect.getdoc(module) or "").strip()
        parts.append(f"## {name}\n\n{summary}")
        parts += [_entry(one, getattr(module, one), 3) for one in _public(module)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _function(name: str) -> Any:
    from parity.python import function

    return function(name)


def _public(module: Any) -> list[str]:
    named = getattr(module, "__all__", None)
    names = named or [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    ]
    return sorted(name for name in names if callable(getattr(module, name)))


def _entry(name: str, value: Any, level: int) -> str:
    """Return a function or a class with its signature and its docstring, as Markdown."""
    head = f"{'#' * level} {name}\n\n```text\n{name.rpartition('.')[2]}{_signature(value)}\n```"
    text = inspect.getdoc(value) or ""
    if inspect.isclass(value):
        methods = [
            f"- `{one}{_signature(method)}`: {(inspect.getdoc(method) or '').splitlines()[0]}"
            for one, method in vars(value).items()
            if not one.startswith("_") and inspect.isfunction(method) and inspect.getdoc(method)
        ]
        text += "\n\nMethods\n-------\n" + "\n".join(methods) if methods else ""
    return f"{head}\n\n{_markdown(text)}"


def _signature(value: Any) -> str:
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    kept = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
    # A default that is an object has an address in its text, which changes from run to run.
    kept = [
        one.replace(default=...) if " at 0x" in repr(one.default) else one
        for one in kept
        if one.name != "self"
    ]
    return str(signature.replace(parameters=kept, return_annotation=inspect.Signature.empty))


def _markdown(docstring: str) -> str:
    """Return a NumPy docstring as Markdown: sections in bold, names of parameters as a list."""
    lines = docstring.split("\n")
    made: list[str] = []
    inside = False
    for number, line in enumerate(lines):
        if number + 1 < len(lines) and lines[number + 1] and set(lines[number + 1]) == {"-"}:
            made += ["", f"**{line}**", ""]
            inside = True
        elif line and set(line) == {"-"} and inside and len(line) > 2:
            continue
        elif inside and line and not line.startswith((" ", "-")):
            made.append(f"- `{line}`")
        elif inside and line.startswith(" "):
            made.append(f"  {line.strip()}")
        else:
            made.append(line)
    return "\n".join(made).strip()
