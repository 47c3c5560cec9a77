"""The page's sentences: headline, eight findings, what they rest on, and the command behind each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten
from typing import TYPE_CHECKING

from parity.brief.parts import Missing
from parity.brief.result import CountryBrief, Place, Sections
from parity.catalogue import none_on_record
from parity.estimate import Estimate
from parity.show.cells import interval, number
from parity.show.document import Fact
from parity.views.names import in_sentence, written
from parity.views.rank import ends, in_forms

if TYPE_CHECKING:
    from parity.robustness.places import FormPlace

MARKS = {
    "supported": "✓ supported",
    "contradicted": "✗ contradicted",
    "partly": "◐ partly",
    "depends": "≈ depends",
}
"""How verdicts are marked: by a sign and a word, not by colour."""
_SHORT = {"USA": "the USA", "GBR": "the UK", "ARE": "the UAE"}
_VERDICTS = {"cannot be checked with this data": "not checkable"}
_LEVEL = 0.5
_OWN = re.compile(r" --(?:index|variant|data|add|add-to|plugin|weight|normalise|aggregate) (?:'[^']*'|\S+)")
LONGEST = 69
"""Letters of a finding: one line on a screen of 80."""


def headline(brief: CountryBrief) -> str:
    """Return where a country stands, by size, per person and mixed, and how far behind it is."""
    place, name = brief.sections.position.places[0], in_sentence(brief.country.iso3)
    what = "countries in AI" if brief.sections.position.variant else f"in '{brief.sections.position.index}'"
    text = f"Of {place.of} {what}, {name} is {in_forms(place.forms)}"
    section = brief.sections.lag
    if section.on is None:
        return f"{text}. How far its models trail cannot be told."
    return f"{text}. Its models are {months(section.standing, in_sentence(section.behind), 0)}."


def placed(place: Place | FormPlace) -> str:
    """Return a rank with its interval."""
    return "not ranked" if place.rank is None else f"{place.rank}{ends(place.rank_low, place.rank_high)}"


def ends_of(place: Place | FormPlace) -> tuple[int | None, int | None, int | None]:
    """Return a rank and the ends of its interval."""
    return place.rank, place.rank_low, place.rank_high


def months(lag: Estimate, behind: str, digits: int = 1) -> str:
    """Return a lag in words, "19.7 months (16.8 to 21.8) behind Japan"; a negative one is a lead."""
    if lag.value is None:
        return f"at least {number(lag.low, digits)} months behind {behind}" if lag.low else "not told"
    low, high = lag.low, lag.high
    if abs(lag.value) < _LEVEL:
        told = (
            ""
            if low is None or high is None
            else f" ({number(low, digits)} to {number(high, digits)} months)"
        )
        return f"level with {behind}{told}"
    word, value = "behind", lag.value
    if value < 0:
        word, value = "ahead of", -value
        low, high = (None if high is None else -high), (None if low is None else -low)
    told = "" if low is None or high is None else f" ({number(low, digits)} to {number(high, digits)})"
    return f"{number(value, digits)} months{told} {word} {behind}"


def percent(share: Estimate) -> str:
    """Return a share with its interval in per cent, to two significant digits."""
    if share.value is None:
        return "an unknown share"
    low, high = ("open" if end is None else f"{100 * end:.2g}" for end in (share.low, share.high))
    value = f"{100 * share.value:.2g}"
    return f"{value} %" if value == low == high else f"{value} % ({low} to {high})"


def counted(counts: Mapping[str, int]) -> str:
    """Return the kinds that occur with their numbers: "6 pending, 1 late"."""
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)


def millions(dollars: float) -> str:
    """Return an amount in millions or billions of dollars."""
    if abs(dollars) >= 1e9:
        return f"{dollars / 1e9:,.1f} billion"
    return f"{dollars / 1e6:,.1f} million" if abs(dollars) >= 1e5 else f"{dollars / 1e3:,.1f} thousand"


def short(code: str) -> str:
    """Return a country's name where room is scarce: "the USA"."""
    return _SHORT.get(code) or in_sentence(code)


def findings(brief: CountryBrief, *, changed: bool) -> tuple[Fact, ...]:
    """Return the findings, a line each.

    Parameters
    ----------
    brief
        What to tell.
    changed
        Whether what changed is among them: where a day was given.
    """
    said = brief.sections
    rows = [
        ("Rank", _standing(said)),
        ("Models", _models(said)),
        ("Hardware", _hardware(said)),
        ("Compute", _compute(said)),
        ("Gap", _gap(said)),
        ("Trade", _trade(said)),
        ("Policy", _state(said)),
        ("Claims", _claims(said)),
    ]
    if changed:
        rows.append(("Changed", _changed(said)))
    return tuple(Fact(topic, text) for topic, text in rows)


def _standing(said: Sections) -> str:
    whole = said.position.places[0]
    if len(whole.forms) == 1:
        return f"{placed(whole)} of {whole.of} in '{said.position.index}'"
    by = {"scale": "by size", "intensity": "per person", "mixed": "mixed"}
    known = {form: at for form, at in whole.forms.items() if at.rank is not None or form == "mixed"}
    return ", ".join(f"{by[form]} {placed(at)}" for form, at in known.items())


def _models(said: Sections) -> str:
    section = said.lag
    if section.on is None:
        return f"not told: {_first_clause(section.standing.reason)}"
    return months(section.standing, short(section.behind))


def _first_clause(reason: str) -> str:
    """Return the beginning of a reason: what the rest explains at length is in the tables."""
    if "sets a frontier" in reason:
        return "no model of its own has scores enough to be placed"
    return re.split(r"[;:]|, more", reason.removeprefix("not told: "))[0]


def _hardware(said: Sections) -> str:
    section, lag = said.chips, said.chips.lag
    if lag.value == 0 and lag.high == 0:
        return f"no licence by the rules held, up to the best: {section.world or 'not known'}"
    if lag.value is not None:
        told = f"{number(lag.value)} months{_whole(lag)} behind"
    else:
        told = f"at least {number(lag.low)} months behind" if lag.low is not None else "lag not told"
    return f"{told}, with {section.within or 'nothing to be had for certain'}"


def _whole(found: Estimate) -> str:
    """Return the ends of an interval in brackets; nothing where it has none or no width."""
    if found.low is None or found.high is None or found.low == found.high:
        return ""
    return f" ({number(found.low)} to {number(found.high)})"


def _compute(said: Sections) -> str:
    section = said.chips
    if not section.h100e.value:
        return f"no cluster on record, in a list known to {section.compute_on}, which has not all"
    if section.share.value is None:
        return f"{section.h100e.text(0)} H100 equivalents known"
    return f"at least {percent(section.share)} of the world's published total"


def _gap(said: Sections) -> str:
    if not said.gap.gaps:
        return "no country stands above it"
    found = said.gap.gaps[0].parts
    title, points = max(found.pillars.items(), key=lambda item: item[1])
    told = found.pillar_ranges.get(title)
    size = interval(points, told and told.low, told and told.high)
    return f"{title}: {size} of the {found.gap:.1f} points to {short(said.gap.gaps[0].iso3)}"


def _trade(said: Sections) -> str:
    if isinstance(said.trade, Missing):
        return f"not told: {said.trade.reason}"
    circuits = [flow for flow in said.trade.flows if flow.what.startswith("Integrated")]
    before = next((flow for flow in circuits if flow.year == 2021), None)
    if circuits and before and circuits[-1].year > before.year:
        last = circuits[-1]
        return (
            f"chips from Taiwan {millions(last.value)} USD in {last.year}, "
            f"{millions(before.value)} in {before.year}"
        )
    line = said.trade.lines[0]
    what = line.what[:1].lower() + line.what[1:]
    return shorten(f"{trade_value(line.value)}, {line.period}: {what}", LONGEST, placeholder=" …")


def trade_value(found: Estimate) -> str:
    """Return a trade number: money in millions, shares in per cent."""
    if found.value is None:
        return f"not told: {found.reason}"
    name = found.unit.partition(", ")[0]
    if name.startswith("USD"):
        return f"{millions(found.value)} {name}"
    if found.unit.startswith("share"):
        return percent(found)
    return f"{interval(found.value, found.low, found.high)} {name}".rstrip()


def _state(said: Sections) -> str:
    return f"{strategy(said)}; {_pledges(said)}"


def strategy(said: Sections) -> str:
    """Return whether there is a national strategy, and of which year."""
    section = said.strategy
    if isinstance(section, Missing):
        return "strategy not looked up"
    if not section.strategies:
        return "no AI strategy of its own found"
    years = [str(one.published.year) for one in section.strategies if one.published]
    sure = "" if section.strategies[-1].verified else " (unverified)"
    return f"AI strategy {' and '.join(dict.fromkeys(years))}{sure}"


def _pledges(said: Sections) -> str:
    if isinstance(said.pledges, Missing):
        return none_on_record("pledge", "pledges")
    count = len(said.pledges.pledges)
    counts = dict(said.pledges.counts)
    counts = {"open": counts.pop("pending", 0) + counts.pop("due soon", 0), **counts}
    return f"{count} pledge{'' if count == 1 else 's'}: {counted(counts)}"


def _claims(said: Sections) -> str:
    if isinstance(said.claims, Missing):
        return none_on_record("public claim about it", "public_claims")
    count = len(said.claims.claims)
    counts = {_VERDICTS.get(kind, kind): number for kind, number in said.claims.counts.items()}
    return f"{count} public claim{'' if count == 1 else 's'} checked: {counted(counts)}"


def _changed(said: Sections) -> str:
    section, parts = said.since, []
    if section.lag_then is not None and section.lag_then.value is not None and section.lag_now is not None:
        then, now = section.lag_then, section.lag_now
        parts.append(
            f"lag {interval(then.value, then.low, then.high)} to {interval(now.value, now.low, now.high)}"
        )
    if len(section.ranks) > 1:
        first, last = section.ranks[0].rank.value, section.ranks[-1].rank.value
        parts.append(f"history rank {first:.0f} to {last:.0f}")
    parts.append(f"{len(section.models)} models, {len(section.rules)} rules")
    return f"since {section.since}: " + ", ".join(parts)


def rests_on(brief: CountryBrief) -> tuple[Fact, ...]:
    """Return what the page rests on: how much is observed, what is old, what is missing."""
    said = brief.sections
    kinds = {
        kind: [gap for gap in said.data_gaps.gaps if gap.kind == kind]
        for kind in ("imputed", "old", "no answer")
    }
    filled, old = len(kinds["imputed"]), len(kinds["old"])
    text = f"{said.evidence.observed:.0%} of the weight observed"
    if said.evidence.lower_bound:
        text += f" ({said.evidence.lower_bound:.0%} of all as lower bounds)"
    text += f", {filled} indicators filled in"
    if old:
        text += f", {old} older than {said.data_gaps.old_before}"
    rows = [Fact("Rests on", text)]
    absent = "; ".join(gap.what.lower() for gap in kinds["no answer"])
    if not isinstance(said.laboratories, Missing) and said.laboratories.missing:
        absent = "; ".join(part for part in (absent, f"models: {said.laboratories.missing}") if part)
    if absent:
        rows.append(Fact("Missing", shorten(absent, 130, placeholder=" …")))
    return tuple(rows)


def commands(brief: CountryBrief, asked: str) -> Iterator[tuple[str, str]]:
    """Yield every topic with the command that gives its numbers."""
    said, code = brief.sections, brief.country.iso3
    form = own_options(asked)
    yield "This page", asked
    yield "Ranks", f"parity rank{form}"
    for gap in said.gap.gaps:
        yield f"Gap to {gap.name}", f"parity explain {gap.iso3} {code}{form}"
    goal = said.goal
    yield "What would change it", f"parity goal {code} --rank {getattr(goal, 'rank', 'N')}{form}"
    yield "Months behind", f"parity lag {code} --behind {said.lag.behind} --parameters"
    yield "Hardware within reach", f"parity chips reach {code}"
    yield "Known compute", f"parity chips compute {code}"
    if said.since.rules:
        yield "Export controls", f"parity chips timeline {code}"
    if not isinstance(said.trade, Missing):
        for line in {line.command: line for line in said.trade.lines}.values():
            yield line.what, line.command
    if not isinstance(said.ties, Missing):
        yield "Collaboration", f"parity ties {code} --top {len(said.ties.partners)}"
    if brief.country.blocs:
        name = brief.country.blocs[0]
        draws = "" if isinstance(said.bloc, Missing) else f" --draws {said.bloc.draws}"
        yield name, f"parity bloc show {_quoted(name)}{draws}{form}"
    yield "Information control", "parity audit analyse"
    yield "Pledges", f"parity pledges list --country {code}"
    if not isinstance(said.claims, Missing):
        for claim in said.claims.claims:
            yield f"Claim: {claim.text}", claim.command
    yield "Sources", "parity data list"


def own_options(asked: str) -> str:
    """Return the options of a command that say which index is meant, with a blank before each."""
    return "".join(found[0] for found in _OWN.finditer(asked))


def _quoted(name: str) -> str:
    return f"'{name}'" if " " in name else name


def day(given: dt.date, precision: str | None) -> str:
    """Return a day as far as its source names it."""
    return {"year": f"{given.year}", "month": f"{given:%B %Y}"}.get(precision or "", written(given))


def listed(words: Iterable[str]) -> str:
    """Return words joined as in a sentence."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
