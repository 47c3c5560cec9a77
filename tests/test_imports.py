"""How files may import each other: no circles, no private names of others, no tables in measures."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp


def circles(imports: dict[str, set[str]]) -> list[set[str]]:
    """Return the groups of files that all reach one another (Tarjan 1972)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(file: str) -> None:
        number[file] = low[file] = len(number)
        stack.append(file)
        for other in imports[file]:
            if other not in number:
                visit(other)
            if other in stack:
                low[file] = min(low[file], low[other])
        if low[file] == number[file]:
            place = stack.index(file)
            group = set(stack[place:])
            del stack[place:]
            if len(group) > 1:
                found.append(group)

    for file in imports:
        if file not in number:
            visit(file)
    return found


def test_finds_a_circle() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == [{"b", "c"}]


def test_no_circle_of_files() -> None:
    graph = grimp.build_graph("parity", cache_dir=None)
    found = circles({file: graph.find_modules_directly_imported_by(file) for file in graph.modules})
    assert [sorted(group) for group in found] == []


PACKAGE = Path(__file__).resolve().parents[1] / "src" / "parity"
MEASURES = ("index", "frontier", "chips", "trade", "audit", "pledges", "robustness", "blocs")
# What reads tables of the snapshot, or says which they are: whoever asks a measure brings its tables.
LOADERS = {
    "load_table",
    "derived_table",
    "tables",
    "query",
    "members",
    "blocs",
    "vintage",
    "snapshot_date",
    "stored",
}


def imported(*folders: str) -> Iterator[tuple[str, str, str]]:
    """Yield file, module and name of every import from the package, within functions included."""
    for folder in folders or ("",):
        for file in sorted((PACKAGE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("parity."):
                    for name in node.names:
                        yield file.relative_to(PACKAGE).as_posix(), str(node.module), name.name


def test_a_measure_loads_no_table() -> None:
    found = [
        (file, name)
        for file, module, name in imported(*MEASURES)
        if module.startswith("parity.catalogue") and name in LOADERS
    ]
    assert found == []


def test_no_package_reaches_into_the_private_files_of_another() -> None:
    def private(name: str) -> bool:
        return name.startswith("_") and not name.startswith("__")

    found = [
        (file, module, name)
        for file, module, name in imported()
        if file.split("/")[0] != module.split(".")[1] and any(map(private, [*module.split("."), name]))
    ]
    assert found == []
