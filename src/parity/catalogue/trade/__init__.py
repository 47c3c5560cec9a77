"""Trade flows from the catalogue, from files of any size, and from the publishers' own layouts."""

from parity.catalogue.trade._comtrade import Comtrade, Query
from parity.catalogue.trade._imports import Imported, import_baci, import_comext, import_csv
from parity.catalogue.trade._mapping import Mapping, parse_mapping
from parity.catalogue.trade._scan import codes_held, left_out_of_total, load_flows

__all__ = [
    "Comtrade",
    "Imported",
    "Mapping",
    "Query",
    "codes_held",
    "import_baci",
    "import_comext",
    "import_csv",
    "left_out_of_total",
    "load_flows",
    "parse_mapping",
]
