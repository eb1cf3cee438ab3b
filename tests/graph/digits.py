"""The value of a text at a point to 60 digits, by the independent reference; None where it is undefined."""

from __future__ import annotations

from collections.abc import Mapping

from mpmath import mp, mpf

from tests.reference.evaluator import Jet, Undefined, _Walker, parse

DIGITS = 60


def digits(text: str, point: Mapping[str, float]) -> mpf | None:
    parsed = parse(text)
    shape = Jet({(): mpf(0)}, 0, 0)
    with mp.workdps(DIGITS):
        scope = {name: shape.lift(mpf(point[name])) for name in parsed.variables}
        walker = _Walker(scope, shape)
        try:
            for name, expression in parsed.bindings:
                scope[name] = walker.walk(expression)
            return +walker.walk(parsed.result).value
        except (Undefined, ZeroDivisionError):
            return None
