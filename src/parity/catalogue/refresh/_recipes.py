"""Where each source's current files are: one entry per source that can be updated."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parity.catalogue.build import compute
from parity.catalogue.build.transforms import (
    gapminder,
    machines,
    owid,
    people,
    research,
    world_bank,
)

EPOCH = "https://epoch.ai/data"
GITHUB = "https://raw.githubusercontent.com/github/innovationgraph/main/data"
CHIPS = "https://raw.githubusercontent.com/epoch-research/ai-chip-counts/main"
MICROSOFT = "https://raw.githubusercontent.com/microsoft/ai-diffusion-report/main/data"
CLOUDS = "https://raw.githubusercontent.com/dgl/cloud-regions/main"
CONFERENCES = (
    "https://raw.githubusercontent.com/Lossfunk/indiaml-tracker/main/ui/indiaml-tracker/public/tracker"
)
OLYMPIADS = "https://raw.githubusercontent.com/rfordatascience/tidytuesday/main/data/2024/2024-09-24"
SCHOOLING = (
    "https://hdr.undp.org/sites/default/files/2025_HDR/HDR25_Composite_indices_complete_time_series.csv"
)
DATA360 = "https://data360files.worldbank.org/data360-data/data/OECD_AI"
OPENALEX = "https://api.openalex.org/works"
OPEN_NUMBERS = "https://raw.githubusercontent.com/open-numbers"
# Gapminder's own series, by the name of its indicator; the others it carries on for their publishers.
FAST_TRACK = {"population": "pop", "gdp_per_capita_ppp_2021usd": "gdp_pcap"}
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


def _datapoints(name: str) -> Download:
    if name in FAST_TRACK:
        place = (
            f"ddf--gapminder--fasttrack/master/countries_etc_datapoints/ddf--datapoints--{FAST_TRACK[name]}"
        )
        return Download(f"{name}.csv", f"{OPEN_NUMBERS}/{place}--by--country--time.csv")
    place = f"ddf--gapminder--systema_globalis/master/countries-etc-datapoints/ddf--datapoints--{name}"
    return Download(f"{name}.csv", f"{OPEN_NUMBERS}/{place}--by--geo--time.csv")


def _works(concept: str, indicator: str) -> Download:
    days = f"from_publication_date:{research.WORKS_OF}-01-01,to_publication_date:{research.WORKS_OF}-12-31"
    query = f"filter=concepts.id:{concept},{days}&group_by=authorships.countries&per_page=200"
    return Download(f"{indicator}.json", f"{OPENALEX}?{query}")


COUNTRIES = _pages("countries.json", "country")

# Source -> its files.
RECIPES: dict[str, tuple[Download, ...]] = {
    "epoch": _epoch(
        "notable_ai_models.csv", "large_scale_ai_models.csv", "frontier_ai_models.csv",
        "gpu_clusters.csv", "ml_hardware.csv",
    ),
    "epoch-benchmarks-2026-04": (Download("benchmark_data.zip", f"{EPOCH}/benchmark_data.zip", "zip"),),
    # In the publisher's folders; the build reads the path joined to a name.
    compute.SOURCE: tuple(
        Download(file, f"{CHIPS}/{file.replace('__', '/')}")
        for file in (*compute.WORLD_FILES, *compute.OWNER_FILES)
    ),
    "cloud-regions": tuple(
        Download(f"{cloud}.csv", f"{CLOUDS}/{cloud}/data.csv") for cloud in machines.CLOUDS
    ),
    "gapminder": tuple(map(_datapoints, gapminder.SERIES)),
    "github-innovation-graph": tuple(
        Download(f"{name}.csv", f"{GITHUB}/{name}.csv")
        for name in (
            "developers", "repositories", "git_pushes", "organizations", "economy_collaborators", "topics",
        )
    ),
    "imo-results": (Download(people.OLYMPIADS, f"{OLYMPIADS}/country_results_df.csv"),),
    "microsoft-ai-diffusion": (Download(people.DIFFUSION, f"{MICROSOFT}/{people.DIFFUSION}"),),
    "oecd-ai-publications": (Download(research.DATA360, f"{DATA360}/{research.DATA360}"),),
    "openalex-ai-2024": tuple(_works(*entry) for entry in research.CONCEPTS.items()),
    "owid-ai-misc": (_chart(owid.LAWS), _chart(owid.VIEWS)),
    "owid-cset-cat": (
        _chart(owid.PUBLICATIONS),
        _chart(owid.PATENTS),
        _chart(owid.INVESTMENT_LATER, owid.INVESTMENT.removesuffix(".csv")),
    ),
    "owid-ember-carbon-intensity": (_chart(owid.CARBON, "carbon-intensity-electricity"),),
    "top-ml-conferences-2024-2025": tuple(
        Download(file, f"{CONFERENCES}/{file}")
        for file in (f"{venue}-analytics.json" for venue in research.VENUES)
    ),
    "undp-hdr": (Download(people.TIME_SERIES, SCHOOLING),),
    "worldbank-wdi": (
        COUNTRIES,
        *(_pages(f"{code}.json", f"country/all/indicator/{code}") for code in world_bank.WDI),
    ),
    "worldbank-wdi-2026": (
        COUNTRIES,
        *(_pages(f"{code}.json", f"country/all/indicator/{code}") for code in world_bank.SELECTION),
    ),
    "worldbank-wgi": (
        COUNTRIES,
        *(
            _pages(f"{code}.json", f"country/all/indicator/{code}?source=3")
            for code in world_bank.wgi_codes()
        ),
    ),
}  # fmt: skip

# The other open sources -> why they are not fetched: they change with a release of Parity.
FIXED: dict[str, str] = tomllib.loads(Path(__file__).with_name("fixed.toml").read_text(encoding="utf-8"))
