"""Editions of the data that a spec's ``[robustness.vintages]`` names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from parity.ask.standing import Standing
from parity.catalogue import files, load_table
from parity.index import assemble
from parity.robustness import Assumptions


def editions(found: Standing, folder: Path) -> Mapping[str, pl.DataFrame]:
    """Return the data of every edition by its name; empty where the spec names none.

    Parameters
    ----------
    found
        The built index.
    folder
        Where the spec lies: files are relative to it.

    Raises
    ------
    ParityError
        If an edition cannot be read, or the spec does not take its data from the catalogue and names years.
    """
    spec = found.index.spec
    vintages = Assumptions.of(spec).vintages
    if vintages is None:
        return {}
    if vintages.files:
        return {name: files.read_table(folder / file) for name, file in vintages.files.items()}
    observations, countries = found.observations, load_table("countries")
    return {str(year): assemble(spec, observations, countries, year).table for year in vintages.years}
