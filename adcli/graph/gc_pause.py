"""Building large graphs without the cyclic garbage collector looking at every node over and over."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def gc_paused(function: Callable[P, T]) -> Callable[P, T]:
    """Pause the collector while a function runs: for those that make many objects and no cycles.

    Its passes over what is alive would take a third of the time of parsing and differentiating 10^5 terms.
    """

    @wraps(function)
    def paused(*arguments: P.args, **named: P.kwargs) -> T:
        if not gc.isenabled():
            return function(*arguments, **named)
        gc.disable()
        try:
            return function(*arguments, **named)
        finally:
            gc.enable()

    return paused
