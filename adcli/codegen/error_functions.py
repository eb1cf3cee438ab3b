"""The error functions as SQL expressions, for databases that have none: W. J. Cody's rational approximations.

The coefficients are those of Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969), as
in his program CALERF. The relative error is a few 1e-16.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ops.arithmetic import ATOM
from .forms import Spellings, form

# Numerators and denominators from the leading coefficient on.
_NEAR = (
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)
_MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
     8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
     3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3),
)  # fmt: skip
_FAR = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
     1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2,
     2.33520497626869185e-3),
)  # fmt: skip
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
}
"""Expressions in floor, exp and arithmetic. Nothing in them leaves the range of float64."""
