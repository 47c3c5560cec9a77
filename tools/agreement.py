"""Hold the open AI index against published rankings and write ``docs/methods/agreement.md``.

``python -m tools.agreement``. The published places are facts of the snapshot (table ``published_ranks``),
each with its source. Nothing in the index was chosen by what this finds: see the page of the criteria.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from parity.catalogue import load_table, vintage
from parity.catalogue.files import write_text
from parity.index import Index, assemble, build, builtin_spec

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "agreement.md"
NOTES = Path(__file__).parent / "templates" / "agreement-notes.md"
FORMS = {"by size": "scale", "per person": "intensity", "mixed": "both"}
TOP = 40
SHOWN, REASONS = 5, 3
# With fewer places in common a correlation says nothing; an edition with so many is a long list.
LEAST, LONG = 7, 25
# Readings of a page or a file; what is known from elsewhere decides nothing.
BASES = ("file", "read")
WANTED = (
    "Global AI Index", "Global AI Vibrancy Tool", "Government AI Readiness Index", "AI Preparedness Index",
    "Frontier Technologies Readiness Index", "World Digital Competitiveness Ranking",
    "Global Innovation Index",
)  # fmt: skip


class Peer(NamedTuple):
    """An edition of a published ranking: places by country."""

    name: str
    ranks: dict[str, int]


def peers() -> list[Peer]:
    """Return the newest edition of each ranking, and the newest with a long list where that is another."""
    rows = load_table("published_ranks").filter(pl.col("basis").is_in(BASES), pl.col("rank").is_not_null())
    found = []
    for name in WANTED:
        editions = rows.filter(index=name).group_by("edition", "published").len().sort("published")
        known = editions.filter(pl.col("len") >= LEAST)
        long = editions.filter(pl.col("len") >= LONG)
        for edition in dict.fromkeys([*known["edition"].tail(1), *long["edition"].tail(1)]):
            places = rows.filter(index=name, edition=edition).select("iso3", "rank").rows()
            found.append(Peer(f"{name}, {edition}", dict(places)))
    return found


def built(variant: str) -> Index:
    """Return a form of the open AI index."""
    spec = builtin_spec("open-ai-index", variant)
    return build(spec, assemble(spec, load_table("observations"), load_table("countries")).table)


def places(index: Index) -> dict[str, float]:
    """Return the ranks of an index by country."""
    return {str(unit): float(rank) for unit, rank in zip(index.units, index.ranks[:, -1], strict=True)}


def spearman(ours: dict[str, float], theirs: dict[str, int], top: int | None = None) -> float | None:
    """Return the rank correlation over the countries that both rank, ``top``: of the published first ones."""
    both = [unit for unit in theirs if unit in ours and (top is None or theirs[unit] <= top)]
    if len(both) < LEAST:
        return None
    frame = pl.DataFrame({"ours": [ours[unit] for unit in both], "theirs": [theirs[unit] for unit in both]})
    return float(frame.select(pl.corr("ours", "theirs", method="spearman")).item())


def agreement(forms: dict[str, dict[str, float]], found: list[Peer]) -> str:
    """Return the table of rank correlations, overall and in the published top 40."""
    lines = [
        "| published ranking | countries | " + " | ".join(f"{form} | top {TOP}" for form in forms) + " |",
        "|---|---|" + "---|---|" * len(forms),
    ]
    for peer in found:
        cells = []
        for ranks in forms.values():
            for top in (None, TOP):
                value = spearman(ranks, peer.ranks, top)
                cells.append("" if value is None else f"{value:.2f}")
        common = sum(unit in forms["mixed"] for unit in peer.ranks)
        lines.append(f"| {peer.name} | {common} | {' | '.join(cells)} |")
    return "\n".join(lines)


def disagreements(indices: dict[str, Index], forms: dict[str, dict[str, float]], peer: Peer) -> str:
    """Return the countries whose place differs most in each form, with the cells that make the difference."""
    both = [unit for unit in peer.ranks if unit in forms["mixed"]]
    theirs = _renumbered({unit: float(peer.ranks[unit]) for unit in both})
    lines = [
        "| form | country | ours | theirs | what makes the difference: place in the series |",
        "|---|---|---|---|---|",
    ]
    for form, index in indices.items():
        mine = _renumbered({unit: forms[form][unit] for unit in both})
        names = dict(zip(index.units, index.names, strict=True))
        apart = [unit for unit in both if mine[unit] != theirs[unit]]
        for unit in sorted(apart, key=lambda each: (-abs(mine[each] - theirs[each]), each))[:SHOWN]:
            why = reasons(index, both, unit, theirs[unit] / len(both), better=mine[unit] < theirs[unit])
            row = (form, names[unit], mine[unit], theirs[unit], "; ".join(why))
            lines.append(f"| {' | '.join(map(str, row))} |")
    return "\n".join(lines)


def reasons(index: Index, both: list[str], unit: str, share: float, *, better: bool) -> list[str]:
    """Return the series in which a unit stands furthest from its published place, weight counted.

    Parameters
    ----------
    index
        One of its forms.
    both
        Countries that both rank.
    unit
        One of them.
    share
        Published place as a share of the places, 0 to 1.
    better
        Whether it stands better in the index than there.
    """
    row = index.row(unit)
    rows = [index.row(each) for each in both]
    weights = index.tree.effective_weights(index.weights)
    found: dict[str, tuple[float, int, str]] = {}
    for column, indicator in enumerate(index.spec.indicators):
        place = int((index.scores[rows, column] > index.scores[row, column]).sum()) + 1
        pull = weights[column] * (share - place / len(both)) * (1 if better else -1)
        filled = ", filled in" if index.imputed[row, column] else ""
        stem = indicator.select.indicator if indicator.select else indicator.code
        before = found.get(stem, (0.0, 0, ""))
        if pull > 0 and pull > before[0]:
            found[stem] = (pull, place, f"{indicator.title} ({place} of {len(both)}{filled})")
    return [text for _, _, text in sorted(found.values(), reverse=True)[:REASONS]]


def _renumbered(ranks: dict[str, float]) -> dict[str, int]:
    """Return the places among these countries alone."""
    values = np.array(list(ranks.values()))
    return {unit: int((values < rank).sum()) + 1 for unit, rank in ranks.items()}


def page() -> str:
    """Return the page."""
    indices = {form: built(variant) for form, variant in FORMS.items()}
    forms = {form: places(index) for form, index in indices.items()}
    found = peers()
    parts = [
        "# Agreement with published rankings",
        f"Spearman rank correlation over the countries that both rank; *top {TOP}*: over those whose "
        f"published place is {TOP} or better, where experts look. Data: {vintage()}. Made by "
        "`python -m tools.agreement`.",
        agreement(forms, found),
        NOTES.read_text(encoding="utf-8").strip(),
        "Below, the five largest differences from each ranking in each form, as places among the countries "
        "that both rank, with the series that pull a country furthest from its published place.",
    ]
    for peer in found:
        parts += [f"## Largest differences: {peer.name}", disagreements(indices, forms, peer)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    write_text(PAGE, page())
