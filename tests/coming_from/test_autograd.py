"""What users of HIPS autograd write: NumPy's own functions, loops and branches, containers, nested grad."""

from __future__ import annotations

from itertools import pairwise
from math import cos, cosh, exp, sin
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import grad, hessian, jacobian, value_and_grad


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (np.sin, cos),
        (np.exp, exp),
        (np.tanh, lambda x: 1 / cosh(x) ** 2),
        (np.sqrt, lambda x: 0.5 * x**-0.5),
        (np.log, lambda x: 1 / x),
        (np.arctan, lambda x: 1 / (1 + x * x)),
        (np.square, lambda x: 2 * x),
        (np.abs, lambda x: 1.0),
        (lambda x: np.maximum(x, 0.5), lambda x: 1.0),
        (lambda x: np.where(x > 1, x, x * x), lambda x: 2 * x),
    ],
)
def test_functions_of_numpy(function: Any, slope: Any) -> None:
    assert grad(function)(0.7) == pytest.approx(slope(0.7), rel=1e-14)
    points = np.array([0.7, 0.8])
    np.testing.assert_allclose(grad(lambda x: np.sum(function(x)))(points), [slope(0.7), slope(0.8)], rtol=1e-14)


def test_derivatives_nest() -> None:
    """The README's tanh, six times; the odd derivatives of tanh at 0 are 1, -2, 16."""

    def bent(x: Any) -> Any:
        return (1.0 - np.exp(-2 * x)) / (1.0 + np.exp(-2 * x))

    f, found = bent, []
    for _ in range(6):
        f = grad(f)
        found.append(f(0.0))
    np.testing.assert_allclose(found, [1, 0, -2, 0, 16, 0], atol=1e-9)


def test_loops_and_branches_are_followed() -> None:
    def taylor_sine(x: Any) -> Any:
        total = term = x
        i = 0
        while np.abs(term) > 1e-17:
            term = -term * x * x / ((2 * i + 3) * (2 * i + 2))
            total = total + term
            i += 1
        return total

    assert taylor_sine(1.2) == pytest.approx(sin(1.2), rel=1e-15)
    assert grad(taylor_sine)(1.2) == pytest.approx(cos(1.2), rel=1e-14)
    assert grad(grad(taylor_sine))(1.2) == pytest.approx(-sin(1.2), rel=1e-13)


def test_containers_in_and_out() -> None:
    def f(p: Any) -> Any:
        return p["a"] ** 2 * p["b"][0] + np.sum(np.sin(p["b"][1][0]))

    value, slopes = value_and_grad(f)({"a": 3.0, "b": [2.0, (np.array([0.0, 1.0]),)]})
    assert value == pytest.approx(18 + sin(1))
    assert slopes["a"] == 12.0
    assert slopes["b"][0] == 9.0
    assert isinstance(slopes["b"][1], tuple)
    np.testing.assert_allclose(slopes["b"][1][0], [1.0, cos(1.0)])


def test_jacobian_and_hessian() -> None:
    x = np.array([0.5, -1.0, 2.0])
    np.testing.assert_allclose(jacobian(lambda x: x[:, None] * x)(x)[0], [[1.0, 0, 0], [-1.0, 0.5, 0], [2.0, 0, 0.5]])
    np.testing.assert_allclose(hessian(lambda x: np.prod(x))(x), [[0, 2, -1], [2, 0, 0.5], [-1, 0.5, 0]])


def test_argnums() -> None:
    def f(x: Any, y: Any, scale: float = 1.0) -> Any:
        return scale * x * y**2

    assert grad(f, 0)(2.0, 3.0) == 9.0
    assert grad(f, 1)(2.0, 3.0, scale=10.0) == 120.0
    assert grad(f, (1, 0))(2.0, 3.0) == (12.0, 9.0)
    assert grad(f)(2.0, 3.0) == (9.0, 12.0)


def test_logistic_regression() -> None:
    """The README's training loop: log-likelihood of four points falls at each step."""
    inputs = np.array([[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]])
    targets = np.array([True, True, False, True])

    def loss(weights: Any) -> Any:
        chance = 0.5 * (np.tanh(inputs @ weights / 2) + 1)
        return -np.sum(np.log(chance * targets + (1 - chance) * (1 - targets)))

    weights = np.zeros(3)
    by_hand = inputs.T @ (0.5 - targets)
    np.testing.assert_allclose(grad(loss)(weights), by_hand, rtol=1e-14)
    losses = []
    for _ in range(100):
        value, slopes = value_and_grad(loss)(weights)
        losses.append(value)
        weights = weights - 0.01 * slopes
    assert all(later < earlier for earlier, later in pairwise(losses))
    assert adcli.check_grads(loss, weights, order=2).ok
