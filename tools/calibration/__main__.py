"""Simulate how often tests err and intervals cover, and write ``docs/methods/calibration.md``.

``python -m tools.calibration`` (``make calibration``) takes about ten minutes of one quiet core. Every row
has a seed of its own, so that a part can be run again alone: ``python -m tools.calibration ties`` replaces
its rows in the page.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.calibration import audit, frontier, index, ties, trade
from tools.calibration.printed import BASES, PRINTED
from tools.calibration.rows import Row

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "calibration.md"
PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "audit": audit.selectivity,
    "audit rates": audit.rates,
    "audit contrasts": audit.contrasts,
    "developers": audit.developers,
    "judges": audit.judges,
    "corrections": audit.corrections,
    "ties": ties.breaks,
    "networks": ties.networks,
    "gravity": ties.gravity,
    "trade": trade.diversion,
    "mirror": trade.mirror,
    "trends": trade.trends,
    "capability": frontier.capability,
    "lag": frontier.lags,
    "projection": frontier.projection,
    "rank": index.ranks,
    "blocs": index.pooled,
}
HEAD = (
    "| part | what | truth simulated | error printed, % | error found, % | data sets | |\n"
    "|---|---|---|---|---|---|---|"
)


def of_page(name: str) -> tuple[str, list[str], str]:
    """Return a table of the page: what stands before it, its rows, and what stands after it."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    body, _, tail = rest.partition("<!-- end -->")
    return head, [line for line in body.splitlines() if line.startswith("| ")][1:], tail


def write(name: str, head: str, rows: list[str]) -> None:
    """Put a table into the page."""
    before, _, after = of_page(name)
    table = "\n".join([head, *rows])
    PAGE.write_text(f"{before}<!-- {name} -->\n\n{table}\n\n<!-- end -->{after}", encoding="utf-8")


def main() -> None:
    """Simulate the parts named, or all of them, and write their rows and the list of what is printed."""
    named = sys.argv[1:] or list(PARTS)
    for part in named:
        start = time.process_time()
        made = [row.markdown(part) for row in PARTS[part]()]
        print(f"{part}: {time.process_time() - start:.0f} s of processor time", flush=True)
        kept = [line for line in of_page("simulated")[1] if line.split("|")[1].strip() != part] + made
        place = {name: number for number, name in enumerate(PARTS)}
        write("simulated", HEAD, sorted(kept, key=lambda line: place.get(line.split("|")[1].strip(), 99)))
    listed = [f"| `{verb}` | {', '.join(f'`{key}`' for key in keys)} | {BASES[basis]} |"
              for verb, keys, basis in PRINTED]  # fmt: skip
    write("printed", "| answer | keys | what is known of its error |\n|---|---|---|", listed)


if __name__ == "__main__":
    main()
