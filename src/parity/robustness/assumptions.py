"""The table ``[robustness]`` of a spec: which choices behind an index are varied, and how."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from parity.errors import ParityError, did_you_mean, one_of
from parity.index import IndexSpec
from parity.index.core import STEPS, Aggregate, Impute, Normalise, Treat, Weight, faults

_MOST_VALUES = 1000


class _Assumption(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    name: str = Field(default="", description="Name in tables and figures; made from the field if absent")


class Choice(_Assumption):
    """A field of the spec with alternatives, all equally likely."""

    field: str = Field(
        min_length=1,
        description="STEP or STEP.OPTION (treat.winmax, aggregate.level.3.method), indicator.CODE.FIELD "
        "or group.CODE.FIELD",
    )
    values: tuple[Any, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=_MOST_VALUES,
        description="Alternatives; for a whole step, tables laid over the step's own, or false: without it",
    )
    range: tuple[float, float] | None = Field(
        default=None, description="First and last value; every whole number between, if both are whole"
    )
    points: int | None = Field(
        default=None, ge=2, le=_MOST_VALUES, description="Evenly spaced values of the range, ends included"
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.values is None) == (self.range is None):
            raise ValueError(f"give '{self.field}' either values or a range")
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ValueError(f"range must be [first, last] with first < last, not {list(self.range)}")
        if self.range is None and self.points is not None:
            raise ValueError("points belongs to a range; values are taken as they are")
        if self.range is not None and self.points is None and not all(end.is_integer() for end in self.range):
            raise ValueError(f"range {list(self.range)} needs points: how many values to take from it")
        if len(self.alternatives) > _MOST_VALUES:
            raise ValueError(
                f"range {list(self.range or ())} holds more than {_MOST_VALUES} values; set points"
            )
        return self

    @property
    def alternatives(self) -> tuple[Any, ...]:
        """The values, those of a range listed."""
        if self.range is None:
            return self.values or ()
        first, last = self.range
        if self.points is None:
            return tuple(range(int(first), int(last) + 1))
        return tuple(first + (last - first) * k / (self.points - 1) for k in range(self.points))


class Weights(_Assumption):
    """Weights that are not certain: exactly one of noise, mix, dirichlet and sets."""

    noise: float | dict[int, float] | None = Field(
        default=None,
        description="Each weight is multiplied by a number uniform in 1 - noise to 1 + noise; by level, or "
        "one for all levels",
    )
    mix: tuple[Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]] | None = Field(
        default=None,
        description="Share of the forms per person (codes that end in .intensity) against those by size "
        "(.scale), uniform between two ends; the weights of the spec are those of equal shares",
    )
    dirichlet: int | None = Field(
        default=None,
        ge=1,
        description="Level whose elements' shares of the index are drawn together from a Dirichlet "
        "distribution; groups above weigh what their members do",
    )
    concentration: float = Field(
        default=1.0, gt=0, description="1: any weights are equally likely; higher: nearer the centre"
    )
    centred: bool = Field(
        default=False,
        description="Centre the Dirichlet distribution on the spec's weights, not on equal ones",
    )
    sets: dict[str, dict[str, Annotated[float, Field(ge=0)]]] | None = Field(
        default=None,
        min_length=1,
        description="Alternative sets by name: code = weight; codes not named keep the spec's weight",
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = ("noise", "mix", "dirichlet", "sets")
        given = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(kinds)}, not {', '.join(given) or 'none'}")
        if self.mix is not None and not self.mix[0] < self.mix[1]:
            raise ValueError(f"mix must be [first, last] with first < last, not {list(self.mix)}")
        for level, noise in self.noise_by_level({1}).items():
            if not 0 < noise <= 1:
                raise ValueError(f"noise at level {level} must lie above 0 and at most at 1, not {noise:g}")
        return self

    def noise_by_level(self, levels: set[int]) -> dict[int, float]:
        """Return the noise of each level; a single number stands for all ``levels``."""
        if self.noise is None:
            return {}
        return self.noise if isinstance(self.noise, dict) else dict.fromkeys(sorted(levels), self.noise)


class LeaveOut(_Assumption):
    """One element, the elements of one source, or none, are left out: what was learned from them stays."""

    indicators: bool | tuple[str, ...] = Field(
        default=False, description="true: each indicator in turn; or the codes of those that may go"
    )
    groups: bool | tuple[str, ...] = Field(
        default=False, description="true: each group in turn; or the codes of those that may go"
    )

    sources: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Source = codes of the indicators that go together with it"
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.indicators and not self.groups and not self.sources:
            raise ValueError("leave_out names nothing: set indicators or groups to true, or list codes")
        return self


class Measurement(_Assumption):
    """Values are measured with error: replicate data sets add normal noise of the standard error.

    A lower bound (a column CODE + ``suffix_up`` above 1) errs on one side: it is multiplied by a factor
    between 1 and that column, even in its logarithm.
    """

    replicates: int = Field(default=32, ge=2, le=_MOST_VALUES, description="Replicate data sets")
    suffix: str = Field(
        default="_se", min_length=1, description="Columns of standard errors are named CODE + suffix"
    )
    suffix_up: str = Field(
        default="_up",
        min_length=1,
        description="Columns CODE + suffix_up say how many times as high the true value may be",
    )
    errors: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict, description="Standard errors by code, in the indicator's unit"
    )
    relative: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict, description="Standard errors by code, as a share of the value"
    )


class MultipleImputation(_Assumption):
    """Missing cells are drawn instead of filled with one value; takes the place of step impute."""

    draws: int = Field(default=16, ge=2, le=_MOST_VALUES, description="Completed data sets")


class Vintages(_Assumption):
    """Several editions of the data, all equally likely."""

    files: dict[str, str] = Field(
        default_factory=dict,
        description="Name = data file, relative to the spec; name the spec's own file too, to draw it",
    )
    years: tuple[int, ...] = Field(
        default=(), description="Years as of which the data are taken, where they come from the catalogue"
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.files) == bool(self.years):
            raise ValueError("vintages needs either files or years")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the editions."""
        return tuple(self.files) or tuple(str(year) for year in self.years)


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else value


class Assumptions(BaseModel):
    """Everything that ``[robustness]`` may hold.

    Attributes
    ----------
    choice, weights
        Several of each are independent of each other.
    leave_out, measurement, multiple_imputation, vintages
        At most one each.
    draws, seed
        Defaults of a run.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    draws: int | None = Field(default=None, ge=1, description="Draws, unless the run asks for another number")
    seed: int = Field(default=0, ge=0, description="Seed, unless the run asks for another")
    choice: Annotated[tuple[Choice, ...], BeforeValidator(_as_tuple)] = ()
    weights: Annotated[tuple[Weights, ...], BeforeValidator(_as_tuple)] = ()
    leave_out: LeaveOut | None = None
    measurement: Measurement | None = None
    multiple_imputation: MultipleImputation | None = None
    vintages: Vintages | None = None

    @classmethod
    def of(cls, spec: IndexSpec) -> Self:
        """Read and check the ``[robustness]`` table of a spec.

        Raises
        ------
        ParityError
            If a field is unknown or wrong, an assumption names a step, indicator, group or
            level that the spec does not have, or two assumptions vary one field.
        """
        try:
            found = cls.model_validate(spec.robustness)
        except ValidationError as problem:
            raise ParityError(f"[robustness] of '{spec.index.id}': {faults(problem)}") from problem
        return found

    @property
    def empty(self) -> bool:
        """Whether nothing is varied."""
        single = (self.leave_out, self.measurement, self.multiple_imputation, self.vintages)
        return not (self.choice or self.weights or any(single))


Kind = Literal["choice", "weights", "leave_out", "measurement", "multiple_imputation", "vintages"]


_WHOLE: dict[str, Any] = {
    "impute": Impute,
    "treat": Treat,
    "normalise": Normalise,
    "weight": Weight,
    "aggregate": Aggregate,
    "member_weights": Weight,
}
"""Options that may be written as the name of a method alone."""


def with_value(spec: IndexSpec, field: str, value: Any) -> IndexSpec:
    """Return the spec with one field changed.

    ``field``: ``STEP`` or ``STEP.OPTION``, ``indicator.CODE.FIELD`` or ``group.CODE.FIELD``. ``value``:
    new value. Options of a whole step are laid over those that it has; ``False`` takes the step away.
    """
    body = spec.model_dump(by_alias=True, exclude_unset=True)
    try:
        _change(body, field, value)
        return IndexSpec.model_validate(body)
    except ValidationError as problem:
        raise ParityError(f"[robustness] sets '{field}' to {value!r}: {faults(problem)}") from problem


def _change(body: dict[str, Any], field: str, value: Any) -> None:
    """Find the table that a field lies in, and change it."""
    head, *rest = field.split(".")
    if head in STEPS:
        steps = body.get("steps", {})
        if steps.get(head) is None:
            raise ParityError(
                f"[robustness] varies '{field}', but the spec has no step '{head}'; "
                f"add [steps.{head}] to it, or drop the assumption"
            )
        _put(steps, [head, *rest], value)
    elif head in ("indicator", "group"):
        element, path = _element(body.get(head, []), field.removeprefix(f"{head}."), field, head)
        _put(element, path, value)
    else:
        raise ParityError(
            f"[robustness] varies '{field}', which begins neither with a step ({one_of(STEPS)}) nor with "
            f"'indicator' or 'group'.{did_you_mean(head, [*STEPS, 'indicator', 'group'])}"
        )


def _element(
    elements: list[dict[str, Any]], address: str, field: str, head: str
) -> tuple[dict[str, Any], list[str]]:
    """Return the element that an address begins with, and the rest of the address; codes may hold dots."""
    fitting = [each for each in elements if address.startswith(f"{each['code']}.")]
    if not fitting:
        codes = [each["code"] for each in elements]
        missing = address.rpartition(".")[0] or address
        raise ParityError(
            f"[robustness] varies '{field}', but the spec has no {head} '{missing}'."
            f"{did_you_mean(missing, codes)}"
        )
    element = max(fitting, key=lambda each: len(each["code"]))
    return element, address[len(element["code"]) + 1 :].split(".")


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    """Set the value at the end of a path, or lay options over options there."""
    *upper, last = path
    for name in upper:
        key: Any = int(name) if name.isdecimal() else name
        if not isinstance(tree.get(key), dict):
            tree[key] = {}
        tree = tree[key]
    key = int(last) if last.isdecimal() else last
    # aggregate.level.3 takes the options of aggregate.
    kind = upper[0] if upper and last.isdecimal() else last
    if value is False and (kind in _WHOLE or not upper):
        tree.pop(key, None)
        return
    if isinstance(value, str) and kind in _WHOLE:
        value = TypeAdapter(_WHOLE[kind]).validate_python(value).model_dump(exclude_unset=True)
    old = tree.get(key)
    tree[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
