"""What ``[robustness]`` may hold, and what it says about what it may not."""

from __future__ import annotations

import pytest

from parity.errors import ParityError
from parity.index import IndexSpec
from parity.robustness import Assumptions
from parity.robustness._draws import factors_of
from parity.robustness.assumptions import with_value
from tests.robustness.cases import data, spec


def factors(text: str, steps: str | None = None) -> None:
    found = spec(text) if steps is None else spec(text, steps)
    factors_of(found, Assumptions.of(found))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[robustness]\ncolour = 1\n", "colour: unknown field"),
        ("[robustness]\nseed = -1\n", "seed"),
        ("[robustness]\ndraws = 0\n", "draws"),
        ('[[robustness.choice]]\nfield = "treat.winmax"\n', "either values or a range"),
        ('[[robustness.choice]]\nfield = "treat.winmax"\nvalues = []\n', "values"),
        ('[[robustness.choice]]\nfield = "treat.winmax"\nvalues = [1]\nrange = [1, 2]\n', "either values or"),
        ('[[robustness.choice]]\nfield = "treat.winmax"\nrange = [5, 1]\n', "first < last"),
        ('[[robustness.choice]]\nfield = "treat.winmax"\nrange = [0.5, 1.5]\n', "needs points"),
        ('[[robustness.choice]]\nfield = "treat.winmax"\nvalues = [1]\npoints = 3\n', "points belongs to"),
        ('[[robustness.choice]]\nfield = "treat.winmax"\nrange = [1, 5000]\n', "more than 1000"),
        ("[robustness.weights]\nnoise = 0.2\ndirichlet = 1\n", "exactly one of noise, mix, dirichlet, sets"),
        ("[robustness.weights]\n", "exactly one of noise, mix, dirichlet, sets, not none"),
        ("[robustness.weights]\nnoise = 1.5\n", "above 0 and at most at 1"),
        ("[robustness.weights]\nnoise = { 2 = 0 }\n", "above 0 and at most at 1"),
        ("[robustness.weights]\nsets = { bad = { a = -1 } }\n", "greater than or equal to 0"),
        ("[robustness.leave_out]\n", "names nothing"),
        ("[robustness.measurement]\nreplicates = 1\n", "replicates"),
        ("[robustness.multiple_imputation]\ndraws = 1\n", "draws"),
        ("[robustness.vintages]\n", "either files or years"),
    ],
)
def test_faults_are_told_with_their_field(text: str, message: str) -> None:
    with pytest.raises(ParityError, match=message) as raised:
        Assumptions.of(spec(text))
    assert "[robustness] of 'synthetic'" in str(raised.value)


@pytest.mark.parametrize("step", ["denominate", "screen", "impute", "treat", "weight"])
def test_a_step_that_is_absent_is_named(step: str) -> None:
    text = f'[[robustness.choice]]\nfield = "{step}"\nvalues = [{{}}]\n'
    found = spec(text, "[steps.aggregate]\n")
    choice = Assumptions.of(found).choice[0]
    with pytest.raises(ParityError, match=f"the spec has no step '{step}'"):
        with_value(found, choice.field, {})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("treatt.winmax", 1, r"begins neither with a step .* Did you mean 'treat'"),
        ("treat.winnmax", 1, "winnmax: unknown field"),
        ("treat.winmax", -1, "winmax must be 0 or more"),
        ("treat", "nonsense", "sets 'treat' to 'nonsense'"),
        ("normalise", {"method": "minmaxx"}, "sets 'normalise'"),
        ("indicator.zz.weight", 1, "no indicator 'zz'"),
        ("group.zz.weight", 1, "no group 'zz'"),
        ("indicator.a.weight", -1, "greater than or equal to 0"),
        ("group.g.weight", "heavy", "sets 'group.g.weight'"),
    ],
)
def test_a_value_that_does_not_fit_is_told(field: str, value: object, message: str) -> None:
    with pytest.raises(ParityError, match=message):
        with_value(spec(""), field, value)


def test_what_a_field_addresses() -> None:
    base = spec("")
    assert with_value(base, "treat.winmax", 3).steps.treat.winmax == 3
    assert with_value(base, "treat", False).steps.treat is None
    assert with_value(base, "treat", {"winmax": 2}).steps.treat.winmax == 2
    assert with_value(base, "normalise", "zscore").steps.normalise.method == "zscore"
    # Laid over the step's own options: lower stays.
    assert with_value(base, "normalise", {"upper": 9}).steps.normalise.lower == 1
    level = with_value(base, "aggregate.level.3.method", "geometric").steps.aggregate.level
    assert level[3].method == "geometric"
    assert with_value(base, "aggregate.level.3", "harmonic").steps.aggregate.level[3].method == "harmonic"
    assert with_value(base, "indicator.b.direction", -1).indicators[1].direction == -1
    assert with_value(base, "indicator.b.treat", "none").indicators[1].treat.second == "none"
    groups = {group.code: group for group in with_value(base, "group.h.weight", 7).groups}
    assert groups["h"].weight == 7
    assert base == spec("")


def test_a_code_may_hold_dots() -> None:
    text = "[index]\nid='x'\n[[indicator]]\ncode = 'gdp.scale'\n[[indicator]]\ncode = 'gdp.scale.log'\n"
    changed = with_value(IndexSpec.from_toml(text), "indicator.gdp.scale.log.weight", 4)
    assert [indicator.weight for indicator in changed.indicators] == [1, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[robustness.weights]\nnoise = { 9 = 0.1 }\n", "weights stand at the levels 1, 2"),
        ("[robustness.weights]\ndirichlet = 5\n", "weights stand at the levels 1, 2"),
        ("[robustness.weights]\nsets = { one = { zz = 1 } }\n", "'zz', which is neither an indicator"),
        (
            "[robustness.weights]\nsets = { none = { g = 0, h = 0 } }\n",
            "'none' gives the members of 'top' no",
        ),
        ('[robustness.leave_out]\nindicators = ["zz"]\n', "names the indicator 'zz'"),
        ('[robustness.leave_out]\ngroups = ["a"]\n', "names the group 'a'"),
        (
            '[[robustness.choice]]\nfield = "treat"\nvalues = [{}]\n[[robustness.choice]]\nfield = "treat"\n'
            "values = [false]\n",
            "varies 'treat' twice",
        ),
        (
            '[[robustness.choice]]\nfield = "treat"\nvalues = [{}]\n[[robustness.choice]]\n'
            'field = "treat.winmax"\nvalues = [1]\n',
            "varies 'treat' and 'treat.winmax'",
        ),
        (
            '[[robustness.choice]]\nfield = "impute.method"\nvalues = ["mean"]\n'
            "[robustness.multiple_imputation]\n",
            "takes the place of 'impute'",
        ),
        (
            "[[robustness.weights]]\nnoise = 0.1\nname = 'w'\n"
            "[[robustness.weights]]\ndirichlet = 1\nname = 'w'\n",
            "two assumptions named 'w'",
        ),
    ],
)
def test_what_the_index_does_not_have(text: str, message: str) -> None:
    with pytest.raises(ParityError, match=message):
        factors(text)


def test_imputed_values_need_the_step() -> None:
    with pytest.raises(
        ParityError, match="takes the place of the step 'impute', which the spec does not have"
    ):
        factors("[robustness.multiple_imputation]\n", "[steps.aggregate]\n")


def test_the_last_of_a_group_takes_the_group_along() -> None:
    text = (
        "[index]\nid='x'\n[[group]]\ncode='top'\n[[group]]\ncode='g'\nparent='top'\n"
        "[[group]]\ncode='h'\nparent='top'\n[[indicator]]\ncode='a'\ngroup='g'\n"
        "[[indicator]]\ncode='b'\ngroup='h'\n[robustness.leave_out]\nindicators = ['a']\n"
    )
    found = IndexSpec.from_toml(text)
    (factor,) = factors_of(found, Assumptions.of(found))
    assert factor.labels == ("none", "a")
    assert factor.rule is not None
    assert [found.tree().codes[node] for node in factor.rule.nodes] == ["g"]


def test_nothing_would_be_left() -> None:
    text = "[index]\nid='x'\n[[indicator]]\ncode='a'\n[robustness.leave_out]\nindicators = ['a']\n"
    found = IndexSpec.from_toml(text)
    with pytest.raises(ParityError, match="nothing would be left"):
        factors_of(found, Assumptions.of(found))


def test_a_table_or_a_list_of_tables() -> None:
    one = Assumptions.of(spec("[robustness.weights]\nnoise = 0.1\n"))
    many = Assumptions.of(spec("[[robustness.weights]]\nnoise = 0.1\n"))
    assert one == many
    assert not one.empty
    assert Assumptions.of(spec("")).empty


def test_ranges_are_listed() -> None:
    text = '[[robustness.choice]]\nfield = "treat.winmax"\nrange = [1, 4]\n'
    assert Assumptions.of(spec(text)).choice[0].alternatives == (1, 2, 3, 4)
    text = '[[robustness.choice]]\nfield = "normalise.lower"\nrange = [0, 1]\npoints = 3\n'
    assert Assumptions.of(spec(text)).choice[0].alternatives == (0.0, 0.5, 1.0)


def test_errors_of_measurement_must_be_somewhere() -> None:
    from parity.robustness import Options, analyse

    with pytest.raises(ParityError, match="finds no standard error"):
        analyse(spec("[robustness.measurement]\n"), data(), Options(draws=10))
    with pytest.raises(ParityError, match="'zz', which is not an indicator"):
        analyse(spec("[robustness.measurement]\nerrors = { zz = 1.0 }\n"), data(), Options(draws=10))
