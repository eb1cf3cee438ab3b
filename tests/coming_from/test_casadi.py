"""What users of CasADi write: functions of symbols that are recorded once, branches as nodes, linear solves."""

from __future__ import annotations

from math import cos, exp, sin
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import RequestError, ShapeError, UnknownNameError, Value

SEVEN = "v1 = x*w; v2 = sin(v1); v3 = v1 + v2; v4 = v2**2; v5 = exp(v3); v6 = v4*w; v5 + v6"


def seven(x: Any, w: Any) -> Any:
    """The seven lines in Python."""
    v1 = x * w
    v2 = adcli.sin(v1)
    return adcli.exp(v1 + v2) + v2**2 * w


def by_hand(x: float, w: float) -> tuple[float, float, float]:
    """Value and slopes of the seven lines."""
    s, c = sin(x * w), cos(x * w)
    by_v1 = exp(x * w + s) * (1 + c) + 2 * s * c * w
    return exp(x * w + s) + s * s * w, by_v1 * w, by_v1 * x + s * s


SOURCES = {
    "text": lambda: adcli.program(SEVEN, x=1.0, w=4.0),
    "function": lambda: adcli.program(seven, 1.0, 4.0),
    "values": lambda: adcli.program(seven(Value(1.0, label="x"), Value(4.0, label="w"))),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_program_from_any_source(source: Any) -> None:
    recorded = source()
    for x, w in [(1.0, 4.0), (0.2, -1.0), (-0.7, 2.5), (0.0, 0.0)]:
        value, by_x, by_w = by_hand(x, w)
        assert recorded.forward(x=x, w=w) == pytest.approx(value, rel=1e-14)
        slopes = recorded.backward()
        assert (slopes["x"], slopes["w"]) == pytest.approx((by_x, by_w), rel=1e-13, abs=1e-15)
    assert recorded.inputs == {"x": 0.0, "w": 0.0}


def test_an_input_keeps_its_value_until_it_is_set() -> None:
    recorded = adcli.program(lambda x, y: x * y, 2.0, 3.0)
    assert recorded.forward() == 6.0
    assert recorded.forward(y=5.0) == 10.0
    assert recorded.forward(x=-1.0) == -5.0
    assert recorded.backward() == {"x": 5.0, "y": -1.0}


@pytest.mark.parametrize(
    ("f", "slopes"),
    [
        (lambda x: adcli.where(x > 0, x**2, -x), (-1.0, 4.0)),
        (lambda x: adcli.max(x, 0.0), (0.0, 1.0)),
        (abs, (-1.0, 1.0)),
        (lambda x: adcli.clip(x, -1.0, 1.0) * x, (-1.0, 1.0)),
        (lambda x: adcli.where(x > 0, adcli.log(x), adcli.sqrt(-x)), (-0.5 / 2**0.5, 0.5)),
    ],
)
def test_branches_are_nodes(f: Any, slopes: tuple[float, float]) -> None:
    """Recorded on one side, right on the other."""
    for recorded_at in (-2.0, 2.0):
        recorded = adcli.program(f, recorded_at)
        for x, slope in zip((-2.0, 2.0), slopes, strict=True):
            assert recorded.forward(x=x) == f(x)
            assert recorded.backward()["x"] == pytest.approx(slope)


def test_matrices_are_symbols_too() -> None:
    recorded = adcli.program(lambda A, b: b @ adcli.solve(A, b) + adcli.logdet(A), np.eye(2), np.zeros(2))
    matrix, b = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, -1.0])
    x = np.linalg.solve(matrix, b)
    assert recorded.forward(A=matrix, b=b) == pytest.approx(b @ x + np.log(np.linalg.det(matrix)))
    slopes = recorded.backward()
    np.testing.assert_allclose(slopes["b"], 2 * x, rtol=1e-14)
    np.testing.assert_allclose(slopes["A"], -np.outer(x, x) + np.linalg.inv(matrix), rtol=1e-14)


def test_a_recorded_derivative() -> None:
    """Newton's step as a program: the slope and the curvature are nodes of it."""
    step = adcli.program(lambda x: x - adcli.grad(adcli.cosh)(x) / adcli.grad(adcli.grad(adcli.cosh))(x), 1.0)
    assert step.forward(x=0.5) == pytest.approx(0.5 - np.tanh(0.5), rel=1e-15)
    assert step.backward()["x"] == pytest.approx(np.tanh(0.5) ** 2, rel=1e-13)


def test_any_kind_of_parameter_names_an_input() -> None:
    recorded = adcli.program(
        lambda x, /, *xs, scale=2.0, **more: x * xs[0] * xs[1] * scale * more["y"], 1.0, 2.0, 3.0, y=5.0
    )
    assert recorded.inputs == {"x": 1.0, "xs1": 2.0, "xs2": 3.0, "scale": 2.0, "y": 5.0}
    assert recorded.forward(xs2=1.0) == 20.0
    assert recorded.backward()["xs2"] == 20.0
    with pytest.raises(RequestError, match="'xs1'"):
        adcli.program(lambda xs1, *xs: xs1 * xs[0], 1.0, 2.0)


def test_what_is_wrong_is_said() -> None:
    recorded = adcli.program(lambda speed, A: A * speed, 1.0, np.ones(2))
    with pytest.raises(UnknownNameError, match="did you mean 'speed'"):
        recorded.forward(sped=2.0)
    with pytest.raises(ShapeError, match=r"\(3,\)"):
        recorded.forward(A=np.ones(3))
    with pytest.raises(ShapeError, match="sum it"):
        recorded.backward()
    with pytest.raises(RequestError, match="examples do not fit"):
        adcli.program(lambda x, y: x * y, 1.0)
    with pytest.raises(TypeError, match="where"):
        adcli.program(lambda x: x if x > 0 else -x, 1.0)
