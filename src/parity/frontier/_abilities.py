"""Capabilities of models on one scale, with their draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.errors import ParityError
from parity.frontier._fit import Floats
from parity.frontier._options import Resample
from parity.stats import interval_ends, quantiles

LEVEL = 0.9
# What intervals of single capabilities made of that share of refits cover, about: 76 to 88 % in simulation
# (docs/methods/calibration.md), as the curve itself is taken as right. It is the level they are printed at.
COVERS = 0.8
# Models with fewer scores, over all or in a domain, set no frontier.
FEWEST_SCORES = 3
FEWEST_IN_DOMAIN = 2
# So many models have quartiles that no single one sets.
_LINKED_FROM = 20
# Standard deviations between both ends of a normal interval of 90 %.
_WIDTH = 2 * 1.6449


@dataclass(frozen=True, slots=True)
class Abilities:
    """Capabilities of models on one scale.

    Attributes
    ----------
    models
        One row per model: ``model``, ``n_scores`` and whatever the fit was told of it (``date``,
        ``country`` ...).
    point
        Capability, shape (n_models,); NaN for a model without a score.
    draws
        Resampled capabilities by kind of resampling, each of shape (n_draws, n_models).
    domain
        What the capability is in; ``"overall"`` for all tests together.
    """

    models: pl.DataFrame
    point: Floats
    draws: Mapping[Resample, Floats]
    domain: str = "overall"

    @classmethod
    def published(cls, table: pl.DataFrame, *, draws: int = 400, seed: int = 0) -> Abilities:
        """Return the capabilities that an index has published.

        Parameters
        ----------
        table
            One row per model: ``model``, ``capability``, perhaps ``low`` and ``high`` (the ends of 90 %
            intervals), and what a frontier needs: ``date``, ``country``, ``open_weights`` ...
        draws, seed
            Number of draws, normal and independent, and their seed.

        Raises
        ------
        ParityError
            If a column is absent.
        """
        absent = [name for name in ("model", "capability", "date") if name not in table.columns]
        if absent:
            raise ParityError(
                f"the index lacks the column {', '.join(absent)}; needed are model, capability, date"
            )
        point = table["capability"].cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()
        models = table if "n_scores" in table.columns else table.with_columns(n_scores=pl.lit(FEWEST_SCORES))
        drawn: dict[Resample, Floats] = {}
        if {"low", "high"} <= set(table.columns):
            width = (table["high"] - table["low"]).cast(pl.Float64).fill_null(0.0).to_numpy()
            noise = np.random.default_rng(seed).standard_normal((draws, point.size))
            drawn["scores"] = point + noise * width / _WIDTH
        return cls(models, point, drawn)

    @property
    def needed(self) -> int:
        """Scores that a model needs to set a frontier."""
        return FEWEST_SCORES if self.domain == "overall" else FEWEST_IN_DOMAIN

    def interval(self, level: float = LEVEL) -> tuple[Floats, Floats]:
        """Return the ends of the widest of the kinds' intervals per model.

        Parameters
        ----------
        level
            Probability that the interval covers.
        """
        low, high = self.point.copy(), self.point.copy()
        width = np.zeros(self.point.size)
        for draws in self.draws.values():
            ends = interval_ends(draws, level)
            wider = np.nan_to_num(ends[1] - ends[0]) > width
            width = np.where(wider, ends[1] - ends[0], width)
            # A model at the edge of its draws keeps its point inside the interval.
            low = np.where(wider, np.fmin(ends[0], self.point), low)
            high = np.where(wider, np.fmax(ends[1], self.point), high)
        return low, high

    def table(self, level: float = LEVEL) -> pl.DataFrame:
        """Return the models with ``capability``, ``low`` and ``high``, the most capable first."""
        low, high = self.interval(level)
        columns = {"capability": self.point, "low": low, "high": high}
        frame = self.models.with_columns(**{k: pl.Series(v).fill_nan(None) for k, v in columns.items()})
        return frame.sort("capability", "model", descending=[True, False], nulls_last=True)


def linked_draws(draws: Floats, point: Floats) -> Floats:
    """Put draws on the scale of the point estimates: same median, same distance between quartiles.

    A scale of capability has no zero and no unit of its own. Without linking, every interval would
    hold the doubt about the anchor, which moves all models together; quartiles link without heed to
    the few models whose capability runs away in a draw. Quartiles of a handful of models are those models:
    there, only the mean is linked, and their differences keep their error.

    Parameters
    ----------
    draws
        Capabilities of every draw, shape (n_draws, n_models); NaN where unknown.
    point
        Point estimates, shape (n_models,); NaN where unknown.

    Returns
    -------
    numpy.ndarray
        The draws, linked; shape (n_draws, n_models).
    """
    known = ~np.isnan(point)
    if known.sum() < _LINKED_FROM:
        apart = draws[:, known] - point[known]
        there = ~np.isnan(apart)
        # A draw may know none of these models: it stays unknown.
        drift = np.nansum(apart, axis=1) / np.maximum(there.sum(axis=1), 1)
        return np.asarray(draws - drift[:, None])
    shared = np.where(np.isnan(draws), np.nan, point)[:, known]
    low, middle, high = quantiles(draws[:, known].T, (0.25, 0.5, 0.75))
    low_to, middle_to, high_to = quantiles(shared.T, (0.25, 0.5, 0.75))
    stretch = np.divide(high_to - low_to, high - low, out=np.ones_like(low), where=high > low)
    linked: Floats = middle_to[:, None] + stretch[:, None] * (draws - middle[:, None])
    return linked
