"""How far weights must move before two units change places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.optimize import brentq

from parity.errors import NoAnswerError, ParityError
from parity.index import Index
from parity.stats import FloatArray

_STEPS = 64
_STEP = 1e-6
_ROUNDS = 200
# A gap this small, in score points, is none.
SAME = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Swap:
    """What weights would make two units change places."""

    # The units; ``a`` is the one ahead.
    a: str
    b: str
    gap: float  # score of ``a`` less that of ``b``, above 0
    codes: tuple[str, ...]  # codes of the indicators and groups below the index, m of them
    shares: FloatArray  # share of each in its group as it is, shape (m,)
    # Share at which the two are level if this weight alone moves and the others of the group keep their
    # proportions, shape (m,); NaN where no share does it.
    needed: FloatArray
    effective: FloatArray  # share of each indicator in the index as it is, shape (k,)
    # Shares of the indicators in the index, shape (k,), nearest to ``effective`` (least sum of squared
    # differences) among those at which the two are level.
    joint: FloatArray

    @property
    def moved(self) -> float:
        """Weight that the smallest joint move takes from some indicators and gives to others, 0 to 1."""
        return float(np.abs(self.joint - self.effective).sum() / 2)

    def table(self) -> pl.DataFrame:
        """Return one row per weight: node, share, needed, change; the smallest change first, then null."""
        return pl.DataFrame(
            {
                "node": self.codes,
                "share": self.shares,
                "needed": pl.Series(self.needed, nan_to_null=True),
                "change": pl.Series(self.needed - self.shares, nan_to_null=True),
            }
        ).sort(pl.col("change").abs(), "node", nulls_last=True)

    def joint_table(self) -> pl.DataFrame:
        """Return one row per indicator: share of the index as it is, in the smallest joint move, change."""
        return pl.DataFrame(
            {
                "indicator": self.codes[: len(self.effective)],
                "share": self.effective,
                "needed": self.joint,
                "change": self.joint - self.effective,
            }
        ).sort(pl.col("change").abs(), "indicator", descending=[True, False])


def swap(index: Index, a: str, b: str) -> Swap:
    """Return how far each weight, or all together, must move before two units change places.

    Normalised values and learned scales stay as they are. For arithmetic aggregation the answers are
    exact; for others each weight is searched over its whole range for the nearest crossing, and the joint
    move is found by linearising the gap until it closes. Of a panel, the last year counts.

    Returns: shares needed, and the smallest joint move.
    """
    index = index.of_year()
    if a == b:
        raise ParityError(f"'{a}' cannot change places with itself; name two units")
    gap = index.score(a) - index.score(b)
    if np.isnan(gap):
        raise NoAnswerError(f"'{a if np.isnan(index.score(a)) else b}' has no score in the index")
    if abs(gap) <= SAME:
        raise NoAnswerError(f"'{a}' and '{b}' have the same score already")
    if gap < 0:
        a, b, gap = b, a, -gap
    rows = (index.row(a), index.row(b))
    tree = index.tree
    shares = shares_of(index, index.weights)
    needed = np.array([needed_of(index, rows, node, shares[node]) for node in range(tree.n_nodes - 1)])
    effective = tree.effective_weights(index.weights)[: tree.n_indicators]
    joint = joint_of(index, rows, effective)
    return Swap(a, b, gap, tree.codes[:-1], shares[:-1], needed, effective, joint)


def gap_of(index: Index, rows: tuple[int, int], weights: FloatArray) -> float:
    """Return the score of the first row less that of the second under other weights."""
    values = index.stages["normalised"].values
    scores = index.scoring.with_weights(weights).scores(values[list(rows)])[:, -1]
    return float(scores[0] - scores[1])


def shares_of(index: Index, weights: FloatArray) -> FloatArray:
    """Return each node's share in its group, shape (n_nodes,); 1 for the index."""
    shares = np.ones(index.tree.n_nodes)
    for group in index.tree.groups:
        members = index.tree.children(group)
        shares[members] = weights[members] / weights[members].sum()
    return shares


def needed_of(index: Index, rows: tuple[int, int], node: int, share: float, steps: int = _STEPS) -> float:
    """Return the share of one node at which the gap is closed, the nearest to what it is; NaN for none."""
    siblings = index.tree.children(int(index.tree.parents[node]))
    rest = float(index.weights[siblings].sum() - index.weights[node])
    if rest <= 0:
        return np.nan  # alone in its group: its share is 1 whatever its weight

    def gap(at: float) -> float:
        weights = index.weights.copy()
        weights[siblings] *= (1 - at) / rest
        weights[node] = at
        return gap_of(index, rows, weights)

    none, half, whole = gap(0.0), gap(0.5), gap(1.0)
    if abs(none + whole - 2 * half) <= SAME:
        # Arithmetic on the way up: the gap is a straight line in the share.
        at = none / (none - whole) if none != whole else np.nan
        return float(at) if 0 <= at <= 1 else np.nan
    crossings = []
    for grid in (np.linspace(share, 1, steps), np.linspace(share, 0, steps)):
        values = np.array([gap(at) for at in grid])
        ends = np.flatnonzero(values <= 0)
        if len(ends) and ends[0] > 0:
            crossings.append(float(brentq(gap, grid[ends[0] - 1], grid[ends[0]], xtol=1e-14)))
    return min(crossings, key=lambda at: abs(at - share), default=np.nan)


def joint_of(index: Index, rows: tuple[int, int], effective: FloatArray) -> FloatArray:
    """Return the shares of the indicators in the index nearest to the given ones that close the gap."""

    def gap(shares: FloatArray) -> float:
        return gap_of(index, rows, _node_weights(index, shares))

    current = effective
    for _ in range(_ROUNDS):
        here = gap(current)
        if abs(here) <= SAME:
            return current
        slopes = np.array([(gap(_moved(current, i)) - here) / _STEP for i in range(len(current))])
        found = nearest_shares(effective, slopes, float(slopes @ current) - here)
        if found is None:
            break
        current = found
    raise NoAnswerError(
        "no weights close the gap: one unit is ahead in every indicator that the other could gain from"
    )


def _moved(shares: FloatArray, place: int) -> FloatArray:
    """Return shares with a little more of one; they need not add up to 1, for weights are relative."""
    moved = shares.copy()
    moved[place] += _STEP
    return moved


def _node_weights(index: Index, shares: FloatArray) -> FloatArray:
    """Return weights of all nodes that give the indicators these shares of the index, shape (n_nodes,)."""
    weights = np.ones(index.tree.n_nodes)
    # A group without any weight keeps a trace of it, for its members' proportions to be defined.
    weights[: len(shares)] = np.maximum(shares, 1e-15)
    for group in index.tree.groups:
        weights[group] = weights[index.tree.children(group)].sum()
    return weights


def nearest_shares(centre: FloatArray, slopes: FloatArray, level: float) -> FloatArray | None:
    r"""Return the point of the simplex nearest to a centre on which a linear form has a given value.

    The Lagrange conditions give :math:`x = \max(0, c + \lambda + \mu s)`: for each :math:`\mu` the
    projection on the simplex settles :math:`\lambda`, and the form grows with :math:`\mu`.

    ``centre``: shape (k,), adds up to 1. ``slopes``: linear form, shape (k,). Returns: shape (k,), not
    negative, adds up to 1; ``None`` where the form does not take the value.
    """
    if not slopes.min() <= level <= slopes.max():
        return None

    def excess(mu: float) -> float:
        return float(slopes @ _on_simplex(centre + mu * slopes)) - level

    reach = 1.0 / max(np.ptp(slopes), 1e-300)
    while excess(-reach) > 0 or excess(reach) < 0:
        reach *= 2
        if not np.isfinite(reach):
            return None
    return _on_simplex(centre + brentq(excess, -reach, reach, xtol=1e-300, rtol=1e-15) * slopes)


def _on_simplex(point: FloatArray) -> FloatArray:
    """Return the nearest point whose parts are not negative and add up to 1 (Held, Wolfe, Crowder 1974)."""
    ordered = np.sort(point)[::-1]
    excess = (np.cumsum(ordered) - 1) / np.arange(1, len(point) + 1)
    last = np.flatnonzero(ordered > excess)[-1]
    nearest: FloatArray = np.maximum(point - excess[last], 0)
    return nearest
