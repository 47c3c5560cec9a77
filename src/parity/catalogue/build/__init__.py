"""Making the snapshot from raw files: ``python -m parity.catalogue.build RAW``.

A table is one module here with a ``TABLE``, registered by one line in ``_registry.py``.
"""
