"""What the chips page shows at once: the ruling with its chain, the landscape, the days of change."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.dates import number_of
from parity.errors import ParityError
from parity.views.names import countries, sentence
from parity.web.figure import Column, Figure, Table
from parity.web.pages.chips.landscape import landscape
from parity.web.pages.chips.state import FIRST_DAY, ChipsState
from parity.web.state import query_of

if TYPE_CHECKING:
    from parity.chips import Ruling, Step

METRICS = {
    "tpp": "Total processing performance",
    "memory_bandwidth": "Memory bandwidth",
    "price_performance": "TPP per dollar at release",
}
_CONTROLLED = {
    "controlled": "Controlled",
    "not_controlled": "Not controlled",
    "undetermined": "Cannot be determined",
}
_REACH = ("to", "on", "metric", "approval", "case_by_case", "codified")


def view(state: ChipsState) -> Mapping[str, Any]:
    """Return what is there at once."""
    from parity import chips

    book = chips.rulebook()
    on = state.on or book.checked_to
    common = {
        "makers": makers(),
        "countries": countries(),
        "metrics": METRICS,
        "first": number_of(FIRST_DAY),
        "first_day": FIRST_DAY,
        "last": number_of(book.checked_to),
        "at": number_of(on),
        "on": on,
        "checked_to": book.checked_to,
        "vintage": book.vintage,
        "disclaimer": chips.DISCLAIMER,
        "reach_address": query_of(
            ChipsState.model_construct(**{name: getattr(state, name) for name in _REACH})
        ),
        **around(on),
    }
    try:
        ruling = ruled(state.device, state.to, state.headquarters, on)
    except ParityError as problem:
        return common | {"told": str(problem), "ruling": None, "finding": "No ruling can be given"}
    country = sentence(ruling.to)
    return common | {
        "told": "",
        "ruling": ruling,
        "country": country,
        "finding": finding(ruling, country),
        "licence": licence(ruling),
        "status": _CONTROLLED[ruling.status],
        "groups": chain(ruling),
        "command": command(state, ruling),
        "landscape": landscape(ruling.device, ruling.to, country, on, book.vintage),
        "figures": figures(ruling.device, book.vintage),
        "events": events(ruling.to, on),
    }


@lru_cache(maxsize=512)
def ruled(device: str, to: str, headquarters: str, on: date) -> Ruling:
    """Return the ruling that ``parity chips rule`` gives."""
    from parity import chips

    return chips.rule(device, to=to, on=on, headquarters=headquarters or None)


def finding(ruling: Ruling, country: str) -> str:
    """Return the ruling as a headline."""
    if ruling.verdict == "not_released":
        return f"{ruling.device} was not out on {ruling.on:%-d %B %Y}"
    if ruling.license_required is None:
        says = "cannot be settled from what is known"
    elif not ruling.license_required:
        says = "needs no licence under the rules held here"
    elif ruling.enforced is False:
        says = "needs a licence by text that is not enforced"
    else:
        says = "needs a licence, or an exception" if ruling.exception else "needs a licence"
    # What would be asked of others may not hide behind what is asked of nobody here.
    other = any(case.license_required is not False for case in ruling.cases)
    but = ", but may with other parties" if ruling.license_required is False and other else ""
    return f"{ruling.device} to {country} {says}{but}"


def licence(ruling: Ruling) -> str:
    """Return what is required, by what, and how an application is looked at."""
    words = {True: "Required", False: "Not required", None: "Cannot be determined"}[ruling.license_required]
    if ruling.license_basis:
        words += f" by {' and '.join(ruling.license_basis).replace('_', ' ')}"
    if ruling.enforced is False:
        words += "; codified, not enforced"
    return words


def chain(ruling: Ruling) -> list[tuple[str, tuple[Step, ...], dict[str, tuple[Any, Any]]]]:
    """Return the steps under headings, with the days from and to which each rule applies."""
    from parity import chips

    rules = chips.rulebook().rules
    parts = (
        ("Rule text", ruling.steps),
        ("Letters (“is informed”)", ruling.letters),
        ("Elsewhere, as facts", ruling.elsewhere),
    )
    return [
        (
            heading,
            steps,
            {s.rule_id: (rules[s.rule_id]["date_from"], rules[s.rule_id]["date_to"]) for s in steps},
        )
        for heading, steps in parts
        if steps
    ]


def command(state: ChipsState, ruling: Ruling) -> str:
    """Return the command that gives the same ruling."""
    words = ["parity", "chips", "rule", ruling.device, "--to", ruling.to, "--on", str(ruling.on)]
    return shlex.join(words + (["--headquarters", ruling.headquarters] if state.headquarters else []))


@cache
def makers() -> dict[str, tuple[str, ...]]:
    """Return the accelerators under their makers, those with most first."""
    from parity import chips

    named = chips.accelerators().select("maker", "name").with_columns(pl.col("maker").fill_null("Others"))
    groups = (
        named.group_by("maker").agg(pl.col("name").sort()).sort(pl.col("name").list.len(), descending=True)
    )
    return {maker: tuple(names) for maker, names in groups.iter_rows()}


def around(on: date) -> dict[str, date | None]:
    """Return the days of change before and after a day: a rule begins or ends, a group changes."""
    from parity import chips

    days = [day for day in chips.rulebook().breaks() if day >= FIRST_DAY]
    return {
        "previous": max((day for day in days if day < on), default=None),
        "following": min((day for day in days if day > on), default=None),
    }


def events(to: str, on: date) -> list[dict[str, Any]]:
    """Return what was published about a destination, the newest first; ``now`` where it began by the day."""
    from parity import chips

    rows = chips.timeline(chips.rulebook(), to).sort("day", descending=True, nulls_last=True).to_dicts()
    return [row | {"now": row["day"] is not None and row["day"] <= on} for row in rows]


def figures(device: str, vintage: str) -> Figure:
    """Return every figure of a device with its source."""
    from parity.catalogue import load_table

    rows = load_table("accelerator_figures").filter(accelerator=device)
    shown = rows.with_columns(
        pl.col("quantity").str.replace_all("_", " "),
        value=pl.col("value").map_elements(lambda value: f"{value:.12g}", return_dtype=pl.String),
        used=pl.when("used").then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    columns = (
        Column("quantity", "Figure"),
        Column("value", "Value"),
        Column("unit", "Unit"),
        Column("used", "Used"),
        Column("source", "Source"),
        Column("reason", "Why"),
        Column("basis", "How it is known"),
    )
    return Figure(
        name="figures",
        title=f"The figures of {device}",
        data=[],
        layout={},
        table=Table(columns, shown),
        source="Epoch AI, Machine learning hardware (CC BY 4.0), and the worked examples of the rule data",
        vintage=vintage,
        command=shlex.join(["parity", "chips", "show", device]),
        note="Where two sources disagree both are here, with the one that rulings use.",
    )
