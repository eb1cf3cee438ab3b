"""Six published small engines: each one's own kind of examples, run with adcli. What a user of any of them looks for.

micrograd (scalar Values), HIPS autograd (`grad` of NumPy code), JAX (transformations), dual-number packages (forward
mode by operators), minitorch and tinygrad (tensors with `backward`), CasADi and Tangent (programs that run again).
"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import Dual, Value, check_grads, grad, hessian, hvp, jacobian, jvp, program, value_and_grad, vjp

# ---------------------------------------------------------------- micrograd


def test_micrograd_the_example_of_its_readme() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


class Neuron:
    def __init__(self, inputs: int, *, bends: bool) -> None:
        self.w = [Value(random.uniform(-1, 1)) for _ in range(inputs)]
        self.b = Value(0.0)
        self.bends = bends

    def __call__(self, x: list[Any]) -> Value:
        total = sum((w * each for w, each in zip(self.w, x, strict=True)), self.b)
        return total.tanh() if self.bends else total  # type: ignore[attr-defined, no-any-return]

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]


def test_micrograd_a_network_of_neurons_learns() -> None:
    random.seed(7)
    layers = [[Neuron(2, bends=True) for _ in range(8)], [Neuron(8, bends=False)]]
    parameters = [p for layer in layers for neuron in layer for p in neuron.parameters()]
    points = [([0.0, 0.0], -1.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], -1.0)]
    losses = []
    for _ in range(150):
        loss = Value(0.0)
        for x, wanted in points:
            h: list[Any] = list(x)
            for layer in layers:
                h = [neuron(h) for neuron in layer]
            loss = loss + (h[0] - wanted) ** 2
        loss.backward()
        for p in parameters:
            p.data -= 0.05 * p.grad
        losses.append(loss.data)
    assert losses[-1] < 0.05 * losses[0]


# ---------------------------------------------------------------- HIPS autograd


def tanh(x: Any) -> Any:
    y = np.exp(-2.0 * x)
    return (1.0 - y) / (1.0 + y)


def test_autograd_derivatives_of_tanh_to_the_sixth() -> None:
    f, wanted = tanh, adcli.compile("tanh(x)")
    node = wanted.result
    from adcli.graph.derive import gradient
    from adcli.graph.expr import Expr

    for _ in range(6):
        f = grad(f)
        [slope] = gradient(node, [Expr(wanted.graph, 0)])
        assert slope is not None
        node = slope
        assert f(0.5) == pytest.approx(adcli.compile(str(node)).value(x=0.5), rel=1e-9)
    assert (grad(tanh)(1.0001) - (tanh(1.0002) - tanh(1.0)) / 0.0002) == pytest.approx(0.0, abs=1e-8)


def test_autograd_logistic_regression_in_numpys_words() -> None:
    inputs = np.array([[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]])
    targets = np.array([True, True, False, True])

    def loss(weights: Any) -> Any:
        predictions = 0.5 * (np.tanh(np.dot(inputs, weights) / 2.0) + 1)
        label_probabilities = predictions * targets + (1 - predictions) * (1 - targets)
        return -np.sum(np.log(label_probabilities))

    weights = np.zeros(3)
    assert check_grads(loss, weights, order=2).ok
    first = loss(weights)
    for _ in range(100):
        weights -= grad(loss)(weights) * 0.1
    assert loss(weights) < 0.2 * first


def test_autograd_control_flow_recursion_and_closures() -> None:
    def taylor_sine(x: Any) -> Any:
        total: Any = 0.0
        term, n = x, 0
        while abs(term) > 1e-17:
            total = total + term
            n += 1
            term = -term * x * x / ((2 * n + 1) * (2 * n))
        return total

    assert grad(taylor_sine)(1.3) == pytest.approx(math.cos(1.3), rel=1e-12)
    assert grad(grad(taylor_sine))(1.3) == pytest.approx(-math.sin(1.3), rel=1e-12)


# ---------------------------------------------------------------- JAX


def test_jax_the_transformations_of_its_quickstart() -> None:
    def sum_logistic(x: Any) -> Any:
        return np.sum(1.0 / (1.0 + np.exp(-x)))

    np.testing.assert_allclose(grad(sum_logistic)(np.arange(3.0)), [0.25, 0.19661193, 0.10499359], rtol=1e-7)
    assert grad(jacobian(grad(sum_logistic)))(1.0) == pytest.approx(-0.0353256, rel=1e-5)
    output, pull = vjp(lambda x, y: (np.sin(x) * y, x + y), 2.0, 3.0)
    _, moved = jvp(lambda x, y: (np.sin(x) * y, x + y), (2.0, 3.0), (1.0, 0.0))
    assert pull((1.0, 0.0))[0] == moved[0]
    assert output[1] == 5.0


def test_jax_jacobians_both_ways_and_hessian_products() -> None:
    w, x = np.array([[0.2, -0.4], [1.0, 0.3], [0.5, 0.5]]), np.array([0.3, -0.7])

    def f(x: Any) -> Any:
        return adcli.tanh(w @ x)

    np.testing.assert_allclose(jacobian(f, mode="forward")(x), jacobian(f, mode="reverse")(x), rtol=1e-15)

    def scalar(x: Any) -> Any:
        return (f(x) ** 2).sum()

    v = np.array([1.0, 2.0])
    np.testing.assert_allclose(hvp(scalar, (x,), (v,)), hessian(scalar)(x) @ v, rtol=1e-13)
    np.testing.assert_allclose(hvp(scalar, (x,), (v,)), grad(lambda x: grad(scalar)(x) @ v)(x), rtol=1e-13)


def test_jax_parameters_in_nested_structures() -> None:
    parameters = [{"w": np.full((2, 2), 0.5), "b": np.zeros(2)}, {"w": np.array([[1.0, -1.0]]), "b": np.zeros(1)}]

    def loss(parameters: Any, x: Any) -> Any:
        h = x
        for layer in parameters:
            h = adcli.tanh(layer["w"] @ h + layer["b"])
        return (h**2).sum()

    value, slopes = value_and_grad(loss, 0)(parameters, np.array([1.0, 2.0]))
    assert value == 0.0
    assert [sorted(layer) for layer in slopes] == [["b", "w"], ["b", "w"]]
    assert slopes[0]["w"].shape == (2, 2)


# ---------------------------------------------------------------- dual numbers


def test_dual_numbers_newtons_method() -> None:
    x: Any = 1.5
    for _ in range(8):
        y = (lambda d: d**3 - d - 2)(Dual(x, 1.0))
        x -= y.value / y.tangent
    assert x**3 - x - 2 == pytest.approx(0.0, abs=1e-14)


def test_dual_numbers_a_gradient_in_one_sweep() -> None:
    x = [Dual(value, np.eye(3)[i]) for i, value in enumerate([1.0, 2.0, 3.0])]
    f = x[0] * x[1] + np.sin(x[2]) / x[0]
    np.testing.assert_allclose(f.tangent, [2.0 - math.sin(3), 1.0, math.cos(3)], rtol=1e-15)


def test_dual_numbers_through_an_algorithm() -> None:
    """Heron's square root: the derivative of the iteration is that of the root."""
    x = a = Dual(2.0, 1.0)
    for _ in range(8):
        x = 0.5 * (x + a / x)
    assert (x.value, x.tangent) == (pytest.approx(math.sqrt(2)), pytest.approx(0.5 / math.sqrt(2)))


# ---------------------------------------------------------------- tensors with backward


def test_tensors_the_example_of_tinygrads_readme() -> None:
    x, y = Value(np.eye(3)), Value([[2.0, 0.0, -2.0]])
    z = (y @ x).sum()
    z.backward()
    np.testing.assert_array_equal(x.grad, [[2.0] * 3, [0.0] * 3, [-2.0] * 3])
    np.testing.assert_array_equal(y.grad, [[1.0, 1.0, 1.0]])


def test_tensors_broadcasting_reductions_and_views_as_in_minitorch() -> None:
    a, b = Value(np.arange(6.0).reshape(2, 3)), Value([10.0, 20.0, 30.0])
    out = ((a * b).sum(axis=1).log() + a.transpose().reshape(2, 3).mean()).sum()
    out.backward()
    rows = (a.value * b.value).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(a.grad, b.value / rows + 2 / 6)
    np.testing.assert_allclose(b.grad, (a.value / rows).sum(axis=0))


def test_tensors_a_classifier_learns() -> None:
    draw = np.random.default_rng(0)
    x = np.concatenate([draw.normal(-1.0, 0.6, (20, 2)), draw.normal(1.0, 0.6, (20, 2))])
    labels = np.repeat([0, 1], 20)
    w, b = Value(draw.normal(size=(2, 2)) * 0.1, label="w"), Value(np.zeros(2), label="b")
    loss = -adcli.log_softmax(x @ w + b)[np.arange(40), labels].mean()
    first = loss.value
    for _ in range(50):
        loss.backward()
        for p in (w, b):
            p.value -= 0.5 * p.grad
        loss.forward()
    assert loss.value < 0.2 * first


# ---------------------------------------------------------------- programs that run again


def test_programs_a_function_object_as_in_casadi() -> None:
    rosenbrock = program(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, 0.0, 0.0)
    assert rosenbrock.forward(x=1.0, y=1.0) == 0.0
    assert rosenbrock.backward() == {"x": 0.0, "y": 0.0}
    assert rosenbrock.forward(x=0.0) == 101.0
    assert rosenbrock.backward() == {"x": -2.0, "y": 200.0}


def test_programs_gradient_code_that_can_be_read_as_in_tangent() -> None:
    f = adcli.compile("u = sin(x); u*u")
    assert f.variables == ("x",)
    slope = adcli.compile(str(f.slopes()[0]))
    assert slope.value(x=0.7) == pytest.approx(2 * math.sin(0.7) * math.cos(0.7), rel=1e-15)
