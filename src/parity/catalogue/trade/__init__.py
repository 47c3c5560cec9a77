"""Trade flows from the catalogue, from files of any size, and from the publishers' own layouts."""

from parity.catalogue.trade._comtrade import Comtrade, Query
from parity.catalogue.trade._imports import Imported, LeftOut, import_files
from parity.catalogue.trade._layouts import PRESETS, Layout, parse_mapping
from parity.catalogue.trade._rows import Reading
from parity.catalogue.trade._scan import codes_held, left_out_of_total, load_flows

__all__ = [
    "PRESETS",
    "Comtrade",
    "Imported",
    "Layout",
    "LeftOut",
    "Query",
    "Reading",
    "codes_held",
    "import_files",
    "left_out_of_total",
    "load_flows",
    "parse_mapping",
]
