"""A pledge, and where pledges are kept."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from parity.catalogue import outcome_of
from parity.errors import ParityError, did_you_mean

_BASIS = "^(file|read|background)$"


class Pledge(BaseModel):
    """A dated commitment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Short name")
    country: str = Field(description="Country (ISO3) or bloc that it binds")
    who: str = Field(min_length=1, description="Who has to act")
    what: str = Field(min_length=1, description="What is to be done")
    measure: str | None = Field(
        default=None, description="Indicator or index that measures it; open-ai-index: a rank, no index named"
    )
    target: float | None = Field(default=None, description="Number to be reached")
    unit: str | None = Field(default=None, description="Unit of the target")
    made: dt.date = Field(description="Day on which it was made or published")
    made_precision: str = Field(
        default="day", pattern=r"^(day|month|year)$", description="What the source names of that day"
    )
    due: dt.date = Field(description="Last day")
    due_first: dt.date | None = Field(default=None, description="Last day as first set, where it was moved")
    done_on: dt.date | None = Field(default=None, description="Day on which it was done")
    outcome: str | None = Field(
        default=None,
        pattern=r"^(met|late|partly|missed)$",
        description="What a source says of it; told from done_on where that is given",
    )
    outcome_on: dt.date | None = Field(default=None, description="Day of that evidence")
    evidence: str | None = Field(default=None, description="What the source says")
    evidence_source: str | None = Field(default=None, description="Page of the evidence")
    evidence_basis: str | None = Field(default=None, pattern=_BASIS, description="How the evidence is known")
    source: str = Field(pattern=r"^https?://", description="Page that states it")
    checked: dt.date | None = Field(default=None, description="Day on which the page was read")
    basis: str = Field(default="read", pattern=_BASIS, description="How the pledge is known")
    note: str | None = Field(default=None, description="What to know besides")

    @property
    def made_text(self) -> str:
        """The day on which it was made, as far as the source names it."""
        return self.made.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.made_precision]]

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("done_on") and given.get("due"):
            told = outcome_of(given["done_on"], given["due"])
            if given.get("outcome") not in (None, told):
                raise ValueError(f"done on {given['done_on']} and due {given['due']} is {told}")
            return {**given, "outcome": told, "outcome_on": given.get("outcome_on") or given["done_on"]}
        return given

    @model_validator(mode="after")
    def _sound(self) -> Pledge:
        if self.due < self.made:
            raise ValueError("due lies before made")
        if self.outcome and not (self.evidence and self.outcome_on and self.evidence_source):
            raise ValueError("an outcome needs evidence, outcome_on and evidence_source")
        return self


def together(carried: Iterable[Pledge], own: Iterable[Pledge]) -> list[Pledge]:
    """Return carried pledges and own ones by their due date; an own one stands in the place of its id."""
    known = {pledge.id: pledge for pledge in (*carried, *own)}
    return sorted(known.values(), key=lambda pledge: (pledge.due, pledge.id))


def find(name: str, among: list[Pledge]) -> Pledge:
    """Return a pledge by its id.

    Raises
    ------
    ParityError
        If there is none; the message suggests the nearest.
    """
    for pledge in among:
        if pledge.id == name:
            return pledge
    raise ParityError(
        f"no pledge '{name}'.{did_you_mean(name, [pledge.id for pledge in among])} `parity pledges "
        f"list` shows all"
    )


def read_pledges(text: str, name: str) -> tuple[Pledge, ...]:
    """Read a user's own file: one table per pledge, in TOML.

    Parameters
    ----------
    text
        Content of the file.
    name
        Its name, for messages.

    Returns
    -------
    tuple of Pledge
        In the order of the file.

    Raises
    ------
    ParityError
        If it is no TOML, or a pledge lacks or misspells a field.
    """
    try:
        rows = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ParityError(f"{name} is not TOML: {problem}") from None
    return tuple(_pledge(key, row, name) for key, row in rows.items())


def _pledge(key: str, row: Any, name: str) -> Pledge:
    if not isinstance(row, dict):
        raise ParityError(f"{name}: '{key}' is not a table; a pledge is [its-id] and its fields below")
    try:
        return Pledge(**row | {"id": key})
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "pledge"
        raise ParityError(f"{name}: [{key}] {place}: {first['msg']}") from None
