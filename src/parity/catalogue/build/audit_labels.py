"""Labels of how language models answer criticism of governments, and who made the models."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table

FOLDER = "llm-audit/speechmap"
JUDGES = ("gpt4o", "grok41")
Built = Mapping[str, pl.DataFrame]


def _labels(raw: Raw, _: Built) -> pl.DataFrame:
    folder = raw.folder(FOLDER)
    columns = [f"label_{judge}" for judge in JUDGES]
    about = ("model", "criticised_government", "language", "form", "provider", "collected")
    table = folder.csv("labels.csv", *about, "judged_text_same", *columns)
    kept = table.select(
        "model",
        "language",
        *columns,
        government="criticised_government",
        form=pl.col("form").cast(pl.Int32),
        filtered=(pl.col("response_error") == "data_inspection_failed").fill_null(False)
        | (pl.col("finish_reason") == "content_filter").fill_null(False),
        same_text=pl.col("judged_text_same") == "1",
        host="provider",
        date=pl.col("collected").str.to_date(),
        source=pl.lit(folder.source),
    )
    long = kept.unpivot(
        columns,
        index=[name for name in kept.columns if name not in columns],
        variable_name="judge",
        value_name="label",
    )
    return long.with_columns(pl.col("judge").str.strip_prefix("label_"))


def _models(raw: Raw, _: Built) -> pl.DataFrame:
    folder = raw.folder(FOLDER)
    table = folder.csv("models.csv", "model", "developer", "developer_country", "base_country")
    return table.select(
        "model",
        "developer",
        country="developer_country",
        base_country=pl.coalesce("base_country", "developer_country"),
        first_collected=pl.col("first_collected").str.to_date(),
        last_collected=pl.col("last_collected").str.to_date(),
        source=pl.lit(folder.source),
    )


LABELS = table("audit_labels", _labels)

MODELS = table("audit_models", _models)
