"""Every pair of countries tested for a break, with the many tests taken into account."""

from __future__ import annotations

import numpy as np
import polars as pl

from parity.blocs._breaks import p_values, sup_f
from parity.blocs._panel import FloatArray, Panel
from parity.blocs.ties import common_rho, complete
from parity.stats import benjamini_hochberg, holm


def scan(panel: Panel, country: str | None = None, periods: int = 4, level: float = 0.9) -> pl.DataFrame:
    """Test every pair for a break, with the many tests taken into account.

    Parameters
    ----------
    panel
        Ties.
    country
        Keep the pairs of one country; all by default.
    periods
        Latest periods that ``weight`` and ``affinity`` are means of, and first periods that they are
        compared with.
    level
        Probability that the intervals cover.

    Returns
    -------
    polars.DataFrame
        One row per pair ever published: ``a, b, weight, affinity``, ``low`` and ``high`` of it,
        ``earlier`` (affinity of the first periods), ``published`` (periods), ``period`` of the clearest
        break, ``change`` of affinity there in per cent with ``change_low`` and ``change_high``, ``p``,
        ``p_holm`` (chance of any false break among the rows) and ``q`` (false discovery rate, Benjamini
        and Hochberg). All but the first four, ``earlier`` and ``published`` are null where the pair is
        not published throughout.
    """
    i, j, y = complete(panel)
    if country is not None:
        here = panel.place(country)
        keep = (i == here) | (j == here)
        i, j, y = i[keep], j[keep], y[keep]
    f, place = sup_f(y) if len(y) else (np.empty(0), np.empty(0, dtype=np.intp))
    rho = common_rho(panel)
    p = p_values(f, len(panel.periods), rho)
    change = _sized(y, place, rho, level)
    spread = np.exp(_reach(level, len(panel.periods)) * _scatter(y, rho) * _error_of_mean(periods, rho))
    codes = np.array(panel.codes)
    tested = pl.DataFrame(
        {
            "a": pl.Series(codes[i], dtype=pl.String),
            "b": pl.Series(codes[j], dtype=pl.String),
            "period": pl.Series([panel.periods[k] for k in place], dtype=pl.String),
            "change": change[0],
            "change_low": change[1],
            "change_high": change[2],
            "spread": spread,
            "p": p,
            "p_holm": holm(p),
            "q": benjamini_hochberg(p),
        }
    )
    frame = _levels_of(panel, country, periods).join(tested, on=["a", "b"], how="left", maintain_order="left")
    ends = {"low": pl.col("affinity") / pl.col("spread"), "high": pl.col("affinity") * pl.col("spread")}
    order = ["a", "b", "weight", "affinity", "low", "high", "earlier", "published", "period"]
    order += ["change", "change_low", "change_high", "p", "p_holm", "q"]
    frame = frame.with_columns(**ends).select(order)
    if country is None:
        return frame
    partner = pl.when(pl.col("a") == country).then("b").otherwise("a")
    return frame.with_columns(b=partner, a=pl.lit(country)).sort("weight", "b", descending=[True, False])


def _reach(level: float, t: int) -> float:
    """Return the quantile for a scatter from differences of t periods.

    Such a scatter has two thirds of the degrees of freedom of the usual one (Hall, Kay and Titterington
    1990).
    """
    from scipy.stats import t as student

    return float(student.ppf((1 + level) / 2, 2 * (t - 1) / 3))


def _scatter(y: FloatArray, rho: float) -> FloatArray:
    """Return the standard deviation of one period, shape (m,): from differences, which ignore a level."""
    return np.asarray(np.sqrt((np.diff(y, axis=1) ** 2).mean(axis=1) / (2 * (1 - rho))))


def _error_of_mean(n: int, rho: float) -> float:
    """Return the standard error of the mean of n neighbouring periods, in standard deviations of one."""
    gaps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return float(np.sqrt((rho**gaps).sum())) / n


def _sized(y: FloatArray, place: np.ndarray, rho: float, level: float) -> FloatArray:
    """Return the change at a break in per cent with the ends of its interval, shape (3, m)."""
    t = y.shape[1]
    after = np.arange(t) >= place[:, np.newaxis]
    contrast = after / np.maximum(after.sum(axis=1, keepdims=True), 1)
    contrast = contrast - ~after / np.maximum((~after).sum(axis=1, keepdims=True), 1)
    correlation = rho ** np.abs(np.subtract.outer(np.arange(t), np.arange(t)))
    error = _scatter(y, rho) * np.sqrt(np.einsum("mi,ij,mj->m", contrast, correlation, contrast))
    change = (contrast * y).sum(axis=1)
    reach = _reach(level, t) * error
    return np.asarray(100 * np.expm1(np.stack([change, change - reach, change + reach])))


def _levels_of(panel: Panel, country: str | None, periods: int) -> pl.DataFrame:
    """Return weight and affinity of every pair ever published, the largest first."""
    ever = np.triu((panel.weights > 0).any(axis=0), 1)
    if country is not None:
        here = panel.place(country)
        only = np.zeros_like(ever)
        only[here], only[:, here] = ever[here], ever[:, here]
        ever = only
    i, j = np.nonzero(ever)
    weights, fitted = panel.weights[:, i, j], panel.expected[:, i, j]
    codes = np.array(panel.codes)
    with np.errstate(invalid="ignore", divide="ignore"):
        now = weights[-periods:].sum(axis=0) / fitted[-periods:].sum(axis=0)
        before = weights[:periods].sum(axis=0) / fitted[:periods].sum(axis=0)
    return pl.DataFrame(
        {
            "a": pl.Series(codes[i], dtype=pl.String),
            "b": pl.Series(codes[j], dtype=pl.String),
            "weight": weights[-periods:].mean(axis=0),
            "affinity": pl.Series(now, nan_to_null=True),
            "earlier": pl.Series(before, nan_to_null=True),
            "published": (weights > 0).sum(axis=0),
        }
    ).sort("weight", "a", "b", descending=[True, False, False])
