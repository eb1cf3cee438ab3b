"""Reference definitions of functions of one argument: one row is all that a new function needs.

The older functions have their derivatives written out: values in `evaluator.py`, points in `generate.py`, smooth ranges
in `tests/contract/samplers.py`. Here mpmath differentiates, at rising precision until the digits agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from mpmath import mp  # type: ignore[import-untyped]


class Definition(NamedTuple):
    """A function in mpmath.

    Attributes:
        value: the function of an mpmath number, wherever it is smooth; cancellation does not matter.
        points: the name of the sampler of `generate.py`, for the 50-digit data.
        smooth: a range in which it is smooth, for difference quotients.
    """

    value: Callable[[Any], Any]
    points: str = "exponential"
    smooth: tuple[float, float] = (-2.0, 2.0)

    def derivatives(self, x: Any) -> tuple[Any, Any, Any, Any]:
        """Return the value and the first three derivatives."""
        value, first, second, third = mp.diffs(self.value, x, 3)
        return value, first, second, third


DEFINITIONS: dict[str, Definition] = {}
