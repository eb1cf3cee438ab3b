"""The error functions as SQL expressions, for databases that have none: W. J. Cody's rational approximations.

The relative error is a few 1e-16.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ops.arithmetic import ATOM
from .forms import Spellings, form
from .portable.error_function import (
    CODY_FAR_P,
    CODY_FAR_Q,
    CODY_MIDDLE_P,
    CODY_MIDDLE_Q,
    CODY_NEAR_P,
    CODY_NEAR_Q,
)

_NEAR = (CODY_NEAR_P, CODY_NEAR_Q)
_MIDDLE = (CODY_MIDDLE_P, CODY_MIDDLE_Q)
_FAR = (CODY_FAR_P, CODY_FAR_Q)
_ROOT = "5.6418958354775628695e-1"  # 1/sqrt(pi)


def _polynomial(coefficients: Sequence[float], x: str) -> str:
    """Return a polynomial by Horner's rule, for an x that is an atom."""
    text = f"{coefficients[0]!r}e0" if "e" not in repr(coefficients[0]) else repr(coefficients[0])
    for coefficient in coefficients[1:]:
        number = repr(coefficient) if "e" in repr(coefficient) else f"{coefficient!r}e0"
        text = f"({text} * {x} + {number})"
    return text


def _ratio(table: tuple[Sequence[float], Sequence[float]], x: str) -> str:
    above, below = table
    return f"{_polynomial(above, x)} / {_polynomial(below, x)}"


# exp(-x*x) with x = z + rest, where z*z is exact.
_Z = "(floor(abs({0}) * 1048576e0) / 1048576e0)"
_GAUSSIAN = f"exp(-{_Z} * {_Z}) * exp(({_Z} - abs({{0}})) * ({_Z} + abs({{0}})))"
_TINY = "abs({0}) < 1e-150"  # the square may be less than any float64
_SMALL = f"{{0}} * {_ratio(_NEAR, '({0} * {0})')}"
_SQUARE = "(1e0 / ({0} * {0}))"
# erfc(abs(x)) between the bounds of the branches.
_TAIL_NEAR = f"{_GAUSSIAN} * {_ratio(_MIDDLE, 'abs({0})')}"
_TAIL_FAR = f"{_GAUSSIAN} * (({_ROOT} - {_SQUARE} * {_ratio(_FAR, _SQUARE)}) / abs({{0}}))"

# Those of the normal distribution: exp(-x*x/2), and erfc(abs(x)/sqrt(2))/2.
_HALF_GAUSSIAN = f"exp(-0.5e0 * {_Z} * {_Z}) * exp(0.5e0 * ({_Z} - abs({{0}})) * ({_Z} + abs({{0}})))"
_ARGUMENT = "(abs({0}) * 0.7071067811865476e0)"
_INVERSE_SQUARE = "(2e0 / ({0} * {0}))"
_NORMAL_NEAR = f"0.5e0 * {_HALF_GAUSSIAN} * {_ratio(_MIDDLE, _ARGUMENT)}"
_NORMAL_FAR = (
    f"{_HALF_GAUSSIAN} * (({_ROOT} - {_INVERSE_SQUARE} * {_ratio(_FAR, _INVERSE_SQUARE)}) / (2e0 * {_ARGUMENT}))"
)
_HALF_ERF = f"{{0}} * 0.3535533905932738e0 * {_ratio(_NEAR, '(0.5e0 * {0} * {0})')}"


def _choose(*branches: tuple[str, str]) -> str:
    lines = [f"WHEN {condition} THEN {result}" for condition, result in branches]
    return "CASE " + "\n            ".join(lines) + " END"


SPELLINGS: Spellings = {
    "gaussian": form(
        _choose((_TINY, "1e0"), ("abs({0}) < 26.61", _GAUSSIAN), ("abs({0}) >= 26.61", "0e0")), ATOM, ATOM
    ),
    "erf": form(
        _choose(
            (_TINY, "{0} * 1.1283791670955126e0"),
            ("abs({0}) <= 0.46875", _SMALL),
            ("{0} >= 6", "1e0"),
            ("{0} <= -6", "-1e0"),
            ("{0} > 4", f"1e0 - {_TAIL_FAR}"),
            ("{0} > 0", f"1e0 - {_TAIL_NEAR}"),
            ("{0} < -4", f"{_TAIL_FAR} - 1e0"),
            ("{0} < 0", f"{_TAIL_NEAR} - 1e0"),
        ),
        ATOM,
        ATOM,
    ),
    "erfc": form(
        _choose(
            (_TINY, "1e0"),
            ("abs({0}) <= 0.46875", f"1e0 - {_SMALL}"),
            ("{0} >= 26.54", "0e0"),
            ("{0} <= -6", "2e0"),
            ("{0} > 4", _TAIL_FAR),
            ("{0} > 0", _TAIL_NEAR),
            ("{0} < -4", f"2e0 - {_TAIL_FAR}"),
            ("{0} < 0", f"2e0 - {_TAIL_NEAR}"),
        ),
        ATOM,
        ATOM,
    ),
    "normpdf": form(
        _choose(
            (_TINY, "0.3989422804014327e0"),
            ("abs({0}) < 37.61", f"0.3989422804014327e0 * {_HALF_GAUSSIAN}"),
            ("abs({0}) >= 37.61", "0e0"),
        ),
        ATOM,
        ATOM,
    ),
    "normcdf": form(
        _choose(
            (_TINY, "0.5e0"),
            ("abs({0}) <= 0.66", f"0.5e0 + {_HALF_ERF}"),
            ("{0} >= 8.5", "1e0"),
            ("{0} <= -37.51", "0e0"),
            ("{0} > 5.6", f"1e0 - {_NORMAL_FAR}"),
            ("{0} > 0", f"1e0 - {_NORMAL_NEAR}"),
            ("{0} < -5.6", _NORMAL_FAR),
            ("{0} < 0", _NORMAL_NEAR),
        ),
        ATOM,
        ATOM,
    ),
}
"""Expressions in floor, exp and arithmetic. Nothing in them leaves the range of float64."""
