"""How far an answer about diversion rests on its donors, its period and its date."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from parity.errors import NoAnswerError
from parity.trade._diversion_result import Diversion
from parity.trade._judged import Checked
from parity.trade._panel import name_of, number_of
from parity.trade.diversion import diversion
from parity.trade.spec import DiversionSpec

# Donors as large as the median candidate; the usual floor lets smaller ones in.
LARGE_DONORS = 1.0
# Heaviest donors that are left out together.
HEAVIEST = 5


def check(answer: Diversion, flows: pl.DataFrame) -> Diversion:
    """Return an answer with its candidates judged again under other choices, and at a false date.

    Parameters
    ----------
    answer
        The answer to be checked.
    flows
        Table of flows that it came from.
    """
    checks: defaultdict[str, list[Checked]] = defaultdict(list)
    skipped = {}
    for name, spec in [("as asked", None), *_variants(answer)]:
        try:
            other = diversion(flows, answer.codes, spec) if spec else answer
        except NoAnswerError as problem:
            skipped[name] = str(problem)
            continue
        for one in other.partners:
            excess = one.excess
            ends = (excess.value, excess.low, excess.high)
            checks[one.iso3].append(Checked(name, *ends, one.p_adjusted, one.verdict))
    early = _a_year_too_early(answer)
    try:
        false = {one.iso3: one.p_adjusted for one in diversion(flows, answer.codes, early).partners}
    except NoAnswerError as problem:
        false, skipped[f"false date {early.start}"] = {}, str(problem)
    partners = (
        replace(one, checks=tuple(checks[one.iso3]), p_false_date=false.get(one.iso3))
        for one in answer.partners
    )
    return replace(answer, partners=tuple(partners), skipped=skipped)


def _variants(answer: Diversion) -> Iterator[tuple[str, DiversionSpec]]:
    spec = answer.spec
    yield "large donors only", replace(spec, donor_floor=LARGE_DONORS)
    heavy: Counter[str] = Counter()
    for one in answer.partners:
        heavy.update(dict(one.weights))
    heaviest = tuple(iso3 for iso3, _ in heavy.most_common(HEAVIEST))
    yield (
        f"without {', '.join(heaviest)}",
        replace(spec, exclude=(*spec.exclude, *heaviest)),
    )
    later = answer.before[len(answer.before) // 4]
    yield f"since {later}", replace(spec, since=later)
    if len(answer.after) > 1:
        middle = answer.after[(len(answer.after) - 1) // 2]
        yield f"until {middle}", replace(spec, until=middle)


def _a_year_too_early(answer: Diversion) -> DiversionSpec:
    """Return the question a year earlier, with nothing of the time after the true date in sight."""
    spec, last = answer.spec, answer.before[-1]
    # 29 February has no anniversary.
    early = date(spec.start.year - 1, spec.start.month, min(spec.start.day, 28))
    return replace(spec, start=early, until=name_of(number_of(last), len(last)))
