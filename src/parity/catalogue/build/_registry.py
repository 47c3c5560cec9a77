"""The tables of the snapshot, in the order in which they are built."""

from importlib import import_module

from parity.catalogue.build._table import Table, every

_MODULES = (
    *("accelerators", "audit_labels", "compute", "controls", "countries", "flows"),
    *("indicators", "known_to", "memberships", "model_scores", "models", "notable_models", "observations"),
    *("pledges", "published", "sources", "ties"),
)
for _module in _MODULES:
    import_module(f"parity.catalogue.build.{_module}")

TABLES: tuple[Table, ...] = every()
