"""Quantities: against what was published by edition, then the observations of the catalogue."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from parity.catalogue import load_table, vintage
from parity.claims import published
from parity.claims._numbers import tolerated
from parity.claims.model import QuantityClaim, RankClaim
from parity.claims.verdict import Evidence, Held, Judgement, Span, Verdict, cannot, joined, settle
from parity.claims.verdicts import _sources as sources
from parity.claims.verdicts.rank import judge_rank
from parity.estimate import Estimate

# How far a figure may be revised after its first release. Official statistics: a choice. Lists and deals that
# somebody compiles: four of five sums of deals moved by -6 to +25 % between two releases three months apart.
REVISION, REVISION_COMPILED = 0.05, 0.10
# How far off a figure may be to agree with one compiled otherwise.
NEAR = 0.25
# Entries of a list that is final are not revised.
FINAL = frozenset(("top500_systems",))
# Entries of such a list.
LISTED = 500.0
# What compilers count by rules of their own: lists and deals differ up to a factor of two between them.
COMPILED = frozenset(
    ("ai_investment", "notable_models", "large_scale_models", "gpu_cluster_h100e", "genai_diffusion",
     "ai_publications", "ai_patents", "top500_rmax", "largest_training_run")
)  # fmt: skip
TWICE = 2.0
# And changes of them by so much: the sum of 2024 over that of 2023 was 1.32, 1.51, 1.62 and 1.89 in four
# releases for the United States.
RECOUNTED = 1.5
# A change smaller than this is none.
FLAT = 0.02
# Years back that "has grown" is held against, besides the last one.
LONG = 5
# A figure may be so many years older than a claim that names no year.
OLDEST = 2
TIE = "gh_collaboration"
WORLD = "WLD"

Values = dict[int, float]


def judge_quantity(claim: QuantityClaim) -> Judgement:
    """Return the verdict on a quantity claim."""
    if not sources.has_series(claim.measure):
        return _published_only(claim)
    if WORLD in claim.countries:
        return cannot("figures of the whole world are not carried", _command(claim), "a world total")
    told = _as_published(claim, rows) if claim.form == "level" and len(rows := _rows(claim)) > 0 else None
    if told is not None and len(claim.countries) > 1 and _unit_of(claim, rows[0]["unit"]):
        return told
    several = len(claim.countries) > 1 or len(claim.others) > 1
    if several and sources.indicator(claim.measure)["kind"] != "extensive" and claim.measure != TIE:
        return _each(claim)
    if claim.form == "most":
        return judge_rank(_first(claim))
    if claim.form in ("level", "share") and not _same_unit(claim):
        about = sources.indicator(claim.measure)
        return cannot(
            f"the claim is in {claim.unit or 'a count'}, the series in {about['unit']}; not converted",
            _command(claim),
            "a figure in one unit",
        )
    judge = {
        "level": _level, "share": _share, "change": _change, "rate": _change, "increase": _change,
        "compare": _compare,
    }[claim.form]  # fmt: skip
    return judge(claim)


def _first(claim: QuantityClaim) -> RankClaim:
    """Return "nobody has more" as a first place."""
    return RankClaim(
        span=claim.span, text=claim.text, as_of=claim.as_of, stated_date=claim.stated_date, open=claim.open,
        negated=claim.negated, country=claim.countries[0], relation="at", rank=1, within=claim.within,
        measure=claim.measure,
    )  # fmt: skip


def _published_only(claim: QuantityClaim) -> Judgement:
    """Hold a figure of something without a series against what reports said of it."""
    rows = [row for iso3 in claim.countries for row in published.figures(claim.measure, iso3)]
    if claim.form != "level" or len(claim.countries) != 1 or not rows or not _unit_of(claim, rows[0]["unit"]):
        return cannot(f"no figures of {claim.measure.replace('_', ' ')} that tell are on record",
                      _command(claim), "such figures")  # fmt: skip
    return _as_published(claim, rows) or cannot(
        "no figure of that year is on record", _command(claim), "a figure of that year"
    )


def _each(claim: QuantityClaim) -> Judgement:
    """Judge a ratio country by country: ratios do not add up, and an average of several is not carried."""
    parts = [
        judge_quantity(claim.model_copy(update={"countries": (one,), "others": (other,) if other else ()}))
        for one in claim.countries
        for other in (claim.others or ("",))
    ]
    if len({part.verdict for part in parts}) == 1:
        return joined(parts, f"country by country: {parts[0].why}")
    return cannot(
        f"it holds for some of {sources.names(claim.countries)} only, and their average is not carried",
        _command(claim),
        "a figure for all of them together",
    )


def _command(claim: QuantityClaim) -> str:
    who = ", ".join(f"'{iso3}'" for iso3 in (*claim.countries, *claim.others))
    return (
        f'parity data sql "select iso3, year, value, flag from observations where indicator = '
        f"'{claim.measure}' and iso3 in ({who}) order by year, iso3\""
    )


def _values(claim: QuantityClaim, countries: tuple[str, ...]) -> Values:
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
    scale = 1e-3 if claim.measure == "top500_rmax" else 1.0  # TFlop/s in the series, petaflops in texts
    found = {year: scale * value for year, value in years.select("year", "value").rows()}
    return found | _newest_lists(claim, countries) if claim.measure in FINAL else found


def _newest_lists(claim: QuantityClaim, countries: tuple[str, ...]) -> Values:
    """Return the sum over some countries in the last list of each year that was out on the claim's day."""
    each: list[Values] = []
    for iso3 in countries:
        rows = [row for row in published.figures(claim.measure, iso3) if row["published"] <= claim.as_of]
        each.append({int(row["period"][:4]): row["value"] for row in rows})
    shared = set(each[0]).intersection(*each[1:]) if each else set()
    return {year: sum(values[year] for values in each) for year in shared}


def _year(claim: QuantityClaim, known: Values) -> int | None:
    """Return the year that is meant: the one named, else the latest by the claim's date, not too old."""
    if claim.stated_date:
        return claim.as_of.year if claim.as_of.year in known else None
    last = claim.as_of.year if claim.measure in FINAL else sources.last_year(claim.as_of, stated=False)
    return max((year for year in known if last - OLDEST <= year <= last), default=None)


def _evidence(claim: QuantityClaim, what: str, finding: str, found: Estimate | None) -> Evidence:
    about = sources.indicator(claim.measure)
    return Evidence(
        f"{about['title']}, {what}", finding, f"{about['source']}, {vintage()}", found, _command(claim)
    )


def _none(claim: QuantityClaim, who: tuple[str, ...]) -> Judgement:
    about = sources.indicator(claim.measure)
    return cannot(
        f"no figure of {about['title']} for {sources.names(who)} of the time meant ({claim.as_of})",
        _command(claim),
        "that figure",
    )


def _stated(claim: QuantityClaim) -> Span:
    """Return the interval that was stated: the hedge applied, the last place rounded."""
    return Span(*tolerated(claim.low, claim.high, claim.hedge, claim.rounding))


def _margin(measure: str) -> float:
    return 0.0 if measure in FINAL else REVISION_COMPILED if measure in COMPILED else REVISION


def _around(value: float, measure: str) -> tuple[Span, tuple[Span, ...]]:
    """Return a figure with its own revisions, and with those of figures that are compiled otherwise."""
    margin = _margin(measure)
    wide = (value / TWICE, value * TWICE) if measure in COMPILED else (value * (1 - NEAR), value * (1 + NEAR))
    own = Span(value * (1 - margin), value * (1 + margin))
    return own, () if measure in FINAL else (Span(*wide),)


def _interval(span: Span, unit: str) -> str:
    low, high = ("open" if end is None else f"{end:,.4g}" for end in (span.low, span.high))
    return f"{low if low == high else f'{low} to {high}'} {unit}".strip()


def _rows(claim: QuantityClaim) -> list[dict[str, Any]]:
    """Return what was published of the country of a claim, or of the European Union as a whole."""
    if len(claim.countries) == 1:
        return published.figures(claim.measure, claim.countries[0])
    union = set(claim.countries) == set(sources.members_of("EU", claim.as_of))
    return published.figures(claim.measure, "EU") if union else []


def _as_published(claim: QuantityClaim, rows: list[dict[str, Any]]) -> Judgement | None:
    """Hold a level against what reports said of its year; ``None`` where they say nothing of it.

    A report that the text names decides alone; without one the newest of the day is the measure, and the
    other editions are further choices.
    """
    name = sources.names(claim.countries)
    meant = [row for row in rows if _is_meant(claim, row)]
    if not meant:
        return None
    meant.sort(key=lambda row: row["published"], reverse=True)
    claimed = _stated(claim)
    agreeing = [row for row in meant if claimed.meets(Span(row["value"], row["value"]))]
    main = agreeing[0] if agreeing else meant[0]
    unit = "US dollars" if "dollars" in main["unit"] else main["unit"]
    choices = [Span(row["value"], row["value"]) for row in meant]
    choices += [Span(row["now"], row["now"]) for row in meant if row["now"] is not None]
    ordered = {_key(row): row for row in (main, *meant)}
    evidence = [published.figure_evidence(row, name, unit) for row in ordered.values()]
    if not claim.report:
        own, line = _own_choices(claim)
        # What other editions say of the year need not be on record.
        choices += (*own, *_around(main["value"], claim.measure)[1])
        evidence += line
    held = Held(
        name, claim.measure.replace("_", " "), unit, "the country",
        f"{main['report']} {main['edition']}", claimed, _span_of(claim, main["value"]), tuple(choices),
    )  # fmt: skip
    why = f"claimed {_interval(claimed, unit)}; {evidence[0].what}: {evidence[0].finding}"
    return settle(claim, held, why, tuple(evidence), evidence[0].question, "another edition of the report")


def _span_of(claim: QuantityClaim, value: float) -> Span:
    """Return a published figure with its own rounding: performances are told in whole petaflops."""
    slack = 0.01 * value if claim.measure == "top500_rmax" else 0.0
    return Span(value - slack, value + slack)


def _key(row: dict[str, Any]) -> tuple[str, str, str, float]:
    return row["report"], row["edition"], row["period"], row["value"]


def _is_meant(claim: QuantityClaim, row: dict[str, Any]) -> bool:
    """Return whether a published figure is of the edition and the year that a claim means."""
    if claim.report:
        title, _, edition = claim.report.partition(" ")
        if title.casefold() not in row["report"].casefold().replace(" ", "-"):
            return False
        if edition and not str(row["edition"]).startswith(edition):
            return False
        dated = claim.stated_date and edition[:4] != str(claim.as_of.year)
        last = str(int(row["edition"][:4]) - 1) if title == "ai-index" else row["period"]
        period = str(row["period"])
        return period.startswith(str(claim.as_of.year)) if dated else period == last
    if row["published"] > claim.as_of and not claim.stated_date:
        return False
    year = claim.as_of.year if claim.stated_date else sources.last_year(claim.as_of, stated=False)
    if claim.measure in FINAL and not claim.stated_date:
        # The newest list of the day.
        return bool(0 <= (claim.as_of - row["published"]).days <= 200)
    period = str(row["period"])
    if len(period) == 9:
        # A figure of several years together: "2014-2023".
        return not claim.stated_date or int(period[:4]) <= year <= int(period[5:])
    return period[:4] == str(year)


def _own_choices(claim: QuantityClaim) -> tuple[list[Span], list[Evidence]]:
    """Return what our own series says of the year, and whatever else may be meant."""
    if not sources.has_series(claim.measure):
        return [], []
    known = _values(claim, claim.countries)
    year = _year(claim, known)
    if year is None:
        return [], []
    own, wide = _around(known[year], claim.measure)
    about = sources.indicator(claim.measure)
    finding = f"{sources.names(claim.countries)} {year}: {known[year]:,.5g} {about['unit']}"
    return [own, *wide], [_evidence(claim, str(year), finding, Estimate(known[year], own.low, own.high))]


def _level(claim: QuantityClaim) -> Judgement:
    about = sources.indicator(claim.measure)
    told = _as_published(claim, rows) if (rows := _rows(claim)) else None
    if told is not None:
        return told
    if claim.report:
        return cannot(
            f"what {claim.report.replace('-', ' ')} says of {sources.names(claim.countries)} is not on "
            f"record",
            _command(claim), "that edition",
        )  # fmt: skip
    known = _values(claim, claim.countries)
    year = _year(claim, known)
    if year is None:
        return _none(claim, claim.countries)
    claimed, unit = _stated(claim), _unit(claim)
    own, wide = _around(known[year], claim.measure)
    found = Estimate(known[year], own.low, own.high, None, unit)
    finding = f"{sources.names(claim.countries)} {year}: {known[year]:,.5g} {unit}"
    held = Held(
        sources.names(claim.countries), about["title"], unit, "the country", f"{about['source']} {year}",
        claimed, own, (*wide, *_neighbours(claim, known, year)),
    )  # fmt: skip
    return settle(
        claim, held, f"claimed {_interval(claimed, unit)}; {finding}",
        (_evidence(claim, f"{year}", finding, found),), _command(claim), "a revised figure, or another year",
    )  # fmt: skip


def _neighbours(claim: QuantityClaim, known: Values, year: int) -> list[Span]:
    """Return the figures of the years beside the one taken, where the text names none."""
    if claim.stated_date and claim.measure not in FINAL:
        return []
    return [Span(known[y], known[y]) for y in (year - 1, year + 1) if y in known]


def _unit(claim: QuantityClaim) -> str:
    return "petaflops" if claim.measure == "top500_rmax" else sources.indicator(claim.measure)["unit"]


def _same_unit(claim: QuantityClaim) -> bool:
    return claim.form == "share" or _unit_of(claim, _unit(claim))


def _unit_of(claim: QuantityClaim, unit: str) -> bool:
    """Return whether a claim states its number in a unit."""
    if claim.unit == "percent":
        return unit.startswith("%")
    if claim.unit == "USD":
        return "dollars" in unit
    if claim.unit == "petaflops":
        return "flop" in unit.casefold()
    return (
        claim.unit == ""
        and not unit.startswith("%")
        and "dollars" not in unit
        and "flop" not in unit.casefold()
    )


def _share(claim: QuantityClaim) -> Judgement:
    """Hold a share of the world against the sum over the countries on record, a part of the world only."""
    if sources.indicator(claim.measure)["kind"] != "extensive" or claim.unit != "percent":
        return cannot("shares of the world exist only of what can be added up", _command(claim), "a count")
    totals = sources.series(claim.measure).group_by("year").agg(pl.col("value").sum(), n=pl.len())
    scale = 1e-3 if claim.measure == "top500_rmax" else 1.0
    total = {year: scale * value for year, value, _ in totals.rows()}
    covered = {year: n for year, _, n in totals.rows()}
    if claim.measure in FINAL:
        total |= dict.fromkeys(range(max(total) + 1, claim.as_of.year + 1), LISTED)
    known = _values(claim, claim.countries)
    year = _year(claim, known)
    if year is None or not total.get(year):
        return _none(claim, claim.countries)
    share = 100 * known[year] / total[year]
    claimed = _stated(claim)
    own, wide = _around(share, claim.measure)
    finding = (
        f"{sources.names(claim.countries)} {year}: {known[year]:,.5g} of {total[year]:,.5g}, {share:.1f} %"
    )
    about = sources.indicator(claim.measure)
    others = [100 * known[y] / total[y] for y in (year - 1, year + 1) if y in known and total.get(y)]
    # What is not in the list lowers a share: only a list that is complete may contradict.
    held = Held(
        sources.names(claim.countries), about["title"], "% of the world",
        "the world" if claim.measure in FINAL else "", f"{about['source']} {year}", claimed, own,
        (*wide, *(Span(other, other) for other in others)),
    )  # fmt: skip
    found = Estimate(share, own.low, own.high, None, "% of the world")
    return settle(
        claim, held, f"claimed {_interval(claimed, '%')}; {finding}",
        (_evidence(claim, f"{year}, {covered.get(year, 'all')} countries", finding, found),), _command(claim),
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
        [_base(known, claim.since.year)]
        if claim.since
        else [_base(known, year - 1), _base(known, year - LONG)]
    )
    found = [base for base in dict.fromkeys(bases) if base is not None and base < year and known[base] > 0]
    if not found:
        return _none(claim, claim.countries)
    return _of_change(claim, known, year, found)


def _base(known: Values, year: int) -> int | None:
    return year if year in known else None


def _vintages(claim: QuantityClaim, year: int, base: int) -> list[float]:
    """Return the change between two years by the published editions that give both, or one each."""
    if len(claim.countries) != 1:
        return []
    rows = published.figures(claim.measure, claim.countries[0])
    now, then = ([row["value"] for row in rows if row["period"][:4] == str(y)] for y in (year, base))
    return [_moved(claim, a, b, year - base) for a in now for b in then if b]


def _moved(claim: QuantityClaim, now: float, then: float, years: int) -> float:
    """Return a change in the terms of the claim: a factor, a factor per year, or a difference."""
    if claim.form == "increase":
        return now - then
    factor = now / then
    return factor ** (1 / years) if claim.form == "rate" and factor > 0 else factor


def _of_change(claim: QuantityClaim, known: Values, year: int, bases: list[int]) -> Judgement:
    about, parts = sources.indicator(claim.measure), []
    unit = {"increase": about["unit"], "rate": "times per year"}.get(claim.form, "times")
    for base in bases:
        moved = _moved(claim, known[year], known[base], year - base)
        others = [Span(value, value) for value in _vintages(claim, year, base)]
        finding = f"{base} to {year}: {known[base]:,.5g} to {known[year]:,.5g} {about['unit']}, " + (
            f"a change of {moved:+,.4g}" if claim.form == "increase" else f"a factor of {moved:.2f}"
        )
        claimed = _claimed_change(claim)
        margin = _margin(claim.measure)
        own = Span(moved, moved) if _is_direction(claim) or claim.form == "increase" else Span(
            moved * (1 - margin), moved * (1 + margin)
        )  # fmt: skip
        slack = [Span(moved * (1 - margin), moved * (1 + margin))] if moved > 0 else []
        if claim.measure in COMPILED and claim.form == "change":
            slack.append(Span(moved / RECOUNTED, moved * RECOUNTED))
        if claim.form == "rate":
            # A rate depends on the models and years that are taken: no two compilers agree.
            slack.append(Span(moved / TWICE, moved * TWICE))
        found = Estimate(moved, own.low, own.high, None, unit)
        held = Held(
            sources.names(claim.countries), about["title"], unit, "the country",
            f"{about['source']} {base} to {year}", claimed, own, (*others, *slack),
        )  # fmt: skip
        evidence = (_evidence(claim, sources.names(claim.countries), finding, found),)
        change = "another pair of years, or a revision"
        parts.append(settle(claim, held, finding, evidence, _command(claim), change))
    return _either(parts)


def _either(parts: list[Judgement]) -> Judgement:
    """Return the verdict where since when is left open: what both pairs of years say, else it depends."""
    whole = joined(parts, "; ".join(part.why for part in parts))
    if whole.verdict is Verdict.PARTLY:
        return Judgement(Verdict.DEPENDS, whole.why, whole.evidence, whole.reproduce, whole.would_change)
    return whole


def _is_direction(claim: QuantityClaim) -> bool:
    return claim.low is None and claim.high is None


def _claimed_change(claim: QuantityClaim) -> Span:
    if not _is_direction(claim):
        return _stated(claim)
    none = 0.0 if claim.form == "increase" else 1.0
    return Span(none + FLAT, None) if claim.direction == "up" else Span(None, none - FLAT)


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
    evidence = Evidence(
        f"GitHub collaboration of {sources.name(a)} and {sources.name(b)}", words, vintage(),
        Estimate(factor, unit="times"), command,
    )  # fmt: skip
    held = Held(
        f"{sources.name(a)} and {sources.name(b)}", "GitHub collaboration", "times", "the pair",
        vintage(), _claimed_change(claim), Span(factor, factor),
        (Span(factor * (1 - NEAR), factor * (1 + NEAR)),),
    )  # fmt: skip
    change = "another pair of periods, or collaboration of another kind"
    return settle(claim, held, words, (evidence,), command, change)


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
    about = sources.indicator(claim.measure)
    choices = [Span(ratio, ratio) for ratio in _published_ratios(claim, year)]
    choices += [
        Span(mine[y] / theirs[y], mine[y] / theirs[y])
        for y in (year - 1, year + 1)
        if not claim.stated_date and y in shared and theirs[y]
    ]
    margin = 2 * _margin(claim.measure)
    own = Span(factor, factor) if _is_direction(claim) else Span(factor * (1 - margin), factor * (1 + margin))
    wide = Span(factor / TWICE, factor * TWICE) if claim.measure in COMPILED else Span(
        factor * (1 - NEAR), factor * (1 + NEAR))  # fmt: skip
    held = Held(
        f"{sources.names(claim.countries)} against {sources.names(claim.others)}", about["title"], "times",
        "the countries named", f"{about['source']} {year}", _claimed_change(claim), own,
        (*choices, wide),
    )  # fmt: skip
    found = Estimate(factor, own.low, own.high, None, "times")
    evidence = _evidence(claim, str(year), finding, found)
    change = "a revised figure, or another year"
    return settle(claim, held, finding, (evidence,), _command(claim), change)


def _published_ratios(claim: QuantityClaim, year: int) -> list[float]:
    """Return the ratio of two countries by each edition that gives both."""
    if len(claim.countries) != 1 or len(claim.others) != 1:
        return []
    mine, theirs = (
        {row["edition"]: row["value"] for row in published.figures(claim.measure, iso3)
         if row["period"][:4] == str(year)}
        for iso3 in (claim.countries[0], claim.others[0])
    )  # fmt: skip
    return [mine[edition] / theirs[edition] for edition in mine if theirs.get(edition)]
