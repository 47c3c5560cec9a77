"""Weights that vary from draw to draw: each rule turns points of the unit cube into weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from parity.stats import BoolArray, FloatArray, IntArray


class WeightRule(Protocol):
    """Changes the weights of a batch of draws.

    Attributes
    ----------
    dimensions
        Points that the rule uses for one draw.
    nodes
        Positions of the nodes whose weight it may change.
    """

    @property
    def dimensions(self) -> int: ...

    @property
    def nodes(self) -> IntArray: ...

    def apply(self, weights: FloatArray, points: FloatArray) -> None:
        """Change ``weights``, shape (draws, nodes), in place, by ``points``, shape (draws, dimensions)."""
        ...

    def at(self, place: IntArray) -> Self:
        """Return the rule with node i renumbered to ``place[i]``."""
        ...


def pick(points: FloatArray, alternatives: int) -> IntArray:
    """Return which of several equally likely alternatives each point stands for."""
    chosen: IntArray = (points * alternatives).astype(np.intp)
    return chosen


@dataclass(frozen=True, slots=True, eq=False)
class _OfNodes:
    """A rule that changes the weights of some nodes, by one point for all of them."""

    nodes: IntArray  # positions of the weights, shape (k,)

    @property
    def dimensions(self) -> int:
        """Points that the rule uses for one draw."""
        return 1

    def at(self, place: IntArray) -> Self:
        """Return the rule with its nodes renumbered."""
        return replace(self, nodes=place[self.nodes])


@dataclass(frozen=True, slots=True, eq=False)
class Noise(_OfNodes):
    """Multiplies each weight by a number uniform in 1 - amplitude to 1 + amplitude."""

    amplitudes: FloatArray  # relative half width, shape (k,)

    @property
    def dimensions(self) -> int:
        """One for each weight."""
        return len(self.nodes)

    def apply(self, weights: FloatArray, points: FloatArray) -> None:
        """Multiply the weights."""
        weights[:, self.nodes] *= 1 + self.amplitudes * (2 * points - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """Weighs two forms of every quantity against each other, by one share for all of them."""

    # Positions of the forms by size and per person.
    scale: IntArray
    intensity: IntArray
    ends: tuple[float, float]  # least and greatest share of the forms per person

    @property
    def dimensions(self) -> int:
        """One: the share."""
        return 1

    @property
    def nodes(self) -> IntArray:
        """Both forms."""
        return np.concatenate([self.scale, self.intensity])

    def apply(self, weights: FloatArray, points: FloatArray) -> None:
        """Multiply the weights; at equal shares they stay."""
        share = self.ends[0] + (self.ends[1] - self.ends[0]) * points
        weights[:, self.scale] *= 2 * (1 - share)
        weights[:, self.intensity] *= 2 * share

    def at(self, place: IntArray) -> Self:
        """Return the rule with its nodes renumbered."""
        return replace(self, scale=place[self.scale], intensity=place[self.intensity])


@dataclass(frozen=True, slots=True, eq=False)
class Dirichlet:
    """Draws the shares of elements together; groups above weigh what their members do."""

    elements: IntArray  # positions of the elements, shape (k,)
    alphas: FloatArray  # parameters of the distribution, shape (k,)
    # Groups above the elements, from the bottom up: position, and positions of the members.
    groups: tuple[tuple[int, IntArray], ...]

    @property
    def dimensions(self) -> int:
        """One for each element."""
        return len(self.elements)

    @property
    def nodes(self) -> IntArray:
        """The elements and the groups above them."""
        return np.concatenate([self.elements, np.array([group for group, _ in self.groups], dtype=np.intp)])

    def apply(self, weights: FloatArray, points: FloatArray) -> None:
        """Replace the weights by shares: gamma variates over their sum (Devroye 1986)."""
        if (self.alphas == 1).all():
            drawn = -np.log(points)
        else:
            from scipy.special import gammaincinv

            drawn = gammaincinv(self.alphas, points)
        weights[:, self.elements] = drawn / drawn.sum(axis=1, keepdims=True)
        for group, members in self.groups:
            weights[:, group] = weights[:, members].sum(axis=1)

    def at(self, place: IntArray) -> Self:
        """Return the rule with its nodes renumbered."""
        groups = tuple((int(place[group]), place[members]) for group, members in self.groups)
        return replace(self, elements=place[self.elements], groups=groups)


@dataclass(frozen=True, slots=True, eq=False)
class Sets(_OfNodes):
    """Takes the weights of one of several sets."""

    table: FloatArray  # weights by set, shape (sets, k); NaN keeps the spec's weight

    def apply(self, weights: FloatArray, points: FloatArray) -> None:
        """Put the chosen set's weights in place."""
        chosen = self.table[pick(points[:, 0], len(self.table))]
        weights[:, self.nodes] = np.where(np.isnan(chosen), weights[:, self.nodes], chosen)


@dataclass(frozen=True, slots=True, eq=False)
class LeaveOut(_OfNodes):
    """Sets the weight of one element, of the elements of one source, or of none, to zero."""

    # Which of them each alternative leaves out, shape (alternatives, k); the first leaves out none.
    gone: BoolArray

    def apply(self, weights: FloatArray, points: FloatArray) -> None:
        """Set the weights of the chosen alternative to zero."""
        gone = self.gone[pick(points[:, 0], len(self.gone))]
        weights[:, self.nodes] = np.where(gone, 0.0, weights[:, self.nodes])
