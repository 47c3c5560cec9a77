"""Base of all parts of a brief, and what stands for a section that cannot be given."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """Base of all parts of a brief."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Missing(Section):
    """Stands in place of a section that the data do not allow."""

    reason: str = Field(description="Why the section cannot be given")
