"""Labels and models from where a user has them: the snapshot, a file, or a folder of logs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl

from parity.audit._logs import labels_from_logs
from parity.audit.labels import no_models, tidy, tidy_models
from parity.catalogue import files, find_country, load_table, members, vintage
from parity.errors import ParityError


class Labelled(NamedTuple):
    """Labels, who made the models, and where both came from.

    Attributes
    ----------
    labels
        Tidy labels.
    models
        Table of models; one row a model of the labels.
    data
        Origin in one line.
    """

    labels: pl.DataFrame
    models: pl.DataFrame
    data: str


def read_labels(path: str | None = None, models: str | None = None) -> Labelled:
    """Read labels.

    Parameters
    ----------
    path
        A table (CSV, TSV, Excel, Parquet), a folder with ``labels.csv``, or a folder of Inspect
        logs; the snapshot's labels by default.
    models
        Table of models; the snapshot's by default, which a ``models.csv`` beside ``labels.csv``
        goes before.

    Raises
    ------
    ParityError
        If a file is absent, or not what it should be.
    """
    if path is None:
        labels, data = tidy(load_table("audit_labels"), "snapshot"), f"SpeechMap labels, {vintage()}"
    elif Path(path).is_dir() and not (Path(path) / "labels.csv").is_file():
        labels, data = labels_from_logs(path), f"Inspect logs in {path}"
    else:
        file = Path(path) / "labels.csv" if Path(path).is_dir() else Path(path)
        labels, data = tidy(files.read_table(file), str(file)), str(file)
        beside = file.with_name("models.csv")
        if models is None and file.name == "labels.csv" and beside.is_file():
            models = str(beside)
    known = load_table("audit_models") if models is None else files.read_table(models)
    made = tidy_models(known, models or "snapshot")
    return Labelled(labels, no_models(labels).select("model").join(made, on="model", how="left"), data)


def read_human(path: str) -> pl.DataFrame:
    """Read people's labels of a sample of the answers, in the layout of the labels.

    Raises
    ------
    ParityError
        If the file is absent, or not a table of labels.
    """
    return tidy(files.read_table(path), path)


def own_governments() -> dict[str, str]:
    """Return which codes of countries stand for another government in the labels.

    Returns
    -------
    dict of str to str
        Every member state of the European Union (alpha-2) -> ``"EU"``.
    """
    return {find_country(iso3).iso2: "EU" for iso3 in members("EU")}


def alpha2(text: str) -> str:
    """Return the code that the labels use for a government: ``EU``, or ISO 3166 alpha-2.

    Raises
    ------
    ParityError
        If there is no such country.
    """
    if text.strip().upper() == "EU":
        return "EU"
    return find_country(text).iso2


def read_prompts(path: str | None) -> tuple[str | None, str]:
    """Return the text of a file of own prompts and its name, or nothing where there is none.

    Raises
    ------
    ParityError
        If the file is absent or not text.
    """
    if path is None:
        return None, ""
    if Path(path).suffix.lower() not in (".jsonl", ".json", ".txt"):
        raise ParityError(f"{path}: own prompts are JSON lines; give a .jsonl file")
    return files.read_text(path), path
