"""Run every ``bench_*.py`` beside this file, or those whose names are given, and print a table."""

from __future__ import annotations

import importlib
import platform
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table


def main(wanted: list[str]) -> None:
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    chosen = [name for name in found if not wanted or name.removeprefix("bench_") in wanted]
    if not chosen:
        known = ", ".join(name.removeprefix("bench_") for name in found)
        sys.exit(f"no benchmark named {' '.join(wanted)}; there are: {known}")
    console = Console()
    console.print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    for name in chosen:
        table = Table("what", "cost", "limit", "note", title=name.removeprefix("bench_"))
        for row in importlib.import_module(f"benchmarks.{name}").run():
            limit = "" if row.limit is None else f"{row.limit:g} {row.unit}"
            mark = "" if row.limit is None or row.value <= row.limit else "  OVER"
            table.add_row(row.name, f"{row.value:.3g} {row.unit}", limit + mark, row.note)
        console.print(table)


main(sys.argv[1:])
