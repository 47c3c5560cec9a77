"""Ranks: against published tables where they are on record, else against the open AI index."""

from __future__ import annotations

import polars as pl

from parity.catalogue import deciding, load_table, vintage
from parity.claims.model import RankClaim
from parity.claims.ranks import INDEX, LAST_YEAR, LEVEL, VARIANT, index_of, rank_ranges, year_known
from parity.claims.verdict import Evidence, Judgement, Verdict, agrees, cannot, overlap, together
from parity.claims.verdicts import _sources as sources
from parity.claims.verdicts._sources import last_year
from parity.claims.verdicts._within import group, ranks_within
from parity.errors import ParityError
from parity.estimate import Estimate

OWN = "open-ai-index"
# A rank by one indicator may be off by so many places, for series are revised.
REVISION = 1


def judge_rank(claim: RankClaim) -> Judgement:
    """Return the verdict on a rank claim."""
    if claim.relation in ("behind", "ahead"):
        return _order(claim)
    if claim.within is not None and claim.country not in (known := group(claim)):
        why = (
            f"{sources.name(claim.country)} is not in {claim.within}"
            if known
            else f"a rank within a part of the world ('{claim.within}') whose countries are not on record"
        )
        return cannot(why, "parity bloc list", "the list of the countries that were ranked")
    if claim.measure:
        return _by_indicator(claim)
    published = _published(claim) if claim.within is None else None
    return published if published is not None else _by_index(claim)


def _edition(claim: RankClaim) -> pl.DataFrame:
    """Return the published ranks of the latest edition of the named index by the claim's date."""
    rows = deciding(load_table("published_ranks")).filter(
        pl.col("index") == (claim.index or "-"), pl.col("published") <= claim.as_of
    )
    return rows.filter(pl.col("published") == pl.col("published").max())


def _published(claim: RankClaim) -> Judgement | None:
    rows = _edition(claim)
    own = rows.filter(pl.col("iso3") == claim.country, pl.col("rank").is_not_null())
    if own.is_empty():
        return None
    row = own.row(0, named=True)
    rank, of = int(row["rank"]), row["countries"]
    holds = rank <= (claim.rank or 0) if claim.relation == "top" else rank == claim.rank
    size = claim.of is None or of is None or claim.of == of
    verdict = (Verdict.SUPPORTED if size else Verdict.PARTLY) if holds else Verdict.CONTRADICTED
    why = f"the edition of {row['published']} puts {sources.name(claim.country)} at {rank}{_of(of)}"
    if holds and not size:
        why += f", not of {claim.of}"
    evidence = (_published_evidence(row), *_own_evidence(claim))
    change = "another edition of the same index, or a correction by its publisher"
    return Judgement(verdict, why, evidence, _sql(claim.index or "", claim.country), change)


def _in_group(claim: RankClaim) -> str:
    return f" in {claim.within}" if claim.within else ""


def _of(countries: object) -> str:
    return f" of {countries}" if countries else ""


def _published_evidence(row: dict[str, object]) -> Evidence:
    rank, size = float(str(row["rank"])), f", {row['countries']} countries" if row["countries"] else ""
    return Evidence(
        f"{row['index']}, edition of {row['published']}{size}",
        f"{sources.name(str(row['iso3']))}: rank {rank:.0f}{_of(row['countries'])}, as reported",
        str(row["source"]),
        Estimate(rank, rank, rank, None, "rank"),
    )


def _sql(index: str, country: str) -> str:
    return (
        f"""parity data sql "select * from published_ranks where index = '{index}' and iso3 = '{country}'\""""
    )


def _command(claim: RankClaim) -> str:
    """Return what shows the ranks that a claim was held against."""
    year = year_known(claim.as_of)
    only = f" --group '{claim.within}'" if claim.within else ""
    return f"parity rank{only}" if year == LAST_YEAR else f"parity rank{only} --as-of {year}"


def _own_evidence(claim: RankClaim) -> tuple[Evidence, ...]:
    """Return the rank in the open AI index; nothing where the index does not rank the country by then."""
    try:
        ranks = ranks_within(claim)
    except ParityError:
        return ()
    found = ranks.get(claim.country)
    if found is None:
        return ()
    return (
        Evidence(
            _edition_words(claim, len(ranks)),
            f"{sources.name(claim.country)}: rank {found.text(0)}",
            vintage(),
            found,
        ),
    )


def _edition_words(claim: RankClaim, size: int) -> str:
    name = "open AI index" if index_of(year_known(claim.as_of)) == INDEX else "AI index history"
    return (
        f"{name}, variant {VARIANT}, {size} countries{_in_group(claim)}, "
        f"as of {year_known(claim.as_of)}; "
        f"{LEVEL:.0%} interval over rebuilds with other choices"
    )


def _by_index(claim: RankClaim) -> Judgement:
    """Hold a rank against the open AI index, mapped to its number of countries."""
    ranks = ranks_within(claim)
    evidence, command = _own_evidence(claim), _command(claim)
    if not evidence or evidence[0].found is None:
        return cannot(f"{sources.name(claim.country)} has too little data to be ranked", command, "more data")
    found = evidence[0].found
    claimed = _mapped(claim, len(ranks))
    holds = agrees(claimed, (found.low, found.high), denied=claim.negated)
    words = (
        f"the claim allows rank {claimed[0]:.0f} to {claimed[1]:.0f} of {len(ranks)}; "
        f"measured is {found.text(0)}{_in_group(claim)}"
    )
    if _is_foreign(claim):
        verdict = Verdict.PARTLY if holds else Verdict.CANNOT
        why = f"{_not_carried(claim)}; in the open AI index {words}"
        return Judgement(verdict, why, evidence, command, f"the table of the {claim.index} for that edition")
    verdict = _yes(holds)
    return Judgement(verdict, words, evidence, command, "a ranking by another method or set of countries")


def _is_foreign(claim: RankClaim) -> bool:
    """Return whether the claim is about a ranking that is not ours."""
    return claim.index not in (None, "", OWN)


def _not_carried(claim: RankClaim) -> str:
    if claim.within is not None:
        return f"ranks of the {claim.index} within {claim.within} are not on record"
    rows = _edition(claim)
    if rows.is_empty():
        return f"no table of the {claim.index} by {claim.as_of} is carried"
    return (
        f"of the {claim.index}, edition of {rows['published'][0]}, only {rows.height} ranks are on record, "
        f"not {sources.name(claim.country)}'s"
    )


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
        verdict, found, finding = _pair(claim, other)
        verdicts.append(verdict)
        words.append(f"{sources.name(other)}: {verdict.value} ({finding})")
        evidence += [item for item in found if item not in evidence]
    command = _order_command(claim)
    change = "intervals that do not overlap, or another edition"
    return Judgement(together(verdicts), "; ".join(words), tuple(evidence), command, change)


def _order_command(claim: RankClaim) -> str:
    ranked = set(_edition(claim).drop_nulls("rank")["iso3"])
    who = (claim.country, *claim.others)
    if ranked.issuperset(who):
        listed = ", ".join(f"'{iso3}'" for iso3 in who)
        return (
            f"parity data sql \"select * from published_ranks where index = '{claim.index}' "
            f'and iso3 in ({listed}) order by published, rank"'
        )
    year = year_known(claim.as_of)
    if year == LAST_YEAR:
        return f"parity explain {claim.country} {claim.others[0]}"
    return f"parity rank --as-of {year}"


def _pair(claim: RankClaim, other: str) -> tuple[Verdict, list[Evidence], str]:
    """Return whether the order holds for one other country, with the evidence and the finding."""
    rows = {str(row["iso3"]): row for row in _edition(claim).drop_nulls("rank").iter_rows(named=True)}
    if claim.country in rows and other in rows:
        mine, theirs = rows[claim.country], rows[other]
        holds = (mine["rank"] > theirs["rank"]) == (claim.relation == "behind")
        both = [_published_evidence(mine), _published_evidence(theirs)]
        return _yes(holds), both, f"ranks {mine['rank']} and {theirs['rank']}"
    ranks = rank_ranges(year_known(claim.as_of))
    if claim.country not in ranks or other not in ranks:
        return Verdict.CANNOT, [], "too little data to be ranked"
    verdict, finding = _ordered(ranks[claim.country], ranks[other], claim.relation)
    if _is_foreign(claim):
        verdict = Verdict.CANNOT if verdict is Verdict.CONTRADICTED else Verdict.PARTLY
        finding = f"not on record for the {claim.index}; in the open AI index {finding}"
    evidence = [
        Evidence(
            _edition_words(claim, len(ranks)),
            f"{sources.name(iso3)}: rank {ranks[iso3].text(0)}",
            vintage(),
            ranks[iso3],
        )
        for iso3 in (claim.country, other)
    ]
    return verdict, evidence, finding


def _yes(holds: bool) -> Verdict:
    return Verdict.SUPPORTED if holds else Verdict.CONTRADICTED


def _ordered(mine: Estimate, theirs: Estimate, relation: str) -> tuple[Verdict, str]:
    """Return whether one rank is behind another: told apart only where their intervals do not overlap."""
    finding = f"ranks {mine.text(0)} and {theirs.text(0)}"
    holds = ((mine.value or 0) > (theirs.value or 0)) == (relation == "behind")
    if overlap((mine.low, mine.high), (theirs.low, theirs.high)):
        return Verdict.PARTLY, f"{finding}: the intervals overlap, so that the order is open"
    return _yes(holds), finding


def _latest(claim: RankClaim) -> pl.DataFrame:
    """Return every country's latest value of the claim's indicator by its date, the largest first."""
    rows = sources.series(claim.measure or "").filter(
        pl.col("year") <= last_year(claim.as_of, stated=claim.stated_date), pl.col("value").is_not_null()
    )
    if rows.is_empty():
        raise ParityError(f"no value of '{claim.measure}' by {claim.as_of}")
    year = rows["year"].max()
    if claim.within is not None:
        rows = rows.filter(pl.col("iso3").is_in(group(claim)))
    return rows.filter(pl.col("year") == year).sort("value", descending=True)


def _indicator_command(claim: RankClaim, rows: pl.DataFrame) -> str:
    listed = ", ".join(f"'{iso3}'" for iso3 in group(claim))
    only = f"and iso3 in ({listed}) " if claim.within else ""
    return (
        f"parity data sql \"select iso3, value from observations where indicator = '{claim.measure}' "
        f'and year = {rows["year"][0]} {only}order by value desc"'
    )


def _by_indicator(claim: RankClaim) -> Judgement:
    about = sources.indicator(claim.measure or "")
    rows = _latest(claim)
    command = _indicator_command(claim, rows)
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
        f"{about['title']}, {year}, {rows.height} countries{_in_group(claim)}",
        f"{sources.name(claim.country)}: rank {rank}, {value:,.4g} {about['unit']}",
        f"{about['source']}, {vintage()}",
        Estimate(float(rank), float(max(rank - REVISION, 1)), float(rank + REVISION), None, "rank"),
    )
    return Judgement(
        verdict,
        f"rank {rank} of {rows.height}{_in_group(claim)} in {year}",
        (evidence,),
        command,
        "a revision of the series",
    )


def _order_by_indicator(claim: RankClaim) -> Judgement:
    about = sources.indicator(claim.measure or "")
    rows = _latest(claim)
    values = dict(rows.select("iso3", "value").rows())
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
    command = _indicator_command(claim, rows)
    return Judgement(together(verdicts), finding, (evidence,), command, "a revision of the series")
