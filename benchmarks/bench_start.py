"""What a user waits for: import, help, a ranking, a brief, one build of the built-in index."""

from __future__ import annotations

import subprocess
import sys

from benchmarks import Measurement, best_of
from parity.catalogue import load_table
from parity.index import assemble, build, builtin_spec


def process(*words: str) -> float:
    """Return the shortest wall time of a fresh process, in seconds."""
    return best_of(lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True))


def command(*words: str) -> float:
    return process("-c", f"from parity.cli.main import main; main({list(words)!r})")


def run() -> list[Measurement]:
    spec = builtin_spec("open-ai-index")
    observations, countries = load_table("observations"), load_table("countries")
    table = assemble(spec, observations, countries).table
    size = f"{table.height} countries x {len(spec.codes)} indicators"
    bare = process("-c", "pass")
    return [
        Measurement("import parity", process("-c", "import parity"), note=f"bare Python: {bare:.3f} s"),
        Measurement("parity --help", command("--help"), limit=0.3),
        Measurement("parity rank", command("rank"), limit=1.0, note="warm file cache"),
        Measurement("parity brief RUS", command("brief", "RUS")),
        Measurement(
            f"assemble, {size}", best_of(lambda: assemble(spec, observations, countries)) * 1000, "ms"
        ),
        Measurement(f"build, {size}", best_of(lambda: build(spec, table), 20) * 1000, "ms", limit=30),
    ]
