"""Options of every step of an index, as they are written in a spec.

The literals below are the one place where the names of the methods stand. Where a
method may be one's own, its name is ``custom:NAME`` (see `parity.index.register`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Step = Literal["denominate", "screen", "impute", "treat", "normalise", "weight", "aggregate"]
STEPS: tuple[Step, ...] = get_args(Step)

Scope = Literal["all", "year"]
Custom = Annotated[str, Field(pattern=r"^custom:[A-Za-z_][A-Za-z0-9_-]*$")]
ImputeMethod = Literal[
    "none",
    "mean",
    "median",
    "group_mean",
    "group_median",
    "row_mean",
    "row_median",
    "linear",
    "latest",
    "constant",
    "neighbours",
    "em",
]
Transform = Literal[
    "none", "ln", "log10", "log", "log_plus", "log_shift_one", "log_gii", "boxcox", "asinh", "winsorise"
]
NormaliseMethod = Literal[
    "none",
    "minmax",
    "goalposts",
    "scaled",
    "zscore",
    "rank",
    "percentile_rank",
    "borda",
    "distance_to_maximum",
    "distance_to_reference",
    "distance_to_target",
    "fraction_of_maximum",
]
WeightMethod = Literal[
    "given", "equal", "pca", "entropy", "critic", "merec", "ahp", "optimised", "benefit_of_the_doubt"
]
AggregateMethod = Literal[
    "arithmetic",
    "geometric",
    "harmonic",
    "sum",
    "power",
    "median",
    "mazziotta_pareto",
    "copeland",
    "outranking",
    "topsis",
    "wroclaw",
    "owa",
    "benefit_of_the_doubt",
]


class Options(BaseModel):
    """Base of all options: frozen, and an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def under(self, override: Self | None) -> Self:
        """Return these options with those that an override names put in their place."""
        if override is None:
            return self
        named = override.model_fields_set & set(type(self).model_fields)
        return self.model_copy(update={name: getattr(override, name) for name in named})


class DenominateOptions(Options):
    """Divide (or multiply) indicators by the column that each names as its ``denominator``."""

    operation: Literal["divide", "multiply"] = Field(
        default="divide",
        description="divide: value / (denominator / factor); multiply: value x denominator / factor",
    )


class ScreenOptions(Options):
    """Leave out units with too little data."""

    by: Literal["missing", "zeros", "both"] = Field(
        default="missing", description="What excludes a unit: missing cells, zeros, or either"
    )
    min_available: float = Field(
        default=2 / 3, ge=0, le=1, description="Smallest share of indicators that a unit must have"
    )
    min_nonzero: float = Field(
        default=0.05, ge=0, le=1, description="Smallest share of a unit's available cells that are not zero"
    )
    include: tuple[str, ...] = Field(default=(), description="Units kept whatever the data")
    exclude: tuple[str, ...] = Field(default=(), description="Units left out whatever the data")

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if both := sorted(set(self.include) & set(self.exclude)):
            raise ValueError(f"screen both includes and excludes {', '.join(both)}")
        return self


def _as_method(value: Any) -> Any:
    return {"method": value} if isinstance(value, str) else value


def _as_treatment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value == "none":
        return {"first": "none", "second": "none"}
    # A treatment named by hand is meant, whatever the test says.
    return {"first": value, "second": "none", "force": True}


class ImputeOptions(Options):
    """Fill missing cells."""

    method: ImputeMethod | Custom = Field(default="none", description="How a missing cell is filled")
    by: str | None = Field(default=None, description="Column of groups, for group_mean and group_median")
    fallback: Literal["none", "mean", "median"] = Field(
        default="none", description="What fills a cell that the method leaves missing"
    )
    neighbours: int = Field(default=5, ge=1, description="Neighbours averaged, for neighbours")
    level: int | None = Field(
        default=None, ge=2, description="Level of the groups whose indicators fill a cell, for row_mean"
    )
    look_back: int | None = Field(
        default=None, ge=1, description="Most time points to look back, for latest; no limit by default"
    )
    extrapolate: bool = Field(
        default=True, description="Carry the first and last known value outwards, for linear"
    )
    scope: Scope = Field(
        default="year", description="Learn from each year on its own, or from all years at once"
    )
    options: dict[str, Any] = Field(default_factory=dict, description="Passed to a custom function")

    @model_validator(mode="after")
    def _names_its_groups(self) -> Self:
        if self.method in ("group_mean", "group_median") and self.by is None:
            raise ValueError(f"impute by {self.method} needs 'by', the column of groups")
        return self


class TreatOptions(Options):
    """Treat outliers in two stages: the second where the first does not bring the test to pass."""

    first: Transform | Custom = Field(default="winsorise", description="First treatment")
    second: Transform | Custom = Field(default="log", description="Second treatment")
    winmax: int | Literal["unlimited"] = Field(default=5, description="Most points to winsorise")
    max_skewness: float = Field(default=2.0, ge=0, description="The test passes below this |skewness| ...")
    max_kurtosis: float = Field(default=3.5, description="... or below this excess kurtosis")
    force: bool = Field(
        default=False,
        description="Apply the first treatment (or, where it is none, the second) whatever the test says",
    )
    combine: bool = Field(
        default=False, description="Apply the second treatment to the output of the first, not to the data"
    )
    power: float | Literal["auto"] = Field(
        default="auto", description="Power (lambda) of boxcox; auto: the most likely one"
    )
    scale: float | Literal["auto"] = Field(
        default="auto", description="Scale of asinh(x / scale); auto: the median absolute value"
    )
    scope: Scope = Field(default="year", description="Treat each year on its own, or all years at once")
    options: dict[str, Any] = Field(default_factory=dict, description="Passed to a custom function")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.winmax != "unlimited" and self.winmax < 0:
            raise ValueError(f"winmax must be 0 or more, or 'unlimited', not {self.winmax}")
        if self.scale != "auto" and self.scale <= 0:
            raise ValueError(f"the scale of asinh must be above 0, not {self.scale:g}")
        return self


class NormaliseOptions(Options):
    """Bring indicators to a common scale; direction is applied first."""

    method: NormaliseMethod | Custom = Field(default="minmax", description="Normalisation")
    lower: float = Field(default=0.0, description="Score of the lower bound (minmax, goalposts)")
    upper: float = Field(default=100.0, description="Score of the upper bound (minmax, goalposts, scaled)")
    mean: float = Field(default=0.0, description="Mean of the scores (zscore)")
    sd: float = Field(default=1.0, gt=0, description="Standard deviation of the scores (zscore)")
    goalposts: tuple[float, float] | None = Field(
        default=None, description="Lower and upper bound in the indicator's own unit (goalposts, scaled)"
    )
    clip: bool | None = Field(
        default=None, description="Cut scores at the goalposts (on by default there) or at the target"
    )
    target: float | None = Field(
        default=None, description="Target in the indicator's own unit (distance_to_target)"
    )
    reference: str | None = Field(default=None, description="Unit compared with (distance_to_reference)")
    constant: Literal["missing", "middle", "error"] = Field(
        default="missing",
        description="An indicator with one value only: no score, the middle of the scale, or an error",
    )
    scope: Scope = Field(
        default="all", description="One scale for all years, so that years compare, or one a year"
    )
    options: dict[str, Any] = Field(default_factory=dict, description="Passed to a custom function")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.goalposts is not None and self.goalposts[0] >= self.goalposts[1]:
            raise ValueError(
                f"goalposts must be [lower, upper] with lower < upper, not {list(self.goalposts)}"
            )
        if self.lower >= self.upper:
            raise ValueError(f"lower must be below upper, not {self.lower:g} and {self.upper:g}")
        return self


class WeightOptions(Options):
    """Where weights come from."""

    method: WeightMethod | Custom = Field(default="given", description="Source of the weights")
    negative: Literal["error", "zero", "keep"] = Field(
        default="error", description="What to do with a negative weight of pca; optimised: keep allows it"
    )
    squared: bool = Field(default=False, description="Squared loadings as weights (pca)")
    target: tuple[float, ...] | Literal["equal"] = Field(
        default="equal", description="Relative importance wanted of the elements, in order (optimised)"
    )
    importance: Literal["correlation", "r_squared", "variance_share"] = Field(
        default="correlation", description="Importance that is balanced (optimised)"
    )
    correlation: Literal["pearson", "spearman"] = Field(
        default="pearson", description="Correlation between element and index (optimised)"
    )
    comparisons: tuple[tuple[Annotated[float, Field(gt=0)], ...], ...] | None = Field(
        default=None, description="How many times as important each member (row) is as each other (ahp)"
    )
    options: dict[str, Any] = Field(default_factory=dict, description="Passed to a custom function")


class AggregateOptions(Options):
    """Combine the members of a group into its score."""

    method: AggregateMethod | Custom = Field(default="arithmetic", description="Aggregation")
    power: float = Field(default=-1.0, description="Exponent of the power mean; 0 is the geometric mean")
    penalty: Literal["low", "high"] = Field(
        default="low",
        description="mazziotta_pareto: low subtracts the penalty (more is better), high adds it",
    )
    min_available: float = Field(
        default=0.0, ge=0, le=1, description="Smallest share of members with a score; below it, no score"
    )
    tie_tolerance: float = Field(
        default=0.0,
        ge=0,
        lt=0.5,
        description="copeland: a pair whose share of weight is no further from half is a tie",
    )
    share: tuple[float, float] | None = Field(
        default=None, description="Least and greatest share of a member in the score (benefit_of_the_doubt)"
    )
    zero: Literal["error", "missing", "zero"] = Field(
        default="error", description="geometric: what a score of 0 among the members makes of the mean"
    )
    order_weights: tuple[Annotated[float, Field(ge=0)], ...] = Field(
        default=(), description="owa: weight of a unit's best member, of its second best, and so on"
    )
    towards: tuple[Annotated[float, Field(ge=0)], ...] | None = Field(
        default=None,
        description="benefit_of_the_doubt: direction in which the frontier is looked for, by member",
    )
    rivals: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="benefit_of_the_doubt: mean score against so many units at random, over 100 draws",
    )
    options: dict[str, Any] = Field(default_factory=dict, description="Passed to a custom function")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.share is not None and not 0 <= self.share[0] <= self.share[1] <= 1:
            raise ValueError(f"share must be [least, greatest] within 0 and 1, not {list(self.share)}")
        if self.method == "owa" and not sum(self.order_weights) > 0:
            raise ValueError("owa needs order_weights, best member first, not all 0")
        if sum(given is not None for given in (self.share, self.towards, self.rivals)) > 1:
            raise ValueError("share, towards and rivals are three forms of benefit_of_the_doubt; give one")
        return self


Impute = Annotated[ImputeOptions, BeforeValidator(_as_method)]
Treat = Annotated[TreatOptions, BeforeValidator(_as_treatment)]
Normalise = Annotated[NormaliseOptions, BeforeValidator(_as_method)]
Weight = Annotated[WeightOptions, BeforeValidator(_as_method)]
Aggregate = Annotated[AggregateOptions, BeforeValidator(_as_method)]
