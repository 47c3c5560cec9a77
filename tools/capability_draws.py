"""Store the fit of the carried scores with its refits, so that answers need not wait for it.

``python -m tools.capability_draws`` rewrites ``capability_draws.parquet`` in the snapshot's folder
``derived``; part of ``make snapshot``. It takes some seconds.
"""

from __future__ import annotations

from parity.ask.frontier import STORED, carried
from parity.catalogue._seal import write_derived
from parity.frontier import BootstrapOptions, fit_evidence

DRAWS = 100
"""Refits of each kind: what ``parity lag`` and ``parity capability`` use unless told otherwise."""


def main() -> None:
    """Fit and write the table."""
    made = fit_evidence(carried(afresh=True), resampling=BootstrapOptions(draws=DRAWS))
    write_derived(STORED, made.stored())


if __name__ == "__main__":
    main()
