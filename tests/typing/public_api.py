"""The types that an editor shows for the public names. `make check` runs mypy on this file. Nothing is executed."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_type

import numpy as np
from numpy.typing import NDArray

import adcli
from adcli import Dual, Value

Array = NDArray[np.float64]
Numeric = float | Array


def f(x: float) -> float:
    return x * x


def of_numbers(x: float, y: float) -> float:
    return x * y


def of_array(x: Array) -> float:
    return float(x @ x)


def values(x: Value, y: Value, a: Array) -> None:
    assert_type(x * y, Value)
    assert_type(x * 2.0, Value)
    assert_type(2.0 * x, Value)
    assert_type(2 / x, Value)
    assert_type(x * a, Value)
    assert_type(x - y, Value)
    assert_type(-(x**2), Value)
    assert_type(abs(x) + x @ y, Value)
    assert_type(x[0], Value)
    assert_type(x.T, Value)
    assert_type(x.value, Numeric)
    assert_type(x.data, Numeric)
    assert_type(x.grad, Numeric)
    assert_type(x.forward(), Numeric)
    assert_type(x.item(), float)
    assert_type(round(x), int)
    assert_type(round(x, 3), float)
    assert_type(x.prev, tuple[Value, ...])
    assert_type(x.shape, tuple[int, ...])
    x.data -= 0.1 * x.grad


def duals(x: Dual, y: Dual) -> None:
    assert_type(x * y, Dual)
    assert_type(1.0 / x, Dual)
    assert_type(x.value, Numeric)
    assert_type(x.tangent, Numeric)
    assert_type(x.item(), float)


def transformations(a: Array) -> None:
    assert_type(adcli.grad(f)(2.0), float)
    assert_type(adcli.grad(f)(2), float)
    assert_type(adcli.grad(of_array)(a), Array)
    assert_type(adcli.grad(of_numbers)(2.0, 3.0), tuple[float, float])
    assert_type(adcli.grad(of_numbers, 0)(2.0, 3.0), float)
    assert_type(adcli.grad(lambda x, y, z: x * y * z)(1.0, 2.0, 3.0), tuple[float, ...])
    assert_type(adcli.grad(adcli.grad(f))(2.0), float)
    assert_type(adcli.grad(lambda x: x**3)(2.0), float)
    assert_type(adcli.grad(lambda a, x: (a * x).sum())(a, 2.0), tuple[Array, float])
    assert_type(adcli.grad(adcli.compile("x*y"))(2.0, 3.0), tuple[float, float])
    assert_type(adcli.grad(lambda p: p[0] * p[1])([2.0, 3.0]), list[float])
    assert_type(adcli.value_and_grad(f)(2.0), tuple[float, float])
    assert_type(adcli.value_and_grad(of_array)(a), tuple[float, Array])
    assert_type(adcli.value_and_grad(of_array, argnums=0)(a), tuple[float, Array])
    assert_type(adcli.jacobian(f)(2.0), Numeric)
    assert_type(adcli.jacobian(lambda x: x**2)(a), Array)
    assert_type(adcli.hessian(f)(2.0), float)
    assert_type(adcli.hessian(of_array)(a), Array)
    assert_type(adcli.hvp(f, (2.0,), (1.0,)), float)
    assert_type(adcli.hvp(of_array, (a,), (a,)), Array)
    assert_type(adcli.hvp(of_numbers, (2.0, 3.0), (1.0, 0.0)), tuple[float, ...])
    assert_type(adcli.jvp(f, (2.0,), (1.0,)), tuple[float, float])
    assert_type(adcli.vjp(f, 2.0), tuple[float, Callable[[float], tuple[float, ...]]])
    assert_type(adcli.check_grads(f, 2.0).ok, bool)


def compiled(a: Array) -> None:
    function = adcli.compile("x*y")
    point = {"x": 1.0, "y": 2.0}
    arrays = {"x": a, "y": a}
    assert_type(function(2.0, 3), float)
    assert_type(function(x=2.0, y=3), float)
    assert_type(function(a, 3.0), Numeric)
    assert_type(function.value(x=1.0, y=2), float)
    assert_type(function.value(point), float)
    assert_type(function.value(**point), float)
    assert_type(function.value(x=[1.0, 2.0], y=2.0), Numeric)
    assert_type(function.value(arrays), Numeric)
    assert_type(function.gradient(x=1.0, y=2.0), dict[str, float])
    assert_type(function.gradient(1.0, 2.0, wrt="x"), dict[str, float])
    assert_type(function.gradient(**point), dict[str, float])
    assert_type(function.gradient(a, 2.0, wrt=["x"]), dict[str, Numeric])
    assert_type(function.gradient(**arrays), dict[str, Numeric])
    assert_type(function.value_and_gradient(point), tuple[float, dict[str, float]])
    assert_type(function.value_and_gradient(arrays), tuple[float, dict[str, Numeric]])
    assert_type(function.jacobian(x=1.0, y=2.0), list[dict[str, float]])
    assert_type(function.jacobian(x=a, y=2.0), dict[str, Numeric])
    assert_type(function.hessian(1.0, 2.0), dict[str, dict[str, float]])
    assert_type(function.hessian(arrays, wrt="x"), dict[str, dict[str, Numeric]])
    assert_type(function.hvp(point, {"x": 1.0}), dict[str, float])
    assert_type(function.hvp([1.0, 2.0], [1.0, 0.0], wrt="x"), dict[str, float])
    assert_type(function.hvp(arrays, {"x": a}), dict[str, Numeric])
    assert_type(function.jvp(point, [1.0, 0.0]), float)
    assert_type(function.jvp(arrays, arrays), Numeric)
    assert_type(function.taylor(3, x=1.0, y=2.0, wrt="x"), list[float])
    assert_type(function.batch(x=[1.0, 2.0], y=a), tuple[Array, dict[str, Array]])
    assert_type(function.batch(a, 2.0, wrt=(), threads=1), tuple[Array, dict[str, Array]])
    assert_type(function.batcher(wrt="x")({"x": a, "y": 2.0}), tuple[Array, dict[str, Array]])
    assert_type(function.columns("hessian", x=a, y=2.0), dict[str, Array])
    assert_type(function.diff("x")(1.0, 2.0), float)
    assert_type(function.code("c"), str)
    assert_type(function.latex(), str)
    assert_type(function.trace(1.0, 2.0, wrt="x").text(), str)
    assert_type(function.variables, tuple[str, ...])
    assert_type(adcli.grad(function)(1.0, 2.0), tuple[float, float])


def programs(source: Value) -> None:
    recorded = adcli.program(source)
    assert_type(recorded.forward(x=1.0), Numeric)
    assert_type(recorded.backward(), dict[str, Numeric])
    assert_type(recorded.inputs, dict[str, Numeric])
    assert_type(recorded.value, Numeric | None)
