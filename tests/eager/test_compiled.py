"""A compiled formula is a function like any other for `grad` and its kin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import adcli
from adcli import (
    Dual,
    RequestError,
    ShapeError,
    UnknownNameError,
    Value,
    check_grads,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)

PRODUCT = adcli.compile("x*y")
FORM = adcli.compile("u = A @ x; u @ u + sum(log([1, 2])*x)")
MATRIX, POINT = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.3, -0.4])


def form(x: Any, a: Any = MATRIX) -> Any:
    return (a @ x) @ (a @ x) + adcli.sum(np.log([1.0, 2.0]) * x)


def test_a_formula_of_numbers() -> None:
    assert grad(PRODUCT)(2.0, 3.0) == (3.0, 2.0)
    assert grad(PRODUCT, 1)(2.0, 3.0) == 2.0
    assert grad(PRODUCT, 0)(2, y=3) == 3.0
    assert value_and_grad(PRODUCT)(2.0, 3.0) == (6.0, (3.0, 2.0))
    assert jacobian(PRODUCT)(2.0, 3.0) == (3.0, 2.0)
    assert hessian(PRODUCT)(2.0, 3.0) == ((0.0, 1.0), (1.0, 0.0))
    assert jvp(PRODUCT, (2.0, 3.0), (1.0, 10.0)) == (6.0, 23.0)
    assert hvp(PRODUCT, (2.0, 3.0), (1.0, 10.0)) == (10.0, 1.0)
    output, pull = vjp(PRODUCT, 2.0, 3.0)
    assert (output, pull(1.0)) == (6.0, (3.0, 2.0))
    assert check_grads(PRODUCT, 2.0, 3.0).ok


def test_derivatives_nest() -> None:
    cube = adcli.compile("x^3")
    assert grad(grad(cube))(2.0) == 12.0
    assert grad(grad(grad(cube)))(2.0) == 6.0
    assert grad(lambda x: x * grad(cube)(x))(2.0) == 36.0


def test_a_formula_of_arrays() -> None:
    by_x = grad(FORM, 1)(MATRIX, POINT)
    np.testing.assert_allclose(by_x, grad(form)(POINT), rtol=1e-14)
    np.testing.assert_allclose(hessian(FORM, 1)(MATRIX, POINT), 2 * MATRIX.T @ MATRIX, rtol=1e-14)
    np.testing.assert_allclose(hvp(lambda x: FORM(MATRIX, x), (POINT,), (POINT,)), 2 * MATRIX.T @ MATRIX @ POINT)
    assert check_grads(FORM, MATRIX, POINT).ok
    np.testing.assert_array_equal(jacobian(adcli.compile("[x*y, x]"))(2.0, 3.0), [[3.0, 1.0], [2.0, 0.0]])


def test_values_and_duals_as_operands() -> None:
    x = Value(2.0)
    z = PRODUCT(x, 3.0) + PRODUCT(y=x, x=x)
    z.backward()
    assert (z.value, x.grad) == (10.0, 7.0)
    assert PRODUCT(Dual(2.0, 1.0), 3.0).tangent == 3.0
    assert str(adcli.program(lambda x: PRODUCT(x, 2.0), 1.0)) == "x*2"


def test_mistakes() -> None:
    with pytest.raises(RequestError, match="y"):
        grad(PRODUCT)(2.0)
    with pytest.raises(RequestError, match="3"):
        grad(PRODUCT)(2.0, 3.0, 4.0)
    with pytest.raises(UnknownNameError, match="z"):
        grad(PRODUCT)(2.0, z=3.0)
    with pytest.raises(ShapeError):
        grad(FORM)(MATRIX, np.ones(3))
    with pytest.raises(ShapeError, match="jacobian"):
        grad(adcli.compile("[x, x]"))(2.0)
