"""Store the rank intervals of the built-in index: every variant, every pillar, every country.

``python -m tools.rank_intervals`` rewrites ``rank_intervals.parquet`` in the snapshot's folder ``derived``;
part of ``make snapshot``. The same tables and spec give the same bytes, on any number of cores; it takes
some minutes.
"""

from __future__ import annotations

import time

import polars as pl

from parity.ask.intervals import DRAWS, LEVEL, STORED, digest, made_places
from parity.ask.standing import standing
from parity.catalogue._seal import write_derived
from parity.index import VARIANTS

WHOLE_DRAWS = 100_000
# Base points of the sensitivity analysis of the whole index: which assumption moves a country.
BASE = 8_192


def main() -> None:
    """Make and write the table."""
    parts = []
    for variant in VARIANTS:
        found = standing("open-ai-index", variant)
        index = found.index
        top = index.tree.codes[-1]
        for code in (top, *(index.tree.codes[node] for node in found.group_nodes())):
            start = time.perf_counter()
            draws = WHOLE_DRAWS if code == top else DRAWS
            base = BASE if code == top else 0
            made = made_places(index.spec, index.stages["raw"].table, code, draws, base)
            parts.append(
                made.with_columns(
                    index=pl.lit(index.spec.index.id),
                    variant=pl.lit(variant),
                    node=pl.lit(code),
                    level=pl.lit(LEVEL),
                    draws=pl.lit(draws),
                    digest=pl.lit(digest(index.spec)),
                )
            )
            print(f"{variant} {code}: {draws:,} draws, {time.perf_counter() - start:.0f} s", flush=True)
    write_derived(STORED, pl.concat(parts).sort("variant", "node", "id"))


if __name__ == "__main__":
    main()
