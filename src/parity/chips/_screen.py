"""Ruling in bulk: a million rows hold few different questions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from parity.chips._devices import LABELS, PLAIN, Devices
from parity.chips._explain import missing_figures
from parity.chips._judge import Classification, classify
from parity.chips._logic import FALSE
from parity.chips._outcome import CONTROLLED, UNDETERMINED, Outcome, agree, decide
from parity.chips._requests import read_requests
from parity.chips._rulebook import InForce, RuleBook
from parity.chips._ruling import paragraph_of, verdict

RESULT = {
    "device": pl.String,
    "to": pl.String,
    "on": pl.Date,
    "headquarters": pl.String,
    "status": pl.String,
    "paragraph": pl.String,
    "license_required": pl.Boolean,
    "review_policy": pl.String,
    "exception": pl.String,
    "letter": pl.String,
    "enforced": pl.Boolean,
    "verdict": pl.String,
    "reason": pl.String,
    "error": pl.String,
}
# Figures whose absence may leave a ruling open; devices that lack the same ones share a message.
GAPS = ("tpp", "data_center", *PLAIN[:4])


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
        One row per row, in its order, with the columns ``RESULT``; a row that cannot be ruled has ``error``
        and nothing else.

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
    key = ["device_id", "to", "headquarters", "period"]
    asked = rows.filter(pl.col("error").is_null()).select(*key, "on").unique(key, maintain_order=True)
    ruled = pl.concat([pl.DataFrame(schema=_RULED), *_ruled(asked, requests.devices, book)])
    answered = rows.join(ruled, on=key, how="left", maintain_order="left")
    names = requests.devices.select("name", "sale", "maker_country", "released_from").with_row_index(
        "device_id"
    )
    full = answered.join(names, on="device_id", how="left", maintain_order="left")
    fine = pl.col("error").is_null()
    return full.select(
        device=pl.when(fine).then("name"),
        **{name: pl.when(fine).then(name) for name in ("to", "on", "headquarters")},
        **{name: pl.col(name) for name in list(RESULT)[4:11]},
        verdict=pl.when(fine).then(_verdict()),
        reason=pl.col("reason"),
        error=pl.col("error"),
    ).cast(RESULT)  # type: ignore[arg-type]


def _verdict() -> pl.Expr:
    """Return the verdict of each row: what is known of the device goes before the rules."""
    return (
        pl.when((pl.col("sale") == "captive").fill_null(False))
        .then(pl.lit("not_sold"))
        .when((pl.col("on") < pl.col("released_from")).fill_null(False))
        .then(pl.lit("not_released"))
        .otherwise("verdict")
    )


_KEY = {"device_id": pl.UInt32, "to": pl.String, "headquarters": pl.String, "period": pl.Int64}
_RULED = {**_KEY, **{name: RESULT[name] for name in list(RESULT)[4:13]}}


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
        cases = some.cases()
        period = _Period(force, some, cases, [classify(case, force) for case in cases])
        yield _of_period(group.select(list(_KEY)), positions, period)


def _of_period(asked: pl.DataFrame, positions: Any, period: _Period) -> pl.DataFrame:
    """Return the rulings of a period: devices and parties that the rules cannot tell apart share one."""
    alike, kind = _alike(period)
    parties = asked.select("to", "headquarters").unique(maintain_order=True)
    readings = [period.force.readings(*pair) for pair in parties.rows()]
    scopes = {scope: number for number, scope in enumerate(dict.fromkeys(readings))}
    parties = parties.with_columns(scope=pl.Series([scopes[scope] for scope in readings]))
    keyed = asked.with_columns(kind=pl.Series(kind[positions])).join(
        parties, on=["to", "headquarters"], how="left", maintain_order="left"
    )
    by_number = list(scopes)
    answers = [
        {"kind": number, "scope": scope, **_answer(period, int(alike[number]), by_number[scope])}
        for number, scope in keyed.select("kind", "scope").unique(maintain_order=True).rows()
    ]
    schema = {"kind": pl.Int64, "scope": pl.Int64, **{name: _RULED[name] for name in list(_RULED)[4:]}}
    table = pl.DataFrame(answers, schema=schema)
    return keyed.join(table, on=["kind", "scope"], how="left", maintain_order="left").select(list(_RULED))


def _alike(period: _Period) -> tuple[Any, Any]:
    """Return one device of each kind, and the kind of each device.

    Devices are alike where every item, every paragraph and every gap in their figures is.
    """
    devices = period.devices
    gaps = [devices.low[name] != devices.high[name] for name in GAPS]
    chinese = devices.test("maker_country", "in", None, "CHN")
    different = list({row.item: number for number, row in enumerate(period.force.provisions)}.values())
    items = [one.items[different] for one in period.classified]
    paragraphs = [truth for one in period.classified for truth in (*one.paragraphs.values(), one.taken_out)]
    table = np.vstack([*items, *gaps, chinese, *paragraphs]).T.astype(np.int8)
    rows = np.ascontiguousarray(table).view(np.dtype((np.void, table.shape[1]))).ravel()
    _, first, kind = np.unique(rows, return_index=True, return_inverse=True)
    return first, kind.astype(np.int64)


def _answer(period: _Period, device: int, readings: tuple[tuple[bool, ...], ...]) -> dict[str, Any]:
    force = period.force
    by_reading = [
        [decide(force, np.where(covered, one.items[:, device], FALSE).tolist()) for one in period.classified]
        for covered in readings
    ]
    outcome = agree([one for outcomes in by_reading for one in outcomes])
    paragraph = paragraph_of(period.classified, device)
    letters = [row.rule_id for row in force.provisions if row.position in outcome.letters]
    facts = {"maker_country": period.devices.text["maker_country"][device]}
    alone = [case.take(np.array([device])) for case in period.cases]
    lacking = missing_figures(force, alone, by_reading[0], readings[0])
    if by_reading[0] != by_reading[-1]:
        lacking.append("country groups")
    return {
        "status": outcome.status,
        "paragraph": paragraph,
        "license_required": outcome.license_required,
        "review_policy": outcome.review_policy,
        "exception": outcome.exception,
        "letter": ";".join(letters) or None,
        "enforced": outcome.enforced,
        "verdict": verdict(force, outcome, facts, date.max),
        "reason": reason(force, outcome, paragraph, lacking),
    }


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
        parts.append(f"cannot be determined without: {', '.join(LABELS.get(name, name) for name in lacking)}")
    else:
        parts.append("no licence required by rule text")
    parts += _cited(force, outcome.decisive[-1:], "")
    parts += _cited(force, outcome.letters, "licence required by letter: ")
    return "; ".join(parts)


def _requirement(outcome: Outcome) -> Iterator[str]:
    yield (
        "licence required"
        if outcome.enforced is not False
        else "licence required by text that is not enforced"
    )
    if outcome.exception:
        yield f"exception {outcome.exception.replace(';', ', ')} may apply"
    if outcome.review_policy:
        yield outcome.review_policy.replace("_", " ")


def _cited(force: InForce, positions: tuple[int, ...], before: str) -> list[str]:
    rows: Mapping[int, str] = {row.position: row.citation for row in force.provisions}
    return [f"{before}{rows[position]}" for position in positions]
