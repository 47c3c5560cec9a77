"""Quantities: against the observations of the catalogue, as of the claim's year."""

from __future__ import annotations

import datetime as dt

import polars as pl

from parity.catalogue import load_table, vintage
from parity.claims.model import QuantityClaim
from parity.claims.verdict import Evidence, Judgement, Verdict, cannot, overlap
from parity.claims.verdicts import _sources as sources
from parity.estimate import Estimate

# How far a figure may be revised after its first release. Official statistics: a choice. Lists and deals that
# somebody compiles: four of five sums of deals moved by -6 to +25 % between two releases three months apart.
REVISION, REVISION_COMPILED = 0.05, 0.10
# How far off a figure may be to agree in part.
NEAR = 0.25
# Factors are stated rounded, to so much on either side.
ROUNDED = 0.5
# What compilers count by rules of their own: lists and deals differ up to a factor of two between them.
# Entries of a list that is final (TOP500) are not revised.
FINAL = frozenset(("top500_systems", "top500_rmax"))
COMPILED = frozenset(
    ("ai_investment", "notable_models", "large_scale_models", "gpu_cluster_h100e", "genai_diffusion")
)
TWICE = 2.0
# A change smaller than this is none.
FLAT = 0.02
# Years back that "has grown" is held against, besides the last one.
LONG = 5
# A figure may be so many years older than the claim.
OLDEST = 3
TIE = "gh_collaboration"

Ends = tuple[float | None, float | None]


def judge_quantity(claim: QuantityClaim) -> Judgement:
    """Return the verdict on a quantity claim."""
    several = len(claim.countries) > 1 or len(claim.others) > 1
    if several and sources.indicator(claim.measure)["kind"] != "extensive" and claim.measure != TIE:
        return _each(claim)
    return _judged(claim)


def _judged(claim: QuantityClaim) -> Judgement:
    judge = {"level": _level, "share": _share, "change": _change, "compare": _compare}[claim.form]
    return judge(claim)


def _each(claim: QuantityClaim) -> Judgement:
    """Judge a ratio country by country: ratios do not add up, and an average of several is not carried."""
    parts = [
        _judged(claim.model_copy(update={"countries": (one,), "others": (other,) if other else ()}))
        for one in claim.countries
        for other in (claim.others or ("",))
    ]
    known = [part for part in parts if part.verdict is not Verdict.CANNOT]
    verdicts = {part.verdict for part in known}
    evidence = tuple(item for part in known for item in part.evidence)[: sources.MANY]
    if len(verdicts) == 1:
        why = f"country by country: {known[0].why}" + ("; and so on" if len(known) > 1 else "")
        return Judgement(next(iter(verdicts)), why, evidence, _command(claim), parts[0].would_change)
    return cannot(
        f"it holds for some of {sources.names(claim.countries)} only, and their average is not carried",
        _command(claim),
        "a figure for all of them together",
        evidence,
    )


def _command(claim: QuantityClaim) -> str:
    who = ", ".join(f"'{iso3}'" for iso3 in (*claim.countries, *claim.others))
    return (
        f'parity data sql "select iso3, year, value, flag from observations where indicator = '
        f"'{claim.measure}' and iso3 in ({who}) order by year, iso3\""
    )


def _values(claim: QuantityClaim, countries: tuple[str, ...]) -> dict[int, float]:
    """Return the sum over some countries by year, of the years that all have; ``{}`` without any."""
    rows = sources.series(claim.measure).filter(
        pl.col("iso3").is_in(countries), pl.col("value").is_not_null()
    )
    zero = sources.indicator(claim.measure)["absent"] == "zero"
    if zero and rows.is_empty():
        return dict.fromkeys(sources.series(claim.measure)["year"].unique().to_list(), 0.0)
    years = rows.group_by("year").agg(pl.col("value").sum(), n=pl.len()).sort("year")
    if not zero:
        years = years.filter(pl.col("n") == len(countries))
    return dict(years.select("year", "value").rows())


def _year(claim: QuantityClaim, known: dict[int, float]) -> int | None:
    """Return the latest year with a figure by the claim's date, not too old."""
    last = sources.last_year(claim.as_of, stated=claim.stated_date)
    years = [year for year in known if last - OLDEST <= year <= last]
    return max(years, default=claim.as_of.year if claim.as_of.year in known else None)


def _evidence(claim: QuantityClaim, what: str, finding: str, found: Estimate | None) -> Evidence:
    about = sources.indicator(claim.measure)
    return Evidence(f"{about['title']}, {what}", finding, f"{about['source']}, {vintage()}", found)


def _none(claim: QuantityClaim, who: tuple[str, ...]) -> Judgement:
    about = sources.indicator(claim.measure)
    return cannot(
        f"no figure of {about['title']} for {sources.names(who)} by {claim.as_of}",
        _command(claim),
        "that figure",
    )


def _stated(claim: QuantityClaim, scale: float = 1.0) -> Ends:
    """Return the interval that was stated: the hedge applied, the last place rounded."""
    low = None if claim.hedge == "at most" else claim.low
    high = None if claim.hedge == "at least" else claim.high
    if not claim.hedge and claim.form in ("level", "share"):
        low, high = (
            (None if low is None else low - claim.rounding),
            (None if high is None else high + claim.rounding),
        )
    if claim.unit == "times" and not claim.hedge and low is not None and low == high:
        # "Doubled" and "three times" are rounded to the half, "halved" to a tenth.
        slack = ROUNDED if low >= 1 else ROUNDED / 5
        low, high = low - slack, low + slack
    if claim.hedge == "about":
        low, high = (None if low is None else 0.8 * low), (None if high is None else 1.2 * high)
    if claim.hedge == "nearly" and low is not None:
        low = 0.9 * low
    if claim.hedge == "just over" and high is not None:
        high = 1.1 * high
    return (None if low is None else low * scale, None if high is None else high * scale)


def _graded(claimed: Ends, value: float, words: str, measure: str) -> tuple[Verdict, Estimate, str]:
    """Grade by overlap with the figure's own interval, then with the wider one."""
    margin = 0.0 if measure in FINAL else REVISION_COMPILED if measure in COMPILED else REVISION
    spread = (value * (1 - margin), value * (1 + margin))
    found = Estimate(value, *spread, None, words)
    if overlap(claimed, spread):
        return Verdict.SUPPORTED, found, "the intervals overlap"
    if overlap(claimed, (value * (1 - NEAR), value * (1 + NEAR))):
        return Verdict.PARTLY, found, f"within {NEAR:.0%}, not within {margin:.0%}"
    if measure in COMPILED and overlap(claimed, (value / TWICE, value * TWICE)):
        return Verdict.PARTLY, found, "other compilers of such figures differ by as much"
    return Verdict.CONTRADICTED, found, f"off by more than {NEAR:.0%}"


def _interval(ends: Ends, unit: str) -> str:
    low, high = ("open" if end is None else f"{end:,.4g}" for end in ends)
    return f"{low if low == high else f'{low} to {high}'} {unit}".strip()


def _level(claim: QuantityClaim) -> Judgement:
    about = sources.indicator(claim.measure)
    if not _same_unit(claim.unit, about["unit"]):
        return cannot(
            f"the claim is in {claim.unit or 'a count'}, the series in {about['unit']}",
            _command(claim),
            "a figure in one unit",
        )
    known = _values(claim, claim.countries)
    year = _year(claim, known)
    if year is None:
        return _none(claim, claim.countries)
    claimed = _stated(claim)
    verdict, found, why = _graded(claimed, known[year], about["unit"], claim.measure)
    finding = f"{sources.names(claim.countries)} {year}: {known[year]:,.5g} {about['unit']}"
    return Judgement(
        verdict, f"claimed {_interval(claimed, about['unit'])}; {finding}; {why}",
        (_evidence(claim, f"{year}", finding, found),), _command(claim), "a revised figure, or another year",
    )  # fmt: skip


def _same_unit(stated: str, unit: str) -> bool:
    if stated == "percent":
        return unit.startswith("%")
    if stated in ("EUR", "GBP", "CNY", "RUB", "INR"):
        return False
    if stated == "USD":
        return "dollars" in unit
    return not unit.startswith("%") and "dollars" not in unit


def _share(claim: QuantityClaim) -> Judgement:
    if sources.indicator(claim.measure)["kind"] != "extensive":
        return cannot("shares of the world exist only of what can be added up", _command(claim), "a count")
    totals = sources.series(claim.measure).group_by("year").agg(pl.col("value").sum(), n=pl.len())
    total = {year: value for year, value, _ in totals.rows()}
    covered = {year: n for year, _, n in totals.rows()}
    known = _values(claim, claim.countries)
    year = _year(claim, known)
    if year is None or not total.get(year):
        return _none(claim, claim.countries)
    share = 100 * known[year] / total[year]
    claimed = _stated(claim)
    verdict, found, why = _graded(claimed, share, "% of the world", claim.measure)
    finding = (
        f"{sources.names(claim.countries)} {year}: {known[year]:,.5g} of {total[year]:,.5g}, {share:.1f} %"
    )
    return Judgement(
        verdict, f"claimed {_interval(claimed, '%')}; {finding}; {why}",
        (_evidence(claim, f"{year}, {covered[year]} countries", finding, found),), _command(claim),
        "a figure that counts joint work in shares, or covers more countries",
    )  # fmt: skip


def _change(claim: QuantityClaim) -> Judgement:
    if claim.measure == TIE and claim.others:
        return _tie(claim)
    known = _values(claim, claim.countries)
    year = _year(claim, known)
    if year is None:
        return _none(claim, claim.countries)
    bases = (
        [_before(known, claim.since.year)]
        if claim.since
        else [_before(known, year - 1), _before(known, year - LONG)]
    )
    found = [base for base in bases if base is not None and base < year and known[base] > 0]
    if not found:
        return _none(claim, claim.countries)
    return _of_change(claim, known, year, list(dict.fromkeys(found)))


def _before(known: dict[int, float], year: int) -> int | None:
    return max((known_year for known_year in known if known_year <= year), default=None)


def _of_change(claim: QuantityClaim, known: dict[int, float], year: int, bases: list[int]) -> Judgement:
    claimed, verdicts, evidence, words = _stated(claim), [], [], []
    for base in bases:
        factor = known[year] / known[base]
        verdict, found, _ = (
            _direction(claim, factor)
            if claim.low is None and claim.high is None
            else _graded(claimed, factor, "times", claim.measure)
        )
        finding = f"{base} to {year}: {known[base]:,.5g} to {known[year]:,.5g}, a factor of {factor:.2f}"
        verdicts.append(verdict)
        words.append(finding)
        evidence.append(_evidence(claim, f"{sources.names(claim.countries)}", finding, found))
    verdict = verdicts[0] if len(set(verdicts)) == 1 else Verdict.PARTLY
    return Judgement(
        verdict, "; ".join(words), tuple(evidence), _command(claim), "another pair of years, or a revision"
    )


def _direction(claim: QuantityClaim, factor: float) -> tuple[Verdict, Estimate, str]:
    moved = factor - 1 if claim.direction == "up" else 1 - factor
    verdict = Verdict.SUPPORTED if moved > FLAT else Verdict.PARTLY if moved > -FLAT else Verdict.CONTRADICTED
    return verdict, Estimate(factor, unit="times"), ""


def _tie(claim: QuantityClaim) -> Judgement:
    """Hold a change of collaboration against the sum of the last four quarters and those before.

    Four quarters in a row: a quarter that is not published would let a span run over more than a year.
    """
    a, b = sorted((claim.countries[0], claim.others[0]))
    rows = load_table("ties").filter(pl.col("a") == a, pl.col("b") == b).sort("period")
    last = f"{claim.as_of.year}Q{(claim.as_of.month + 2) // 3}"
    command = f"parity ties {a} {b}"
    rows = rows.filter(pl.col("period") < last)
    since = claim.since or claim.as_of - dt.timedelta(days=2 * 365)
    base = (
        rows.filter(pl.col("period") < f"{since.year + (claim.since is None)}Q1").tail(4)
        if claim.since is None
        else rows.filter(pl.col("period") >= f"{since.year}Q1").head(4)
    )
    now = rows.tail(4)
    if not (_in_a_row(now) and _in_a_row(base) and base["weight"].sum()):
        return cannot(
            f"ties of {sources.name(a)} and {sources.name(b)} are not published for four quarters in a row",
            command,
            "the quarters that are not published",
        )
    factor = float(now["weight"].sum()) / float(base["weight"].sum())
    words = (
        f"{base['period'][0]}-{base['period'][-1]} to {now['period'][0]}-{now['period'][-1]}: a "
        f"factor of {factor:.2f}"
    )
    if claim.low is None and claim.high is None:
        verdict, found, _ = _direction(claim, factor)
    else:
        verdict, found, _ = _graded(_stated(claim), factor, "times", claim.measure)
    evidence = Evidence(
        f"GitHub collaboration of {sources.name(a)} and {sources.name(b)}", words, vintage(), found
    )
    return Judgement(
        verdict, words, (evidence,), command, "another pair of periods, or collaboration of another kind"
    )


def _in_a_row(rows: pl.DataFrame) -> bool:
    """Return whether rows are of four consecutive quarters."""
    numbers = [4 * int(period[:4]) + int(period[5:]) for period in rows["period"]]
    return len(numbers) == 4 and numbers[3] - numbers[0] == 3


def _compare(claim: QuantityClaim) -> Judgement:
    mine, theirs = _values(claim, claim.countries), _values(claim, claim.others)
    shared = {year: mine[year] for year in mine if year in theirs}
    year = _year(claim, shared)
    if year is None or not theirs[year]:
        return _none(claim, (*claim.countries, *claim.others))
    factor = mine[year] / theirs[year]
    finding = (
        f"{year}: {sources.names(claim.countries)} {mine[year]:,.5g}, {sources.names(claim.others)} "
        f"{theirs[year]:,.5g}, a factor of {factor:.2f}"
    )
    if claim.low is None and claim.high is None:
        verdict, found, _ = _direction(claim, factor)
    else:
        verdict, found, _ = _graded(_stated(claim), factor, "times", claim.measure)
    evidence = _evidence(claim, str(year), finding, found)
    return Judgement(verdict, finding, (evidence,), _command(claim), "a revised figure, or another year")
