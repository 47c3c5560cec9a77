"""Options of the fit and of its resampling."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Loss = Literal["linear", "soft_l1", "huber"]
Resample = Literal["scores", "benchmarks"]


class FitOptions(BaseModel):
    """How capability is fitted; the defaults are those of the published index.

    Attributes
    ----------
    anchor
        Test whose slope is 1 and whose difficulty is 0; the one with most scores if ``None``.
    scale
        Two models and the numbers that they shall have, in place of the anchor's scale.
    penalty
        Weight of the mean squared parameter in the objective.
    reach
        Bound of capabilities and difficulties, either sign.
    flattest, steepest
        Bounds of the slopes.
    loss
        ``linear`` (least squares), or a robust loss that lets outliers pull less.
    loss_scale
        Residual from which a robust loss departs from least squares.
    guessing
        Let the curves rise from each test's chance level instead of 0.
    ceiling
        Let the curves end at each test's maximum instead of 1.
    tolerance
        Relative change of the objective at which the search ends.
    steps
        Most steps of the search.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    anchor: str | None = None
    scale: tuple[tuple[str, float], tuple[str, float]] | None = None
    penalty: float = Field(default=0.1, gt=0)
    reach: float = Field(default=10.0, gt=0)
    flattest: float = Field(default=0.1, gt=0)
    steepest: float = Field(default=10.0, gt=0)
    loss: Loss = "linear"
    loss_scale: float = Field(default=0.1, gt=0)
    guessing: bool = False
    ceiling: bool = False
    tolerance: float = Field(default=1e-10, gt=0)
    steps: int = Field(default=500, ge=1)

    @model_validator(mode="after")
    def _bounds_hold_the_anchor(self) -> Self:
        if not self.flattest <= 1 <= self.steepest:
            raise ValueError("the slopes' bounds must contain 1, the slope of the anchor")
        if self.scale and (self.scale[0][0] == self.scale[1][0] or self.scale[0][1] == self.scale[1][1]):
            raise ValueError("the scale needs two different models with two different numbers")
        return self


class BootstrapOptions(BaseModel):
    """How the fit is resampled.

    Attributes
    ----------
    draws
        Refits per kind of resampling.
    seed
        Seed of the random numbers; the result does not depend on the number of workers.
    tolerance
        Relative change of the objective at which a refit ends.
    workers
        Threads; as many as the machine has cores if ``None``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    draws: int = Field(default=100, ge=20)
    seed: int = 0
    tolerance: float = Field(default=1e-8, gt=0)
    workers: int | None = Field(default=None, ge=1)
