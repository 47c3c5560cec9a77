"""Scores with what is known of models and tests, ready to fit: carried ones, a user's own, or both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.frontier._capability import DOUBTS, Capability, fit
from parity.frontier._input import check_scores
from parity.frontier._options import BootstrapOptions, FitOptions, Resample
from parity.frontier._tidy import check_models, tidy


class Evidence(NamedTuple):
    """Scores, models and tests, the vintage of the data, fits made before, and how a table was read."""

    scores: pl.DataFrame
    models: pl.DataFrame | None
    tests: pl.DataFrame | None
    data: str
    stored: pl.DataFrame | None = None
    notes: tuple[str, ...] = ()


def own(
    frame: pl.DataFrame,
    name: str,
    *,
    benchmarks: pl.DataFrame,
    code: Callable[[str], str],
    today: dt.date,
    dated: bool,
) -> Evidence:
    """Return a user's scores, checked.

    Parameters
    ----------
    frame
        Columns model, benchmark and score; date and country too for a lag.
    name
        What to call the data.
    benchmarks
        What is known of benchmarks that a table may name.
    code
        From a country's name to its ISO3 code.
    today
        Releases after this day are refused.
    dated
        Whether every model needs a date and a country.

    Returns
    -------
    Evidence
        Scores with ISO3 codes for countries.

    Raises
    ------
    ParityError
        See ``check_scores``; also if a country is unknown, or a date or country is absent that is needed.
    """
    frame, notes = tidy(frame)
    checked = check_scores(frame, today=today)
    if "country" in checked.columns:
        given = checked["country"].drop_nulls().unique().to_list()
        codes = {country: code(country) for country in given}
        checked = checked.with_columns(pl.col("country").replace_strict(codes, default=None))
    check_models(checked)
    if dated:
        for column in ("date", "country"):
            _require(checked, column)
    # A chance level of the user's own goes before the carried one.
    given = [column for column in ("chance", "maximum", "domain") if column in checked.columns]
    tests = benchmarks.filter(pl.col("test").is_in(checked["test"].unique().to_list()))
    if given:
        own_tests = checked.group_by("test").agg(pl.col(given).drop_nulls().first())
        tests = own_tests.join(tests, on="test", how="left", suffix="_carried").with_columns(
            pl.coalesce(column, f"{column}_carried") for column in given
        )
        checked = checked.drop(given)
    return Evidence(checked, None, tests, name, notes=tuple(notes))


def _require(frame: pl.DataFrame, column: str) -> None:
    if column not in frame.columns:
        raise ParityError(
            f"a lag needs the column '{column}' in the scores (columns: {', '.join(frame.columns)})"
        )
    told = frame.group_by("model", maintain_order=True).agg(pl.col(column).drop_nulls().first())
    without = told.filter(pl.col(column).is_null())["model"].to_list()
    if without:
        raise ParityError(
            f"{len(without)} models have no {column}: {', '.join(without[:5])}; add it or drop them"
        )


def together(evidence: Evidence, base: Evidence) -> Evidence:
    """Return a user's scores added to the carried ones; the user's stand where both have one.

    Parameters
    ----------
    evidence, base
        The user's scores, and the carried ones.

    Raises
    ------
    ParityError
        If a model of the user's took no benchmark of the carried ones, or a carried model is given another
        country or date.
    """
    _check_shared(evidence, base)
    scores = evidence.scores.select("model", "test", "score")
    others = base.scores.join(scores, on=["model", "test"], how="anti")
    about = [c for c in evidence.scores.columns if c not in ("model", "test", "score")]
    own_models = evidence.scores.group_by("model", maintain_order=True).agg(
        pl.col(about).drop_nulls().first()
    )
    models = pl.concat(
        [own_models, base.models.join(own_models, on="model", how="anti")]
        if base.models is not None
        else [own_models],
        how="diagonal_relaxed",
    )
    data = f"{evidence.data}, {base.data}"
    return Evidence(pl.concat([scores, others]), models, base.tests, data, notes=evidence.notes)


def _check_shared(evidence: Evidence, base: Evidence) -> None:
    known = base.scores["test"].unique().to_list()
    shared = pl.col("test").is_in(known)
    lost = evidence.scores.group_by("model", maintain_order=True).agg(shared.any().alias("some"), "test")
    for model, some, tests in lost.iter_rows():
        if not some:
            hints = "".join(did_you_mean(test, known, 1) for test in tests)
            raise ParityError(
                f"{model} took no benchmark that Parity carries ({', '.join(tests[:5])}): nothing places it."
                f"{hints} `parity capability benchmarks` lists them"
            )
    if base.models is None:
        return
    both = evidence.scores.unique("model", maintain_order=True).join(
        base.models, on="model", suffix="_carried"
    )
    for column in ("country", "date"):
        if f"{column}_carried" in both.columns:
            odd = both.filter(pl.col(column) != pl.col(f"{column}_carried"))
            if odd.height:
                row = odd.row(0, named=True)
                raise ParityError(
                    f"{row['model']} is carried with the {column} {row[f'{column}_carried']}, your table "
                    f"says {row[column]}; give your model another name, or leave the {column} out"
                )


def fit_evidence(
    evidence: Evidence,
    *,
    options: FitOptions | None = None,
    resampling: BootstrapOptions | None = None,
    kinds: tuple[Resample, ...] = DOUBTS,
    progress: Callable[[int], None] | None = None,
) -> Capability:
    """Fit capability to some evidence; see ``parity.frontier.fit``."""
    found = fit(
        evidence.scores,
        models=evidence.models,
        tests=evidence.tests,
        options=options,
        resampling=resampling,
        kinds=kinds,
        stored=evidence.stored,
        data=evidence.data,
        progress=progress,
    )
    return replace(found, notes=(*evidence.notes, *found.notes)) if evidence.notes else found
