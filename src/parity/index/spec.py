"""The spec of an index: one TOML file that says what goes in and what is done with it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from parity.errors import ParityError
from parity.index._options import (
    STEPS,
    Aggregate,
    AggregateOptions,
    DenominateOptions,
    Impute,
    ImputeOptions,
    Normalise,
    NormaliseOptions,
    Options,
    ScreenOptions,
    Step,
    Treat,
    TreatOptions,
    Weight,
    WeightOptions,
)
from parity.index._spec_text import faults, toml
from parity.index._tree import Tree, compile_tree

FORMAT_VERSION = 1
CATALOGUE = "catalogue:"
"""How the source of an indicator begins that the catalogue has."""

Code = Annotated[str, Field(min_length=1, max_length=200)]


def _known_version(value: Any) -> Any:
    if isinstance(value, int) and value > FORMAT_VERSION:
        raise ValueError(
            f"the spec is written in format {value}, and this Parity reads formats up to {FORMAT_VERSION}; "
            "update Parity"
        )
    return value


def _rows(value: Any) -> Any:
    return (value,) if isinstance(value, int) else value


Rows = Annotated[tuple[Annotated[int, Field(ge=1)], ...], BeforeValidator(_rows)]


class Units(Options):
    """Countries that an index built on the catalogue ranks."""

    min_population: float = Field(default=0.0, ge=0, description="Least population of a country")
    include: tuple[str, ...] = Field(default=(), description="Countries (ISO3) ranked whatever their size")
    exclude: tuple[str, ...] = Field(default=(), description="Countries (ISO3) left out")


class IndexSection(Options):
    """What the index is, and where its data lie."""

    id: Code = Field(description="Short name of the index")
    title: str = Field(default="", description="Title for people")
    description: str = Field(default="", description="What the index measures")
    version: Annotated[int, BeforeValidator(_known_version)] = Field(
        default=FORMAT_VERSION, ge=1, description="Format of the spec"
    )
    data: str | None = Field(default=None, description="Data file, relative to the spec")
    trim: bool = Field(
        default=False,
        description="Quantities from the catalogue that a country's other evidence does not support are "
        "trimmed: to five times the expected value, or more as far as a second source confirms it",
    )
    units: Units = Field(default=Units(), description="Countries, where the data come from the catalogue")
    id_column: str = Field(default="id", description="Column that identifies a unit")
    name_column: str | None = Field(default=None, description="Column with the name of a unit")
    year_column: str | None = Field(default=None, description="Column with the year, in a panel")
    missing: tuple[str, ...] = Field(
        default=("", "NA", "NaN"), description="Texts that mark a missing cell in an indicator's column"
    )
    encoding: str | None = Field(
        default=None, description="Encoding of a CSV or TSV file; UTF-8 by default, cp1252 for older Excel"
    )
    sheet: str | None = Field(
        default=None, description="Sheet of a workbook; the first with a table by default"
    )
    header: Rows = Field(
        default=(), description="Row of the file with the headings, from 1, or several to be joined ([2, 3])"
    )
    decimal: Literal[".", ","] | None = Field(
        default=None, description="Decimal mark; told from the numbers where they leave no doubt"
    )
    thousands: Literal[".", ",", " ", "'"] | None = Field(default=None, description="Mark between thousands")
    footnotes: Literal["drop"] | None = Field(
        default=None, description="drop: a mark after a number (12.3*, 12,3 a) is left out"
    )
    percent: Literal["drop"] | None = Field(
        default=None, description="drop: 45% is 45, where other cells of the column have no sign"
    )
    indicator_column: str | None = Field(
        default=None,
        description="In a long table, the column with the codes of the indicators; see value_column",
    )
    value_column: str | None = Field(
        default=None, description="In a long table, the column of values; without it the years are columns"
    )
    year_columns: bool = Field(
        default=False, description="Whether years are columns (2019, 2020 ..., also '2020 [YR2020]')"
    )
    year: int | Literal["latest"] | None = Field(
        default=None,
        description="One year out of several, or latest: each unit's last value of each indicator",
    )


class Select(Options):
    """How an indicator is taken out of the table of observations."""

    indicator: Code = Field(description="Indicator in the table of observations")
    years: tuple[int, int] | None = Field(default=None, description="First and last year")
    reduce: Literal["latest", "sum", "mean", "median"] = Field(
        default="latest",
        description="How years become one value; in a median, a year without an observation counts as zero",
    )
    absent: Literal["missing", "zero"] = Field(
        default="missing", description="What a country without an observation means"
    )
    never_zero: tuple[str, ...] = Field(
        default=(), description="Countries for which absence stays missing, where it means zero for others"
    )
    understated: dict[str, Annotated[float, Field(gt=1)]] = Field(
        default_factory=dict,
        description="Countries whose value is a lower bound, and how many times as high the true one may be; "
        "absence stays missing there",
    )
    seen_in: tuple[Code, ...] = Field(
        default=(),
        description="Series of other sources that would show it too; they confirm it in proportion",
    )
    most: float | None = Field(
        default=None, description="Greatest observation that is possible; one above it is missing"
    )
    times: str | None = Field(
        default=None, description="Series that the value is multiplied by: a ratio becomes a quantity"
    )
    factor: float = Field(default=1.0, gt=0, description="The value is multiplied by this too, for its unit")


class Indicator(Options):
    """One indicator."""

    code: Code = Field(description="Column of the data")
    title: str = Field(default="", description="Title for people")
    group: Code | None = Field(default=None, description="Group that it belongs to; none: the index itself")
    weight: float = Field(default=1.0, ge=0, description="Weight within its group, relative to the others'")
    direction: Literal[1, -1] = Field(default=1, description="1: more is better; -1: less is better")
    unit: str = Field(default="", description="Unit of the values")
    denominator: str | None = Field(default=None, description="Column to divide by (step denominate)")
    factor: float = Field(default=1.0, gt=0, description="The ratio is multiplied by this (step denominate)")
    kind: Literal["extensive", "intensive"] | None = Field(
        default=None, description="extensive: adds up over units; intensive: does not"
    )
    goalposts: tuple[float, float] | None = Field(
        default=None, description="Lower and upper goalpost, in its own unit after denominate"
    )
    target: float | None = Field(default=None, description="Target, in its own unit after denominate")
    bounds: tuple[float, float] | None = Field(
        default=None, description="Least and greatest value it can take; data outside are an error"
    )
    actionable: bool = Field(default=True, description="Whether policy can move it")
    yearly_spread: float | None = Field(
        default=None, ge=0, description="Typical change from year to year, in its own unit"
    )
    source: str | None = Field(
        default=None,
        pattern=f"^{CATALOGUE}.+",
        description="catalogue:SERIES takes it from Parity's catalogue, by country (and year, in a panel), "
        "in an index on your own table; select says more",
    )
    select: Select | None = Field(default=None, description="How it is taken from the observations")
    data: str | None = Field(
        default=None,
        description="Table with its values, relative to the spec, in an index on the catalogue's data: a "
        "column of countries (names or codes) and one of values",
    )
    column: str | None = Field(
        default=None, description="Column of that table; the one named like the code, or the only one"
    )
    impute: Impute | None = Field(default=None, description="Overrides steps.impute")
    treat: Treat | None = Field(default=None, description="Overrides steps.treat")
    normalise: Normalise | None = Field(default=None, description="Overrides steps.normalise")

    @model_validator(mode="before")
    @classmethod
    def _selected(cls, given: Any) -> Any:
        source = given.get("source") if isinstance(given, dict) else None
        if not isinstance(source, str) or not source.startswith(CATALOGUE):
            return given
        return given | {"select": {"indicator": source.removeprefix(CATALOGUE)} | (given.get("select") or {})}

    @property
    def form(self) -> Literal["scale", "intensity"] | None:
        """Form of a quantity that stands in the index by size and per person, by the end of its code."""
        ending = self.code.rpartition(".")[2]
        return ending if ending in ("scale", "intensity") and ending != self.code else None  # type: ignore[return-value]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for name in ("goalposts", "bounds"):
            pair = getattr(self, name)
            if pair is not None and pair[0] >= pair[1]:
                raise ValueError(f"{name} must be [lower, upper] with lower < upper, not {list(pair)}")
        return self


class Group(Options):
    """A group of indicators or of other groups."""

    code: Code = Field(description="Code of the group")
    title: str = Field(default="", description="Title for people")
    parent: Code | None = Field(default=None, description="Group that it belongs to; none: the top")
    weight: float = Field(default=1.0, ge=0, description="Weight within its parent, relative to the others'")
    aggregate: Aggregate | None = Field(default=None, description="Overrides steps.aggregate for this group")
    normalise: Normalise | None = Field(
        default=None, description="Normalises the group's score before it goes on to the parent"
    )
    member_weights: Weight | None = Field(
        default=None, description="Overrides steps.weight for the members of this group"
    )


class NormaliseStep(NormaliseOptions):
    """Step normalise; ``level.N`` normalises the scores of groups at level N too."""

    level: dict[int, Normalise] = Field(default_factory=dict, description="Scores of groups, by level")


class WeightStep(WeightOptions):
    """Step weight; ``level.N`` overrides it for the elements at level N."""

    level: dict[int, Weight] = Field(default_factory=dict, description="Elements, by level")


class AggregateStep(AggregateOptions):
    """Step aggregate; ``level.N`` overrides it for the groups at level N."""

    level: dict[int, Aggregate] = Field(default_factory=dict, description="Groups, by level")


class Steps(Options):
    """The steps. One that is absent is skipped, and the run says so."""

    order: tuple[Step, ...] = Field(
        default=STEPS, description="Order of the steps; weight and aggregate always come last"
    )
    denominate: DenominateOptions | None = Field(default=None, description="Divide by population, GDP ...")
    screen: ScreenOptions | None = Field(default=None, description="Leave out units with too little data")
    impute: ImputeOptions | None = Field(default=None, description="Fill missing cells")
    treat: TreatOptions | None = Field(default=None, description="Treat outliers")
    normalise: NormaliseStep | None = Field(default=None, description="Bring to a common scale")
    weight: WeightStep | None = Field(default=None, description="Set the weights")
    aggregate: AggregateStep | None = Field(default=None, description="Combine into scores")

    @model_validator(mode="after")
    def _every_step_once(self) -> Self:
        if len(set(self.order)) != len(self.order):
            raise ValueError(f"order names a step twice: {', '.join(self.order)}")
        if left_out := [
            name for name in STEPS[:5] if getattr(self, name) is not None and name not in self.order
        ]:
            raise ValueError(f"order leaves out {', '.join(left_out)}, which the spec sets")
        last = [name for name in self.order if name in ("weight", "aggregate")]
        if list(self.order[len(self.order) - len(last) :]) != last or last == ["aggregate", "weight"]:
            raise ValueError("order: weight and aggregate come last, in this order")
        return self

    @property
    def before_scores(self) -> tuple[str, ...]:
        """Steps up to normalise, in order; those that ``order`` does not name follow."""
        named = [name for name in self.order if name in STEPS[:5]]
        return (*named, *(name for name in STEPS[:5] if name not in named))


class IndexSpec(BaseModel):
    """Everything that defines an index, but its data.

    Attributes
    ----------
    index
        Identity, file format, names of the data's columns.
    steps
        Steps and their options.
    indicators, groups
        Elements of the index (``[[indicator]]`` and ``[[group]]`` in TOML).
    robustness
        Assumptions to vary; read by `parity.robustness`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)

    index: IndexSection
    steps: Steps = Field(default_factory=Steps)
    indicators: tuple[Indicator, ...] = Field(alias="indicator", min_length=1)
    groups: tuple[Group, ...] = Field(default=(), alias="group")
    robustness: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        highest = int(compile_tree(self).levels.max())
        ranges = {"normalise": (2, highest), "weight": (1, highest - 1), "aggregate": (2, highest)}
        for name, (first, last) in ranges.items():
            step = getattr(self.steps, name)
            if step is not None and (wrong := [level for level in step.level if not first <= level <= last]):
                raise ValueError(f"steps.{name}.level.{wrong[0]}: levels here go from {first} to {last}")
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the indicators, in order."""
        return tuple(indicator.code for indicator in self.indicators)

    def tree(self) -> Tree:
        """Return the structure as arrays."""
        return compile_tree(self)

    @classmethod
    def from_toml(cls, text: str, source: str = "the spec") -> Self:
        """Read a spec.

        Parameters
        ----------
        text
            Contents of a TOML file.
        source
            Name of the file, for messages.

        Raises
        ------
        ParityError
            If the text is not TOML or not a spec; the message names the field.
        """
        try:
            return cls.model_validate(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, RecursionError) as problem:
            raise ParityError(f"{source} is not valid TOML: {problem}") from problem
        except ValidationError as problem:
            raise ParityError(f"{source}: {faults(problem)}") from problem

    def to_toml(self) -> str:
        """Return the spec as TOML; only fields that were set are written."""
        return toml(self.model_dump(mode="json", by_alias=True, exclude_unset=True))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a spec from a file.

        Raises
        ------
        ParityError
            If the file cannot be read or is not a spec.
        """
        from parity.catalogue.files import read_text

        return cls.from_toml(read_text(Path(path)), source=str(path))

    def save(self, path: str | Path) -> None:
        """Write the spec to a TOML file."""
        from parity.catalogue.files import write_text

        write_text(Path(path), self.to_toml())

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of a spec, for editors."""
        return cls.model_json_schema(by_alias=True)
