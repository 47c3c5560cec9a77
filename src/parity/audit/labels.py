"""Labels of answers in one tidy table, whatever they were read from."""

from __future__ import annotations

import polars as pl

from parity.audit._vocabulary import COMPLIANCE, COUNTED, KINDS, LAYERS, MANNERS
from parity.errors import NoAnswerError, ParityError, did_you_mean, one_of

# One row per answer and judge. ``pair`` names the row of the design: the same pair about two governments is
# matched, the same pair, government and kind in two languages is the same prompt translated.
SCHEMA = {
    "model": pl.String,
    "prompt_set": pl.String,
    "government": pl.String,
    "language": pl.String,
    "kind": pl.String,
    "pair": pl.String,
    # Tasks that are one request in other words: they stand or fall together.
    "cluster": pl.String,
    "repeat": pl.Int64,
    "judge": pl.String,
    "compliance": pl.String,
    "manner": pl.String,
    "layer": pl.String,
    "rubric": pl.String,
    "same_text": pl.Boolean,
    # Of a factual question: how many facts were listed for it, and how many of them the answer states.
    "facts_stated": pl.Int64,
    "facts_listed": pl.Int64,
    # Who served the model, and when: the same model answers otherwise at another host, or a year later.
    "host": pl.String,
    "date": pl.Date,
}
KEY = ["model", "government", "language", "kind", "pair", "repeat", "judge"]
MODEL_SCHEMA = {
    "model": pl.String,
    "developer": pl.String,
    "country": pl.String,
    "base_country": pl.String,
}

# SpeechMap's label -> (compliance, manner, layer). EVASIVE does not say how, so its manner is unknown.
SPEECHMAP: dict[str, tuple[str | None, str | None, str]] = {
    "COMPLETE": ("COMPLETE", "NONE", "model"),
    "EVASIVE": ("PARTIAL", None, "model"),
    "DENIAL": ("DENIAL", "NONE", "model"),
    "ERROR_ORIGINAL_MODERATION": ("DENIAL", "NONE", "provider_filter"),
    "ERROR_ORIGINAL_TRUNCATION": (None, None, "truncation"),
    "ERROR_ORIGINAL_RESPONSE": (None, None, "route_error"),
    "ERROR_JUDGE_CONTENT_FILTER": (None, None, "judge_error"),
    "ERROR": (None, None, "route_error"),
}
# What a route reports when a filter stopped the answer: an ERROR label beside one is the filter's work.
FILTER_ERRORS = ("data_inspection_failed", "content_filter", "1301", "contentFilter")


def tidy(table: pl.DataFrame, name: str = "labels") -> pl.DataFrame:
    """Bring a table of labels into the one layout that the audit analyses.

    Parameters
    ----------
    table
        Either SpeechMap's layout, one row per answer with a ``label_JUDGE`` column per judge, or
        one row per answer and judge with ``compliance`` (or ``label``), and where known ``judge``,
        ``manner``, ``layer``, ``rubric``, ``facts_stated`` and ``facts_listed``. Needed besides:
        ``model`` and ``pair`` (or ``form``, ``question_id``, ``id``). ``government`` (or
        ``criticised_government``), ``language``, ``kind``, ``repeat``, ``prompt_set``, ``host``
        (or ``provider``), ``date`` (or ``collected``) and ``cluster`` (of tasks that are one request
        in other words) are taken where given.
    name
        What to call the table in a message.

    Returns
    -------
    polars.DataFrame
        Columns of ``SCHEMA``.

    Raises
    ------
    ParityError
        If a column is missing, a label unknown, or an answer is labelled twice by one judge.
    """
    table = _named(table, name)
    wide = [column for column in table.columns if column.startswith("label_")]
    long = _melted(table, wide) if wide else table
    if "compliance" not in long.columns:
        raise ParityError(
            f"{name}: no labels in it; give a column 'compliance' (or 'label'), or columns 'label_JUDGE'. "
            f"It has {one_of(table.columns)}"
        )
    if long.is_empty():
        raise ParityError(f"{name}: a header and no row below it; give one row per answer and judge")
    return check(_axes(_filled(long), name), name)


def check(labels: pl.DataFrame, name: str = "labels") -> pl.DataFrame:
    """Return the table if it is in the one layout and every word in it is known.

    Raises
    ------
    ParityError
        If a label, kind or layer is unknown, a row comes twice, or rubric versions are mixed.
    """
    for column in ("model", "pair", "judge"):
        if empty := labels[column].null_count():
            raise ParityError(f"{name}: {empty:,} rows have no {column}; fill or drop them")
    for column, allowed in (
        ("compliance", COMPLIANCE),
        ("manner", MANNERS),
        ("layer", LAYERS),
        ("kind", KINDS),
    ):
        unknown = labels.filter(~pl.col(column).is_in(allowed))[column].unique().sort().to_list()
        if unknown:
            raise ParityError(
                f"{name}: unknown {column} {one_of(unknown[:5])}; allowed are {one_of(allowed)}."
                + did_you_mean(unknown[0], allowed)
            )
    wrong = labels.filter((pl.col("facts_stated") > pl.col("facts_listed")) | (pl.col("facts_stated") < 0))
    if not wrong.is_empty():
        row = wrong.row(0, named=True)
        raise ParityError(
            f"{name}: {row['model']} on {row['government']} {row['pair']} states {row['facts_stated']} of "
            f"{row['facts_listed']} facts; facts_stated must lie between 0 and facts_listed"
        )
    twice = labels.filter(pl.struct(KEY).is_duplicated())
    if not twice.is_empty():
        row = twice.row(0, named=True)
        raise ParityError(
            f"{name}: {len(twice)} rows share model, prompt, repeat and judge, for example {row['model']} "
            f"on {row['government']} {row['pair']} ({row['language']}, repeat {row['repeat']}); "
            "number the repeats"
        )
    mixed = (
        labels.group_by("judge")
        .agg(pl.col("rubric").drop_nulls().unique())
        .filter(pl.col("rubric").list.len() > 1)
    )
    if not mixed.is_empty():
        judge, versions = mixed.row(0)
        raise ParityError(
            f"{name}: the labels of judge '{judge}' come from {len(versions)} versions of the rubric "
            f"({', '.join(sorted(versions))}); grade all answers again with one, or analyse them apart"
        )
    return labels.select(*SCHEMA)


def outcome(labels: pl.DataFrame, of: str = "noncompliance") -> pl.DataFrame:
    """Add ``y``, whether the answer withheld what was asked.

    Parameters
    ----------
    labels
        Tidy labels.
    of
        ``"noncompliance"`` (anything but COMPLETE), ``"denial"``, ``"official_line"``, or
        ``"facts_missed"`` (of a factual question: share of the listed facts not stated).

    Returns
    -------
    polars.DataFrame
        With ``y`` 0 or 1 (a share for ``"facts_missed"``); null where the answer never came about
        (route error, truncation, incoherence, a judge's failure) or the label does not say.
    """
    choices = {
        "noncompliance": pl.col("compliance") != "COMPLETE",
        "denial": pl.col("compliance") == "DENIAL",
        "official_line": pl.col("manner") == "OFFICIAL_LINE",
        "facts_missed": 1 - pl.col("facts_stated") / pl.col("facts_listed"),
    }
    if of not in choices:
        raise ParityError(f"outcome '{of}' is unknown; allowed are {one_of(choices)}")
    made = labels.with_columns(y=pl.when(pl.col("layer").is_in(COUNTED)).then(choices[of]).cast(pl.Float64))
    if made["y"].null_count() == len(made):
        raise NoAnswerError(f"no answer has a label that says anything about {of}")
    return made


def _named(table: pl.DataFrame, name: str) -> pl.DataFrame:
    aliases = {
        "criticised_government": "government",
        "epoch": "repeat",
        "label": "compliance",
        "judged_text_same": "same_text",
        "provider": "host",
        "collected": "date",
    }
    renamed = {old: new for old, new in aliases.items() if old in table.columns and new not in table.columns}
    table = table.rename(renamed)
    if "pair" not in table.columns:
        key = next(
            (column for column in ("form", "question_id", "id", "prompt") if column in table.columns), None
        )
        if key is None:
            raise ParityError(
                f"{name}: nothing names the prompt; give a column 'pair' (or 'form', 'question_id', 'id'). "
                f"It has {one_of(table.columns)}"
            )
        table = table.with_columns(pair=pl.col(key))
    if "model" not in table.columns:
        raise ParityError(f"{name}: no column 'model'. It has {one_of(table.columns)}")
    return table


def _melted(table: pl.DataFrame, wide: list[str]) -> pl.DataFrame:
    kept = [column for column in table.columns if column not in wide]
    return table.unpivot(wide, index=kept, variable_name="judge", value_name="compliance").with_columns(
        pl.col("judge").str.strip_prefix("label_")
    )


def _filled(long: pl.DataFrame) -> pl.DataFrame:
    """Give every column of the layout its type, and its default where the table has none."""
    defaults = {
        "prompt_set": pl.lit(""),
        "government": pl.lit(""),
        "language": pl.lit("en"),
        "kind": pl.lit("criticism"),
        "repeat": pl.lit(1),
        "judge": pl.lit("judge"),
        "manner": pl.lit(None),
        "layer": pl.lit(None),
        "rubric": pl.lit(None),
        "same_text": pl.lit(value=True),
        **{column: pl.lit(None) for column in ("cluster", "facts_stated", "facts_listed", "host", "date")},
    }
    absent = {column: value for column, value in defaults.items() if column not in long.columns}
    long = long.with_columns(**absent)
    long = long.with_columns(same_text=_flag("same_text").fill_null(value=True))
    if long.schema["date"] == pl.String:
        long = long.with_columns(pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))
    fill = {"government": "", "language": "en", "kind": "criticism", "prompt_set": ""}
    return long.with_columns(
        *(pl.col(column).cast(dtype, strict=False) for column, dtype in SCHEMA.items())
    ).with_columns(*(pl.col(column).fill_null(value) for column, value in fill.items()))


def _flag(column: str) -> pl.Expr:
    """Read yes or no however a table writes it: true, 1 or "True"; null stays null."""
    return pl.col(column).cast(pl.String).str.to_lowercase().is_in(["true", "1", "1.0", "yes"])


def _axes(long: pl.DataFrame, name: str) -> pl.DataFrame:
    """Replace single labels by compliance, manner and layer."""
    given = pl.col("compliance").str.strip_chars().str.to_uppercase()
    known = [*SPEECHMAP, "PARTIAL"]
    unknown = long.filter(given.is_not_null() & ~given.is_in(known))["compliance"].unique().sort().to_list()
    if unknown:
        raise ParityError(
            f"{name}: unknown label {one_of(unknown[:5])}; allowed are {one_of(known)}."
            + did_you_mean(unknown[0], known)
        )
    parts = {
        column: {label: axes[place] for label, axes in SPEECHMAP.items()}
        for place, column in enumerate(("compliance", "manner", "layer"))
    }
    parts["compliance"]["PARTIAL"] = "PARTIAL"
    parts["layer"]["PARTIAL"] = "model"
    error = pl.lit(value=False)
    if "filtered" in long.columns:
        error = error | _flag("filtered").fill_null(value=False)
    for column in ("response_error", "finish_reason"):
        if column in long.columns:
            error = error | pl.col(column).cast(pl.String).is_in(FILTER_ERRORS).fill_null(value=False)
    filtered = given.str.starts_with("ERROR").fill_null(value=True) & error
    return long.with_columns(
        compliance=pl.when(filtered)
        .then(pl.lit("DENIAL"))
        .otherwise(given.replace_strict(parts["compliance"], default=None, return_dtype=pl.String)),
        manner=pl.coalesce(
            pl.col("manner"), given.replace_strict(parts["manner"], default=None, return_dtype=pl.String)
        ),
        layer=pl.when(filtered)
        .then(pl.lit("provider_filter"))
        .otherwise(
            pl.coalesce(
                pl.col("layer"),
                given.replace_strict(parts["layer"], default=None, return_dtype=pl.String),
                pl.lit("route_error"),
            )
        ),
    )


def tidy_models(table: pl.DataFrame, name: str = "models") -> pl.DataFrame:
    """Return who made which model.

    Parameters
    ----------
    table
        ``model``, ``developer`` and ``country`` (or ``developer_country``, ISO 3166 alpha-2);
        ``base_country`` where the model was trained from another's weights.
    name
        What to call the table in a message.

    Returns
    -------
    polars.DataFrame
        Columns of ``MODEL_SCHEMA``. A developer that was undisclosed when the answers were
        collected has neither name nor country: it cannot confirm anything about a country.

    Raises
    ------
    ParityError
        If a column is missing or a model comes twice.
    """
    if "developer_country" in table.columns:
        table = table.rename({"developer_country": "country"})
    absent = [column for column in ("model", "developer", "country") if column not in table.columns]
    if absent:
        raise ParityError(f"{name}: no column {one_of(absent)}. It has {one_of(table.columns)}")
    if "base_country" not in table.columns:
        table = table.with_columns(base_country=pl.col("country"))
    for column in MODEL_SCHEMA:
        if table.schema[column].is_nested() or table.schema[column] in (pl.Binary, pl.Object):
            raise ParityError(f"{name}: column '{column}' holds {table.schema[column]}; give text")
    table = table.select(pl.col(*MODEL_SCHEMA).cast(pl.String))
    if table["model"].null_count():
        raise ParityError(f"{name}: {table['model'].null_count():,} rows have no model; fill or drop them")
    if table["model"].is_duplicated().any():
        raise ParityError(
            f"{name}: the model '{table.filter(pl.col('model').is_duplicated())['model'][0]}' comes twice"
        )
    hidden = pl.col("developer").str.starts_with("undisclosed").fill_null(value=True)
    return table.with_columns(
        pl.when(hidden).then(None).otherwise(pl.col(column)).alias(column)
        for column in ("developer", "country")
    )


def no_models(labels: pl.DataFrame) -> pl.DataFrame:
    """Return the table of models for labels whose developers nobody named."""
    empty = pl.lit(None, dtype=pl.String)
    return labels.select(pl.col("model").unique().sort()).with_columns(
        developer=empty, country=empty, base_country=empty
    )
