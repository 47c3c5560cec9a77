"""Hold public statements of lags against measured ones: the table of ``docs/methods/lag-claims.md``.

``python -m tools.lag_claims CLAIMS.csv`` rewrites its rows; the words around them are written
by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from parity.ask.frontier import carried
from parity.estimate import Estimate
from parity.frontier import CheckedClaim, check_claims, fit_evidence

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "lag-claims.md"
HEAD = "| who | stated |"


def main(path: str) -> None:
    """Rewrite the table."""
    claims = pl.read_csv(path, infer_schema=False)
    checked = check_claims(fit_evidence(carried()), claims)
    rows = [_row(claim, source) for claim, source in zip(checked, claims["source_url"], strict=True)]
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(HEAD)
    head, line, after = (found + rest).split("\n", 2)
    words = after[after.index("\n\n") :]
    PAGE.write_text(before + "\n".join([head, line, *rows]) + words, encoding="utf-8")


def _row(claim: CheckedClaim, source: str) -> str:
    low, high = claim.claimed or (None, None)
    stated = "-" if low is None else f"{low:g}" if low == high else f"{low:g}-{high:g}"
    who = claim.who.split(" (")[0].split(",")[0]
    cells = [who, claim.date, claim.of, claim.behind, stated, claim.measure, _months(claim.measured)]
    return "| " + " | ".join(map(str, [*cells, claim.verdict, f"[source]({source})"])) + " |"


def _months(measured: Estimate) -> str:
    if measured.value is None:
        return "-"
    interval = "" if measured.low is None else f" ({measured.low:.1f} to {measured.high:.1f})"
    return f"{measured.value:.1f}{interval}"


if __name__ == "__main__":
    main(sys.argv[1])
