"""``python -m parity.catalogue.build RAW``: write the snapshot that ships with Parity."""

from __future__ import annotations

import sys
from pathlib import Path

from parity.catalogue._seal import SNAPSHOT, seal
from parity.catalogue.build._frame import write
from parity.errors import ParityError


def main(arguments: list[str]) -> int:
    """Build from the folder that the first argument names; say what was written."""
    if len(arguments) != 1:
        print("usage: python -m parity.catalogue.build RAW", file=sys.stderr)
        return 2
    try:
        written = write(Path(arguments[0]), SNAPSHOT)
        seal()
    except ParityError as problem:
        print(f"snapshot: {problem}", file=sys.stderr)
        return problem.exit_status
    for name, size in written.items():
        print(f"{size:>10,}  {name}")
    print(f"{sum(written.values()):>10,}  in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
