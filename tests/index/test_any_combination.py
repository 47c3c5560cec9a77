"""Any methods on any data: scores, or one message; and a replay that agrees."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from parity.errors import ParityError
from parity.index import IndexSpec, build, explain
from parity.index._options import (
    STEPS,
    AggregateMethod,
    ImputeMethod,
    NormaliseMethod,
    Transform,
    WeightMethod,
)

CODES = "abcd"
# Parts of a gap must add up to it to this, in units of the larger score.
SUM = 1e-9

_aggregate = st.fixed_dictionaries(
    {"method": st.sampled_from(get_args(AggregateMethod)), "order_weights": st.just((2.0, 1.0))},
    optional={
        "min_available": st.sampled_from([0.0, 0.5, 1.0]),
        "power": st.sampled_from([-2.0, 0.0, 0.5]),
        "penalty": st.sampled_from(["low", "high"]),
        "share": st.sampled_from([(0.0, 1.0), (0.2, 0.8)]),
    },
)
_normalise = st.fixed_dictionaries(
    {"method": st.sampled_from(get_args(NormaliseMethod))},
    optional={
        "lower": st.sampled_from([0.0, 1.0]),
        "goalposts": st.just((0.0, 5.0)),
        "target": st.just(2.0),
        "reference": st.just("u0"),
        "clip": st.booleans(),
        "constant": st.sampled_from(["missing", "middle", "error"]),
        "scope": st.sampled_from(["all", "year"]),
        "mean": st.just(100.0),
    },
)
_steps = st.fixed_dictionaries(
    {},
    optional={
        "order": st.permutations(STEPS[:5]),
        "denominate": st.just({}),
        "screen": st.fixed_dictionaries({"by": st.sampled_from(["missing", "zeros", "both"])}),
        "impute": st.fixed_dictionaries(
            {"method": st.sampled_from(get_args(ImputeMethod)), "by": st.just("group")},
            optional={
                "fallback": st.sampled_from(["mean", "median"]),
                "scope": st.sampled_from(["all", "year"]),
            },
        ),
        "treat": st.fixed_dictionaries(
            {"first": st.sampled_from(get_args(Transform)), "second": st.sampled_from(get_args(Transform))},
            optional={"force": st.booleans(), "combine": st.booleans(), "winmax": st.integers(0, 3)},
        ),
        "normalise": _normalise,
        "weight": st.fixed_dictionaries(
            {"method": st.sampled_from([m for m in get_args(WeightMethod) if m != "optimised"])},
            optional={"negative": st.sampled_from(["zero", "keep"]), "squared": st.booleans()},
        ),
        "aggregate": _aggregate,
    },
)
_values = arrays(
    float,
    st.tuples(st.integers(1, 9), st.just(len(CODES))),
    elements=st.sampled_from([0.0, 1.0, 2.0, -1.0, 1e-9, 1e9, 0.1, np.nan])
    | st.floats(-50, 50).map(lambda x: round(x, 6)),
)


def _spec(steps: dict[str, Any], group: dict[str, Any], panel: bool) -> IndexSpec:
    named = [step for step in STEPS[:5] if step in steps]
    if "order" in steps and set(named) - set(steps["order"]):
        steps = {key: value for key, value in steps.items() if key != "order"}
    indicators = [
        {"code": code, "group": "g" if code in "ab" else "h", "direction": -1 if code == "b" else 1}
        for code in CODES
    ]
    indicators[0]["denominator"] = "size"
    return IndexSpec.model_validate(
        {
            "index": {"id": "any", **({"year_column": "year"} if panel else {})},
            "steps": steps,
            "indicator": indicators,
            "group": [
                {"code": "g", "parent": "t", **group},
                {"code": "h", "parent": "t", "weight": 2},
                {"code": "t"},
            ],
        }
    )


@settings(max_examples=300, deadline=None)
@given(
    steps=_steps,
    group=st.fixed_dictionaries({}, optional={"aggregate": _aggregate, "normalise": _normalise}),
    values=_values,
    panel=st.booleans(),
)
# A group without spread once gave its parts the score 0 x infinity.
@example(
    steps={},
    group={"normalise": {"method": "fraction_of_maximum"}},
    values=np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]),
    panel=False,
)
def test_scores_or_one_message(
    steps: dict[str, Any], group: dict[str, Any], values: np.ndarray, panel: bool
) -> None:
    n = len(values)
    table = pl.DataFrame(
        {
            "id": [f"u{row // 2 if panel else row}" for row in range(n)],
            "year": [2020 + row % 2 for row in range(n)],
            "group": [["x", "y", None][row % 3] for row in range(n)],
            "size": [1.0 + row for row in range(n)],
            **{code: values[:, column] for column, code in enumerate(CODES)},
        },
        nan_to_null=True,
    )
    try:
        index = build(_spec(steps, group, panel), table)
    except ParityError as problem:
        message = str(problem)
    else:
        message = "built"
        assert not np.isinf(index.scores[:, :4]).any()
        again = index.apply(table)
        np.testing.assert_array_equal(again.scores, index.scores)
        scored = np.flatnonzero(np.isfinite(index.scores[:, -1]))
        if len(scored) >= 2 and "benefit_of_the_doubt" not in str(steps) + str(group):
            a, b = scored[0], scored[-1]
            if index.years is None or index.years[a] == index.years[b]:
                years = (None, None) if index.years is None else (int(index.years[a]), int(index.years[b]))
                found = explain(index, index.units[a], index.units[b], year_a=years[0], year_b=years[1])
                size = max(1.0, np.abs(index.scores[[a, b], -1]).max(), np.abs(found.contributions).max())
                assert abs(found.contributions.sum() - found.gap) <= SUM * size
    assert message
