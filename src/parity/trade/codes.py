"""Goods: the priority list by tier, headings, codes and their renumbering; what is said with every answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.estimate import rounded

ALL_GOODS = "TOTAL"
# First year in which the edition of 2022 may be in use.
EDITION = "2022"


@dataclass(frozen=True, slots=True)
class CodeList:
    """Goods that a question is about.

    Attributes
    ----------
    name
        What the user asked for.
    codes
        Codes of 2, 4 or 6 digits, or ``TOTAL``.
    notes
        What to know about them and the data: codes that were renumbered or are absent, who stopped to report.
    joined
        Older codes with which they were joined.
    """

    name: str
    codes: tuple[str, ...]
    notes: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    json_keys: ClassVar[dict[str, str | None]] = {"name": "codes", "codes": "hs", "joined": None}

    def noted(self, notes: Iterable[str]) -> CodeList:
        """Return the same goods with more to know."""
        return replace(self, notes=(*self.notes, *(note for note in notes if note)))

    def absent(self, held: Collection[str]) -> str:
        """Return what to say of codes that a table does not hold; empty where it holds all.

        Parameters
        ----------
        held
            Its codes.
        """
        lacking = [
            code
            for code in self.codes
            if code not in self.joined
            and not any(one.startswith(code) or code.startswith(one) for one in held)
        ]
        if not lacking:
            return ""
        return f"the table holds nothing of {', '.join(lacking)}, and the answer is of the other codes alone"

    def mixed(self, pairs: pl.DataFrame, held: Collection[str]) -> str:
        """Return what to say of a table that holds codes of 2022 beside those which they replaced.

        Parameters
        ----------
        pairs
            Columns ``hs`` and ``hs2017``: a code of 2022 and the one that it was made of.
        held
            Codes of the table.
        """
        new, old = ([code for code in held if code in set(pairs[name])] for name in ("hs", "hs2017"))
        if not new or not old:
            return ""
        if self.joined:
            do = f"joined are {', '.join(self.joined)} with what was made of them"
        elif set(self.codes) & {*new, *old}:
            do = "a series by code breaks between them; --concord joins those asked about"
        else:
            do = "none of them was asked about by itself, and a heading goes through"
        return (
            f"the table mixes editions of the Harmonized System: {', '.join(old)} of before {EDITION} beside "
            f"{', '.join(new)}; {do}"
        )

    @property
    def covers_all_goods(self) -> bool:
        """Whether the list is all goods together."""
        return self.codes == (ALL_GOODS,)


def code_list(text: str, hs_codes: pl.DataFrame, *, concord: bool = False) -> CodeList:
    """Return the codes that a text means.

    Parameters
    ----------
    text
        ``chpl`` (the whole Common High Priority List), ``chpl1`` ... ``chpl4`` or ``chpl3.A`` (a
        tier), ``chips`` (heading 8542), ``total``, or codes of 2, 4 or 6 digits separated by commas.
    hs_codes
        Table ``hs_codes`` of the catalogue.
    concord
        Whether codes that were renumbered in 2022 bring along the old code and the other codes
        that were made from it, so that a series goes through.

    Raises
    ------
    ParityError
        If the text is no list and holds something that is no code.
    """
    codes = _named(text.strip().lower(), hs_codes)
    pairs = hs_codes.filter(pl.col("hs2017").is_not_null())
    renumbered = pairs.filter(pl.col("hs").is_in(codes) | pl.col("hs2017").is_in(codes))
    if renumbered.is_empty():
        return CodeList(
            text, codes, ("none of these codes was renumbered in 2022: nothing to join",) * concord
        )
    if concord:
        return _concorded(text, codes, pairs, renumbered)
    new = [f"{new} ({old} before)" for new, old in renumbered.select("hs", "hs2017").rows() if new in codes]
    ended = sorted(set(codes) & set(renumbered["hs2017"]))
    notes = []
    if new:
        notes.append(
            f"new in the edition of {EDITION}, so a series starts there unless concorded: {', '.join(new)}"
        )
    if ended:
        notes.append(
            f"done away with by the edition of {EDITION}, so a series ends there unless concorded: "
            f"{', '.join(ended)}"
        )
    return CodeList(text, codes, tuple(notes))


def _concorded(text: str, codes: tuple[str, ...], pairs: pl.DataFrame, renumbered: pl.DataFrame) -> CodeList:
    """Return the codes with the older ones and all that was made from them, so that a series goes through."""
    old = renumbered["hs2017"].unique().sort().to_list()
    made = pairs.filter(pl.col("hs2017").is_in(old))
    notes = [f"concorded to the edition of 2017: {', '.join(old)} with all that was made from it"]
    unsure = made.filter(pl.col("pairing") == "part").select("hs", "hs2017").rows()
    if unsure:
        listed = ", ".join(f"{new} with {older}" for new, older in unsure)
        notes.append(
            f"the correlation table that was read does not pair {listed}, but parts of more than a hundred "
            "other codes with them; by the wording of the headings, and what the new codes hold may be more"
        )
    return CodeList(text, tuple(sorted({*codes, *old, *made["hs"]})), tuple(notes), tuple(old))


def _named(text: str, hs_codes: pl.DataFrame) -> tuple[str, ...]:
    tiers = hs_codes.filter(pl.col("tier").is_not_null())
    if text == "chpl":
        return tuple(tiers["hs"])
    if text.startswith("chpl"):
        tier = text.removeprefix("chpl").upper()
        found = tiers.filter((pl.col("tier") == tier) | pl.col("tier").str.starts_with(f"{tier}."))
        if found.is_empty() or not tier:
            allowed = ", ".join(f"chpl{name}" for name in tiers["tier"].unique().sort())
            raise ParityError(f"there is no tier '{tier}' on the priority list; allowed are chpl, {allowed}")
        return tuple(found["hs"])
    if text in ("total", "all"):
        return (ALL_GOODS,)
    if text == "chips":
        return ("8542",)
    return tuple(_one(code.strip(), hs_codes) for code in text.split(",") if code.strip())


def _one(code: str, hs_codes: pl.DataFrame) -> str:
    digits = code.replace(".", "")
    known = hs_codes["hs"].to_list()
    if digits.isdecimal() and len(digits) in (2, 4, 6):
        chapter = int(digits[:2])
        if 1 <= chapter <= 97 and chapter != 77:  # chapter 77 is reserved
            return digits
    raise ParityError(
        f"'{code}' is no code of the Harmonized System.{did_you_mean(digits, known)} Give 2, 4 or 6 digits, "
        "chpl, chpl1 ... chpl4.B, chips or total"
    )


def select_codes(flows: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    """Return the rows of a list of codes, none counted twice.

    A heading stands for the codes under it. Where a reporter gives both, the longer ones are
    left out: they are parts of the shorter.

    Parameters
    ----------
    flows
        Table of flows.
    codes
        The list.
    """
    if codes.covers_all_goods:
        return flows.filter(pl.col("hs") == ALL_GOODS)
    within = pl.any_horizontal(pl.col("hs").str.starts_with(code) for code in codes.codes)
    found = flows.filter(within)
    by = ["reporter", "flow", "partner", "period"]
    shorter = found.select(*by, "hs").unique()
    for length in (2, 4):
        heads = shorter.filter(pl.col("hs").str.len_chars() == length).rename({"hs": "head"})
        parts = pl.col("hs").str.len_chars() > length
        marked = found.with_columns(head=pl.col("hs").str.slice(0, length))
        doubled = marked.filter(parts).join(heads, on=[*by, "head"], how="semi")
        found = found.join(doubled, on=[*by, "hs"], how="anti")
    return found


CAVEATS = (
    "A declared destination is not an end use: figures show where goods were said to go, not who uses them.",
    "A rise may be a country's own demand, a new trade route or prices; it is a reason to look, not a proof.",
    "Goods sent through hubs (Hong Kong, Singapore, the Emirates) or sold on without a record do not show.",
    "Reporters correct, suppress and misdeclare; what is under-reported at both ends is invisible here.",
)
NOT_CHIPS = "These are all goods together, not chips."


def money(value: float) -> str:
    """Return an amount of US dollars in words, three figures."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= size:
            return f"{rounded(value / size)} {name} USD"
    return f"{rounded(value)} USD"


def closed(lines: Iterable[str], codes: CodeList) -> str:
    """Return findings, a line each, with what the data cannot show."""
    return "\n".join([*lines, *([NOT_CHIPS] if codes.covers_all_goods else []), *CAVEATS])
