"""Step treat: outliers pulled in, with what was learned kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from parity.index._options import TreatOptions
from parity.index._step import ByYear, Changes, Record, assign, named, plan
from parity.index._table import Block
from parity.index._transform import LOGARITHMS, Check, Transformation, check, learn_transformation, winsorise
from parity.index.register import custom, is_custom
from parity.index.spec import IndexSpec
from parity.stats import FloatArray, IntArray


def by_function(
    values: FloatArray, /, *, function: Callable[..., Any], reference: FloatArray, options: Mapping[str, Any]
) -> FloatArray:
    """Treat by a registered function, given the column that the index was built from, shape (m,)."""
    return np.asarray(function(values, reference, **options), dtype=float)


@dataclass(frozen=True, slots=True, eq=False)
class Treatment:
    """What is done to one column, and how it was come by."""

    # Values are cut here first; infinite where nothing was winsorised.
    floor: float = -np.inf
    cap: float = np.inf
    transform: Callable[[FloatArray], FloatArray] = field(
        default_factory=Transformation
    )  # then this is applied
    name: str = ""  # what was done, in a word or two; empty where nothing was
    points: int | None = None  # number of winsorised points; ``None`` where winsorising was not tried
    # Test before, after the first and after the second treatment, as far as they were made.
    checks: tuple[Check, ...] = ()
    note: str = ""  # what a reader should know

    def __call__(self, values: FloatArray, /) -> FloatArray:
        """Return treated values, shape (n,)."""
        return self.transform(np.clip(values, self.floor, self.cap))


def treat(values: FloatArray, options: TreatOptions) -> Treatment:
    """Learn the treatment of one column.

    The column is tested; where it fails, the first treatment is applied and the column
    tested again; where it still fails, the second is applied, to the untreated column
    unless ``combine`` is set. ``force`` applies the first whatever the test says.

    ``values``: shape (n,); NaN is missing.
    """
    if options.first == options.second == "none":
        return Treatment()
    test = partial(check, max_skewness=options.max_skewness, max_kurtosis=options.max_kurtosis)
    before = test(values)
    known = values[~np.isnan(values)]
    if not len(known) or known.min() == known.max():
        return Treatment(checks=(before,), note="not treated: it has one value only, or none")
    if not options.force and before.passed is not False:
        note = "" if before.passed else "not treated: too few values to test"
        return Treatment(checks=(before,), note=note)
    first, second = options.first, options.second
    if first == "none":
        first, second = second, "none"
    done = _apply(first, values, options, Treatment(checks=(before,)), test)
    if done.checks[-1].passed is not False or second == "none":
        return done
    ground = done if options.combine else Treatment(points=done.points, checks=done.checks, note=done.note)
    return _apply(second, values, options, ground, test)


def _apply(
    kind: str,
    values: FloatArray,
    options: TreatOptions,
    ground: Treatment,
    test: Callable[[FloatArray], Check],
) -> Treatment:
    """Return the ground treatment with one more put on top."""
    if kind == "none":
        return ground
    x = ground(values)
    name, points, floor, cap, transform = kind, ground.points, ground.floor, ground.cap, ground.transform
    note = ground.note
    if kind == "winsorise":
        most = np.inf if options.winmax == "unlimited" else options.winmax
        cut = winsorise(x, test, most, options.force)
        points, floor, cap = cut.points, cut.floor, cut.cap
        name = f"winsorise {points}" if points else ""
    elif is_custom(kind):
        function = custom("treat", kind)
        transform = partial(by_function, function=function, reference=x, options=options.options)
    else:
        transform = learned = learn_transformation(kind, x, options)
        if kind == "log_gii" and learned.high <= 1:
            note = "log_gii turns the order round: the greatest value is not above 1"
    name = " + ".join(part for part in (ground.name, name) if part)
    after = Treatment(floor, cap, transform, name, points, ground.checks, note)
    return Treatment(floor, cap, transform, name, points, (*ground.checks, test(after(values))), note)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Treatments of several columns."""

    treatments: tuple[Treatment, ...]

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return treated values, shape (n, k)."""
        treated = values.copy()
        for column, treatment in enumerate(self.treatments):
            if treatment.name:
                treated[:, column] = treatment(values[:, column])
        return treated


def learn_treatments(block: Block, columns: IntArray, options: TreatOptions) -> Columns:
    """Learn the treatment of some columns of a block."""
    # Columns side by side in memory: each is read many times.
    values = np.ascontiguousarray(block.values[:, columns].T)
    return Columns(tuple(treat(column, options) for column in values))


@dataclass(frozen=True, slots=True, eq=False)
class Treating:
    """The step with what it learned."""

    # Columns treated by the same options, and their treatments for every year (or for all).
    parts: tuple[tuple[IntArray, ByYear[Columns]], ...]

    def logarithms(self) -> dict[int, str]:
        """Return the columns that were taken the logarithm of, and which one."""
        found: dict[int, str] = {}
        for columns, treatments in self.parts:
            for state in treatments.states:
                for column, treatment in zip(columns.tolist(), state.treatments, strict=True):
                    done = treatment.transform
                    if isinstance(done, Transformation) and done.kind in LOGARITHMS:
                        found[column] = done.kind
        return found

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block treated by what was learned, and notes."""
        values = block.values.copy()
        for columns, treatments in self.parts:
            assign(values, columns, treatments, block)
        return block.with_values(values), ()


def fit_treat(block: Block, spec: IndexSpec, options: TreatOptions | None) -> tuple[Treating, Block, Record]:
    """Treat a block, and keep how."""
    base = options or TreatOptions(first="none", second="none")
    parts = [
        (
            columns,
            ByYear.learn(block, chosen.scope, partial(learn_treatments, columns=columns, options=chosen)),
        )
        for chosen, columns in plan(base, [indicator.treat for indicator in spec.indicators])
    ]
    fitted = Treating(tuple(parts))
    after, _ = fitted.replay(block)
    return fitted, after, _record(block, after, spec, fitted)


def _record(block: Block, after: Block, spec: IndexSpec, fitted: Treating) -> Record:
    rows = []
    for columns, treatments in fitted.parts:
        for year, state in zip(treatments.years or (None,), treatments.states, strict=True):
            rows += [(year, int(c), t) for c, t in zip(columns, state.treatments, strict=True)]
    rows.sort(key=lambda row: (row[0] or 0, row[1]))
    treated = sorted({column for _, column, treatment in rows if treatment.name})
    how = [""] * len(spec.indicators)
    for _, column, treatment in rows:
        how[column] = how[column] or treatment.name
    message = f"treated {len(treated)} of {len(spec.indicators)} indicators"
    message += f" ({named([f'{spec.codes[c]}: {how[c]}' for c in treated])})" if treated else ""
    changed = ~((block.values == after.values) | np.isnan(block.values))
    changes = Changes(block, spec.codes, changed, after.values, tuple(how))
    return Record("treat", "done", message, _notes(rows, spec), _details(rows, spec), changes)


def _notes(rows: list[tuple[int | None, int, Treatment]], spec: IndexSpec) -> tuple[str, ...]:
    told: dict[str, dict[str, None]] = {}
    kinds: dict[int, set[str]] = {}
    for _, column, treatment in rows:
        if treatment.note:
            told.setdefault(treatment.note, {})[spec.codes[column]] = None
        if treatment.checks and treatment.checks[-1].passed is False:
            told.setdefault("still fails the test after treatment", {})[spec.codes[column]] = None
        if isinstance(treatment.transform, Transformation):
            kinds.setdefault(column, set()).add(treatment.transform.kind)
    if mixed := {spec.codes[column]: None for column, found in kinds.items() if len(found) > 1}:
        told['transformed in some years only, so that years do not compare (scope = "all" cures it)'] = mixed
    return tuple(f"{named(list(codes))}: {note}" for note, codes in told.items())


def _details(rows: list[tuple[int | None, int, Treatment]], spec: IndexSpec) -> pl.DataFrame:
    """Return one row per indicator (and year): test, points winsorised, treatment, test after each."""
    body: dict[str, list[Any]] = {"year": [year for year, _, _ in rows]} if rows[0][0] is not None else {}
    body["indicator"] = [spec.codes[column] for _, column, _ in rows]
    body["treatment"] = [treatment.name for _, _, treatment in rows]
    body["winsorised"] = [treatment.points for _, _, treatment in rows]
    for number in range(3):
        checks = [t.checks[number] if number < len(t.checks) else None for _, _, t in rows]
        body[f"passed_{number}"] = [None if c is None else c.passed for c in checks]
        body[f"skewness_{number}"] = [
            None if c is None or np.isnan(c.skewness) else c.skewness for c in checks
        ]
        body[f"kurtosis_{number}"] = [
            None if c is None or np.isnan(c.kurtosis) else c.kurtosis for c in checks
        ]
    floats = {f"{name}_{number}": pl.Float64 for name in ("skewness", "kurtosis") for number in range(3)}
    flags = {f"passed_{number}": pl.Boolean for number in range(3)}
    return pl.DataFrame(body, schema_overrides={**floats, **flags, "winsorised": pl.Int64})
