"""From assumptions to draws: the factors of a run, the points of the cube, and what each point stands for.

The draws are cut into chunks of a fixed size. Every chunk is its own scrambled Sobol net, seeded by its
position alone, so that any worker can make any chunk and the result does not depend on who does what. A
union of independently scrambled nets is unbiased (randomised quasi-Monte Carlo, Owen 1997), and every chunk
keeps the even spread of a net.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parity.errors import ParityError, did_you_mean, one_of
from parity.index import IndexSpec, Tree
from parity.robustness._weights import Dirichlet, LeaveOut, Mix, Noise, Sets, WeightRule, pick
from parity.robustness.assumptions import Assumptions, Choice, Kind, Weights
from parity.stats import FloatArray, IntArray

UNCERTAINTY, SENSITIVITY, SUBSET, PILOT = range(4)
"""Streams: draws of different purposes never share points."""

MOST_DIMENSIONS = 21201
"""Dimensions for which direction numbers of a Sobol sequence are known (Joe and Kuo 2008)."""

_HALF_STEP = 2.0**-31
"""Half the distance of neighbouring points: moves the points off 0, where logarithms end."""


def chunk_seed(seed: int, stream: int, chunk: int) -> np.random.SeedSequence:
    """Return the seed of one chunk: the child that ``SeedSequence(seed).spawn`` would make.

    ``seed``: seed of the run; 0 is a seed like any other. ``chunk``: position of the chunk, from 0.
    """
    return np.random.SeedSequence(seed, spawn_key=(stream, chunk))


def sobol_points(n: int, dimensions: int, seed: np.random.SeedSequence) -> FloatArray:
    """Return the first points of a scrambled Sobol sequence.

    ``n``: number of points; a power of two keeps the net whole. ``dimensions``: dimensions of the cube;
    none is allowed. ``seed``: seed of the scrambling (linear matrix scramble and digital shift, Matousek
    1998). Returns: shape (n, dimensions); points strictly inside the unit cube.
    """
    if dimensions == 0 or n == 0:
        return np.empty((n, dimensions))
    from scipy.stats import qmc

    net = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    points: FloatArray = net.random_base2((n - 1).bit_length())[:n]
    points += _HALF_STEP
    return points


def latin_points(n: int, dimensions: int, seed: np.random.SeedSequence) -> FloatArray:
    """Return a Latin hypercube: in every dimension one point in each of n equal slices.

    Less even than a Sobol sequence, and there in no time: nothing has to be imported for it.

    Returns: shape (n, dimensions); points strictly inside the unit cube.
    """
    rng = np.random.default_rng(seed)
    slices = rng.permuted(np.tile(np.arange(n), (dimensions, 1)), axis=1).T
    points: FloatArray = (slices + rng.uniform(_HALF_STEP, 1 - _HALF_STEP, (n, dimensions))) / n
    return points


def sobol_pairs(n: int, dimensions: int, seed: np.random.SeedSequence) -> tuple[FloatArray, FloatArray]:
    """Return the two independent matrices A and B of a sensitivity design (Saltelli 2002).

    Returns: shape (n, dimensions).
    """
    points = sobol_points(n, 2 * dimensions, seed)
    return np.ascontiguousarray(points[:, :dimensions]), np.ascontiguousarray(points[:, dimensions:])


def exchange(a: FloatArray, b: FloatArray, columns: IntArray) -> FloatArray:
    """Return ``a`` with the columns of one assumption taken from ``b``.

    ``a, b``: points, shape (n, dimensions).
    """
    mixed = a.copy()
    mixed[:, columns] = b[:, columns]
    return mixed


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """One assumption."""

    # Name in tables; what is varied.
    name: str
    kind: Kind
    labels: tuple[str, ...] = ()  # alternatives, as text; empty where the assumption is continuous
    values: tuple[Any, ...] = ()  # what the alternatives of a choice put in place
    field: str = ""  # field of the spec that a choice varies
    rule: WeightRule | None = None  # how weights are drawn; ``None`` for what changes the data or the steps
    dimensions: int = 1  # points of the cube that it takes


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A batch of draws."""

    variants: NDArray[np.int64]  # number of the data variant of each draw, shape (draws,)
    weights: FloatArray  # weights of all nodes but the index, shape (draws, nodes - 1)


def factors_of(spec: IndexSpec, assumptions: Assumptions) -> tuple[Factor, ...]:
    """Return the factors of a run, in the order in which points of the cube are handed out."""
    tree = spec.tree()
    _once(
        [
            *(["impute"] if assumptions.multiple_imputation else []),
            *(each.field for each in assumptions.choice),
        ]
    )
    found = [*_data_factors(spec, assumptions), *map(_choice, assumptions.choice)]
    found += [_weights(spec, tree, each, number) for number, each in enumerate(assumptions.weights, 1)]
    if (leave_out := assumptions.leave_out) is not None:
        places = _left_out(tree, leave_out.indicators, leave_out.groups)
        sources = [
            _places(tree, codes, range(tree.n_indicators), "indicator")
            for codes in leave_out.sources.values()
        ]
        labels = ("none", *(tree.codes[place] for place in places), *leave_out.sources)
        rule = _leave_out(tree, [[place] for place in places] + sources)
        found.append(Factor(leave_out.name or "element left out", "leave_out", labels, rule=rule))
    return _distinct(found)


def _data_factors(spec: IndexSpec, assumptions: Assumptions) -> list[Factor]:
    found = []
    if (vintages := assumptions.vintages) is not None:
        found.append(Factor(vintages.name or "data vintage", "vintages", vintages.names))
    if (measured := assumptions.measurement) is not None:
        labels = tuple(str(k + 1) for k in range(measured.replicates))
        found.append(Factor(measured.name or "measurement error", "measurement", labels))
    if (imputed := assumptions.multiple_imputation) is not None:
        if spec.steps.impute is None:
            raise ParityError(
                "[robustness.multiple_imputation] takes the place of the step 'impute', which the spec does "
                "not have; add [steps.impute], or drop the assumption"
            )
        labels = tuple(str(k + 1) for k in range(imputed.draws))
        found.append(Factor(imputed.name or "imputed values", "multiple_imputation", labels))
    return found


def _choice(choice: Choice) -> Factor:
    labels = tuple(_label(value) for value in choice.alternatives)
    return Factor(choice.name or choice.field, "choice", labels, choice.alternatives, choice.field)


def _label(value: Any) -> str:
    if isinstance(value, dict):
        first = [str(value["method"])] if "method" in value else []
        return " ".join(
            [*first, *(f"{name}={_label(each)}" for name, each in value.items() if name != "method")]
        )
    return f"{value:g}" if isinstance(value, float) else ("without" if value is False else str(value))


def _weights(spec: IndexSpec, tree: Tree, weights: Weights, number: int) -> Factor:
    name = weights.name or ("weights" if number == 1 else f"weights {number}")
    if weights.sets is not None:
        rule: WeightRule = _sets(tree, weights.sets)
        return Factor(name, "weights", tuple(weights.sets), rule=rule)
    if weights.mix is not None:
        return Factor(name, "weights", rule=_mix(spec, weights.mix))
    rule = _noise(tree, weights) if weights.noise is not None else _dirichlet(tree, weights)
    if rule.dimensions == 0:
        raise ParityError(
            f"[robustness] '{name}' changes nothing: at those levels every element stands alone"
        )
    return Factor(name, "weights", rule=rule, dimensions=rule.dimensions)


def _mix(spec: IndexSpec, ends: tuple[float, float]) -> Mix:
    forms = [indicator.form for indicator in spec.indicators]
    places = {
        form: np.array([place for place, each in enumerate(forms) if each == form], dtype=np.intp)
        for form in ("scale", "intensity")
    }
    if not all(map(len, places.values())):
        raise ParityError(
            "[robustness.weights] mixes sizes with ratios, but no two indicators are forms of one quantity: "
            "name them CODE.scale and CODE.intensity"
        )
    return Mix(places["scale"], places["intensity"], ends)


def _noise(tree: Tree, weights: Weights) -> Noise:
    levels = set(range(1, int(tree.levels.max())))
    by_level = weights.noise_by_level(levels)
    _known_levels(by_level, levels)
    # A weight that has no company is all of its group whatever it is.
    nodes = [
        node
        for node in range(tree.n_nodes - 1)
        if int(tree.levels[node]) in by_level and _company(tree, node) and tree.weights[node] > 0
    ]
    amplitudes = [by_level[int(tree.levels[node])] for node in nodes]
    return Noise(np.array(nodes, dtype=np.intp), np.array(amplitudes, dtype=np.float64))


def _company(tree: Tree, node: int) -> bool:
    members = tree.children(int(tree.parents[node]))
    return bool((tree.weights[members] > 0).sum() > 1)


def _known_levels(asked: dict[int, float], levels: set[int]) -> None:
    if unknown := sorted(set(asked) - levels):
        raise ParityError(
            f"[robustness.weights] varies level {unknown[0]}, but weights stand at the levels "
            f"{', '.join(map(str, sorted(levels)))} (1 is that of the indicators)"
        )


def _dirichlet(tree: Tree, weights: Weights) -> Dirichlet:
    level = weights.dirichlet or 1
    _known_levels({level: 0.0}, set(range(1, int(tree.levels.max()))))
    shares = tree.effective_weights()
    nodes = range(tree.n_nodes - 1)
    cut = [n for n in nodes if tree.levels[n] <= level < tree.levels[tree.parents[n]] and shares[n] > 0]
    above = [n for n in nodes if tree.levels[n] > level]
    alphas = np.full(len(cut), weights.concentration)
    if weights.centred:
        alphas = weights.concentration * len(cut) * shares[cut]
    groups = tuple((node, _weighted(tree, node)) for node in above)
    return Dirichlet(np.array(cut if len(cut) > 1 else [], dtype=np.intp), alphas, groups)


def _weighted(tree: Tree, group: int) -> IntArray:
    members = tree.children(group)
    return members[tree.weights[members] > 0]


def _sets(tree: Tree, sets: dict[str, dict[str, float]]) -> Sets:
    codes = tree.codes[:-1]
    named = {code for one in sets.values() for code in one}
    if unknown := sorted(named - set(codes)):
        raise ParityError(
            f"[robustness.weights] gives a weight to '{unknown[0]}', which is neither an indicator nor a "
            f"group below the index.{did_you_mean(unknown[0], codes)}"
        )
    nodes = np.array([node for node, code in enumerate(codes) if code in named], dtype=np.intp)
    table = np.array([[one.get(codes[node], np.nan) for node in nodes] for one in sets.values()])
    table = table.reshape(len(sets), len(nodes))
    for name, row in zip(sets, table, strict=True):
        given = tree.weights.copy()
        given[nodes] = np.where(np.isnan(row), given[nodes], row)
        empty = [tree.codes[group] for group in tree.groups if not given[tree.children(group)].sum() > 0]
        if empty:
            raise ParityError(
                f"[robustness.weights] the set '{name}' gives the members of '{empty[0]}' no weight at all"
            )
    return Sets(nodes, table)


def _left_out(tree: Tree, indicators: bool | tuple[str, ...], groups: bool | tuple[str, ...]) -> list[int]:
    """Return the positions of the elements that may be left out."""
    places = _places(tree, indicators, range(tree.n_indicators), "indicator")
    return places + _places(tree, groups, range(tree.n_indicators, tree.n_nodes - 1), "group")


def _places(tree: Tree, wanted: bool | tuple[str, ...], nodes: range, what: str) -> list[int]:
    codes = tree.codes[nodes.start : nodes.stop]
    if isinstance(wanted, bool):
        # A group's last member cannot go alone, and without the last group there is no index.
        return [node for node in nodes if _company(tree, node) and tree.weights[node] > 0] if wanted else []
    if unknown := [code for code in wanted if code not in codes]:
        raise ParityError(
            f"[robustness.leave_out] names the {what} '{unknown[0]}', which does not stand below the index; "
            f"there are {one_of(codes[:10])}.{did_you_mean(unknown[0], codes)}"
        )
    return [nodes.start + codes.index(code) for code in wanted]


def _leave_out(tree: Tree, sets: Sequence[Sequence[int]]) -> LeaveOut:
    """Return the rule that leaves out one set of elements, or none."""
    gone = np.zeros((len(sets) + 1, tree.n_nodes), dtype=bool)
    for row, places in enumerate(sets, 1):
        gone[row, _gone_with(tree, places)] = True
    nodes = np.flatnonzero(gone.any(axis=0))
    return LeaveOut(nodes, gone[:, nodes])


def _gone_with(tree: Tree, places: Sequence[int]) -> IntArray:
    """Return the nodes that get weight 0: where a group loses all its members, the group in their place."""
    gone = np.zeros(tree.n_nodes, dtype=bool)
    gone[list(places)] = True
    for group in tree.groups:
        members = _weighted(tree, group)
        if len(members) and gone[members].all():
            gone[members], gone[group] = False, True
    if gone[tree.n_nodes - 1]:
        raise ParityError(f"[robustness] cannot leave out '{tree.codes[places[0]]}': nothing would be left")
    return np.flatnonzero(gone)


def _once(fields: list[str]) -> None:
    """Refuse two assumptions about one field, or about a step and an option of it."""
    for place, field in enumerate(fields):
        for other in fields[place + 1 :]:
            if f"{field}.".startswith(f"{other}.") or f"{other}.".startswith(f"{field}."):
                both = f"'{field}' and '{other}'" if field != other else f"'{field}' twice"
                raise ParityError(
                    f"[robustness] varies {both}, and one would undo the other; put all values in one choice "
                    "(multiple_imputation takes the place of 'impute')"
                )


def _distinct(factors: list[Factor]) -> tuple[Factor, ...]:
    names = [factor.name for factor in factors]
    if doubled := [name for name in names if names.count(name) > 1]:
        raise ParityError(
            f"[robustness] has two assumptions named '{doubled[0]}'; give them names of their own"
        )
    return tuple(factors)


def columns_of(factors: Sequence[Factor]) -> list[IntArray]:
    """Return the columns of the cube that each factor takes."""
    ends = np.cumsum([0, *(factor.dimensions for factor in factors)])
    return [np.arange(start, stop) for start, stop in pairwise(ends)]


def chosen(factors: Sequence[Factor], points: FloatArray) -> list[IntArray]:
    """Return the number of the alternative of each draw, one array per factor; empty where continuous."""
    return [
        pick(points[:, columns[0]], len(factor.labels)) if factor.labels else np.empty(0, dtype=np.intp)
        for factor, columns in zip(factors, columns_of(factors), strict=True)
    ]
