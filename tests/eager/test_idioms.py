"""What users of other engines write: micrograd, PyTorch, autograd, JAX, dual numbers and CasADi.

The scripts that docs/coming-from.md shows are `examples/from_*.py`, which `tests/test_examples.py` runs. These tests
cover what the scripts leave out.
"""

from __future__ import annotations

import random
from itertools import pairwise
from math import cos, cosh, exp, sin
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import Dual, RequestError, Value, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

X = np.array([0.3, -0.8, 1.7])


# ---------------------------------------------------------------- micrograd


def test_the_sanity_check() -> None:
    """Its first test; expected by hand: for z < 0 both relu(z) and its slope are 0."""
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    # z = 3x + 2, h = z**2, q = z*x: y = z**2 + z*x + z*x**2
    assert y.data == 100.0 + 40.0 - 160.0
    assert x.grad == 2 * -10 * 3 + (6 * -4 + 2) + (9 * 16 + 4 * -4)


def test_a_neuron() -> None:
    """The lecture's neuron: tanh of a weighted sum that is asinh(1), where the slope of tanh is 1/2."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.881373587019543, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    o.backward()
    assert o.value == pytest.approx(0.5**0.5)
    assert [round(node.grad, 12) for node in (x1, w1, x2, w2)] == [-1.5, 1.0, 0.5, 0.0]
    e = (2 * n).exp()
    apart = (e - 1) / (e + 1)
    apart.backward()
    assert [round(node.grad, 12) for node in (x1, w1, x2, w2)] == [-1.5, 1.0, 0.5, 0.0]
    assert [str(node.op) for node in o.prev] == ["+"]
    assert "x1" in o.picture().title or o.picture().nodes


def test_a_network_of_scalars_learns() -> None:
    """Two inputs, four relu neurons, hinge loss on exclusive or."""
    draw = random.Random(2)
    hidden = [[Value(draw.uniform(-1, 1)) for _ in range(3)] for _ in range(4)]
    output = [Value(draw.uniform(-1, 1)) for _ in range(5)]
    parameters = [w for neuron in [*hidden, output] for w in neuron]

    def score(x: list[float]) -> Any:
        signals = [sum((w * v for w, v in zip(ws, x, strict=False)), ws[-1]).relu() for ws in hidden]  # type: ignore[attr-defined]
        return sum((w * s for w, s in zip(output, signals, strict=False)), output[-1])

    table = [([0.0, 0.0], -1), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], -1)]
    loss = sum((1 - side * score(x)).relu() for x, side in table)
    start = loss.value
    for _ in range(300):
        loss.backward()
        for w in parameters:
            w.data -= 0.05 * w.grad
        loss.forward()
    assert loss.value < 0.1 * start
    assert all(score(x).value * side > 0 for x, side in table)


# ---------------------------------------------------------------- PyTorch, tinygrad, minitorch


def test_broadcasting_is_summed_back() -> None:
    column, row, number = Value([[1.0], [2.0]]), Value([3.0, 4.0, 5.0]), Value(2.0)
    adcli.sum(column * row * number).backward()
    np.testing.assert_array_equal(column.grad, [[24.0], [24.0]])
    np.testing.assert_array_equal(row.grad, [6.0, 6.0, 6.0])
    assert number.grad == 36.0


def test_batched_products() -> None:
    a, b = Value(np.arange(12.0).reshape(2, 2, 3)), Value(np.ones((3, 4)))
    product = a @ b
    assert product.shape == (2, 2, 4)
    product.backward(seed=np.ones((2, 2, 4)))
    np.testing.assert_array_equal(a.grad, np.full((2, 2, 3), 4.0))
    np.testing.assert_array_equal(b.grad, np.repeat(a.value.sum(axis=(0, 1))[:, None], 4, axis=1))


def test_indices_that_repeat_add_up() -> None:
    table = Value(np.arange(6.0).reshape(3, 2))
    adcli.sum(table[np.array([0, 2, 0])] * np.array([[1.0], [10.0], [100.0]])).backward()
    np.testing.assert_array_equal(table.grad, [[101.0, 101.0], [0.0, 0.0], [10.0, 10.0]])


def test_cross_entropy() -> None:
    """Its gradient is softmax minus the label, over the number of rows."""
    scores, labels = Value([[2.0, -1.0, 0.5], [1000.0, 0.0, -1000.0]]), np.array([2, 0])
    loss = -adcli.mean(adcli.log_softmax(scores, axis=1)[np.arange(2), labels])
    loss.backward()
    chances = np.exp([2.0, -1.0, 0.5]) / np.sum(np.exp([2.0, -1.0, 0.5]))
    np.testing.assert_allclose(scores.grad, [(chances - [0, 0, 1]) / 2, [0.0, 0.0, 0.0]], rtol=1e-13, atol=1e-16)
    assert loss.value == pytest.approx(-np.log(chances[2]) / 2, rel=1e-14)


def test_a_training_loop() -> None:
    """A layer learns a linear map; parameters are changed in place between passes of one graph."""
    inputs = np.random.default_rng(0).normal(size=(50, 3))
    truth = np.array([[1.0, -1.0], [0.5, 2.0], [0.0, 0.3]])
    weights, offset = Value(np.zeros((3, 2))), Value(np.zeros(2))
    loss = adcli.mean((inputs @ weights + offset - (inputs @ truth + 0.25)) ** 2)
    for _ in range(300):
        loss.backward()
        weights.value -= 0.5 * weights.grad
        offset.value -= 0.5 * offset.grad
        loss.forward()
    np.testing.assert_allclose(weights.value, truth, atol=1e-10)
    np.testing.assert_allclose(offset.value, [0.25, 0.25], atol=1e-10)


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


# ---------------------------------------------------------------- autograd


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


# ---------------------------------------------------------------- JAX


def bumps(x: Any) -> Any:
    """A scalar function of a vector, with a Hessian that is full."""
    return adcli.sum(adcli.sin(x)) * adcli.sum(x**2)


def slope(x: Any) -> Any:
    """Its gradient, by hand."""
    return np.cos(x) * np.sum(x**2) + 2 * x * np.sum(np.sin(x))


def curvature(x: Any) -> Any:
    """Its Hessian, by hand."""
    mixed = 2 * np.outer(np.cos(x), x)
    return mixed + mixed.T + np.diag(-np.sin(x) * np.sum(x**2) + 2 * np.sum(np.sin(x)))


@pytest.mark.parametrize("outer", ["forward", "reverse"])
@pytest.mark.parametrize("inner", ["forward", "reverse"])
def test_modes_nest_in_every_order(outer: str, inner: str) -> None:
    np.testing.assert_allclose(jacobian(bumps, mode=inner)(X), slope(X), rtol=1e-14)
    np.testing.assert_allclose(jacobian(jacobian(bumps, mode=inner), mode=outer)(X), curvature(X), rtol=1e-13)


def test_hessian_and_its_product() -> None:
    v = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(hessian(bumps)(X), curvature(X), rtol=1e-13)
    np.testing.assert_allclose(hvp(bumps, (X,), (v,)), curvature(X) @ v, rtol=1e-13)
    np.testing.assert_allclose(grad(lambda x: adcli.sum(grad(bumps)(x) * v))(X), curvature(X) @ v, rtol=1e-13)


def test_push_and_pull_are_adjoint() -> None:
    matrix = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0]])

    def layer(a: Any, x: Any) -> Any:
        return {"bent": adcli.tanh(a @ x), "norm": adcli.norm(x)}

    tangents = (np.ones((2, 3)), np.array([0.1, 0.2, -0.3]))
    cotangent = {"bent": np.array([2.0, -1.0]), "norm": 0.7}
    output, moved = jvp(layer, (matrix, X), tangents)
    again, pull = vjp(layer, matrix, X)
    np.testing.assert_allclose(output["bent"], np.tanh(matrix @ X))
    assert again["norm"] == output["norm"] == pytest.approx(np.linalg.norm(X))
    by_matrix, by_x = pull(cotangent)
    one = np.sum(cotangent["bent"] * moved["bent"]) + cotangent["norm"] * moved["norm"]
    other = np.sum(by_matrix * tangents[0]) + np.sum(by_x * tangents[1])
    assert one == pytest.approx(other, rel=1e-13)


def test_a_tree_of_parameters() -> None:
    parameters = [{"w": np.array([[0.5, -0.2]]), "b": np.zeros(2)}, {"w": np.array([[1.0], [-1.0]]), "b": np.zeros(1)}]

    def predict(network: Any, x: Any) -> Any:
        for layer in network:
            x = adcli.softplus(x @ layer["w"] + layer["b"])
        return adcli.sum(x)

    slopes = grad(predict, argnums=0)(parameters, np.array([[1.0], [2.0]]))
    assert [{name: array.shape for name, array in layer.items()} for layer in slopes] == [
        {"w": (1, 2), "b": (2,)},
        {"w": (2, 1), "b": (1,)},
    ]
    assert adcli.check_grads(lambda network: predict(network, np.array([[1.0], [2.0]])), parameters).ok


def test_the_double_where_is_not_needed() -> None:
    """JAX's FAQ: a nan behind a branch not taken; here one where does."""
    safe = lambda x: adcli.where(x > 0, adcli.log(x), 0.0)  # noqa: E731
    assert [grad(safe)(x) for x in (-1.0, 0.0, 2.0)] == [0.0, 0.0, 0.5]
    np.testing.assert_array_equal(grad(lambda x: adcli.sum(safe(x)))(np.array([-1.0, 0.0, 2.0])), [0.0, 0.0, 0.5])


def test_batches_do_what_vmap_is_used_for() -> None:
    matrices = np.stack([np.eye(2), [[2.0, 0.5], [0.5, 1.0]]])
    slopes = grad(lambda a: adcli.sum(adcli.logdet(a)))(matrices)
    np.testing.assert_allclose(slopes, np.swapaxes(np.linalg.inv(matrices), -1, -2), rtol=1e-14)


def test_a_program_is_recorded_once() -> None:
    calls = []

    def counted(x: Any) -> Any:
        calls.append(1)
        return bumps(x)

    recorded = adcli.program(counted, X)
    for scale in (1.0, -2.0, 0.5):
        assert recorded.forward(x=scale * X) == pytest.approx(bumps(scale * X), rel=1e-15)
        np.testing.assert_allclose(recorded.backward()["x"], slope(scale * X), rtol=1e-14)
    assert len(calls) == 1


def test_the_transformations_of_its_quickstart() -> None:
    def sum_logistic(x: Any) -> Any:
        return np.sum(1.0 / (1.0 + np.exp(-x)))

    np.testing.assert_allclose(grad(sum_logistic)(np.arange(3.0)), [0.25, 0.19661193, 0.10499359], rtol=1e-7)
    assert grad(jacobian(grad(sum_logistic)))(1.0) == pytest.approx(-0.0353256, rel=1e-5)
    output, pull = vjp(lambda x, y: (np.sin(x) * y, x + y), 2.0, 3.0)
    _, moved = jvp(lambda x, y: (np.sin(x) * y, x + y), (2.0, 3.0), (1.0, 0.0))
    assert pull((1.0, 0.0))[0] == moved[0]
    assert output[1] == 5.0


# ---------------------------------------------------------------- dual numbers


def derivative(f: Any, x: float) -> Any:
    """ForwardDiff's name for it."""
    return jvp(f, (x,), (1.0,))[1]


@pytest.mark.parametrize(
    ("f", "tangent"),
    [
        (lambda x: 1 / x, -0.25),
        (lambda x: 3 - x, -1.0),
        (lambda x: 2**x, 4 * np.log(2)),
        (lambda x: x**x, 4 * (1 + np.log(2))),
        (lambda x: abs(-x), 1.0),
        (lambda x: x % 1.5, 1.0),
        (lambda x: np.exp(x), exp(2)),
        (lambda x: adcli.hypot(x, 1.5), 0.8),
        (lambda x: adcli.max(x, 1.0, x), 1.0),
        (lambda x: x if x > 1 else -x, 1.0),
    ],
)
def test_tangents_of_operators(f: Any, tangent: float) -> None:
    assert f(Dual(2.0, 1.0)).tangent == pytest.approx(tangent, rel=1e-14)
    assert f(Dual(2.0, [1.0, -2.0])).tangent == pytest.approx([tangent, -2 * tangent], rel=1e-14)


def test_derivatives_of_higher_order() -> None:
    f: Any = adcli.sin
    for exact in (cos(0.3), -sin(0.3), -cos(0.3), sin(0.3), cos(0.3)):
        f = (lambda g: lambda x: derivative(g, x))(f)
        assert f(0.3) == pytest.approx(exact, rel=1e-12)


def test_a_chunk_of_tangents_of_arrays() -> None:
    x = np.array([0.4, 0.9, 1.1])
    matrix = np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0], [0.0, 1.0, 1.0]])
    chunk = adcli.solve(Dual(matrix, np.zeros((3, 3))), Dual(x, np.eye(3)))
    np.testing.assert_allclose(chunk.tangent.T, np.linalg.inv(matrix), rtol=1e-13)
    np.testing.assert_allclose(jacobian(lambda x: adcli.solve(matrix, x))(x), np.linalg.inv(matrix), rtol=1e-13)


def test_a_solver_is_differentiated_through() -> None:
    """The tangent of Newton's iteration for a square root is that of the root."""

    def root(a: Any) -> Any:
        x = a
        while abs(x * x - a) > 1e-14 * a:
            x = (x + a / x) / 2
        return x

    assert derivative(root, 2.0) == pytest.approx(0.5 / 2**0.5, rel=1e-14)


# ---------------------------------------------------------------- CasADi


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


def test_programs_a_function_object_as_in_casadi() -> None:
    rosenbrock = adcli.program(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, 0.0, 0.0)
    assert rosenbrock.forward(x=1.0, y=1.0) == 0.0
    assert rosenbrock.backward() == {"x": 0.0, "y": 0.0}
    assert rosenbrock.forward(x=0.0) == 101.0
    assert rosenbrock.backward() == {"x": -2.0, "y": 200.0}
