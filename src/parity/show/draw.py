"""Figures as SVG, PNG and PDF, and the script that draws them in a browser."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Any

from platformdirs import user_cache_path

from parity import writing
from parity.errors import ParityError, missing_extra
from parity.show.cells import clean
from parity.show.document import Chart
from parity.show.spec import WORLD
from parity.show.theme import PALETTES, Palette, config

WIDTH = 720
"""Pixels of a figure in a file; in a browser it is as wide as its column."""
WIDTHS = {1: WIDTH, 2: 440, 3: 310}
"""Pixels of a figure where so many stand beside each other."""
SCALE = 2
"""Dots of a PNG per pixel."""
VEGA_LITE = "6.4"


def drawn(
    chart: Chart, kind: str, citation: str = "", *, palette: str = "light", width: int = WIDTH
) -> bytes:
    """Return a figure as a file.

    Parameters
    ----------
    chart
        What to draw.
    kind
        ``svg``, ``png`` or ``pdf``.
    citation
        A line below the figure: where the numbers come from.
    palette
        ``light`` or ``dark``.
    width
        In pixels.

    Raises
    ------
    ParityError
        If the extra ``figures`` is not installed.
    """
    engine = _engine()
    told = _titled(full(chart.spec), chart, citation, width, PALETTES[palette])
    settings = {
        "vl_version": VEGA_LITE,
        "config": config(PALETTES[palette]) | {"background": PALETTES[palette].ground},
    }
    # Nothing is ever fetched: all data are in the description.
    settings["allowed_base_urls"] = []
    if kind == "svg":
        return str(engine.vegalite_to_svg(told, **settings)).encode()
    if kind == "png":
        return bytes(engine.vegalite_to_png(told, scale=SCALE, **settings))
    return bytes(engine.vegalite_to_pdf(told, **settings))


def svg(chart: Chart, palette: str = "light", width: int = WIDTH) -> str:
    """Return a figure as SVG without title and citation, to stand in a page that has both."""
    settings = {"vl_version": VEGA_LITE, "config": config(PALETTES[palette]), "allowed_base_urls": []}
    return str(
        _engine().vegalite_to_svg(
            _sized(full(chart.spec), width) | {"autosize": {"type": "fit-x", "contains": "padding"}},
            **settings,
        )
    )


def can_draw() -> bool:
    """Tell whether figures can be drawn here: whether the extra ``figures`` is installed."""
    from importlib.util import find_spec

    return find_spec("vl_convert") is not None


@cache
def script() -> str:
    """Return the one script that draws figures in a browser, offline: Vega with our few lines at its end.

    It takes seconds to bundle, so it is kept in the user's cache folder where there is one.
    """
    themes = {name: config(palette) for name, palette in PALETTES.items()}
    own = (files("parity.show") / "figures.js").read_text(encoding="utf-8")
    own = f"const themes = {json.dumps(themes)};\n{own}"
    engine = _engine()
    made_of = hashlib.sha256(f"{engine.__version__} {VEGA_LITE} {own}".encode()).hexdigest()[:16]
    kept = user_cache_path("parity") / f"figures-{made_of}.js"
    with suppress(OSError):
        return kept.read_text(encoding="utf-8")
    bundle = str(engine.javascript_bundle(own, vl_version=VEGA_LITE))
    with suppress(OSError, ParityError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        writing.write_text(kept, bundle)
    return bundle


def full(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a description with the shapes of countries where it has a map."""
    if not any(layer.get("data") == {"name": WORLD} for layer in spec["layer"]):
        return dict(spec)
    return dict(spec) | {"datasets": dict(spec["datasets"]) | {WORLD: _shapes()}}


@cache
def _shapes() -> list[dict[str, Any]]:
    body = json.loads((files("parity.show") / "world.json").read_text(encoding="utf-8"))
    return [shape for shape in body["features"] if shape["id"] != "ATA"]


def _sized(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """Return a description with its width; a map is as high as the world is for it."""
    aspect = spec.get("usermeta", {}).get("aspect")
    return spec | {"width": width} | ({"height": round(aspect * width)} if aspect else {})


def _margin(spec: dict[str, Any]) -> int:
    """Return about how much room the labels beside a figure take, in pixels."""
    places = (layer.get("encoding", {}).get("y", {}) for layer in spec["layer"])
    names = [name for place in places if place.get("type") == "nominal" for name in place["scale"]["domain"]]
    return min(300, 30 + 6 * max(map(len, names))) if names else 85


def _titled(
    spec: dict[str, Any], chart: Chart, citation: str, width: int, palette: Palette
) -> dict[str, Any]:
    """Return a description with title, caption and citation around the figure."""
    below = [*_folded(chart.caption, width), *_folded(citation, width)]
    words = {"text": below, "anchor": "start", "orient": "bottom", "fontSize": 10, "fontWeight": "normal"}
    foot = {"title": words | {"color": palette.soft, "offset": 14}} if below else {}
    head = {"text": _folded(chart.title, width, 7.5), "anchor": "start"}
    return {
        "title": head,
        "vconcat": [_sized(spec, width - _margin(spec)) | foot],
        "datasets": spec["datasets"],
    }


def _folded(text: str, width: int, letter: float = 5.2) -> list[str]:
    """Return text in lines as wide as a figure."""
    from textwrap import wrap

    return wrap(clean(text), max(20, int(width / letter)))


def _engine() -> Any:
    try:
        import vl_convert
    except ModuleNotFoundError:
        raise missing_extra("a figure", "figures") from None
    return vl_convert
