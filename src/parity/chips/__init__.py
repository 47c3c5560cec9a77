"""Accelerators, dated export-control rulings, what a country can lawfully reach, installed compute."""

from parity.chips._access import Access, access
from parity.chips._compute import (
    NOTE,
    Installed,
    installed,
    last_day,
    published_of,
    purchases,
    world_total,
    year_ends,
)
from parity.chips._effect import Effect, effects
from parity.chips._explain import Step
from parity.chips._figures import landscape, pooled_figure, reach_figure, timeline_figure
from parity.chips._held import DISCLAIMER, SCOPE, Scope
from parity.chips._load import REGIONS, accelerators, destination, rule, rulebook, screen_table
from parity.chips._lookup import Device, Names, describe_device, find_device
from parity.chips._pool import PooledReach, pooled_compute, pooled_reach
from parity.chips._reach import METRICS, Reach, last_month, reach
from parity.chips._regions import Region, paragraphs_at, regions
from parity.chips._rulebook import RuleBook
from parity.chips._ruling import Case, Ruling, judge
from parity.chips._screen import screen
from parity.chips._section import ChipsSection, section
from parity.chips._timeline import timeline

__all__ = [
    "DISCLAIMER",
    "METRICS",
    "NOTE",
    "REGIONS",
    "SCOPE",
    "Access",
    "Case",
    "ChipsSection",
    "Device",
    "Effect",
    "Installed",
    "Names",
    "PooledReach",
    "Reach",
    "Region",
    "RuleBook",
    "Ruling",
    "Scope",
    "Step",
    "accelerators",
    "access",
    "describe_device",
    "destination",
    "effects",
    "find_device",
    "installed",
    "judge",
    "landscape",
    "last_day",
    "last_month",
    "paragraphs_at",
    "pooled_compute",
    "pooled_figure",
    "pooled_reach",
    "published_of",
    "purchases",
    "reach",
    "reach_figure",
    "regions",
    "rule",
    "rulebook",
    "screen",
    "screen_table",
    "section",
    "timeline",
    "timeline_figure",
    "world_total",
    "year_ends",
]
