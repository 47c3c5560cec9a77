"""Figures as SVG, PNG and PDF, and the script that draws them in a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from parity.errors import ParityError
from parity.show.cells import clean
from parity.show.document import Chart
from parity.show.marks import WORLD
from parity.show.theme import PALETTES, Palette, config

WIDTH = 720
"""Pixels of a figure in a file; in a browser it is as wide as its column."""
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
    return str(_engine().vegalite_to_svg(dict(full(chart.spec)) | _size(width), **settings))


def can_draw() -> bool:
    """Tell whether figures can be drawn here: whether the extra ``figures`` is installed."""
    from importlib.util import find_spec

    return find_spec("vl_convert") is not None


def script() -> str:
    """Return the one script that draws figures in a browser, offline: Vega with our few lines at its end."""
    return _script()


@cache
def _script() -> str:
    themes = {name: config(palette) for name, palette in PALETTES.items()}
    own = (files("parity.show") / "figures.js").read_text(encoding="utf-8")
    bundle = _engine().javascript_bundle(f"const themes = {json.dumps(themes)};\n{own}", vl_version=VEGA_LITE)
    return str(bundle)


def full(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a description with the shapes of countries where it has a map."""
    if not any(layer.get("data") == {"name": WORLD} for layer in spec["layer"]):
        return dict(spec)
    return dict(spec) | {"datasets": dict(spec["datasets"]) | {WORLD: _shapes()}}


@cache
def _shapes() -> list[dict[str, Any]]:
    body = json.loads((files("parity.show") / "world.json").read_text(encoding="utf-8"))
    return [shape for shape in body["features"] if shape["id"] != "ATA"]


def _size(width: int) -> dict[str, Any]:
    return {"width": width, "autosize": {"type": "fit", "contains": "padding"}}


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
        "vconcat": [dict(spec) | {"width": width - 130} | foot],
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
        raise ParityError(
            "a figure needs vl-convert; install it with: pip install 'parity[figures]'"
        ) from None
    return vl_convert
