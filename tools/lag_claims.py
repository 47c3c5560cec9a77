"""Hold public statements of lags against measured ones: the table of ``docs/methods/lag-claims.md``.

``python -m tools.lag_claims CLAIMS.csv`` rewrites its rows; the words around them are written
by hand.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from parity.ask.frontier import capability
from parity.dates import day_of, number_of
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate
from parity.frontier import Capability, Frontier, Lag, frontier, lag
from parity.frontier._abilities import LEVEL
from parity.frontier._fit import Floats
from parity.frontier._lag import SINCE, UNIT, _ends, _months
from parity.frontier._steps import DAYS_PER_MONTH, Steps, catching_up

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "lag-claims.md"
HEAD = "| who | stated |"
COLUMNS = ("who", "date", "measured_country", "reference_country", "low_months", "high_months", "method")
CONSISTENT = "consistent"
UNDERSTATES = "understates the lag"
OVERSTATES = "overstates the lag"
NO_NUMBER = "states no number"
NOT_TOLD = "cannot be told"
OTHER_RANGE = "states another range"
# Months by which the ends of two ranges may differ.
_SAME_END = 3.0
# Names of kinds of weights in place of a country.
_KINDS = {"open": re.compile(r"open[- ]weight", re.I), "closed": re.compile(r"closed", re.I)}


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """One stated lag with what was measured.

    Attributes
    ----------
    who, date
        Who stated it, and when (the middle of the month or year where no day is known).
    of, behind
        Who was said to trail whom.
    claimed
        Lowest and highest number of months stated; ``None`` without a number.
    measure
        What it is held against: ``standing`` on that day, the ``mean`` or the ``range`` of the standing
        lag since 2023, the lag averaged over levels (``level``), or the time until one level was caught
        up (``crossing``).
    measured
        The measured lag with its interval.
    verdict
        One of the verdicts of this module.
    """

    who: str
    date: dt.date
    of: str
    behind: str
    claimed: tuple[float, float] | None
    measure: str
    measured: Estimate
    verdict: str


def check_claims(capability: Capability, claims: pl.DataFrame, *, level: float = LEVEL) -> list[CheckedClaim]:
    """Hold stated lags against measured ones.

    Parameters
    ----------
    capability
        The fit; its models have dates, countries and whether weights are open.
    claims
        One statement per row with the columns of ``COLUMNS``: countries as ISO3 codes (several
        separated by semicolons) or kinds of weights; months empty where none is stated.
    level
        Probability that the intervals cover.

    Returns
    -------
    list of CheckedClaim
        In the order of the claims.

    Raises
    ------
    ParityError
        If a column is absent or a date is none.
    """
    absent = [column for column in COLUMNS if column not in claims.columns]
    if absent:
        raise ParityError(f"the claims lack the column {', '.join(absent)}; needed are {', '.join(COLUMNS)}")
    by = {
        "country": frontier(capability.abilities),
        "openness": frontier(capability.abilities, "openness"),
    }
    return [_check(row, by, level) for row in claims.iter_rows(named=True)]


def claims_table(checked: list[CheckedClaim]) -> pl.DataFrame:
    """Return checked claims as a table, one row each."""
    rows = [
        (
            c.who,
            c.date,
            c.of,
            c.behind,
            c.claimed[0] if c.claimed else None,
            c.claimed[1] if c.claimed else None,
            c.measure,
            c.measured.value,
            c.measured.low,
            c.measured.high,
            c.verdict,
        )
        for c in checked
    ]
    numbers = ("claimed_low", "claimed_high", "measured", "low", "high")
    texts = ("who", "of", "behind", "measure", "verdict")
    order = ("who", "date", "of", "behind", *numbers[:2], "measure", *numbers[2:], "verdict")
    kinds = dict.fromkeys(numbers, pl.Float64) | dict.fromkeys(texts, pl.String) | {"date": pl.Date}
    return pl.DataFrame(rows, schema={name: kinds[name] for name in order}, orient="row")


def _check(row: dict[str, object], by: dict[str, Frontier], level: float) -> CheckedClaim:
    of, behind = _group(str(row["measured_country"])), _group(str(row["reference_country"]))
    on = _date(str(row["date"]))
    low, high = _number(row["low_months"]), _number(row["high_months"])
    claimed = None if low is None or high is None else (low, high)
    measure = _measure(f"{row['method']} {row.get('statement', '')}", claimed)
    try:
        found = lag(by["openness" if of in _KINDS else "country"], of, behind, on=on, level=level)
        measured = _measured(found, measure)
    except NoAnswerError as problem:
        measured = Estimate(None, unit=UNIT, reason=str(problem))
    verdict = _verdict(claimed, measured, measure)
    return CheckedClaim(str(row["who"]), on, of, behind, claimed, measure, measured, verdict)


def _group(text: str) -> str:
    for kind, pattern in _KINDS.items():
        if pattern.search(text):
            return kind
    return "+".join(part.strip() for part in text.split(";"))


def _date(text: str) -> dt.date:
    """Return a date, the middle of a month or of a year."""
    parts = text.strip().split("-")
    try:
        year = int(parts[0])
        if len(parts) == 1:
            return dt.date(year, 7, 2)
        month = int(parts[1])
        middle = (calendar.monthrange(year, month)[1] + 1) // 2
        return dt.date(year, month, int(parts[2]) if len(parts) > 2 else middle)
    except (ValueError, IndexError):
        raise ParityError(f"'{text}' is no date; give 2025-01-20, 2025-01 or 2025") from None


def _number(value: object) -> float | None:
    return None if value in (None, "") else float(str(value))


def _measure(words: str, claimed: tuple[float, float] | None) -> str:
    if re.search(r"single crossing", words, re.I):
        return "crossing"
    if re.search(r"minimum", words, re.I) and claimed and claimed[0] < claimed[1]:
        return "range"
    if re.search(r"mean time", words, re.I):
        return "level"
    return "mean" if re.search(r"\b(mean|average|summary)\b", words, re.I) else "standing"


def _measured(found: Lag, measure: str) -> Estimate:
    if measure == "level":
        return found.levels_apart
    if measure == "mean":
        return found.window.mean
    if measure == "range":
        mean = found.window.mean
        return Estimate(mean.value, found.window.least, found.window.most, None, UNIT)
    if measure == "crossing":
        return _crossing(found)
    return found.standing


def _crossing(found: Lag) -> Estimate:
    """Return how long the oldest level set since 2023 took to be caught up."""
    levels = levels_of(found).filter(~pl.col("open"), pl.col("date") >= SINCE)
    if levels.is_empty():
        return Estimate(None, unit=UNIT, reason="no level set since 2023 has been caught up")
    return catch_up(found.frontier, found.of, levels["model"][0], on=found.on)


def _verdict(claimed: tuple[float, float] | None, measured: Estimate, measure: str) -> str:
    if claimed is None:
        return NO_NUMBER
    if measure == "range" and measured.low is not None and measured.high is not None:
        off = max(abs(claimed[0] - measured.low), abs(claimed[1] - measured.high))
        return CONSISTENT if off <= _SAME_END else OTHER_RANGE
    if measured.value is None or measured.low is None or measured.high is None:
        return NOT_TOLD
    if claimed[1] < measured.low:
        return UNDERSTATES
    return OVERSTATES if claimed[0] > measured.high else CONSISTENT


def levels_of(found: Lag) -> pl.DataFrame:
    """Return each record of ``behind`` with the months until ``of`` reached it, or so far (``open``)."""
    own, other = found.frontier.steps(found.of), found.frontier.steps(found.behind)
    wait, open_ended, members = catching_up(own, other, number_of(found.on))
    names = found.frontier.abilities.models["model"]
    return pl.DataFrame(
        {
            "model": [names[int(m)] for m in members],
            "date": [day_of(d) for d in other.date[: members.size]],
            "months": wait / DAYS_PER_MONTH,
            "open": open_ended,
        }
    )


def catch_up(
    frontier: Frontier, of: str, model: str, *, on: dt.date | None = None, level: float = LEVEL
) -> Estimate:
    """Measure how long after a model's release a group reached its capability.

    Parameters
    ----------
    frontier
        Frontiers of the groups.
    of
        The group.
    model
        The model to be caught up with.
    on
        Day until which the group is known; that of its last model if ``None``.
    level
        Probability that the interval covers.

    Returns
    -------
    Estimate
        Months; a reason, and the time that has passed as the lower end, where it has not happened yet.
    """
    until = number_of(on or frontier.known_to(of))
    place = frontier.abilities.models["model"].to_list().index(model)

    def days(own: Steps, capability: Floats, released: Floats) -> Floats:
        reached = own.reached(capability[..., None])[0][..., 0]
        return np.where(reached <= until, reached - released, np.inf)

    value = float(days(frontier.steps(of), frontier.abilities.point[place], frontier.dates[place]))
    so_far = until - float(frontier.dates[place])
    low = high = value
    if (known := frontier.steps_of_draws(of)) is not None:
        levels = np.concatenate([draws[:, place] for draws in frontier.abilities.draws.values()])
        drawn = days(known, levels, frontier.released(len(levels), np.array([place]))[:, 0])
        low, high = _ends(np.minimum(drawn, so_far), level) or (value, value)
    if np.isinf(value):
        reason = f"{of} has not reached {model} yet"
        return Estimate(None, _months(min(low, so_far)), None, level, UNIT, reason)
    return Estimate(_months(value), _months(min(low, value)), _months(max(high, value)), level, UNIT)


def main(path: str) -> None:
    """Rewrite the table."""
    claims = pl.read_csv(path, infer_schema=False)
    checked = check_claims(capability(), claims)
    rows = [_row(claim, source) for claim, source in zip(checked, claims["source_url"], strict=True)]
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(HEAD)
    head, line, after = (found + rest).split("\n", 2)
    words = after[after.index("\n\n") :]
    PAGE.write_text(before + "\n".join([head, line, *rows]) + words, encoding="utf-8")


def _row(claim: CheckedClaim, source: str) -> str:
    low, high = claim.claimed or (None, None)
    stated = "-" if low is None else f"{low:g}" if low == high else f"{low:g}-{high:g}"
    who = claim.who.split(" (")[0].split(",")[0]
    cells = [who, claim.date, claim.of, claim.behind, stated, claim.measure, _text(claim.measured)]
    return "| " + " | ".join(map(str, [*cells, claim.verdict, f"[source]({source})"])) + " |"


def _text(measured: Estimate) -> str:
    if measured.value is None:
        return "-"
    interval = "" if measured.low is None else f" ({measured.low:.1f} to {measured.high:.1f})"
    return f"{measured.value:.1f}{interval}"


if __name__ == "__main__":
    main(sys.argv[1])
