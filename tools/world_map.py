"""Make the shapes of the world map: `python -m tools.world_map countries-110m.json`.

The input is the TopoJSON of Natural Earth's countries (public domain) in the npm package `world-atlas`.
Ranked countries too small for it get a small disc at their capital.
"""

from __future__ import annotations

import json
import math
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from parity.ask.standing import standing
from parity.catalogue import load_table

TARGET = Path(__file__).resolve().parents[1] / "src" / "parity" / "show" / "world.json"
DIGITS = 2
DISC_DEGREES, DISC_CORNERS = 1.1, 16
SOURCE = "Natural Earth 1:110m, public domain, by way of world-atlas 2.0.2; de facto boundaries"

Ring = list[list[float]]


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    """Undo the quantisation and the differences: every arc as longitude and latitude."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append([round(x * scale[0] + shift[0], DIGITS), round(y * scale[1] + shift[1], DIGITS)])
        found.append(points)
    return found


def ring_of(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Join arcs; a negative number is an arc run backwards."""
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def disc(longitude: float, latitude: float) -> Ring:
    """Return a closed ring around a point, clockwise as the map wants it."""
    turns = [2 * math.pi * k / DISC_CORNERS for k in range(DISC_CORNERS)]
    stretch = 1 / max(math.cos(math.radians(latitude)), 0.2)
    ring = [
        [
            round(longitude + DISC_DEGREES * stretch * math.sin(turn), DIGITS),
            round(latitude + DISC_DEGREES * math.cos(turn), DIGITS),
        ]
        for turn in turns
    ]
    return [*ring, ring[0]]


def feature(iso3: str, kind: str, coordinates: Any) -> dict[str, Any]:
    """Return one shape."""
    return {
        "type": "Feature",
        "id": iso3,
        "properties": {},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def shapes(topology: dict[str, Any], codes: dict[str, str]) -> list[dict[str, Any]]:
    """Return one feature per country; those without a code keep their shape under their name."""
    arcs, found = arcs_of(topology), []
    for geometry in topology["objects"]["countries"]["geometries"]:
        iso3 = codes.get(str(geometry.get("id", "")).zfill(3), geometry["properties"]["name"])
        parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons = [[ring_of(ring, arcs) for ring in polygon] for polygon in parts]
        if iso3 != "ATA":
            found.append(feature(iso3, "MultiPolygon", polygons))
    return found


def main(path: str) -> None:
    """Write the shapes."""
    table = pl.read_csv(files("country_converter") / "country_data.tsv", separator="\t", infer_schema=False)
    codes = {str(number).zfill(3): iso3 for iso3, number in table.select("ISO3", "ISOnumeric").iter_rows()}
    found = shapes(json.loads(Path(path).read_text(encoding="utf-8")), codes)
    there = {shape["id"] for shape in found}
    places = {row["iso3"]: row for row in load_table("capitals").iter_rows(named=True)}
    for iso3 in sorted(set(standing().index.units) - there):
        found.append(feature(iso3, "Polygon", [disc(places[iso3]["longitude"], places[iso3]["latitude"])]))
    body = {"type": "FeatureCollection", "source": SOURCE, "features": found}
    TARGET.write_text(json.dumps(body, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
