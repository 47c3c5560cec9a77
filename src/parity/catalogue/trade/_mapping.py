"""A mapping from the columns of any table to those of flows: a layout that the user declares."""

from __future__ import annotations

from parity.catalogue.trade._layouts import FLOWS, Layout
from parity.errors import ParityError, one_of

UNITS = {"one": 1.0, "thousand": 1e3, "million": 1e6}
CURRENCIES = ("USD", "EUR")


def parse_mapping(pairs: tuple[str, ...], unit: str = "one", currency: str = "USD") -> Layout:
    """Return the layout that a user wrote.

    Parameters
    ----------
    pairs
        ``reporter=COLUMN`` or ``reporter==TEXT`` (the same for all rows), several of them.
    unit
        What values are counted in: ``one``, ``thousand`` or ``million``.
    currency
        ``USD``, or ``EUR``, which is converted at the average rate of the year.

    Raises
    ------
    ParityError
        If a column of flows is unknown or missing, or the unit or currency is not allowed.
    """
    columns: dict[str, tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    for pair in pairs:
        target, _, given = pair.partition("=")
        if target.strip() not in FLOWS or not given:
            raise ParityError(
                f"'{pair}' maps no column; write NAME=COLUMN or NAME==TEXT with {one_of(FLOWS)}"
            )
        if given.startswith("="):
            constants[target.strip()] = given[1:].strip()
        else:
            columns[target.strip()] = (given.strip(),)
    absent = [name for name in FLOWS if name not in columns and name not in constants]
    if absent:
        raise ParityError(
            f"nothing is mapped to {one_of(absent)}; write NAME=COLUMN, or NAME==TEXT for all rows"
        )
    if unit not in UNITS:
        raise ParityError(f"unit '{unit}' is unknown; allowed are {one_of(UNITS)}")
    if currency not in CURRENCIES:
        raise ParityError(f"currency '{currency}' is unknown; allowed are {one_of(CURRENCIES)}")
    return Layout("your mapping", columns, constants, unit=UNITS[unit], currency=currency, own=True)
