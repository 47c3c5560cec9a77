"""Specs: what is accepted, what is refused and how, and that they survive a round trip."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.errors import ParityError
from parity.index import IndexSpec, starter

HEAD = '[index]\nid = "x"\n'
ONE = HEAD + '[[indicator]]\ncode = "a"\n'


def read(text: str) -> IndexSpec:
    return IndexSpec.from_toml(text)


def test_starter_is_a_spec_and_survives_a_round_trip() -> None:
    spec = read(starter()[0])
    assert spec.codes == ("gdp_per_person", "unemployment", "schooling", "internet_users")
    assert read(spec.to_toml()) == spec


def test_save_and_load(tmp_path: Path) -> None:
    spec = read(starter()[0])
    spec.save(tmp_path / "spec.toml")
    assert IndexSpec.load(tmp_path / "spec.toml") == spec


def test_schema_is_json_and_knows_the_methods() -> None:
    schema = json.dumps(IndexSpec.json_schema())
    assert "mazziotta_pareto" in schema
    assert '"indicator"' in schema


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "index: missing"),
        ("[index", "not valid TOML"),
        (HEAD, "indicator: missing"),
        (HEAD + "version = 2\n[[indicator]]\ncode = 'a'", "update Parity"),
        (ONE + ONE.removeprefix(HEAD), "codes must be unique; more than once: a"),
        (ONE + "direction = 2", "indicator.1.direction: must be 1 or -1, not 2"),
        (ONE + "direction = 0", "must be 1 or -1"),
        (ONE + "weight = -1", "indicator.1.weight: must be greater than or equal to 0, not -1"),
        (ONE + "weight = 0", "weights of the members of 'index' are all zero"),
        (ONE + "weight = nan", "must be a finite number"),
        (ONE + "weight = inf", "must be a finite number"),
        (ONE + "wieght = 1", "indicator.1.wieght: unknown field"),
        (ONE + 'group = "g"', "'a' belongs to the group 'g', which is not a [[group]]"),
        (ONE + '[[group]]\ncode = "g"', "groups without members: g"),
        (
            ONE + 'group = "g"\n[[group]]\ncode = "g"\nparent = "h"\n[[group]]\ncode = "h"\nparent = "g"',
            "groups form a cycle: g > h > g",
        ),
        (ONE + 'group = "g"\n[[group]]\ncode = "g"\nparent = "g"', "cycle: g > g"),
        (ONE + "goalposts = [5, 1]", "lower < upper"),
        (ONE + "bounds = [5, 5]", "lower < upper"),
        (ONE + '[steps.aggregate]\nmethod = "mean"', "must be 'arithmetic', 'geometric'"),
        (ONE + '[steps.impute]\nmethod = "group_mean"', "needs 'by', the column of groups"),
        (ONE + "[steps.normalise]\nlower = 5\nupper = 1", "lower must be below upper"),
        (ONE + "[steps.treat]\nwinmax = -1", "winmax must be 0 or more"),
        (ONE + '[steps.screen]\ninclude = ["A"]\nexclude = ["A"]', "both includes and excludes A"),
        (ONE + '[steps]\norder = ["treat", "treat"]', "names a step twice"),
        (ONE + '[steps]\norder = ["normalise"]\n[steps.treat]', "order leaves out treat"),
        (ONE + '[steps]\norder = ["aggregate", "normalise"]', "weight and aggregate come last"),
        (ONE + '[steps]\norder = ["aggregate", "weight"]', "weight and aggregate come last"),
        (ONE + "[steps.aggregate]\nshare = [0.5, 0.2]", "share must be"),
        (ONE + '[steps.aggregate.level.3]\nmethod = "median"', "level.3: levels here go from 2 to 2"),
        (ONE + '[steps.weight.level.2]\nmethod = "equal"', "level.2: levels here go from 1 to 1"),
        (ONE + "weight = 1" + "0" * 400, "indicator.1.weight"),
        (ONE + "weight = 1979-05-27", "indicator.1.weight"),
        (ONE + '[steps.normalise]\nmethod = "custom:no spaces"', "steps.normalise.method"),
    ],
)
def test_a_fault_is_one_message_that_names_the_field(text: str, message: str) -> None:
    with pytest.raises(ParityError) as caught:
        read(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value).removeprefix("the spec")
    assert caught.value.exit_status == 2


def test_many_faults_are_counted() -> None:
    with pytest.raises(ParityError, match="and 2 more"):
        read(HEAD + "".join(f'[[indicator]]\ncode = "{code}"\nweight = -1\n' for code in "abcde"))


def test_methods_can_be_named_by_a_string() -> None:
    spec = read(ONE + 'impute = "median"\ntreat = "log"\nnormalise = "zscore"')
    indicator = spec.indicators[0]
    assert indicator.impute is not None
    assert indicator.treat is not None
    assert indicator.normalise is not None
    assert (indicator.impute.method, indicator.normalise.method) == ("median", "zscore")
    assert (indicator.treat.first, indicator.treat.second, indicator.treat.force) == ("log", "none", True)


def test_steps_that_order_does_not_name_follow() -> None:
    steps = read(ONE + '[steps]\norder = ["impute", "screen", "weight", "aggregate"]').steps
    assert steps.before_scores == ("impute", "screen", "denominate", "treat", "normalise")


def test_tree_levels_and_order() -> None:
    spec = read(
        HEAD + '[[indicator]]\ncode = "a"\ngroup = "low"\n[[indicator]]\ncode = "b"\ngroup = "top"\n'
        '[[group]]\ncode = "top"\n[[group]]\ncode = "low"\nparent = "top"\n'
    )
    tree = spec.tree()
    assert tree.codes == ("a", "b", "low", "top")
    assert tree.levels.tolist() == [1, 1, 2, 3]
    assert tree.parents.tolist() == [2, 3, 3, -1]
    assert tree.leaves(3).tolist() == [0, 1]


def test_an_index_without_groups_gets_a_top() -> None:
    spec = read(ONE + '[[indicator]]\ncode = "b"\nweight = 3\n')
    tree = spec.tree()
    assert tree.codes == ("a", "b", "index")
    assert tree.effective_weights().tolist() == [0.25, 0.75, 1.0]


def test_the_top_finds_a_name_of_its_own() -> None:
    assert read(HEAD + '[[indicator]]\ncode = "index"\n').tree().codes == ("index", "index_")


def test_several_tops_go_under_one() -> None:
    spec = read(
        HEAD + '[[indicator]]\ncode = "a"\ngroup = "g"\n[[indicator]]\ncode = "b"\ngroup = "h"\n'
        '[[group]]\ncode = "g"\nweight = 2\n[[group]]\ncode = "h"\n'
    )
    assert spec.tree().codes == ("a", "b", "g", "h", "index")
    assert spec.tree().effective_weights()[2] == 2 / 3


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    [
        "id",
        "code",
        "group",
        "weight",
        "direction",
        "method",
        "impute",
        "treat",
        "normalise",
        "level",
        "winmax",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(ParityError):
        assert read(text).codes


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(_FIELDS, _VALUES, max_size=4),
    st.dictionaries(_FIELDS, _VALUES, max_size=4),
    st.dictionaries(_FIELDS, _VALUES, max_size=4),
)
def test_any_fields_are_read_or_refused_in_words(
    indicator: dict[str, object], group: dict[str, object], step: dict[str, object]
) -> None:
    from pydantic import ValidationError

    from parity.index._spec_text import faults

    body = {
        "index": {"id": "x"},
        "steps": {"aggregate": step, "treat": step},
        "indicator": [{"code": "a"}, indicator],
        "group": [group],
    }
    try:
        spec = IndexSpec.model_validate(body)
    except ValidationError as problem:
        message = faults(problem)
    else:
        message = "sound" if read(spec.to_toml()) == spec else ""
    assert message


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=30).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_any_code_survives_a_round_trip(code: str) -> None:
    spec = IndexSpec.model_validate(
        {"index": {"id": code, "title": code}, "indicator": [{"code": code, "title": code, "weight": 1e16}]}
    )
    assert read(spec.to_toml()) == spec
