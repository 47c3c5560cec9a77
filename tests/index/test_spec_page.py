"""The page docs/spec.md says what the models say: every field, its values, its default."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from parity.index import IndexSpec, _options, spec
from parity.index._options import AggregateMethod, ImputeMethod, NormaliseMethod, Transform, WeightMethod

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "spec.md").read_text()

SECTIONS: dict[str, type[BaseModel]] = {
    "## `[index]`": spec.IndexSection,
    "### `[steps.denominate]`": _options.DenominateOptions,
    "### `[steps.screen]`": _options.ScreenOptions,
    "### `[steps.impute]`": _options.ImputeOptions,
    "### `[steps.treat]`": _options.TreatOptions,
    "### `[steps.normalise]`": spec.NormaliseStep,
    "### `[steps.weight]`": spec.WeightStep,
    "### `[steps.aggregate]`": spec.AggregateStep,
    "## `[[indicator]]`": spec.Indicator,
    "## `[[group]]`": spec.Group,
    "### `units`": spec.Units,
    "### `select`": spec.Select,
}
METHODS = {
    "### `[steps.impute]`": ImputeMethod,
    "### `[steps.treat]`": Transform,
    "### `[steps.normalise]`": NormaliseMethod,
    "### `[steps.weight]`": WeightMethod,
    "### `[steps.aggregate]`": AggregateMethod,
}


def section(heading: str) -> str:
    start = PAGE.index(heading + "\n")
    end = re.compile(r"^#{2,3} ", re.MULTILINE).search(PAGE, start + len(heading))
    return PAGE[start : end.start() if end else len(PAGE)]


def rows(heading: str, width: int = 4) -> dict[str, list[str]]:
    """Rows of the section's tables of fields (4 cells) or methods (2 cells), by their names."""
    cells = [
        [cell.strip() for cell in line.strip("|").split(" |")]
        for line in section(heading).splitlines()
        if line.startswith("| `")
    ]
    return {name: row for row in cells if len(row) == width for name in re.findall(r"`([^`]+)`", row[0])}


def written(field: FieldInfo) -> str:
    """A default as the page writes it."""
    if field.is_required():
        return "*required*"
    default = field.get_default(call_default_factory=True)
    if default is None or isinstance(default, BaseModel) or field.annotation == dict[int, Any]:
        return "none"
    if default == {} and "level" in str(field.description):
        return "none"
    return f"`{json.dumps(list(default) if isinstance(default, tuple) else default)}`"


def literals(annotation: Any) -> set[str]:
    if get_origin(annotation) is Literal:
        return {json.dumps(value) for value in get_args(annotation)}
    return {value for part in get_args(annotation) for value in literals(part)}


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_field_is_there_with_its_default(heading: str) -> None:
    model, found = SECTIONS[heading], rows(heading)
    fields = model.model_fields
    assert set(fields) <= set(found)
    for name, field in fields.items():
        expected = "none" if name == "level" else written(field)
        assert found[name][2] == expected, name
        if name not in (
            "method",
            "first",
            "second",
            "impute",
            "treat",
            "normalise",
            "aggregate",
            "member_weights",
        ):
            for value in literals(field.annotation):
                assert f"`{value}`" in found[name][1] or value in ('"equal"', '"auto"'), (name, value)


@pytest.mark.parametrize("heading", METHODS)
def test_every_method_is_there(heading: str) -> None:
    found = rows(heading, width=2)
    assert set(get_args(METHODS[heading])) <= set(found)


def test_no_field_is_there_that_the_models_lack() -> None:
    for heading, model in SECTIONS.items():
        assert set(rows(heading)) <= set(model.model_fields), heading


def test_order_is_there_with_its_default() -> None:
    assert rows("## `[steps]`")["order"][2] == written(spec.Steps.model_fields["order"])


def test_every_example_is_a_spec_or_part_of_one() -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 4
    for text in examples:
        if "[index]" not in text:
            text = f'[index]\nid = "x"\n{text}'
        if "[[indicator]]" not in text:
            text += '\n[[indicator]]\ncode = "i"\n'
        for group in set(re.findall(r'^(?:group|parent) = "(\w+)"', text, re.MULTILINE)):
            if f'[[group]]\ncode = "{group}"' not in text:
                text += f'\n[[group]]\ncode = "{group}"\n'
        for group in re.findall(r'\[\[group\]\]\ncode = "(\w+)"', text):
            text += f'\n[[indicator]]\ncode = "member_of_{group}"\ngroup = "{group}"\n'
        assert IndexSpec.from_toml(text).codes
