"""Ranks: a named index decides by its own edition; without a name, what each ranking on record says."""

from __future__ import annotations

import polars as pl

from parity.ask.rank import forms_of
from parity.ask.standing import standing
from parity.ask.years import FIRST_YEAR, INDEX, LAST_YEAR, LEVEL, index_of, year_known
from parity.catalogue import none_on_record, vintage
from parity.claims import published
from parity.claims.model import RankClaim
from parity.claims.published import Edition
from parity.claims.verdict import Finding, Held, Judgement, Span, Verdict, cannot, joined, settle
from parity.claims.verdicts import _sources as sources
from parity.claims.verdicts._sources import last_year
from parity.claims.verdicts._within import group, ranks_within
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate, rounded
from parity.views.names import ordinal

OWN = "open-ai-index"
# A rank by one indicator may be off by so many places, for series are revised.
REVISION = 1
# Figures older than this say nothing about a rank of the day.
OLDEST = 3
_ANOTHER = "another edition of the same index, or a correction by its publisher"


def judge_rank(claim: RankClaim) -> Judgement:
    """Return the verdict on a rank claim."""
    if claim.within is not None and claim.country not in (known := group(claim)):
        why = (
            f"{sources.name(claim.country)} is not in {claim.within}"
            if known
            else f"a rank within a part of the world ('{claim.within}') whose countries are not on record"
        )
        return cannot(why, "parity bloc list", "the list of the countries that were ranked")
    if claim.relation in ("behind", "ahead"):
        parts = [_order(claim, other) for other in claim.others]
        told = [f"{sources.name(other)}: {part.why}" for other, part in zip(claim.others, parts, strict=True)]
        return joined(parts, "; ".join(told)) if len(parts) > 1 else parts[0]
    if claim.measure:
        return _by_indicator(claim)
    if claim.index == OWN:
        return _own(claim)
    if claim.index:
        return _by_edition(claim)
    return _unnamed(claim)


def _place(claim: RankClaim) -> Span:
    """Return the places that a claim allows."""
    rank = float(claim.rank or 1)
    return Span(1.0 if claim.relation == "top" else rank, rank)


def _meant(claim: RankClaim) -> tuple[Edition, ...]:
    """Return the editions that a claim may mean, the likeliest first.

    That of the year that it names, that with its number of countries, else the one in force on its day.
    """
    known = published.editions(claim.index or "")
    if claim.edition == "previous":
        now = published.in_force(claim.index or "", claim.as_of)
        before = [e for e in known if now is not None and e.published < now.published]
        return (before[-1],) if before else ()
    if claim.edition:
        return tuple(e for e in reversed(known) if e.label.startswith(claim.edition))
    if claim.stated_date:
        year = str(claim.as_of.year)
        named = [e for e in reversed(known) if e.label[:4] == year]
        near = [e for e in reversed(known) if year in (str(e.published.year), e.year) and e not in named]
        return (*named, *near)
    now = published.in_force(claim.index or "", claim.as_of)
    if claim.of is not None and (now is None or now.countries != claim.of):
        sized = [e for e in known if e.countries == claim.of and e.published <= claim.as_of]
        if sized:
            return (sized[-1], *(() if now is None else (now,)))
    return () if now is None else (now,)


def _by_edition(claim: RankClaim) -> Judgement:
    """Hold a place against the edition that is meant, and against no other ranking."""
    meant, name = _meant(claim), sources.name(claim.country)
    command = published.sql(claim.index or "", claim.country)
    found = [(edition, place) for edition in meant if (place := _placed(edition, claim)) is not None]
    if not found:
        known = published.known_indices()
        if claim.index not in known:
            why = none_on_record(f"table of the {claim.index}", "published_ranks")
        elif not meant:
            why = none_on_record(f"edition of the {claim.index} that the text may mean", "published_ranks")
        else:
            among = f" within {claim.within}" if claim.within else ""
            place_of = f"place of {name}{among} in the {claim.index}, edition {meant[0].label},"
            why = none_on_record(place_of, "published_ranks")
        return cannot(why, command, f"the table of the {claim.index} for that edition")
    edition, place = found[0]
    evidence = tuple(e.evidence(claim.country, p, name, claim.within or "") for e, p in found)
    others = _elsewhere(claim, edition)
    evidence += tuple(e.evidence(claim.country, p, name, claim.within or "") for e, p in others)
    why = f"the edition {edition.label} puts {name} at {place}{_of(edition, claim)}"
    size = claim.of is None or edition.countries is None or claim.of == edition.countries
    # A year that names no edition may be that of its data, or of another: it contradicts nothing.
    certain = claim.edition or not claim.stated_date or edition.label[:4] == str(claim.as_of.year)
    held = Held(
        name,
        f"place in the {edition.index}",
        "rank",
        claim.within or f"{edition.countries or 'all'} countries",
        f"{edition.index} {edition.label}" if certain else "",
        _place(claim),
        Span(place, place),
        tuple(Span(p, p) for _, p in (*found[1:], *others)),
    )
    judged = settle(claim, held, why, evidence, command, _ANOTHER)
    if judged.verdict is Verdict.SUPPORTED and not size:
        return Judgement(Verdict.PARTLY, f"{why}, not of {claim.of}", evidence, command, _ANOTHER)
    return judged


def _placed(edition: Edition, claim: RankClaim) -> int | None:
    return edition.within(claim.country, group(claim)) if claim.within else edition.places.get(claim.country)


def _elsewhere(claim: RankClaim, edition: Edition) -> list[tuple[Edition, int]]:
    """Return the places in the editions next to the one that is meant: a text may rest on either."""
    if claim.edition:
        return []
    known = list(published.editions(edition.index))
    at = known.index(edition)
    near = [known[i] for i in (at - 1, at + 1) if 0 <= i < len(known) and known[i].published <= claim.as_of]
    return [(e, place) for e in near if (place := _placed(e, claim)) is not None]


def _of(edition: Edition, claim: RankClaim) -> str:
    if claim.within:
        return f" in {claim.within}"
    return f" of {edition.countries}" if edition.countries else ""


def _unnamed(claim: RankClaim) -> Judgement:
    """Say what each ranking on record says: which one a text means that names none, nobody can know."""
    name, place = sources.name(claim.country), _place(claim)
    evidence: list[Finding] = []
    told, held = [], 0
    for index in published.GENERAL:
        edition = published.in_force(index, claim.as_of)
        found = _placed(edition, claim) if edition else None
        if edition is not None and found is not None:
            evidence.append(edition.evidence(claim.country, found, name, claim.within or ""))
            told.append(f"{index} {edition.label}: {found}{_of(edition, claim)}")
            held += Span(found, found).meets(place)
    own, sides = _own_evidence(claim), _forms(claim, claim.country)
    told += [f"{_index(claim)}: {_in_forms(item.found, sides)}" for item in own if item.found]
    spans = [*_spans(sides), *(Span(i.found.low, i.found.high) for i in own if i.found)]
    held += sum(span.meets(place) for span in spans)
    command = f"parity rank{f' --group {claim.within!r}' if claim.within else ''}"
    if not told:
        return cannot(f"no ranking on record places {name} by {claim.as_of}", command, "a named index")
    why = f"no index is named, so it depends on the ranking: {'; '.join(told)}"
    if not held:
        why += "; none of these agrees, another may"
    return Judgement(Verdict.DEPENDS, why, (*evidence, *own), command, "the name of the index")


def _command(claim: RankClaim) -> str:
    """Return what shows the ranks in our own index."""
    year = year_known(claim.as_of)
    only = f" --group '{claim.within}'" if claim.within else ""
    return f"parity rank{only}" if year == LAST_YEAR else f"parity rank{only} --as-of {year}"


def _own_ranks(claim: RankClaim) -> dict[str, Estimate]:
    return ranks_within(claim) if claim.as_of.year > FIRST_YEAR else {}


def _own_evidence(claim: RankClaim) -> tuple[Finding, ...]:
    """Return the rank in the open AI index; nothing where the index does not rank the country by then."""
    ranks = _own_ranks(claim)
    found = ranks.get(claim.country)
    return () if found is None else (_own_line(claim, claim.country, found, len(ranks)),)


def _forms(claim: RankClaim, iso3: str) -> dict[str, Estimate]:
    """Return the rank by size and per person; nothing within a group, or where the country has none."""
    if claim.within is not None:
        return {}
    year = year_known(claim.as_of)
    found = forms_of(standing(index_of(year), as_of=year if year < LAST_YEAR else None))
    try:
        sides = {} if found is None else found.of(iso3)
    except ParityError:  # it is not among those ranked
        return {}
    return {form: sides[form] for form in ("scale", "intensity") if form in sides and sides[form].value}


def _spans(sides: dict[str, Estimate]) -> tuple[Span, ...]:
    """Return the places that the forms by size and per person allow."""
    return tuple(
        Span(each.value if each.low is None else each.low, each.value if each.high is None else each.high)
        for each in sides.values()
    )


def _in_forms(mixed: Estimate, sides: dict[str, Estimate]) -> str:
    """Return what a rank rests on: "2nd by size, 22nd per person; mixed 2 (2 to 9)"."""
    if not sides:
        return mixed.text(0)
    labels = {"scale": "by size", "intensity": "per person"}
    told = ", ".join(f"{ordinal(each.value)} {labels[form]}" for form, each in sides.items())
    return f"{told}; mixed {mixed.text(0)}"


def _index(claim: RankClaim) -> str:
    """Return the name of the index that is built as of a claim's day."""
    return "open AI index" if index_of(year_known(claim.as_of)) == INDEX else "AI index history"


def _own_line(claim: RankClaim, iso3: str, found: Estimate, size: int) -> Finding:
    within = f" in {claim.within}" if claim.within else ""
    return Finding(
        f"{_index(claim)}, {size} countries{within}, as of {year_known(claim.as_of)}; "
        f"{LEVEL:.0%} interval over rebuilds with other choices",
        f"{sources.name(iso3)}: rank {_in_forms(found, _forms(claim, iso3))}",
        vintage(),
        found,
        question=_command(claim),
    )


def _own(claim: RankClaim) -> Judgement:
    """Hold a rank in the open AI index against the interval over its rebuilds."""
    if claim.as_of.year <= FIRST_YEAR:
        return cannot(f"the open AI index is not built as of {claim.as_of}", "parity rank", "a later date")
    evidence, command = _own_evidence(claim), _command(claim)
    if not evidence or evidence[0].found is None:
        return cannot(f"{sources.name(claim.country)} has too little data to be ranked", command, "more data")
    found, sides = evidence[0].found, _forms(claim, claim.country)
    held = Held(
        sources.name(claim.country), f"place in the {_index(claim)}", "rank", claim.within or "the world",
        f"{_index(claim)} as of {year_known(claim.as_of)}", _place(claim), Span(found.low, found.high),
        _spans(sides),
    )  # fmt: skip
    why = f"measured is rank {_in_forms(found, sides)}"
    return settle(claim, held, why, evidence, command, "a ranking by another method or set of countries")


def _order(claim: RankClaim, other: str) -> Judgement:
    """Return whether the order holds for one other country."""
    if claim.measure:
        return _order_by_indicator(claim, other)
    ahead = Span(None, -0.5) if claim.relation == "ahead" else Span(0.5, None)
    who = f"{sources.name(claim.country)} against {sources.name(other)}"
    if claim.index and claim.index != OWN:
        both = [e for e in _meant(claim) if {claim.country, other} <= set(e.places)]
        command = published.sql(claim.index, claim.country, other)
        if not both:
            why = none_on_record(f"edition of the {claim.index} with both", "published_ranks")
            return cannot(why, command, f"the table of the {claim.index} for that edition")
        lines = [e.evidence(i, e.places[i], sources.name(i)) for e in both for i in (claim.country, other)]
        gaps = [float(e.places[claim.country] - e.places[other]) for e in both]
        near = [
            float(e.places[claim.country] - e.places[other])
            for e in published.editions(claim.index)
            if e.published <= claim.as_of and {claim.country, other} <= set(e.places) and e not in both
        ]
        held = Held(
            who, f"order in the {claim.index}", "rank", "the countries of the edition",
            f"{claim.index} {both[0].label}", ahead, Span(gaps[0], gaps[0]),
            tuple(Span(gap, gap) for gap in (*gaps[1:], *near[-1:])),
        )  # fmt: skip
        why = f"ranks {both[0].places[claim.country]} and {both[0].places[other]} in {both[0].label}"
        return settle(claim, held, why, tuple(lines), command, _ANOTHER)
    return _order_unnamed(claim, other, ahead, who)


def _order_unnamed(claim: RankClaim, other: str, ahead: Span, who: str) -> Judgement:
    told, evidence = [], []
    for index in published.GENERAL:
        edition = published.in_force(index, claim.as_of)
        if edition and {claim.country, other} <= set(edition.places):
            evidence += [
                edition.evidence(i, edition.places[i], sources.name(i)) for i in (claim.country, other)
            ]
            told.append(
                f"{index} {edition.label}: {edition.places[claim.country]} and {edition.places[other]}"
            )
    ranks = _own_ranks(claim.model_copy(update={"within": None}))
    mine, theirs = ranks.get(claim.country), ranks.get(other)
    command = f"parity explain {claim.country} {other}"
    if mine is not None and theirs is not None:
        evidence += [_own_line(claim, i, ranks[i], len(ranks)) for i in (claim.country, other)]
        named = _index(claim)
        sides = [_forms(claim, iso3) for iso3 in (claim.country, other)]
        told.append(f"{named}: {_in_forms(mine, sides[0])}, and {_in_forms(theirs, sides[1])}")
        if claim.index == OWN:
            gap = Span((mine.low or 0) - (theirs.high or 0), (mine.high or 0) - (theirs.low or 0))
            gaps = [(sides[0][f].value or 0) - (sides[1][f].value or 0) for f in sides[0] if f in sides[1]]
            by_form = tuple(Span(each, each) for each in gaps)
            open_to = ahead.meets(gap) and not gap.within(ahead)
            if open_to and not all(ahead.meets(each) for each in by_form):
                why = f"{told[-1]}; by size and per person the order is not the same"
                return Judgement(Verdict.DEPENDS, why, tuple(evidence), command, "the form that is meant")
            held = Held(who, f"order in the {named}", "rank", "the world",
                        f"{named} as of {year_known(claim.as_of)}", ahead, gap, by_form,
                        (mine.value or 0) - (theirs.value or 0))  # fmt: skip
            return settle(claim, held, told[-1], tuple(evidence), command, "intervals that do not overlap")
    if not told:
        return cannot(f"no ranking on record places both by {claim.as_of}", command, "a named index")
    why = f"no index is named, so it depends on the ranking: {'; '.join(told)}"
    return Judgement(Verdict.DEPENDS, why, tuple(evidence), command, "the name of the index")


def _latest(claim: RankClaim) -> pl.DataFrame:
    """Return every country's latest value of the claim's indicator by its date, the largest first."""
    if not sources.has_series(claim.measure or ""):
        raise NoAnswerError(f"no series of '{claim.measure}' is carried")
    last = last_year(claim.as_of, stated=claim.stated_date)
    rows = sources.series(claim.measure or "").filter(pl.col("year") <= last, pl.col("value").is_not_null())
    if claim.within is not None:
        rows = rows.filter(pl.col("iso3").is_in(group(claim)))
    year = rows["year"].max()
    if not isinstance(year, int) or year < last - OLDEST:
        raise NoAnswerError(f"the figures of '{claim.measure}' end long before {claim.as_of}")
    return rows.filter(pl.col("year") >= year - 1).sort("year", "value", descending=True)


def _indicator_command(claim: RankClaim, rows: pl.DataFrame) -> str:
    listed = ", ".join(f"'{iso3}'" for iso3 in group(claim))
    only = f"and iso3 in ({listed}) " if claim.within else ""
    return (
        f"parity data sql \"select iso3, value from observations where indicator = '{claim.measure}' "
        f'and year = {rows["year"][0]} {only}order by value desc"'
    )


def _by_indicator(claim: RankClaim) -> Judgement:
    """Hold a place by one indicator against its values, in total and per person, of two years."""
    rows = _latest(claim)
    about = sources.indicator(claim.measure or "")
    command = _indicator_command(claim, rows)
    year = int(rows["year"][0])
    now = rows.filter(pl.col("year") == year)
    mine = dict(now.select("iso3", "value").rows()).get(claim.country)
    name = sources.name(claim.country)
    if mine is None:
        return cannot(f"no value of {about['title']} for {name}", command, "data for that country")
    rank = 1 + int((now["value"] > mine).sum())
    before = rows.filter(pl.col("year") < year)
    earlier = dict(before.select("iso3", "value").rows()).get(claim.country)
    choices = [Span(max(rank - REVISION, 1), rank + REVISION)]
    if earlier is not None:
        place = 1.0 + int((before["value"] > earlier).sum())
        choices.append(Span(place, place))
    person = sources.per_person(now, year).get(claim.country)
    if person is not None and about["kind"] == "extensive":
        choices.append(Span(float(person), float(person)))
    within = f" in {claim.within}" if claim.within else ""
    held = Held(
        name, str(about["title"]), "rank", claim.within or "the world", f"{about['source']} {year}",
        _place(claim), Span(rank, rank), tuple(choices),
    )  # fmt: skip
    each = f", {person} per person" if person is not None and about["kind"] == "extensive" else ""
    evidence = Finding(
        f"{about['title']}, {year}, {now.height} countries{within}",
        f"{name}: rank {rank}{each}, {rounded(mine, 4)} {about['unit']}",
        f"{about['source']}, {vintage()}",
        Estimate(float(rank), float(max(rank - REVISION, 1)), float(rank + REVISION), None, "rank"),
        question=command,
    )
    why = f"rank {rank} of {now.height}{within} in {year}{each}"
    return settle(claim, held, why, (evidence,), command, "a revision of the series")


def _order_by_indicator(claim: RankClaim, other: str) -> Judgement:
    rows = _latest(claim.model_copy(update={"within": None}))
    about, year = sources.indicator(claim.measure or ""), int(rows["year"][0])
    command = _indicator_command(claim, rows)
    values = {y: dict(rows.filter(year=y).select("iso3", "value").rows()) for y in (year, year - 1)}
    ratios = [v[claim.country] / v[other] for v in values.values()
              if claim.country in v and v.get(other)]  # fmt: skip
    if claim.country not in values[year] or not values[year].get(other):
        return cannot(f"no value of {about['title']} for both", command, "data for both countries")
    person = sources.per_person(rows.filter(year=year), year)
    held = Held(
        f"{sources.name(claim.country)} against {sources.name(other)}", str(about["title"]), "times",
        "the two countries", f"{about['source']} {year}",
        Span(1.0, None) if claim.relation == "ahead" else Span(None, 1.0),
        Span(ratios[0], ratios[0]),
        (Span(0.9 * min(ratios), 1.1 * max(ratios)), *_person_order(person, claim, other, about)),
    )  # fmt: skip
    finding = ", ".join(
        f"{sources.name(c)} {rounded(values[year][c], 4)} {about['unit']}" for c in (claim.country, other)
    )
    evidence = Finding(f"{about['title']}, {year}", finding, f"{about['source']}, {vintage()}", None, command)
    return settle(claim, held, finding, (evidence,), command, "a revision of the series")


def _person_order(person: dict[str, int], claim: RankClaim, other: str, about: dict[str, str]) -> list[Span]:
    """Return the order per person as a ratio above or below one, where the indicator is a total."""
    if about["kind"] != "extensive" or not {claim.country, other} <= set(person):
        return []
    ratio = 2.0 if person[claim.country] < person[other] else 0.5
    return [Span(ratio, ratio)]
