"""The structure of an index as arrays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from parity.stats import FloatArray, IntArray

# Code of the top that is made where a spec names several (or no) groups without a parent.
TOP = "index"


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Indicators and groups as nodes of a tree.

    The indicators come first, in the order of the spec; then the groups, every group
    after its members; the index itself comes last.

    Attributes
    ----------
    codes
        Codes of the nodes, n_nodes of them.
    parents
        Position of each node's parent, shape (n_nodes,); -1 for the index.
    levels
        1 for an indicator, else one more than the highest level among the members, shape (n_nodes,).
    weights
        Weights as given, relative within a group, shape (n_nodes,).
    members
        Positions of the members of each group, one array per group.
    n_indicators
        Number of indicators.
    """

    codes: tuple[str, ...]
    parents: IntArray
    levels: IntArray
    weights: FloatArray
    members: tuple[IntArray, ...]
    n_indicators: int

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.codes)

    @property
    def groups(self) -> range:
        """Positions of the groups, members before their groups."""
        return range(self.n_indicators, self.n_nodes)

    def children(self, node: int) -> IntArray:
        """Return the positions of a group's members."""
        return self.members[node - self.n_indicators]

    def position(self, code: str) -> int:
        """Return the position of a node.

        Raises
        ------
        KeyError
            If there is no such node.
        """
        try:
            return self.codes.index(code)
        except ValueError:
            raise KeyError(code) from None

    def leaves(self, node: int) -> IntArray:
        """Return the positions of the indicators below a node (or the indicator itself)."""
        if node < self.n_indicators:
            return np.array([node], dtype=np.intp)
        return np.sort(np.concatenate([self.leaves(int(child)) for child in self.children(node)]))

    def effective_weights(self, weights: FloatArray | None = None) -> FloatArray:
        """Return the share of each node in the index: its share in its group times the group's own.

        Parameters
        ----------
        weights
            Weights to use in place of the given ones, shape (n_nodes,).

        Returns
        -------
        numpy.ndarray
            Shape (n_nodes,); 1 for the index, and they add up to 1 over the indicators.
        """
        given = self.weights if weights is None else weights
        shares = np.ones(self.n_nodes)
        for group in reversed(self.groups):
            members = self.children(group)
            shares[members] = shares[group] * given[members] / given[members].sum()
        return shares


class Elements(Protocol):
    """What a tree is made of: a `parity.index.spec.IndexSpec`."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of the indicators."""
        ...

    # Elements have a code, a weight, and a group (indicators) or a parent (groups).
    @property
    def indicators(self) -> Any:
        """Return the indicators."""
        ...

    @property
    def groups(self) -> Any:
        """Return the groups."""
        ...


def compile_tree(spec: Elements) -> Tree:
    """Return the structure of an index as arrays."""
    parents = _parents(spec)
    members: dict[str, list[str]] = {}
    for code, parent in parents.items():
        if parent is not None:
            members.setdefault(parent, []).append(code)
    _check_groups(parents, members, n_indicators=len(spec.indicators))
    levels = _levels(members, parents, spec.codes)
    groups = sorted((code for code in parents if code in members), key=lambda code: levels[code])
    codes = (*spec.codes, *groups)
    place = {code: position for position, code in enumerate(codes)}
    weights = {indicator.code: indicator.weight for indicator in spec.indicators}
    weights |= {group.code: group.weight for group in spec.groups}
    tree = Tree(
        codes=codes,
        parents=np.array(
            [-1 if (up := parents[code]) is None else place[up] for code in codes], dtype=np.intp
        ),
        levels=np.array([levels[code] for code in codes], dtype=np.intp),
        weights=np.array([weights.get(code, 1.0) for code in codes]),
        members=tuple(np.array([place[code] for code in members[group]], dtype=np.intp) for group in groups),
        n_indicators=len(spec.indicators),
    )
    for group in tree.groups:
        if not tree.weights[tree.children(group)].sum() > 0:
            raise ValueError(f"the weights of the members of '{tree.codes[group]}' are all zero")
    return tree


def _parents(spec: Elements) -> dict[str, str | None]:
    """Return each node's parent, with the top that is made where the spec names none."""
    pairs = [(element.code, element.group) for element in spec.indicators]
    pairs += [(element.code, element.parent) for element in spec.groups]
    if doubled := [code for code, count in Counter(code for code, _ in pairs).items() if count > 1]:
        raise ValueError(f"codes must be unique; more than once: {', '.join(sorted(doubled))}")
    known = {group.code for group in spec.groups}
    for code, parent in pairs:
        if parent is not None and parent not in known:
            raise ValueError(
                f"'{code}' belongs to the group '{parent}', which is not a [[group]] of the spec"
            )
    parents = dict(pairs)
    tops = [code for code, parent in pairs if parent is None]
    if not tops or tops == [code for code in tops if code in known][:1]:
        return parents
    top = TOP
    while top in parents:
        top += "_"
    return {code: top if parent is None else parent for code, parent in pairs} | {top: None}


def _check_groups(parents: dict[str, str | None], members: dict[str, list[str]], n_indicators: int) -> None:
    """Refuse groups without members, and cycles."""
    groups = list(parents)[n_indicators:]
    if empty := [code for code in groups if code not in members]:
        raise ValueError(f"groups without members: {', '.join(empty)}")
    for start in groups:
        path, code = [start], parents[start]
        while code is not None:
            if code in path:
                raise ValueError(f"groups form a cycle: {' > '.join([*path[path.index(code) :], code])}")
            path.append(code)
            code = parents[code]


def _levels(
    members: dict[str, list[str]], parents: dict[str, str | None], indicators: tuple[str, ...]
) -> dict[str, int]:
    """Return each node's level, climbing from every indicator to the top."""
    levels = dict.fromkeys(parents, 1)
    for indicator in indicators:
        height, code = 1, parents[indicator]
        while code is not None:
            height = max(height + 1, levels[code])
            levels[code] = height
            code = parents[code]
    return levels
