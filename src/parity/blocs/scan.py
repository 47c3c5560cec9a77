"""Every pair of countries tested for a break, with the many tests taken into account."""

from __future__ import annotations

import numpy as np
import polars as pl

from parity.blocs._breaks import FEWEST, STRONG, Weighed, changes, p_values, rho_prior
from parity.blocs._panel import FloatArray, Panel
from parity.blocs.ties import complete, per_cent, reach_of
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
        ``earlier`` (affinity of the first periods), ``published`` (periods), ``kind``, ``period`` and
        ``until`` of the likeliest change (as in `parity.blocs.Break`), ``change`` of affinity there in per
        cent with ``change_low`` and ``change_high``, ``p``, ``p_step``, ``p_holm`` (chance of any false
        break among the rows) and ``q`` (false discovery rate, Benjamini and Hochberg). All but the first
        four, ``earlier`` and ``published`` are null where the pair is not published throughout.
    """
    i, j, y = complete(panel)
    prior = rho_prior(y) if len(panel.periods) >= FEWEST else STRONG
    if country is not None:
        here = panel.place(country)
        keep = (i == here) | (j == here)
        i, j, y = i[keep], j[keep], y[keep]
    tested = _tested(panel, i, j, y, prior, periods, level)
    frame = _levels_of(panel, country, periods).join(tested, on=["a", "b"], how="left", maintain_order="left")
    ends = {"low": pl.col("affinity") / pl.col("spread"), "high": pl.col("affinity") * pl.col("spread")}
    order = ["a", "b", "weight", "affinity", "low", "high", "earlier", "published", "kind", "period", "until"]
    order += ["change", "change_low", "change_high", "p", "p_step", "p_holm", "q"]
    frame = frame.with_columns(**ends).select(order)
    if country is None:
        return frame
    partner = pl.when(pl.col("a") == country).then("b").otherwise("a")
    return frame.with_columns(b=partner, a=pl.lit(country)).sort("weight", "b", descending=[True, False])


def _tested(
    panel: Panel,
    i: np.ndarray,
    j: np.ndarray,
    y: FloatArray,
    prior: tuple[float, ...],
    periods: int,
    level: float,
) -> pl.DataFrame:
    """Return the likeliest change of each pair, shape (m, t) of log affinity."""
    schema = dict.fromkeys(("a", "b", "kind", "period", "until"), pl.String) | dict.fromkeys(
        ("change", "change_low", "change_high", "spread", "p", "p_step", "p_holm", "q"), pl.Float64
    )
    if not len(y) or y.shape[1] < FEWEST:
        return pl.DataFrame(schema=schema)
    weighed = Weighed.of(y, prior)
    p, p_step = p_values(y)
    where = changes(weighed, p_step, level=level)
    low, value, high = per_cent(weighed, where.contrast, where.reach)
    latest = np.where(np.arange(y.shape[1]) >= y.shape[1] - periods, 1 / periods, 0.0)
    codes, names = np.array(panel.codes), np.array(panel.periods)
    return pl.DataFrame(
        {
            "a": codes[i],
            "b": codes[j],
            "kind": where.kind,
            "period": names[where.period],
            "until": names[where.until],
            "change": value,
            "change_low": low,
            "change_high": high,
            "spread": np.exp(reach_of(weighed, level) * weighed.error(latest)),
            "p": p,
            "p_step": p_step,
            "p_holm": holm(p),
            "q": benjamini_hochberg(p),
        },
        schema=schema,
    )


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
