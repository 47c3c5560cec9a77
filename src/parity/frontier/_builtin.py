"""The scores that Parity carries and a user's own, ready to fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from parity.catalogue import derived_table, find_country, load_table, members, vintage
from parity.errors import ParityError, did_you_mean
from parity.frontier._capability import DOUBTS, Capability, fit
from parity.frontier._frontier import WORLD, By
from parity.frontier._input import check_scores
from parity.frontier._options import BootstrapOptions, FitOptions, Resample
from parity.frontier._tidy import check_models, tidy

STORED = "capability_draws"
"""Table of the fit that ships with the scores."""


class Evidence(NamedTuple):
    """Scores, models and tests, the vintage of the data, fits made before, and how a table was read."""

    scores: pl.DataFrame
    models: pl.DataFrame | None
    tests: pl.DataFrame | None
    data: str
    stored: pl.DataFrame | None = None
    notes: tuple[str, ...] = ()


def carried(*, afresh: bool = False) -> Evidence:
    """Return the catalogue's scores: one per model and test, the median of repeated ones.

    Parameters
    ----------
    afresh
        Leave out the fit that ships with the scores, so that they are fitted anew.
    """
    scores = load_table("model_scores").filter(pl.col("test") != "")
    return Evidence(
        scores.group_by("model", "test").agg(pl.col("score").median()).sort("model", "test"),
        load_table("models"),
        load_table("benchmarks"),
        vintage(),
        None if afresh else derived_table(STORED),
    )


def own(frame: pl.DataFrame, name: str, *, today: dt.date, dated: bool) -> Evidence:
    """Return a user's scores, checked.

    Parameters
    ----------
    frame
        Columns model, benchmark and score; date and country too for a lag.
    name
        What to call the data.
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
        codes = {country: find_country(country).iso3 for country in given}
        checked = checked.with_columns(pl.col("country").replace_strict(codes, default=None))
    check_models(checked)
    if dated:
        for column in ("date", "country"):
            _require(checked, column)
    known = load_table("benchmarks")
    # A chance level of the user's own goes before the carried one.
    given = [column for column in ("chance", "maximum", "domain") if column in checked.columns]
    tests = known.filter(pl.col("test").is_in(checked["test"].unique().to_list()))
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


class Sides(NamedTuple):
    """Two sides of a comparison: what they are groups of, members of blocs if any, and their names."""

    by: By
    blocs: dict[str, list[str]] | None
    of: str
    behind: str


def sides(country: str, behind: str) -> Sides:
    """Find out what two sides of a comparison are.

    Parameters
    ----------
    country, behind
        Codes or names of countries, several joined by ``+``; blocs; ``open`` and ``closed``. An empty
        ``country`` stands for any.

    Returns
    -------
    Sides
        What to group by, the members of blocs if there are any, and the names of both groups.

    Raises
    ------
    ParityError
        If a side is nothing known, or kinds of weights are compared with a country.
    """
    kinds = [side.lower() in ("open", "closed") for side in (country, behind)]
    if any(kinds):
        other = {"open": "closed", "closed": "open"}.get(country.lower(), behind.lower())
        if not kinds[1] and behind != "USA":
            raise ParityError(f"'{country}' weights are compared with '{other}' ones, not with '{behind}'")
        return Sides("openness", None, country.lower(), other)
    named = [_side(side) for side in (country, behind)]
    if any(bloc for bloc, _ in named):
        blocs = {country: named[0][1], behind: named[1][1]}
        return Sides("bloc", blocs, country, behind)
    of, reference = ("+".join(members) for _, members in named)
    return Sides("country", None, of, reference)


def _side(text: str) -> tuple[bool, list[str]]:
    """Return whether a side is a bloc, and its countries."""
    if not text:
        return False, []
    try:
        return False, [part if part == WORLD else find_country(part).iso3 for part in text.split("+")]
    except ParityError as unknown:
        try:
            return True, members(text)
        except ParityError:
            raise unknown from None


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
