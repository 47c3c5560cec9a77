"""Ruling in bulk: a million rows hold few different questions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

import numpy as np
import polars as pl

from parity.chips._devices import LABELS, PLAIN, Devices
from parity.chips._explain import UNVERIFIED, missing_figures
from parity.chips._held import DISCLAIMER
from parity.chips._judge import Classification, classify
from parity.chips._logic import FALSE
from parity.chips._outcome import CONTROLLED, UNDETERMINED, Outcome, agree, decide, foreign
from parity.chips._requests import read_requests
from parity.chips._rulebook import ORIGIN, InForce, RuleBook
from parity.chips._ruling import RELEASED, paragraph_of, verdict

# What the rules give; the rest of a row is the user's own, and how it was read.
RULED = {
    "status": pl.String,
    "paragraph": pl.String,
    "license_required": pl.Boolean,
    "review_policy": pl.String,
    "exception": pl.String,
    "letter": pl.String,
    "enforced": pl.Boolean,
    "verdict": pl.String,
    "otherwise": pl.String,
    "reason": pl.String,
}
RESULT = {
    "matched": pl.String,
    "matched_by": pl.String,
    "destination": pl.String,
    "day": pl.Date,
    "seat": pl.String,
    **RULED,
    "scope": pl.String,
    "error": pl.String,
}
SCOPE_IN_SHORT = (
    "rules held here alone: no lists of parties, no end use or end user, no onward transfer; no clearance"
)
# Figures whose absence may leave a ruling open; devices that lack the same ones share a message.
GAPS = ("tpp", "data_center", *PLAIN[:4])


@dataclass(frozen=True, slots=True)
class Screened:
    """Rulings on the rows of a table.

    Attributes
    ----------
    rows
        Rows read.
    bad
        Rows that could not be ruled: line and error.
    verdicts
        Rows by verdict.
    rulings
        The rows in their order, with what was matched and ruled: see ``screen``.
    disclaimer
        What a ruling is not.
    """

    rows: int
    bad: pl.DataFrame
    verdicts: dict[str, int]
    rulings: pl.DataFrame
    disclaimer: str = DISCLAIMER

    @classmethod
    def of(cls, rulings: pl.DataFrame) -> Self:
        """Return rulings with their counts."""
        lines = rulings.with_row_index("line", offset=2)
        bad = lines.filter(pl.col("error").is_not_null()).select("line", "error")
        counted = dict(rulings["verdict"].drop_nulls().value_counts(sort=True).rows())
        return cls(rulings.height, bad, counted, rulings)


def screen(
    table: pl.DataFrame,
    book: RuleBook,
    accelerators: pl.DataFrame,
    country: Callable[[str], str],
) -> pl.DataFrame:
    """Rule on every row of a table.

    Parameters
    ----------
    table
        Devices and destinations: see ``read_requests``.
    book
        The rules.
    accelerators
        The table ``accelerators``.
    country
        Country name or code -> ISO3; raises ``ParityError`` for an unknown one.

    Returns
    -------
    polars.DataFrame
        The user's own columns, then those of ``RESULT``: what the device, the destination, the day and the
        seat were taken for, and the ruling. A column of the user's with the name of one of ours keeps it;
        ours is then called ``ruled_...``. A row that cannot be ruled has ``error`` instead.

    Raises
    ------
    ParityError
        If a needed column is absent.
    """
    requests = read_requests(table, accelerators, country, book.checked_to)
    breaks = book.breaks()
    days = (
        requests.rows.select("on")
        .unique()
        .with_columns(
            period=pl.col("on").map_elements(lambda day: bisect_right(breaks, day), return_dtype=pl.Int64)
        )
    )
    rows = requests.rows.join(days, on="on", how="left", maintain_order="left")
    asked = rows.filter(pl.col("error").is_null()).select(*_KEY, "on").unique(list(_KEY), maintain_order=True)
    ruled = pl.concat([pl.DataFrame(schema=_KEY | RULED), *_ruled(asked, requests.devices, book)])
    answered = rows.join(ruled, on=list(_KEY), how="left", maintain_order="left")
    known = ("name", "matched_by", "sale", "status", "basis", "released_from")
    names = (
        requests.devices.select(known)
        .rename({"status": "market_status", "basis": "facts_basis"})
        .with_row_index("device_id")
    )
    full = answered.join(names, on="device_id", how="left", maintain_order="left")
    fine = pl.col("error").is_null()
    found = full.select(
        matched=pl.when(pl.col("matched_by").is_not_null()).then("name"),
        matched_by=pl.col("matched_by"),
        destination=pl.col("to"),
        day=pl.col("on"),
        seat=pl.when(~pl.col("seat_open")).then("headquarters"),
        **{name: pl.col(name) for name in RULED if name != "verdict"},
        verdict=pl.when(fine).then(_verdict()),
        scope=pl.when(fine).then(pl.lit(SCOPE_IN_SHORT)),
        error=pl.col("error"),
    )
    ours = found.select(list(RESULT)).cast(RESULT)  # type: ignore[arg-type]
    taken = {name: f"ruled_{name}" for name in RESULT if name in table.columns}
    return pl.concat([table, ours.rename(taken)], how="horizontal")


def _verdict() -> pl.Expr:
    """Return the verdict of each row: what is known of the device goes before the rules."""
    first, status = pl.col("released_from"), pl.col("market_status").fill_null(RELEASED)
    unlaunched = first.is_null() & (status != RELEASED) & pl.col("facts_basis").ne_missing(UNVERIFIED)
    return (
        pl.when((pl.col("sale") == "captive").fill_null(False))
        .then(pl.lit("not_sold"))
        .when((pl.col("on") < first).fill_null(False) | unlaunched)
        .then(pl.lit("not_released"))
        .otherwise("verdict")
    )


_KEY: dict[str, Any] = {"device_id": pl.UInt32, "to": pl.String, "headquarters": pl.String}
_KEY |= {"seat_open": pl.Boolean, "period": pl.Int64}
Readings = tuple[tuple[bool, ...], ...]
Others = tuple[tuple[tuple[str, ...], Readings], ...]


@dataclass(frozen=True, slots=True)
class _Period:
    """The devices asked about under the rules of one period.

    Attributes
    ----------
    force
        The rules.
    devices, cases
        The devices, and the possible cases.
    classified
        One classification per case.
    """

    force: InForce
    devices: Devices
    cases: list[Devices]
    classified: list[Classification]


def _ruled(asked: pl.DataFrame, listed: pl.DataFrame, book: RuleBook) -> Iterator[pl.DataFrame]:
    """Yield the rulings of each period: the question's key and the answer."""
    devices = Devices.of(listed)
    for _, group in asked.group_by("period", maintain_order=True):
        force = book.on(group["on"][0])
        chosen, positions = np.unique(group["device_id"].to_numpy(), return_inverse=True)
        some = devices.take(chosen)
        cases = some.cases(force.cuts())
        period = _Period(force, some, cases, [classify(case, force) for case in cases])
        yield _of_period(group.select(list(_KEY)), positions, period)


def _of_period(asked: pl.DataFrame, positions: Any, period: _Period) -> pl.DataFrame:
    """Return the rulings of a period: devices and parties that the rules cannot tell apart share one."""
    alike, kind = _alike(period)
    names = ["to", "headquarters", "seat_open"]
    parties = asked.select(names).unique(maintain_order=True)
    scopes = [_scope(period.force, *row) for row in parties.rows()]
    numbers = {scope: number for number, scope in enumerate(dict.fromkeys(scopes))}
    parties = parties.with_columns(scope=pl.Series([numbers[scope] for scope in scopes]))
    keyed = asked.with_columns(kind=pl.Series(kind[positions])).join(
        parties, on=names, how="left", maintain_order="left"
    )
    by_number = list(numbers)
    answers = [
        {"kind": number, "scope": scope, **_answer(period, int(alike[number]), *by_number[scope])}
        for number, scope in keyed.select("kind", "scope").unique(maintain_order=True).rows()
    ]
    table = pl.DataFrame(answers, schema={"kind": pl.Int64, "scope": pl.Int64, **RULED})
    return keyed.join(table, on=["kind", "scope"], how="left", maintain_order="left").select([*_KEY, *RULED])


def _scope(force: InForce, to: str, headquarters: str, seat_open: bool) -> tuple[Readings, Others]:
    """Return what covers the parties, and where no seat is given what covers those with other seats."""
    own = force.readings(to, headquarters)
    if not seat_open:
        return own, ()
    others = ((countries, force.readings(to, countries[0])) for countries in force.seats())
    return own, tuple((countries, covered) for countries, covered in others if covered != own)


def _alike(period: _Period) -> tuple[Any, Any]:
    """Return one device of each kind, and the kind of each device.

    Devices are alike where every item, every paragraph and every gap in their figures is.
    """
    devices = period.devices
    gaps = [devices.low[name] != devices.high[name] for name in GAPS]
    chinese, american = (devices.test("maker_country", "in", None, code) for code in ("CHN", ORIGIN))
    different = list({row.item: number for number, row in enumerate(period.force.provisions)}.values())
    items = [one.items[different] for one in period.classified]
    paragraphs = [truth for one in period.classified for truth in (*one.paragraphs.values(), one.taken_out)]
    table = np.vstack([*items, *gaps, chinese, american, *paragraphs]).T.astype(np.int8)
    rows = np.ascontiguousarray(table).view(np.dtype((np.void, table.shape[1]))).ravel()
    _, first, kind = np.unique(rows, return_index=True, return_inverse=True)
    return first, kind.astype(np.int64)


def _answer(period: _Period, device: int, readings: Readings, others: Others) -> dict[str, Any]:
    period = _told_apart(period, device)
    force = period.force
    country = period.devices.text["maker_country"][device]
    facts = {"maker_country": country}
    by_reading = [_outcomes(period, device, covered) for covered in readings]
    every = [one for outcomes in by_reading for one in outcomes]
    outcome = agree(every)
    ruled = verdict(force, every, facts, date.max)
    paragraph = paragraph_of(period.classified, device)
    letters = [row.rule_id for row in force.provisions if row.position in outcome.letters]
    alone = [case.take(np.array([device])) for case in period.cases]
    lacking = missing_figures(force, alone, by_reading[0], readings[0])
    if by_reading[0] != by_reading[-1]:
        lacking.append("country groups")
    if country not in (None, ORIGIN):
        lacking.append("whether the US rules reach a part designed elsewhere")
    return {
        "status": outcome.status,
        "paragraph": paragraph,
        "license_required": outcome.license_required,
        "review_policy": outcome.review_policy,
        "exception": outcome.usable_exception,
        "letter": ";".join(letters) or None,
        "enforced": outcome.enforced,
        "verdict": ruled,
        "otherwise": _otherwise(period, device, others, ruled),
        "reason": reason(force, outcome, paragraph, lacking),
    }


def _told_apart(period: _Period, device: int) -> _Period:
    """Return a period with the cases that differ for a device: most part on what does not touch it."""
    first: dict[bytes, int] = {}
    for number, one in enumerate(period.classified):
        paragraphs = [truth[device] for truth in (*one.paragraphs.values(), one.taken_out)]
        market = int(period.cases[number].low["data_center"][device])
        key = np.array([*one.items[:, device], *paragraphs, market], dtype=np.int8).tobytes()
        first.setdefault(key, number)
    kept = list(first.values())
    return replace(
        period,
        cases=[period.cases[number] for number in kept],
        classified=[period.classified[number] for number in kept],
    )


def _outcomes(period: _Period, device: int, covered: tuple[bool, ...]) -> list[Outcome]:
    """Return the outcome of each possible case of a device."""
    found = [
        decide(period.force, np.where(covered, one.items[:, device], FALSE).tolist())
        for one in period.classified
    ]
    abroad = period.devices.text["maker_country"][device] not in (None, ORIGIN)
    return [foreign(one) for one in found] if abroad else found


def _otherwise(period: _Period, device: int, others: Others, ruled: str) -> str | None:
    """Return in words for which seats the verdict is another, where no seat was given."""
    facts = {"maker_country": period.devices.text["maker_country"][device]}
    found: dict[str, tuple[str, ...]] = {}
    for countries, readings in others:
        outcomes = [one for covered in readings for one in _outcomes(period, device, covered)]
        word = verdict(period.force, outcomes, facts, date.max)
        found[word] = (*found.get(word, ()), *countries)
    words = [
        f"{word} with headquarters or parent in {period.force.seat_words(countries)}"
        for word, countries in found.items()
        if word != ruled
    ]
    return "; ".join(words) or None


def reason(force: InForce, outcome: Outcome, paragraph: str | None, lacking: list[str]) -> str:
    """Return a ruling in one line, with the citation that decides.

    Parameters
    ----------
    force
        What is in force.
    outcome
        What is required.
    paragraph
        Paragraph that the device meets.
    lacking
        Quantities without which the ruling stays open.
    """
    parts = [paragraph or "meets no paragraph for certain"]
    if outcome.status == CONTROLLED:
        parts += _requirement(outcome)
    elif outcome.status == UNDETERMINED:
        rows = [row for row in force.provisions if row.position in outcome.undecided and row.limit]
        named = [*(LABELS.get(name, name) for name in lacking), *(str(row.limit) for row in rows)]
        parts.append(f"cannot be determined without: {', '.join(dict.fromkeys(named))}")
    else:
        none = "by rule text" if outcome.letters else "by the rules held here, which is no clearance"
        parts.append(f"no licence required {none}")
    parts += _cited(force, outcome.decisive[-1:], "")
    parts += _cited(force, outcome.letters, "licence required by letter: ")
    return "; ".join(parts)


def _requirement(outcome: Outcome) -> Iterator[str]:
    yield (
        "licence required"
        if outcome.enforced is not False
        else "licence required by text that is not enforced"
    )
    if outcome.usable_exception:
        yield f"exception {outcome.usable_exception.replace(';', ', ')} may apply"
    if outcome.review_policy:
        yield outcome.review_policy.replace("_", " ")


def _cited(force: InForce, positions: tuple[int, ...], before: str) -> list[str]:
    rows: Mapping[int, str] = {row.position: row.citation for row in force.provisions}
    return [f"{before}{rows[position]}" for position in positions]
