"""Pause the cyclic garbage collector while a large graph is built."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def gc_paused(function: Callable[P, T]) -> Callable[P, T]:
    """Return the function with the collector paused while it runs. Use it for many objects without cycles.

    The collector's passes would take a third of the time of parsing and differentiating 10^5 terms.
    """

    @wraps(function)
    def paused(*arguments: P.args, **keywords: P.kwargs) -> T:
        if not gc.isenabled():
            return function(*arguments, **keywords)
        gc.disable()
        try:
            return function(*arguments, **keywords)
        finally:
            gc.enable()

    return paused
