"""Store results that take seconds with the snapshot, so that answers need not wait for them.

``python -m tools.stored_results`` rewrites the tables ``rank_intervals``, ``rank_years`` and
``capability_draws`` in the snapshot's folder ``derived``, or those that are named; part of ``make snapshot``.
The same tables and spec give the same bytes, on any number of cores; it takes some minutes.
"""

from __future__ import annotations

import sys
import time

from parity.ask.stored import MAKERS, SHIPPED
from parity.catalogue._seal import write_derived


def main() -> None:
    """Make and write the tables."""
    for name in sys.argv[1:] or MAKERS:
        start = time.perf_counter()
        write_derived(name, MAKERS[name](SHIPPED))
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
