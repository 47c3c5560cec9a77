"""A pledge, and where pledges are kept."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from parity.catalogue import load_table
from parity.errors import ParityError, did_you_mean


class Pledge(BaseModel):
    """A dated commitment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Short name")
    country: str = Field(description="Country (ISO3) or bloc that it binds")
    who: str = Field(min_length=1, description="Who has to act")
    what: str = Field(min_length=1, description="What is to be done")
    measure: str | None = Field(default=None, description="Indicator that measures it, or open-ai-index")
    target: float | None = Field(default=None, description="Number to be reached")
    unit: str | None = Field(default=None, description="Unit of the target")
    made: dt.date = Field(description="Day on which it was made or published")
    made_precision: str = Field(
        default="day", pattern=r"^(day|month|year)$", description="What the source names of that day"
    )
    due: dt.date = Field(description="Last day")
    source: str = Field(pattern=r"^https?://", description="Page that states it")
    outcome: str | None = Field(
        default=None, pattern=r"^(met|partly|missed)$", description="What a source says of it"
    )
    outcome_on: dt.date | None = Field(default=None, description="Day of that evidence")
    evidence: str | None = Field(default=None, description="What the source says")
    evidence_source: str | None = Field(default=None, description="Page of the evidence")

    @property
    def made_text(self) -> str:
        """The day on which it was made, as far as the source names it."""
        return self.made.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.made_precision]]

    @model_validator(mode="after")
    def _sound(self) -> Pledge:
        if self.due < self.made:
            raise ValueError("due lies before made")
        if self.outcome and not (self.evidence and self.outcome_on and self.evidence_source):
            raise ValueError("an outcome needs evidence, outcome_on and evidence_source")
        return self


def pledges(country: str | None = None, own: tuple[Pledge, ...] = ()) -> list[Pledge]:
    """Return the pledges on record, by their due date.

    Parameters
    ----------
    country
        Country (ISO3) or bloc to keep.
    own
        The user's pledges; one with the id of a carried one stands in its place.

    Returns
    -------
    list of Pledge
        Carried and own ones.
    """
    known = {row["id"]: Pledge(**row) for row in load_table("pledges").iter_rows(named=True)}
    known |= {pledge.id: pledge for pledge in own}
    found = [pledge for pledge in known.values() if country is None or pledge.country == country]
    return sorted(found, key=lambda pledge: (pledge.due, pledge.id))


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
