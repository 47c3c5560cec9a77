"""Notable and large-scale models: training compute and hardware, scored on a benchmark or not."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._model_origin import MODEL_FILES, MODELS, country_list
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table

COLUMNS = (
    *("Model", "Organization", "Publication date", "Training compute (FLOP)", "Training hardware"),
    *(
        "Hardware quantity",
        "Model accessibility",
        "Country (of organization)",
        "Domain",
        "Base model",
        "Confidence",
    ),
)


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    iso3 = Names.of(built["country_names"])
    parts = [_file(raw, file, iso3).with_columns(rank=pl.lit(rank)) for rank, file in enumerate(MODEL_FILES)]
    rows = pl.concat(parts).sort("rank", maintain_order=True).group_by("model", maintain_order=True)
    filled = [c for c in TABLE.schema if c not in ("model", "notable", "hardware_flops", "hardware_released")]
    merged = rows.agg(pl.col(filled).drop_nulls().first(), notable=pl.col("notable").any())
    return (
        merged.filter(pl.col("date").is_not_null(), pl.col("country").is_not_null())
        .join(_hardware(raw), on="hardware", how="left")
        .select(list(TABLE.schema))
    )


def _file(raw: Raw, file: str, iso3: Names) -> pl.DataFrame:
    rows = raw.folder(MODELS).csv(file, *COLUMNS)
    countries = country_list(rows["Country (of organization)"], iso3)
    return rows.select(
        model=pl.col("Model").str.strip_chars(),
        developer="Organization",
        country=countries.list.first(),
        countries=countries.list.join(";"),
        date=pl.col("Publication date").str.to_date("%Y-%m-%d"),
        language=pl.col("Domain").str.contains("Language"),
        open_weights=pl.col("Model accessibility").str.starts_with("Open weights"),
        base="Base model",
        training_compute=pl.col("Training compute (FLOP)").cast(pl.Float64, strict=False),
        confidence=pl.col("Confidence").str.to_lowercase(),
        hardware=pl.col("Training hardware").str.split(",").list.first().str.strip_chars(),
        quantity=pl.col("Hardware quantity").cast(pl.Float64, strict=False),
        notable=pl.lit(file == MODEL_FILES[0]),
        source=pl.lit(MODELS),
    )


def _hardware(raw: Raw) -> pl.DataFrame:
    """Return peak 16-bit tensor performance and release date of accelerators."""
    rows = raw.folder(MODELS).csv(
        *("ml_hardware.csv", "Hardware name", "Release date"),
        *("Tensor-FP16/BF16 performance (FLOP/s)", "FP16 (half precision) performance (FLOP/s)"),
    )
    return (
        rows.select(
            hardware=pl.col("Hardware name").str.strip_chars(),
            hardware_released=pl.col("Release date").str.to_date("%Y-%m-%d", strict=False),
            hardware_flops=pl.coalesce(
                "Tensor-FP16/BF16 performance (FLOP/s)", "FP16 (half precision) performance (FLOP/s)"
            ).cast(pl.Float64, strict=False),
        )
        .drop_nulls("hardware")
        .unique("hardware", keep="first", maintain_order=True)
    )


TABLE = table("notable_models", _build, renew={MODELS: _build})
