"""Draw the pictures of the documentation anew: each is what a command writes, or a page of the app.

``python -m tools.pictures [NAME...]``; pages need Chromium.
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread

from parity.cli.main import main as parity

ASSETS = Path(__file__).parents[1] / "docs" / "assets"
FIVE = " ".join(f"--country {each}" for each in ("CHN", "GBR", "RUS", "IND", "BRA"))
FIGURES = {
    "rank-scores.svg": "rank --top 20",
    "rank-gap.svg": "explain USA CHN",
    "rank-goal.svg": "goal BRA --rank 30 --draws 20",
    "rank-intervals.png": "robustness --kind ranks",
    "rank-sobol.png": f"robustness --kind sobol {FIVE}",
    "rank-above.png": "robustness --kind above",
    "index-framework.svg": "index plot --kind framework",
    "index-distribution.svg": "index plot --kind distribution",
    "index-dot.svg": "index plot --kind dot",
    "index-scatter.svg": "index plot --kind scatter --of talent --against infrastructure",
    "index-correlations.svg": "index audit",
    "lag-russia.png": "lag RUS",
    "lag-by-parameter.png": "lag RUS --parameters",
    "frontier-steps.png": "capability list --by country",
    "benchmark-difficulty.png": "capability benchmarks",
    "chips-landscape.svg": "chips list",
    "chips-reach-chn.svg": "chips reach CHN",
    "chips-reach-rus.svg": "chips reach RUS",
    "chips-timeline-rus.svg": "chips timeline RUS",
    "chips-compute-chn.svg": "chips compute CHN",
    "bloc-shapley.svg": "bloc pool BRICS --variant scale",
    "bloc-pillars.svg": "bloc pool BRICS --kind profile",
    "bloc-joining.svg": "bloc pool BRICS --kind joining",
    "bloc-profiles.svg": "bloc compare BRICS G7 USA",
    "bloc-years.svg": "bloc compare BRICS G7 USA --years",
    "bloc-reach.svg": "bloc reach BRICS",
    "ties-rus-chn.svg": "ties RUS CHN",
    "ties-partners.svg": "ties BRA",
    "ties-brics-matrix.svg": "ties --bloc BRICS",
    "ties-brics-map.svg": "ties --bloc BRICS --kind map",
    "ties-changed.svg": "ties",
    "trade-supply.svg": "trade depend KAZ",
    "trade-substitute.svg": "trade substitute KAZ",
    "trade-diversion.png": "trade diversion --sanctioned RUS --kind paths",
    "trade-months.png": "trade diversion --sanctioned RUS --kind months",
    "trade-ranking.png": "trade diversion --sanctioned RUS --kind ranking",
    "trade-mirror.png": "trade mirror KGZ --reporter EU",
    "audit-forest.svg": "audit analyse --kind forest",
    "audit-languages.svg": "audit analyse --kind languages",
    "audit-layers.svg": "audit analyse --kind layers",
    "audit-rates.svg": "audit analyse --kind rates --language en",
}
"""Name of a picture -> the command that draws it."""

TEXT = "Russia ranks 31st of 83 in the Global AI Index. Its models are six to nine months behind the USA."
PAGES = {
    "web-ranking": "ranking",
    "web-frontier": "frontier?of=CHN&behind=USA",
    "web-check": f"check?text={TEXT.replace(' ', '%20')}&date=2025-01-15",
}
"""Name of a picture -> the address of a page."""


def photograph(names: list[str]) -> None:
    """Serve the app for a moment and take pictures of its pages."""
    import uvicorn
    from playwright.sync_api import sync_playwright

    from parity.web.app import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(), port=8765, log_level="error"))
    running = Thread(target=server.run, daemon=True)
    running.start()
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for name in names:
            page.goto(f"http://127.0.0.1:8765/{PAGES[name]}", wait_until="networkidle", timeout=120_000)
            page.screenshot(path=ASSETS / f"{name}.png")
        browser.close()
    server.should_exit = True
    running.join()


def main() -> None:
    """Draw all pictures, or those named."""
    names = sys.argv[1:] or [*FIGURES, *PAGES]
    for name in names:
        if name in FIGURES:
            try:
                parity([*FIGURES[name].split(), "--quiet", "--out", str(ASSETS / name)])
            except SystemExit as end:
                if end.code:
                    raise
    if pages := [name for name in names if name in PAGES]:
        photograph(pages)


if __name__ == "__main__":
    main()
