"""Ranks: against published tables where they are on record, else against the open AI index."""

from __future__ import annotations

import polars as pl

from parity.catalogue import load_table, vintage
from parity.claims.model import RankClaim
from parity.claims.verdict import Evidence, Judgement, Verdict, cannot, overlap, together
from parity.claims.verdicts import _sources as sources
from parity.errors import ParityError
from parity.estimate import Estimate

OWN = "open-ai-index"
# A rank by one indicator may be off by so many places, for series are revised.
REVISION = 1


def judge_rank(claim: RankClaim) -> Judgement:
    """Return the verdict on a rank claim."""
    if claim.relation in ("behind", "ahead"):
        return _order(claim)
    if claim.measure:
        return _by_indicator(claim)
    published = _published(claim)
    return published if published is not None else _by_index(claim)


def _edition(claim: RankClaim) -> pl.DataFrame:
    """Return the published ranks of the latest edition of the named index by the claim's date."""
    rows = load_table("published_ranks").filter(
        pl.col("index") == (claim.index or "-"), pl.col("published") <= claim.as_of
    )
    return rows.filter(pl.col("published") == pl.col("published").max())


def _published(claim: RankClaim) -> Judgement | None:
    rows = _edition(claim)
    own = rows.filter(pl.col("iso3") == claim.country, pl.col("rank").is_not_null())
    if own.is_empty():
        return None
    row = own.row(0, named=True)
    rank, of = int(row["rank"]), int(row["countries"])
    holds = rank <= (claim.rank or 0) if claim.relation == "top" else rank == claim.rank
    size = claim.of is None or claim.of == of
    verdict = (Verdict.SUPPORTED if size else Verdict.PARTLY) if holds else Verdict.CONTRADICTED
    why = f"the edition of {row['published']} puts {sources.name(claim.country)} at {rank} of {of}"
    if holds and not size:
        why += f", not of {claim.of}"
    evidence = (_published_evidence(row, rank), *_own_evidence(claim))
    change = "another edition of the same index, or a correction by its publisher"
    return Judgement(verdict, why, evidence, _sql(claim.index or "", claim.country), change)


def _published_evidence(row: dict[str, object], rank: int) -> Evidence:
    return Evidence(
        f"{row['index']}, edition of {row['published']}, {row['countries']} countries",
        f"rank {rank} of {row['countries']}, as reported",
        str(row["source"]),
        Estimate(float(rank), float(rank), float(rank), None, "rank"),
    )


def _sql(index: str, country: str) -> str:
    return (
        f"""parity data sql "select * from published_ranks where index = '{index}' and iso3 = '{country}'\""""
    )


def _ranks(claim: RankClaim, country: str) -> dict[str, tuple[int, int]]:
    """Return rank and number of countries ranked, by variant of the open AI index."""
    found = {}
    for variant in sources.VARIANTS:
        index = sources.index(variant, sources.index_year(claim.as_of))
        if country in index.units:
            found[variant] = (
                int(index.ranks[index.row(country), index.tree.n_nodes - 1]),
                len(index.units),
            )
    return found


def _own_evidence(claim: RankClaim) -> tuple[Evidence, ...]:
    found = _ranks(claim, claim.country)
    if not found:
        return ()
    ranks = [rank for rank, _ in found.values()]
    size = next(iter(found.values()))[1]
    words = ", ".join(f"{variant} {rank}" for variant, (rank, _) in found.items())
    return (
        Evidence(
            f"open AI index, {size} countries, as of {_as_of(claim)}; the interval runs over its three "
            f"variants",
            f"{sources.name(claim.country)}: rank {words}",
            vintage(),
            Estimate(float(found["both"][0]), float(min(ranks)), float(max(ranks)), None, "rank"),
        ),
    )


def _as_of(claim: RankClaim) -> str:
    year = sources.index_year(claim.as_of)
    return str(year or sources.LAST_YEAR)


def _by_index(claim: RankClaim) -> Judgement:
    """Hold a rank against the open AI index, mapped to its number of countries."""
    evidence = _own_evidence(claim)
    command = "parity rank"
    if not evidence or evidence[0].found is None:
        return cannot(f"{sources.name(claim.country)} has too little data to be ranked", command, "more data")
    found = evidence[0].found
    size = next(iter(_ranks(claim, claim.country).values()))[1]
    claimed = _mapped(claim, size)
    agrees = overlap(claimed, (found.low, found.high))
    words = (
        f"the claim allows rank {claimed[0]:.0f} to {claimed[1]:.0f} of {size}; measured is {found.text(0)}"
    )
    if claim.index not in (None, "", OWN):
        verdict = Verdict.PARTLY if agrees else Verdict.CANNOT
        why = f"no table of the {claim.index} is carried; in the open AI index {words}"
        return Judgement(verdict, why, evidence, command, f"the table of the {claim.index} for that edition")
    verdict = Verdict.SUPPORTED if agrees else Verdict.CONTRADICTED
    return Judgement(verdict, words, evidence, command, "a ranking by another method or set of countries")


def _mapped(claim: RankClaim, size: int) -> tuple[float, float]:
    """Return the ranks in a set of ``size`` countries that a rank in the claim's own set allows.

    With n countries more, a country falls behind by 0 to n places; with n fewer it may gain as many.
    """
    rank = float(claim.rank or 1)
    more = 0 if claim.of is None else size - claim.of
    low, high = min(rank, rank + more), max(rank, rank + more)
    return (1.0 if claim.relation == "top" else max(low, 1.0)), max(high, 1.0)


def _order(claim: RankClaim) -> Judgement:
    if claim.measure:
        return _order_by_indicator(claim)
    verdicts, evidence, words = [], [], []
    for other in claim.others:
        verdict, found = _pair(claim, other)
        verdicts.append(verdict)
        words.append(f"{sources.name(other)}: {verdict.value}")
        evidence += found
    command = f"parity explain {claim.country} {claim.others[0]}"
    change = "an order that differs between the index's variants; another edition"
    return Judgement(together(verdicts), "; ".join(words), tuple(evidence), command, change)


def _pair(claim: RankClaim, other: str) -> tuple[Verdict, list[Evidence]]:
    """Return whether the order holds for one other country."""
    rows = _edition(claim)
    ranks = {iso3: rank for iso3, rank in rows.select("iso3", "rank").rows() if rank is not None}
    if claim.country in ranks and other in ranks:
        holds = (ranks[claim.country] > ranks[other]) == (claim.relation == "behind")
        row = rows.row(by_predicate=pl.col("iso3") == other, named=True)
        return (Verdict.SUPPORTED if holds else Verdict.CONTRADICTED), [
            _published_evidence(row, ranks[other])
        ]
    mine, theirs = _ranks(claim, claim.country), _ranks(claim, other)
    shared = [variant for variant in mine if variant in theirs]
    if not shared:
        return Verdict.CANNOT, []
    hold = [(mine[v][0] > theirs[v][0]) == (claim.relation == "behind") for v in shared]
    finding = ", ".join(f"{v}: {mine[v][0]} and {theirs[v][0]}" for v in shared)
    evidence = Evidence(
        f"open AI index, {mine[shared[0]][1]} countries, as of {_as_of(claim)}",
        f"ranks of {sources.name(claim.country)} and {sources.name(other)}, {finding}",
        vintage(),
    )
    verdict = Verdict.SUPPORTED if all(hold) else Verdict.PARTLY if any(hold) else Verdict.CONTRADICTED
    return verdict, [evidence]


def _latest(claim: RankClaim) -> pl.DataFrame:
    """Return every country's latest value of the claim's indicator by its date, the largest first."""
    rows = sources.series(claim.measure or "").filter(
        pl.col("year") <= claim.as_of.year, pl.col("value").is_not_null()
    )
    if rows.is_empty():
        raise ParityError(f"no value of '{claim.measure}' by {claim.as_of}")
    year = rows["year"].max()
    return rows.filter(pl.col("year") == year).sort("value", descending=True)


def _by_indicator(claim: RankClaim) -> Judgement:
    about = sources.indicator(claim.measure or "")
    command = f"parity rank --pillar {claim.measure}"
    rows = _latest(claim)
    mine = rows.filter(pl.col("iso3") == claim.country)
    if mine.is_empty():
        return cannot(
            f"no value of {about['title']} for {sources.name(claim.country)}",
            command,
            "data for that country",
        )
    value, year = mine["value"][0], mine["year"][0]
    rank = 1 + int((rows["value"] > value).sum())
    allowed = (1.0, float(claim.rank or 1)) if claim.relation == "top" else (float(claim.rank or 1),) * 2
    exact = overlap(allowed, (rank, rank))
    near = overlap(allowed, (rank - REVISION, rank + REVISION))
    verdict = Verdict.SUPPORTED if exact else Verdict.PARTLY if near else Verdict.CONTRADICTED
    evidence = Evidence(
        f"{about['title']}, {year}, {rows.height} countries",
        f"{sources.name(claim.country)}: rank {rank}, {value:,.4g} {about['unit']}",
        f"{about['source']}, {vintage()}",
        Estimate(float(rank), float(max(rank - REVISION, 1)), float(rank + REVISION), None, "rank"),
    )
    return Judgement(
        verdict, f"rank {rank} of {rows.height} in {year}", (evidence,), command, "a revision of the series"
    )


def _order_by_indicator(claim: RankClaim) -> Judgement:
    about = sources.indicator(claim.measure or "")
    values = dict(_latest(claim).select("iso3", "value").rows())
    verdicts = []
    for other in claim.others:
        if claim.country not in values or other not in values:
            verdicts.append(Verdict.CANNOT)
            continue
        holds = (values[claim.country] < values[other]) == (claim.relation == "behind")
        verdicts.append(Verdict.SUPPORTED if holds else Verdict.CONTRADICTED)
    finding = ", ".join(
        f"{sources.name(c)} {values[c]:,.4g}" for c in (claim.country, *claim.others) if c in values
    )
    evidence = Evidence(f"{about['title']}, latest year", finding, f"{about['source']}, {vintage()}")
    command = f"parity rank --pillar {claim.measure}"
    return Judgement(together(verdicts), finding, (evidence,), command, "a revision of the series")
