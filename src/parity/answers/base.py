"""What every answer shares."""

from __future__ import annotations

import shlex
import sys
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from parity import __version__
from parity.estimate import Estimate


class EstimateModel(BaseModel):
    """A number with its interval; ``value`` is null where unknown, with a ``reason``."""

    model_config = ConfigDict(extra="forbid")

    value: float | None = Field(description="Point estimate")
    low: float | None = Field(default=None, description="Lower end of the interval")
    high: float | None = Field(default=None, description="Upper end of the interval")
    level: float | None = Field(default=None, description="Probability that the interval covers")
    unit: str = Field(default="", description="Unit of value, low and high")
    reason: str | None = Field(default=None, description="Why a number is null")

    @classmethod
    def of(cls, estimate: Estimate) -> Self:
        """Return the JSON form of an estimate."""
        return cls(**estimate.as_dict())


class Answer(BaseModel):
    """Keys of every answer."""

    model_config = ConfigDict(extra="forbid")

    parity: str = Field(default=__version__, description="Version of Parity")
    data: str = Field(description="Vintage of the data that the answer rests on")
    command: str = Field(
        default_factory=lambda: command_line(), description="Command that reproduces the answer"
    )


def command_line() -> str:
    """Return the command that the user gave, quoted for a shell."""
    return shlex.join(["parity", *sys.argv[1:]])


def known(number: float) -> float | None:
    """Return a number, or ``None`` where it is NaN."""
    return None if number != number else number
