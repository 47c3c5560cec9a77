"""Numeric kernels compiled with Numba, the machine code kept on disk where there is a place for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(*, cache: bool = True, **options: Any) -> Callable[[Function], Function]:
    """Compile a function to machine code that lets other threads run beside it.

    Divisions follow NumPy (a division by zero is infinite or NaN, no error).

    Parameters
    ----------
    cache
        Keep the code for the next run. Where neither the installation nor the user's cache can be
        written (a read-only container, a service without a home), it is compiled anew in each process.
    **options
        Passed on to ``numba.njit``.

    Returns
    -------
    Callable
        Decorator.
    """

    def decorate(function: Function) -> Function:
        settings = {"nogil": True, "error_model": "numpy", **options}
        try:
            return cast(Function, njit(cache=cache, **settings)(function))
        except RuntimeError:  # what Numba raises when it finds no folder for its cache
            return cast(Function, njit(**settings)(function))

    return decorate
