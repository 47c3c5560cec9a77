"""Where each source's current files are: one entry per source that can be updated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from parity.catalogue.build import chip_supply
from parity.catalogue.build.transforms import adoption, owid, world_bank

EPOCH = "https://epoch.ai/data"
GITHUB = "https://raw.githubusercontent.com/github/innovationgraph/main/data"
CHIPS = "https://raw.githubusercontent.com/epoch-research/ai-chip-counts/main"
MICROSOFT = "https://raw.githubusercontent.com/microsoft/ai-diffusion-report/main/data"
WORLD_BANK = "https://api.worldbank.org/v2"
OWID = "https://ourworldindata.org/grapher"
OWID_FORM = "v=1&csvType=full&useColumnShortNames=false"
# The programming interface gives at most this many rows on a page.
ROWS_PER_PAGE = 20_000


@dataclass(frozen=True, slots=True)
class Download:
    """One file of a source.

    Attributes
    ----------
    file
        Name under which the transform reads it.
    url
        Address at the publisher, always HTTPS.
    form
        ``file`` as it is; ``pages``: numbered pages of the World Bank's interface, joined;
        ``zip``: an archive, unpacked beside the other files.
    """

    file: str
    url: str
    form: Literal["file", "pages", "zip"] = "file"


def _epoch(*names: str) -> tuple[Download, ...]:
    return tuple(Download(name, f"{EPOCH}/{name}") for name in names)


def _pages(file: str, path: str) -> Download:
    joint = "&" if "?" in path else "?"
    return Download(file, f"{WORLD_BANK}/{path}{joint}format=json&per_page={ROWS_PER_PAGE}", "pages")


def _chart(file: str, slug: str = "") -> Download:
    return Download(file, f"{OWID}/{slug or file.removesuffix('.csv')}.csv?{OWID_FORM}")


COUNTRIES = _pages("countries.json", "country")

# Source -> its files.
RECIPES: dict[str, tuple[Download, ...]] = {
    "epoch": _epoch(
        "notable_ai_models.csv", "large_scale_ai_models.csv", "frontier_ai_models.csv",
        "gpu_clusters.csv", "ml_hardware.csv",
    ),
    "epoch-benchmarks-2026-04": (Download("benchmark_data.zip", f"{EPOCH}/benchmark_data.zip", "zip"),),
    # In the publisher's folders; the build reads the path joined to a name.
    chip_supply.SOURCE: tuple(
        Download(file, f"{CHIPS}/{file.replace('__', '/')}")
        for file in (*chip_supply.WORLD_FILES, *chip_supply.OWNER_FILES)
    ),
    "github-innovation-graph": tuple(
        Download(f"{name}.csv", f"{GITHUB}/{name}.csv")
        for name in (
            "developers", "repositories", "git_pushes", "organizations", "economy_collaborators", "topics",
        )
    ),
    "microsoft-ai-diffusion": (Download(adoption.DIFFUSION, f"{MICROSOFT}/{adoption.DIFFUSION}"),),
    "owid-ai-misc": (_chart(owid.LAWS), _chart(owid.VIEWS)),
    "owid-cset-cat": (
        _chart(owid.PUBLICATIONS),
        _chart(owid.PATENTS),
        _chart(owid.INVESTMENT_LATER, owid.INVESTMENT.removesuffix(".csv")),
    ),
    "owid-ember-carbon-intensity": (_chart(owid.CARBON, "carbon-intensity-electricity"),),
    "worldbank-wdi": (
        COUNTRIES,
        *(_pages(f"{code}.json", f"country/all/indicator/{code}") for code in world_bank.WDI),
    ),
    "worldbank-wgi": (
        COUNTRIES,
        *(
            _pages(f"{code}.json", f"country/all/indicator/{code}?source=3")
            for code in world_bank.wgi_codes()
        ),
    ),
}  # fmt: skip
