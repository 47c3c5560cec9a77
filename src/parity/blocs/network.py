"""Whether a bloc's members work with each other more than chance groups of countries do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.blocs._panel import FloatArray, Panel
from parity.errors import NoAnswerError
from parity.stats import holm, quantiles, share_as_large

MEASURES = ("density", "inside", "affinity")

_DRAWS = 2_000
# A member is replaced by one of this many countries nearest to it in total ties.
_ALIKE = 20


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A bloc as a network of ties.

    Attributes
    ----------
    members
        Countries with ties, n of them, sorted by code.
    without_data
        Members of whom nothing is published.
    periods
        Periods whose mean is looked at.
    weights, affinity
        Mean events and observed over expected between members, shape (n, n); NaN on the diagonal and
        where nothing is published.
    values
        ``density`` (share of pairs that are published), ``inside`` (share of the members' ties that stay
        inside), ``affinity`` (all ties inside over those expected).
    random, alike
        The same of random groups of the same size, and of groups whose members are as large:
        measure -> 5 %, 50 % and 95 % quantile and the share of groups at least as high.
    hub
        Member with the largest share of the ties inside, and that share.
    seed
        Of the random groups.
    vintage
        Of the data.
    """

    members: tuple[str, ...]
    without_data: tuple[str, ...]
    periods: tuple[str, ...]
    weights: FloatArray
    affinity: FloatArray
    values: dict[str, float]
    random: dict[str, tuple[float, float, float, float]]
    alike: dict[str, tuple[float, float, float, float]]
    hub: tuple[str, float]
    seed: int
    vintage: str

    def table(self) -> pl.DataFrame:
        """Return one row per measure and kind of random group.

        Columns ``measure, against, value``, ``low, median, high`` and ``p``, and ``p_holm``: the chance of a
        false finding among density and affinity against countries as large. The other p only describe: the
        ties of large countries with each other are due to their size, and so is the share inside.
        """
        rows = []
        for kind, drawn in (("any countries", self.random), ("countries as large", self.alike)):
            for name in MEASURES:
                low, median, high, p = drawn[name]
                rows.append(
                    {"measure": name, "against": kind, "value": self.values[name]}
                    | {"low": low, "median": median, "high": high, "p": p}
                )
        table = pl.DataFrame(rows)
        tested = (pl.col("against") == "countries as large") & (pl.col("measure") != "inside")
        own = table.select(pl.when(tested).then("p").otherwise(float("nan"))).to_series().to_numpy()
        return table.with_columns(p_holm=pl.Series(holm(own)).fill_nan(None))


def network(
    panel: Panel, members: Sequence[str], periods: int = 4, draws: int = _DRAWS, seed: int = 0
) -> Network:
    """Measure a bloc's ties against random groups of countries.

    Parameters
    ----------
    panel
        Ties.
    members
        Countries.
    periods
        How many of the latest periods to average.
    draws
        Random groups.
    seed
        Of the random groups.

    Raises
    ------
    NoAnswerError
        If fewer than two members have published ties.
    """
    mean = panel.weights[-periods:].mean(axis=0)
    fitted = panel.expected[-periods:].mean(axis=0)
    active = np.flatnonzero(mean.sum(axis=1) > 0)
    known = sorted({code for code in members if code in panel.codes} & {panel.codes[k] for k in active})
    if len(known) < 2:
        raise NoAnswerError(
            f"ties need two countries with published collaboration; {len(known)} of the bloc has any"
        )
    group = np.array([panel.codes.index(code) for code in known])
    rng = np.random.default_rng(seed)
    values = _measures(mean, fitted, group[np.newaxis])[0]
    anyone = np.array([rng.choice(active, len(group), replace=False) for _ in range(draws)])
    alike = _as_large(mean.sum(axis=1), active, group, draws, rng)
    inner = mean[np.ix_(group, group)]
    share = inner.sum(axis=1) / inner.sum() if inner.sum() else np.zeros(len(group))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = inner / fitted[np.ix_(group, group)]
    return Network(
        members=tuple(known),
        without_data=tuple(sorted(set(members) - set(known))),
        periods=panel.periods[-periods:],
        weights=np.where(inner > 0, inner, np.nan),
        affinity=np.where(inner > 0, ratio, np.nan),
        values=dict(zip(MEASURES, values.tolist(), strict=True)),
        random=_against(values, _measures(mean, fitted, anyone)),
        alike=_against(values, _measures(mean, fitted, alike)),
        hub=(known[int(np.argmax(share))], float(share.max())),
        seed=seed,
        vintage=panel.vintage,
    )


def _measures(mean: FloatArray, fitted: FloatArray, groups: np.ndarray) -> FloatArray:
    """Return density, share inside and affinity of groups, shape (m, 3), from members, shape (m, n)."""
    n = groups.shape[1]
    rows, columns = groups[:, :, np.newaxis], groups[:, np.newaxis, :]
    inner, chance = mean[rows, columns], fitted[rows, columns]
    density = (inner > 0).sum(axis=(1, 2)) / (n * (n - 1))
    total = mean.sum(axis=1)[groups].sum(axis=1)
    inside = inner.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.column_stack([density, inside / total, inside / chance.sum(axis=(1, 2))])


def _as_large(
    strength: FloatArray, active: np.ndarray, group: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw groups whose members have about as many ties as the bloc's, shape (draws, n)."""
    log = np.log(strength[active])
    near = [active[np.argsort(np.abs(log - np.log(strength[one])), kind="stable")[:_ALIKE]] for one in group]
    found = np.empty((draws, len(group)), dtype=np.intp)
    for draw in range(draws):
        taken: set[int] = set()
        # The largest first: they have the fewest like them.
        for k in np.argsort(-strength[group], kind="stable"):
            free = [one for one in near[k] if one not in taken] or [one for one in active if one not in taken]
            found[draw, k] = free[rng.integers(len(free))]
            taken.add(int(found[draw, k]))
    return found


def _against(values: FloatArray, drawn: FloatArray) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for k, name in enumerate(MEASURES):
        low, median, high = (float(q) for q in quantiles(drawn[:, k], (0.05, 0.5, 0.95)))
        found[name] = (low, median, high, float(share_as_large(values[k], drawn[:, k])))
    return found
