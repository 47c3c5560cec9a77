"""No file imports itself by way of others, in a type or within a function included."""

from __future__ import annotations

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
