"""The answers of ``bloc list`` and ``bloc members``: who belongs to what, since when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from parity import dates
from parity.answers.base import Answer

if TYPE_CHECKING:
    import polars as pl


class BlocRow(BaseModel):
    """One bloc of the list."""

    bloc: str = Field(description="Name to use in commands")
    title: str = Field(description="Full name")
    since: str = Field(description="Day on which its first members joined")
    members: int = Field(description="Full members")
    suspended: int = Field(description="Members that are suspended: they stay members, and take no part")
    partners: int = Field(description="Partner countries")
    observers: int = Field(description="Observers")
    invited: int = Field(description="Invited countries")
    disputed: int = Field(description="Countries whose status public sources disagree on")
    approximate: int = Field(description="Countries whose date, or only source, is not sure")


class BlocList(Answer):
    """Answer of ``parity bloc list``."""

    on: str | None = Field(description="Date; null for the present")
    blocs: list[BlocRow]


class MemberRow(BaseModel):
    """One country of a bloc."""

    iso3: str = Field(description="Country")
    name: str = Field(description="Usual English name")
    date_from: str = Field(description="First day of the status")
    date_to: str | None = Field(description="First day on which it no longer holds; null: open")
    precision: str = Field(description="How far date_from is sure: day, month or year")
    status: str = Field(description="member, partner, observer or invited")
    suspended: bool = Field(description="Whether a member is suspended: it stays one, and takes no part")
    disputed: bool = Field(description="Whether public sources disagree on the status")
    certainty: str = Field(
        description="sourced, or approximate: day not in the source, or one secondary source"
    )
    source: str = Field(description="Declaration, treaty or page that says so")
    note: str = Field(description="What to know")


class MembersAnswer(Answer):
    """Answer of ``parity bloc members``."""

    bloc: str = Field(description="Bloc")
    title: str = Field(description="Full name")
    on: str | None = Field(description="Date; null for the present")
    members: list[str] = Field(description="Full members")
    countries: list[MemberRow] = Field(description="Members, partners, observers and invited countries")


def list_answer(on: str | None) -> BlocList:
    """Return the blocs that are known, as of a day as people write it; ``None`` for the present."""
    from parity.catalogue import blocs, vintage

    rows = blocs(dates.read_if(on)).iter_rows(named=True)
    return BlocList(
        data=vintage(), on=on, blocs=[BlocRow(**{**row, "since": str(row["since"])}) for row in rows]
    )


def members_answer(bloc: str, on: str | None) -> MembersAnswer:
    """Return who belongs to a bloc as of a day as people write it; ``None`` for the present."""
    from parity.catalogue import find_country, membership, vintage

    table = membership(bloc, dates.read_if(on))
    rows = member_rows(table, [find_country(code).name for code in table["iso3"]])
    return MembersAnswer(
        data=vintage(),
        bloc=table["bloc"][0],
        title=table["title"][0],
        on=on,
        members=[row.iso3 for row in rows if row.status == "member"],
        countries=rows,
    )


def member_rows(table: pl.DataFrame, names: Sequence[str]) -> list[MemberRow]:
    """Return the countries of a bloc."""
    fields = [name for name in MemberRow.model_fields if name not in ("name", "note")]
    return [
        MemberRow(name=name, note=row["note"] or "", **{key: _text(row[key]) for key in fields})
        for row, name in zip(table.iter_rows(named=True), names, strict=True)
    ]


def _text(cell: object) -> object:
    return cell if isinstance(cell, bool) or cell is None else str(cell)
