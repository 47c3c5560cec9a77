"""Ask for the optional part, in one message."""

from __future__ import annotations

from importlib.util import find_spec

from parity.errors import missing_extra


def need_inspect() -> None:
    """Check that Inspect is installed.

    Raises
    ------
    ParityError
        If it is not.
    """
    missing = [name for name in ("inspect_ai", "openai") if find_spec(name) is None]
    if missing:
        raise missing_extra("running models (analysing labels does not)", "audit")
