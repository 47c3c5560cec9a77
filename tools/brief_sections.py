"""Store the sections of briefs that take seconds: every ranked country, the variant ``both``.

``python -m tools.brief_sections`` rewrites ``brief_sections.parquet`` in the snapshot's folder ``derived``;
part of ``make snapshot``. Only sections whose data or spec have changed are made anew; names of sections make
those anew: ``python -m tools.brief_sections lag claims``.
The same tables and spec give the same bytes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import polars as pl
from joblib import Parallel, delayed

from parity.ask.standing import Standing, standing
from parity.brief import stored
from parity.brief._gap import gaps
from parity.brief._goal import goal_section
from parity.brief._measures import lag
from parity.brief._record import claims
from parity.brief._trade import trade_section
from parity.brief.blocs import bloc_section, ties_section
from parity.brief.compose import BLOCS, year_before
from parity.brief.model import Missing, Section
from parity.catalogue import members, snapshot_date
from parity.catalogue._seal import SNAPSHOT, write_derived

DIGITS = 9
"""Significant digits: the last ones differ between processors."""


def main() -> None:
    """Make and write the table."""
    target = SNAPSHOT / "derived" / f"{stored.STORED}.parquet"
    known: dict[tuple[str, str, str], str] = {}
    if target.exists():
        rows = pl.read_parquet(target).select("section", "id", "digest", "json").iter_rows()
        known = {(name, unit, digest): text for name, unit, digest, text in rows}
        known = {key: text for key, text in known.items() if key[0] not in sys.argv[1:]}
    found = standing("open-ai-index", stored.VARIANT)
    units = [str(unit) for unit in found.index.units]
    spec = found.index.spec.to_toml()
    table = []
    for name in MAKERS:
        start, digest = time.perf_counter(), stored.digest(name, spec)
        wanted = [unit for unit in units if (name, unit, digest) not in known]
        made = dict(
            zip(wanted, Parallel(n_jobs=-1)(delayed(_text)(name, unit) for unit in wanted), strict=True)
        )
        table += [(name, unit, digest, made.get(unit) or known[name, unit, digest]) for unit in units]
        print(f"{name}: {len(made)} made, {time.perf_counter() - start:.0f} s", flush=True)
    write_derived(stored.STORED, stored.table(table))


def _bloc(found: Standing, unit: str) -> Section:
    first = next((bloc for bloc in BLOCS if unit in members(bloc)), None)
    return bloc_section(found, unit, first) if first else Missing(reason="no bloc")


# Those that take longest last: an early mistake shows early.
MAKERS: dict[str, Callable[[Standing, str], Section]] = {
    "lag": lambda _, unit: lag(unit, year_before(snapshot_date())),
    "ties": lambda _, unit: ties_section(unit),
    "trade": lambda _, unit: trade_section(unit),
    "bloc": _bloc,
    "claims": lambda _, unit: claims(unit),
    "goal": goal_section,
    "gap": gaps,
}


def _text(name: str, unit: str) -> str:
    section = MAKERS[name](standing("open-ai-index", stored.VARIANT), unit)
    return json.dumps(_rounded(section.model_dump(mode="json")), separators=(",", ":"))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return value


if __name__ == "__main__":
    main()
