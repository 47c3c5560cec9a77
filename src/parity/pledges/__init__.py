"""Governments' dated commitments on AI: who, what, due when, kept or not."""

from parity.pledges._calendar import calendar
from parity.pledges._pledge import Pledge, find, pledges, read_pledges
from parity.pledges._section import PledgesSection, pledges_section
from parity.pledges._status import STATUSES, Ranks, Status, assess, status_table

__all__ = [
    "STATUSES",
    "Pledge",
    "PledgesSection",
    "Ranks",
    "Status",
    "assess",
    "calendar",
    "find",
    "pledges",
    "pledges_section",
    "read_pledges",
    "status_table",
]
