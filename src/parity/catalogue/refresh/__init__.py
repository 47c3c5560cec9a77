"""Newer data from the publishers, laid over the snapshot one source at a time.

A source is downloaded whole into a scratch folder, read by the same transform that makes the
snapshot, checked, and only then put in place by replacing one small record. Whatever goes
wrong before that, the earlier data stay in use.
"""

from parity.catalogue.refresh._fetch import Client, read_checksums
from parity.catalogue.refresh._install import Updated, update
from parity.catalogue.refresh._recipes import FIXED, RECIPES, Download

__all__ = ["FIXED", "RECIPES", "Client", "Download", "Updated", "read_checksums", "update"]
