"""Kinds of parameter that several addresses take."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query

Variant = Literal["both", "scale", "intensity"]
Name = Annotated[str, Query(max_length=100)]
