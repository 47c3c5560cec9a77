"""Scores with what is known of models and tests, ready to fit: carried ones, a user's own, or both."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from parity.errors import ParityError, near
from parity.frontier._capability import DOUBTS, Capability, fit
from parity.frontier._input import some
from parity.frontier._options import BootstrapOptions, FitOptions, Resample
from parity.frontier._tidy import Duplicates, check_models, tidy

# What a table of the user's own need not say of a carried model.
_CARRIED = ("date", "date_error", "country", "open_weights", "derived", "orchestrates", "family")
# Scores that differ by less are one score, rounded.
_SAME_SCORE = 5e-4


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
    models: pl.DataFrame,
    code: Callable[[str], str],
    today: dt.date,
    dated: bool,
    duplicates: Duplicates = "error",
) -> Evidence:
    """Return a user's scores, checked.

    Parameters
    ----------
    frame
        A table of scores; see ``parity.frontier._tidy``.
    name
        What to call the data, such as its file.
    benchmarks, models
        What is known of benchmarks and models that a table may name. Dates and countries that the table lacks
        are those of the model, or of other models of its developer.
    code
        From a country's name to its ISO3 code.
    today
        Releases after this day are refused.
    dated
        Whether models need dates and countries.
    duplicates
        What to do with several scores of a model on a benchmark.

    Returns
    -------
    Evidence
        Scores with ISO3 codes for countries.

    Raises
    ------
    ParityError
        If the table cannot be read, a country is unknown, or dates or countries are absent that are needed.
    """
    stem = re.sub(r"\.\w+$", "", re.split(r"[/\\]", name)[-1])
    read, notes = tidy(frame, stem if stem != name else "", today=today, duplicates=duplicates)
    if "country" in read.columns:
        read = read.with_columns(_countries(read["country"], code, notes))
    check_models(read)
    if dated:
        read = _filled(read, models, notes)
    tests = benchmarks.filter(pl.col("test").is_in(read["test"].unique().to_list()))
    given = [column for column in ("floor", "ceiling", "domain") if column in read.columns]
    if given:
        told = read.group_by("test").agg(pl.col(given).drop_nulls().first())
        tests = told.join(tests, on="test", how="left", suffix="_carried")
        if "domain" in given:
            domain = pl.coalesce("domain", "domain_carried").alias("domain")
            tests = tests.with_columns(domain).drop("domain_carried")
        read = read.drop(given)
    return Evidence(read, None, tests, name, notes=tuple(notes))


def _countries(column: pl.Series, code: Callable[[str], str], notes: list[str]) -> pl.Series:
    """Return countries as codes; of a list of several the first, which leads."""
    codes: dict[str, str | None] = {}
    for text in column.drop_nulls().cast(pl.String).unique().sort():
        parts = [part.strip() for part in re.split(r"[;,/|+]", text) if part.strip()]
        try:
            codes[text] = code(text) if parts else None
        except ParityError:
            if len(parts) < 2:
                raise
            codes[text] = code(parts[0])
            notes.append(f"{text} counts for the first, {codes[text]}")
    return column.cast(pl.String).replace_strict(codes, default=None, return_dtype=pl.String).alias("country")


def _filled(read: pl.DataFrame, models: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Return scores with the date and country of every model, from the carried models where none is given."""
    carried = models.with_columns(_loose("model")).unique("_key", keep="first").drop("model")
    about = [column for column in _CARRIED if column in carried.columns]
    known = read.with_columns(_loose("model")).join(
        carried.select("_key", *about), on="_key", how="left", suffix="_carried", maintain_order="left"
    )
    for column in about:
        if column in read.columns:
            known = known.with_columns(pl.coalesce(column, f"{column}_carried").alias(column))
    if "developer" in known.columns:
        makers = (
            models.drop_nulls(["developer", "country"])
            .group_by("developer")
            .agg(pl.col("country").mode().first().alias("_country"))
        )
        known = known.join(makers, on="developer", how="left", maintain_order="left")
        known = known.with_columns(pl.coalesce("country", "_country").alias("country"))
    for column in ("date", "country"):
        before = read if column in read.columns else read.with_columns(pl.lit(None).alias(column))
        lacked = set(before.filter(pl.col(column).is_null())["model"])
        without = known.filter(pl.col(column).is_null())["model"].unique(maintain_order=True).to_list()
        if len(without) == known["model"].n_unique():
            raise ParityError(
                f"a lag needs the column '{column}' in the scores (columns: {', '.join(read.columns)}), "
                "for Parity carries none of their models"
            )
        if found := sorted(lacked - set(without)):
            notes.append(f"{column} as Parity carries it, for the table gives none: {some(found)}")
        if without:
            notes.append(f"no {column}, so they set no frontier: {some(without)}")
    return known.select([*read.columns, *(c for c in about if c not in read.columns)])


def _loose(column: str) -> pl.Expr:
    """Return names without case, spaces and signs, under which spellings of one model meet."""
    return pl.col(column).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}+]", "").alias("_key")


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
    notes = list(evidence.notes)
    carried = base.models if base.models is not None else base.scores.select("model").unique()
    names = carried.with_columns(_loose("model")).unique("_key", keep="first").select("_key", _model="model")
    mine = evidence.scores.with_columns(_loose("model")).join(
        names, on="_key", how="left", maintain_order="left"
    )
    here = pl.when(pl.col("model").is_in(carried["model"].implode())).then("model").otherwise("_model")
    renamed = (
        mine.filter(here != pl.col("model"))
        .select("model", here.alias("carried"))
        .unique(maintain_order=True)
    )
    if renamed.height:
        pairs = [f"{own_name} is {known}" for own_name, known in renamed.iter_rows()]
        notes.append(f"models that Parity carries: {some(pairs)}")
    mine = mine.with_columns(pl.coalesce(here, "model").alias("model")).drop("_key", "_model")
    _check_shared(mine, base.scores["test"].unique().to_list(), notes)
    scores = mine.select("model", "test", "score").unique(
        ["model", "test"], keep="first", maintain_order=True
    )
    both = scores.join(base.scores, on=["model", "test"], suffix="_carried").filter(
        (pl.col("score") - pl.col("score_carried")).abs() > _SAME_SCORE
    )
    if both.height:
        replaced = [f"{m} on {t} {new:g} for {old:g}" for m, t, new, old in both.iter_rows()]
        notes.append(f"your scores stand in place of carried ones: {some(replaced)}")
    about = [c for c in mine.columns if c not in ("model", "test", "score")]
    told = mine.group_by("model", maintain_order=True).agg(pl.col(about).drop_nulls().first())
    tests = base.tests
    if evidence.tests is not None and tests is not None:
        mine_only = evidence.tests.select(c for c in evidence.tests.columns if not c.endswith("_carried"))
        tests = tests.update(mine_only, on="test", how="full")
    return Evidence(
        pl.concat([scores, base.scores.join(scores, on=["model", "test"], how="anti")]),
        _joined(told, base.models),
        tests,
        f"{evidence.data}, {base.data}",
        notes=tuple(notes),
    )


def _joined(told: pl.DataFrame, carried: pl.DataFrame | None) -> pl.DataFrame:
    """Return what is known of the user's models and the carried ones; the latter keep date and country."""
    if carried is None:
        return told
    both = told.join(carried, on="model", suffix="_carried")
    errors = [pl.col(c).fill_null(0) for c in ("date_error", "date_error_carried") if c in both.columns]
    apart = {
        "country": pl.col("country") != pl.col("country_carried"),
        "date": (pl.col("date") - pl.col("date_carried")).dt.total_days().abs()
        > pl.max_horizontal(0, *errors),
    }
    for column, odd in apart.items():
        if {column, f"{column}_carried"} <= set(both.columns) and (rows := both.filter(odd)).height:
            row = rows.row(0, named=True)
            raise ParityError(
                f"{row['model']} is carried with the {column} {row[f'{column}_carried']}, your table "
                f"says {row[column]}; give your model another name, or leave the {column} out"
            )
    rows = pl.concat([carried, told], how="diagonal_relaxed")
    return rows.group_by("model", maintain_order=True).agg(pl.all().drop_nulls().first())


def _check_shared(mine: pl.DataFrame, known: list[str], notes: list[str]) -> None:
    """Refuse models that share no benchmark with the carried ones, and suggest what was meant."""
    lost = mine.filter(~pl.col("test").is_in(known))
    if lost.is_empty():
        return
    hints = {test: _meant(test, known) for test in lost["test"].unique(maintain_order=True)}
    taken = mine.group_by("model", maintain_order=True).agg(pl.col("test").is_in(known).any(), tests="test")
    for model, shared, tests in taken.iter_rows():
        if not shared:
            raise ParityError(
                f"{model} took no benchmark that Parity carries: {some([hints[test] for test in tests])}; "
                "nothing places it. `parity capability benchmarks` lists them"
            )
    notes.append(f"benchmarks that Parity does not carry: {some(list(hints.values()))}")


def _meant(test: str, known: list[str]) -> str:
    """Return a name with the nearest carried ones; ways of taking one benchmark count as one."""
    bases: dict[str, list[str]] = {}
    for name in sorted(known, key=len):
        bases.setdefault(name.split(" (")[0].lower(), []).append(name)
    found = [name for base in near(test.split(" (")[0].lower(), bases, 1) for name in bases[base]]
    return f"{test} (did you mean {' or '.join(map(repr, found[:3]))}?)" if found else test


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
