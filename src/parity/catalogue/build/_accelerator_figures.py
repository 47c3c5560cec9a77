"""Every figure of every accelerator with its source, and which of two that disagree is used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from parity.catalogue.build._raw import Raw
from parity.errors import ParityError

HARDWARE = "epoch"
EXAMPLES = "export-controls"
# Column of the hardware table -> quantity, factor to its unit. TF32 is held in 32-bit containers.
HARDWARE_QUANTITIES = {
    "FP64 (double precision) performance (FLOP/s)": ("tops_fp64", 1e-12),
    "FP32 (single precision) performance (FLOP/s)": ("tops_fp32", 1e-12),
    "TF32 (TensorFloat-32) performance (FLOP/s)": ("tops_tf32", 1e-12),
    "FP16 (half precision) performance (FLOP/s)": ("tops_fp16", 1e-12),
    "Tensor-FP16/BF16 performance (FLOP/s)": ("tops_fp16_matrix", 1e-12),
    "INT16 performance (OP/s)": ("tops_int16", 1e-12),
    "FP8 performance (FLOP/s)": ("tops_fp8", 1e-12),
    "INT8 performance (OP/s)": ("tops_int8", 1e-12),
    "FP4 performance (FLOP/s)": ("tops_fp4", 1e-12),
    "INT4 performance (OP/s)": ("tops_int4", 1e-12),
    "Die Size (mm^2)": ("die_area", 1.0),
    "Memory (bytes)": ("memory", 1e-9),
    "Memory bandwidth (byte/s)": ("memory_bandwidth", 1e-9),
    "Intranode bandwidth (byte/s)": ("io_bandwidth", 1e-9),
    "TDP (W)": ("tdp", 1.0),
    "Process size (nm)": ("process_nm", 1.0),
    "Transistors (millions)": ("transistors", 1e6),
    "Release price (USD)": ("price", 1.0),
}
BITS = {
    "tops_fp64": 64,
    "tops_fp32": 32,
    "tops_tf32": 32,
    "tops_fp16": 16,
    "tops_fp16_matrix": 16,
    "tops_int16": 16,
    "tops_fp8": 8,
    "tops_int8": 8,
    "tops_fp4": 4,
    "tops_int4": 4,
}
# What only the units for matrix multiplication reach; a part that has them, with none of these
# figures, has a TPP above what its other figures say.
MATRIX = ("tops_tf32", "tops_fp16_matrix", "tops_fp8", "tops_int8", "tops_fp4", "tops_int4")
EXAMPLE_QUANTITIES = {
    "dense_tops": "dense_tops",
    "bit_length": "bit_length",
    "tpp": "tpp",
    "die_area_mm2": "die_area",
    "io_bandwidth_gbs": "io_bandwidth",
    "dram_bandwidth_gbs": "memory_bandwidth",
}
UNITS = {
    "dense_tops": "TOPS",
    "bit_length": "bit",
    "tpp": "TPP",
    "die_area": "mm2",
    "memory": "GB",
    "memory_bandwidth": "GB/s",
    "io_bandwidth": "GB/s",
    "tdp": "W",
    "process_nm": "nm",
    "transistors": "transistors",
    "price": "USD",
}
# A precision may exceed the adjudicated TPP by rounding, not by more.
ROUNDING = 1e-3

Row = dict[str, Any]


@cache
def reading() -> Mapping[str, Any]:
    """Return the content of ``accelerators.toml``."""
    return tomllib.loads(Path(__file__).with_name("accelerators.toml").read_text(encoding="utf-8"))


def devices(raw: Raw) -> list[Row]:
    """Return one row per device: its name, its row in each source, its figures.

    Returns
    -------
    list of dict
        ``name``, ``aliases`` (other names), ``hardware`` and ``example`` (rows of the raw files, empty
        where the device is not in that file) and ``figures``: quantity, value, source, used, reason.

    Raises
    ------
    ParityError
        If a worked example names a device of the hardware table that is not there.
    """
    hardware = {row["Hardware name"]: row for row in _read(raw, HARDWARE, "ml_hardware.csv", "Hardware name")}
    examples = {row["device"]: row for row in _read(raw, EXAMPLES, "worked_examples.csv", "device")}
    paired = reading()["hardware_name"]
    lost = [
        name
        for pair in paired.items()
        for name, file in zip(pair, (examples, hardware), strict=True)
        if name not in file
    ]
    if lost:
        raise ParityError(f"accelerators.toml: no such device in the raw files: {lost}")
    listed = [_device(name, hardware.get(paired.get(name, ""), {}), row) for name, row in examples.items()]
    rest = [row for name, row in hardware.items() if name not in paired.values()]
    return listed + [
        _device(reading()["spelling"].get(row["Hardware name"], row["Hardware name"]), row, {})
        for row in rest
    ]


def _read(raw: Raw, source: str, file: str, *required: str) -> list[Row]:
    frame = raw.folder(source).csv(file, *required)
    return [{key: value or "" for key, value in row.items()} for row in frame.iter_rows(named=True)]


def _device(name: str, hardware: Row, example: Row) -> Row:
    aliases = {hardware.get("Hardware name", ""), example.get("device", "")} - {name, ""}
    figures = [*_example_figures(example), *_hardware_figures(hardware, example)]
    return {
        "name": name,
        "aliases": sorted(aliases),
        "hardware": hardware,
        "example": example,
        "figures": figures,
    }


def _example_figures(example: Row) -> Iterator[Row]:
    for column, quantity in EXAMPLE_QUANTITIES.items():
        if example.get(column):
            basis = f"{example['basis_spec']}; {example['notes']}".strip("; ")
            yield _figure(quantity, float(example[column]), EXAMPLES, basis)


def _hardware_figures(hardware: Row, example: Row) -> Iterator[Row]:
    """Yield the hardware table's figures; where a worked example settles a quantity, its figure is used."""
    # A product of two decimal figures carries binary noise: 1.9999999999 is 2.
    aside = {
        entry["quantity"]: entry["reason"]
        for entry in reading()["set_aside"]
        if entry["device"] == hardware.get("Hardware name")
    }
    for column, (quantity, factor) in HARDWARE_QUANTITIES.items():
        if hardware.get(column):
            value = float(f"{float(hardware[column]) * factor:.12g}")
            reason = aside.get(quantity) or _settled(quantity, value, example)
            yield _figure(quantity, value, HARDWARE, "hardware table", reason)


def _settled(quantity: str, value: float, example: Row) -> str:
    """Return why a figure of the hardware table gives way to the worked example; empty where it does not."""
    if not example:
        return ""
    if not example["tpp"]:
        return "no public specification of this part; figures of the hardware table are implausible"
    if quantity in BITS:
        above = value * BITS[quantity] > float(example["tpp"]) * (1 + ROUNDING)
        return f"would give a TPP above {example['tpp']}, which the worked example settles" if above else ""
    if quantity == "die_area" and not example["die_area_mm2"]:
        return "not the total of the logic dies"
    columns = {held: column for column, held in EXAMPLE_QUANTITIES.items()}
    return "settled by the worked example" if quantity in columns and example[columns[quantity]] else ""


def _figure(quantity: str, value: float, source: str, basis: str, reason: str = "") -> Row:
    return {
        "quantity": quantity,
        "value": value,
        "unit": UNITS.get(quantity, "TOPS"),
        "source": source,
        "basis": basis,
        "used": not reason,
        "reason": reason,
    }


def used(device: Row) -> dict[str, float]:
    """Return the figures in use: quantity -> value."""
    return {row["quantity"]: row["value"] for row in device["figures"] if row["used"]}


def performance(device: Row) -> Row:
    """Return the total processing performance, and the operation that gives it.

    Returns
    -------
    dict
        ``tpp`` (null where unknown), ``tpp_at_least`` (null where nothing is known), ``tpp_tops`` and
        ``tpp_bits``.
    """
    figures = used(device)
    if "tpp" in figures:
        tpp, tops, bits = figures["tpp"], figures["dense_tops"], figures["bit_length"]
        return {"tpp": tpp, "tpp_at_least": tpp, "tpp_tops": tops, "tpp_bits": bits}
    scores = [(figures[name] * bits, figures[name], bits) for name, bits in BITS.items() if figures.get(name)]
    if not scores:
        return dict.fromkeys(("tpp", "tpp_at_least", "tpp_tops", "tpp_bits"))
    tpp, tops, bits = max(scores)
    partial = bool(device["hardware"].get("Tensor cores")) and not any(name in figures for name in MATRIX)
    return {
        "tpp": None if partial else float(f"{tpp:.10g}"),
        "tpp_at_least": float(f"{tpp:.10g}"),
        "tpp_tops": tops,
        "tpp_bits": float(bits),
    }


def matches(pattern: str, name: str) -> bool:
    """Return whether a pattern of ``accelerators.toml`` finds itself in a name."""
    return re.search(pattern, name) is not None
