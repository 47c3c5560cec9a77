"""Statistics of columns: moments with flags, correlations with p-values, reliability, components."""

from __future__ import annotations

import numpy as np
import polars as pl

from parity.errors import ParityError
from parity.index._table import Block
from parity.index._transform import moments
from parity.index._weights import complete_rows, correlation, pairwise_correlation
from parity.stats import FloatArray

# Limits of the flags, as COINr sets them.
_AVAILABLE, _NONZERO, _UNIQUE = 0.65, 0.5, 0.5
_SKEWNESS, _KURTOSIS = 2.0, 3.5
# Tukey's far-out points: this many interquartile ranges outside the quartiles.
_FAR_OUT = 3.0


def statistics(values: FloatArray, codes: tuple[str, ...]) -> pl.DataFrame:
    """Return statistics of each column, with flags.

    Flags: ``few`` values available (below 0.65), ``zeros`` (fewer than half of the cells
    are something else), ``repeated`` (distinct values for fewer than half of the cells),
    ``outliers`` (absolute skewness above 2 and kurtosis above 3.5), ``constant`` and
    ``empty``.

    ``values``: shape (n, k); NaN is missing. Returns: one row per column. Unrounded; the limits are those
    of COINr's get_stats.
    """
    rows = [{"indicator": code, **_statistics(column)} for code, column in zip(codes, values.T, strict=True)]
    floats = ("min", "max", "mean", "median", "sd", "skewness", "kurtosis")
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(floats, pl.Float64), infer_schema_length=None)


def _statistics(column: FloatArray) -> dict[str, object]:
    x = column[~np.isnan(column)]
    n = len(x)
    skewness, kurtosis = moments(column)
    _, counts = np.unique(x, return_counts=True)
    nonzero, distinct = int((x != 0).sum()), len(counts)
    flags = [
        name
        for name, raised in (
            ("empty", n == 0),
            ("constant", distinct == 1),
            ("few", n / len(column) < _AVAILABLE),
            ("zeros", nonzero / len(column) < _NONZERO),
            ("repeated", distinct / len(column) < _UNIQUE),
            ("outliers", abs(skewness) > _SKEWNESS and kurtosis > _KURTOSIS),
        )
        if raised
    ]
    return {
        "min": float(x.min()) if n else None,
        "max": float(x.max()) if n else None,
        "mean": float(x.mean()) if n else None,
        "median": float(np.median(x)) if n else None,
        "sd": float(x.std(ddof=1)) if n > 1 else None,
        "skewness": None if np.isnan(skewness) else skewness,
        "kurtosis": None if np.isnan(kurtosis) else kurtosis,
        "available": n,
        "nonzero": nonzero,
        "distinct": distinct,
        "same": int(counts.max(initial=0)),
        "share_available": n / len(column),
        "share_nonzero": nonzero / n if n else None,
        "share_distinct": distinct / n if n else None,
        "share_same": int(counts.max(initial=0)) / n if n else None,
        "flags": " ".join(flags),
    }


def correlations(values: FloatArray, codes: tuple[str, ...]) -> pl.DataFrame:
    """Return Pearson correlations of all pairs of columns with p-values, over rows that have both.

    ``values``: shape (n, k); NaN is missing. Returns: k x k
    rows: first, second, n, correlation, p (two-sided t-test); null where a column does not vary.
    """
    there = ~np.isnan(values)
    counts = there.T.astype(float) @ there
    matrix = pairwise_correlation(values)
    k = len(codes)
    return pl.DataFrame(
        {
            "first": np.repeat(codes, k),
            "second": list(codes) * k,
            "n": counts.ravel().astype(int),
            "correlation": matrix.ravel(),
            "p": _p_values(matrix, counts).ravel(),
        }
    ).with_columns(pl.col("correlation", "p").fill_nan(None))


def _p_values(matrix: FloatArray, counts: FloatArray) -> FloatArray:
    from scipy.special import stdtr

    freedom = np.where(counts > 2, counts - 2, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(matrix) * np.sqrt(freedom / (1 - matrix**2))
    return np.asarray(2 * stdtr(freedom, -t))


def cronbach_alpha(values: FloatArray) -> float:
    r"""Return Cronbach's alpha of columns, :math:`k^2 \bar c / \sum_{ij} c_{ij}`.

    Covariances are over the rows that both columns have, and :math:`\bar c` is the mean
    of those between different columns.

    ``values``: shape (n, k); NaN is missing. Returns: NaN for fewer than two columns. Cronbach (1951).
    """
    k = values.shape[1]
    if k < 2:
        return float("nan")
    covariance = np.full((k, k), np.nan)
    for i in range(k):
        for j in range(i, k):
            both = ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
            if both.sum() >= 2:
                covariance[i, j] = covariance[j, i] = np.cov(values[both, i], values[both, j])[0, 1]
    total = np.nansum(covariance)
    mean = (total - np.nansum(np.diag(covariance))) / (k * (k - 1))
    return float(k**2 * mean / total) if total else float("nan")


def principal_components(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return shares of variance, shape (k,), and loadings, shape (k, k), of standardised columns.

    Over rows that lack nothing; loadings of a component stand in a column, greatest first.
    """
    matrix = correlation(complete_rows(values))
    if np.isnan(matrix).any():
        raise ParityError("principal components need columns that vary over the complete rows")
    shares, loadings = np.linalg.eigh(matrix)
    return shares[::-1] / len(matrix), loadings[:, ::-1]


def far_out(block: Block, codes: tuple[str, ...]) -> pl.DataFrame:
    """Return cells more than three interquartile ranges outside the quartiles (Tukey's far out)."""
    body = []
    for code, column in zip(codes, block.values.T, strict=True):
        if np.isnan(column).all():
            continue
        low, high = np.nanpercentile(column, [25, 75])
        reach = _FAR_OUT * (high - low)
        for row in np.flatnonzero((column < low - reach) | (column > high + reach)):
            side = "high" if column[row] > high else "low"
            body.append({"indicator": code, "id": block.ids[row], "value": float(column[row]), "side": side})
    schema = {"indicator": pl.String, "id": pl.String, "value": pl.Float64, "side": pl.String}
    return pl.DataFrame(body, schema=schema)
