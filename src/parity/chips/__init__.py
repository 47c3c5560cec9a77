"""Accelerators, dated export-control rulings, what a country can lawfully reach, installed compute."""

from parity.chips._access import Access, access
from parity.chips._compute import (
    NOTE,
    Compute,
    Installed,
    installed,
    last_day,
    published_of,
    purchases,
    world_total,
    year_ends,
)
from parity.chips._effect import Effect, Events, effects, timeline
from parity.chips._explain import Step
from parity.chips._held import DISCLAIMER, SCOPE, Scope
from parity.chips._lookup import Device, DeviceFigures, DeviceList, Names, describe_device, find_device
from parity.chips._pool import PooledReach, pooled_compute, pooled_reach
from parity.chips._reach import DAYS_A_MONTH, METRICS, Reach, Reaches, last_month, reach
from parity.chips._regions import Region, paragraphs_at, regions
from parity.chips._rulebook import TABLES, RuleBook
from parity.chips._ruling import Case, Ruling, judge
from parity.chips._screen import Screened, screen

__all__ = [
    "DAYS_A_MONTH",
    "DISCLAIMER",
    "METRICS",
    "NOTE",
    "SCOPE",
    "TABLES",
    "Access",
    "Case",
    "Compute",
    "Device",
    "DeviceFigures",
    "DeviceList",
    "Effect",
    "Events",
    "Installed",
    "Names",
    "PooledReach",
    "Reach",
    "Reaches",
    "Region",
    "RuleBook",
    "Ruling",
    "Scope",
    "Screened",
    "Step",
    "access",
    "describe_device",
    "effects",
    "find_device",
    "installed",
    "judge",
    "last_day",
    "last_month",
    "paragraphs_at",
    "pooled_compute",
    "pooled_reach",
    "published_of",
    "purchases",
    "reach",
    "regions",
    "screen",
    "timeline",
    "world_total",
    "year_ends",
]
