"""From a publisher's files to observations: one module per publisher.

A transform takes the source's folder and the country names and returns the columns
``iso3, indicator, year, value`` and, where the source gives them, ``se`` and ``flag``.
The same transform serves the snapshot and ``parity data update``.
"""
