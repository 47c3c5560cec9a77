"""Fits and tables that several answers share: made once, kept while there is room."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from parity.catalogue import in_use

P = ParamSpec("P")
T = TypeVar("T")
Advance = Callable[[int], None]

_kept: list[tuple[OrderedDict[Hashable, Any], Lock]] = []
"""Results of every function, the one used longest ago first, and what guards them."""

_bar: ContextVar[Callable[[int, str], Any] | None] = ContextVar("bar", default=None)


def cached(
    most: int, *, ignore: tuple[str, ...] = (), when: Callable[..., bool] | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the last results of a function; whoever asks for one that is being made waits for it.

    A result is one of the data in use: after an update, by this process or another, it is made anew. As with
    `functools.lru_cache`, ``cache_clear`` of the function forgets them.

    Parameters
    ----------
    most
        Results that are kept.
    ignore
        Parameters, given by name, that do not change the result.
    when
        Tells of the arguments whether their result may be kept; all by default.
    """

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        held: OrderedDict[Hashable, T] = OrderedDict()
        making: dict[Hashable, Lock] = {}
        door = Lock()
        signature = inspect.signature(function)
        _kept.append((held, door))

        @wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
            if when is not None and not when(*args, **kwargs):
                return function(*args, **kwargs)
            # Defaults that are left out and those that are given make one key.
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            key = (in_use(), *(item for item in given.arguments.items() if item[0] not in ignore))
            with door:
                own = making.setdefault(key, Lock())
            with own:
                with door:
                    if key in held:
                        held.move_to_end(key)
                        return held[key]
                made = function(*args, **kwargs)
                with door:
                    held[key] = made
                    making.pop(key, None)
                    while len(held) > most:
                        held.popitem(last=False)
                return made

        wrapper.cache_clear = held.clear  # type: ignore[attr-defined]
        return wrapper

    return keep


def forget_half() -> None:
    """Drop the half of what each function keeps that was used longest ago; a last result stays."""
    for held, door in _kept:
        with door:
            for _ in range(len(held) // 2):
                held.popitem(last=False)


@contextmanager
def shown(bar: Callable[[int, str], Any]) -> Iterator[None]:
    """Show the progress of what is asked for within.

    Parameters
    ----------
    bar
        From the number of steps and what they are to a context manager that yields a function, which is
        called with the number of steps done.
    """
    token = _bar.set(bar)
    try:
        yield
    finally:
        _bar.reset(token)


@contextmanager
def progress(total: int, what: str) -> Iterator[Advance]:
    """Yield a function that is told of steps done; it shows them where a face has asked for that."""
    bar = _bar.get()
    if bar is None:
        yield lambda _: None
        return
    with bar(total, what) as advance:
        yield advance
