"""Functions of functions: their values, how they nest, what goes in and out, what they say."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import adcli
from adcli import IndependenceWarning, RequestError, ShapeError, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from adcli.formula.lowered import Lowered


class Layer(NamedTuple):
    w: Any
    b: Any


X = np.array([1.0, 2.0, 3.0])


# ---------------------------------------------------------------- arguments


def test_all_positional_arguments_by_default() -> None:
    assert grad(lambda x, y: x * y + x)(2.0, 3.0) == (4.0, 2.0)
    assert grad(lambda x: x * x)(3.0) == 6.0
    assert value_and_grad(lambda x, y: x * y + x)(2.0, 3.0) == (8.0, (4.0, 2.0))


@pytest.mark.parametrize(
    ("argnums", "wanted"),
    [(0, 12.0), (1, 8.0), (-1, 6.0), (-3, 12.0), ((0,), (12.0,)), ((2, 0), (6.0, 12.0)), ([1, -1], (8.0, 6.0)),
     (None, (12.0, 8.0, 6.0))],
)  # fmt: skip
def test_argnums(argnums: Any, wanted: Any) -> None:
    assert grad(lambda x, y, z: x * y * z, argnums)(2.0, 3.0, 4.0) == wanted
    assert jacobian(lambda x, y, z: x * y * z, argnums)(2.0, 3.0, 4.0) == wanted


@pytest.mark.parametrize("argnums", [2, -3, (0, 5), (0, 0), (0, -2), ()])
def test_arguments_that_are_not_there(argnums: Any) -> None:
    with pytest.raises(RequestError):
        grad(lambda x, y: x * y, argnums)(2.0, 3.0)


def test_a_function_of_nothing() -> None:
    with pytest.raises(RequestError, match="nothing"):
        grad(lambda: 1.0)()


def test_keyword_arguments_are_not_differentiated() -> None:
    def f(x: Any, *, scale: Any = 1.0, names: Any = ()) -> Any:
        return x * scale * len(names)

    assert grad(f)(2.0, scale=3.0, names=("a", "b")) == 6.0
    assert jacobian(f)(2.0, scale=np.ones(2), names="abc").tolist() == [3.0, 3.0]


def test_nested_arguments_come_back_in_their_structure() -> None:
    parameters = {"layers": [Layer(np.ones((2, 3)), 1.0), Layer(np.ones(2), [2.0, 3])], "scale": (0.5,)}

    def f(p: Any, x: Any) -> Any:
        hidden = p["layers"][0].w @ x + p["layers"][0].b
        return (p["layers"][1].w @ hidden) * p["scale"][0] + p["layers"][1].b[0] * p["layers"][1].b[1]

    value, (slopes, by_x) = value_and_grad(f)(parameters, X)
    assert value == 7.0 + 6.0
    assert isinstance(slopes["layers"][0], Layer)
    np.testing.assert_allclose(slopes["layers"][0].w, 0.5 * np.array([X, X]))
    assert slopes["layers"][0].b == 1.0
    assert slopes["layers"][1].b == [3.0, 2.0]
    assert slopes["scale"] == (14.0,)
    np.testing.assert_array_equal(by_x, 1.0)


def test_nested_results() -> None:
    def f(x: Any) -> Any:
        return {"a": x[0] * x[1], "b": Layer(x * 2.0, (x[2], [7.0]))}

    blocks = jacobian(f)(X)
    np.testing.assert_array_equal(blocks["a"], [2.0, 1.0, 0.0])
    assert isinstance(blocks["b"], Layer)
    np.testing.assert_array_equal(blocks["b"].w, 2 * np.eye(3))
    np.testing.assert_array_equal(blocks["b"].b[0], [0.0, 0.0, 1.0])
    np.testing.assert_array_equal(blocks["b"].b[1][0], [0.0, 0.0, 0.0])
    output, pull = vjp(f, X)
    np.testing.assert_array_equal(output["b"].w, 2 * X)
    [slope] = pull({"a": 1.0, "b": Layer(np.ones(3), (10.0, [0.0]))})
    np.testing.assert_array_equal(slope, [4.0, 3.0, 12.0])
    _, moved = jvp(f, (X,), (np.ones(3),))
    assert moved["a"] == 3.0
    assert moved["b"].b == (1.0, [0.0])


def test_arrays_of_the_user_are_not_changed_and_not_handed_out() -> None:
    x, y = np.ones(2), np.ones(2)
    a, b = grad(lambda x, y: (x + y).sum())(x, y)
    a += 1.0
    np.testing.assert_array_equal(b, 1.0)
    np.testing.assert_array_equal(x, 1.0)
    cotangent = np.ones(2)
    output, pull = vjp(lambda x: x, x)
    [slope] = pull(cotangent)
    slope += 1.0
    np.testing.assert_array_equal(cotangent, 1.0)
    output += 1.0
    np.testing.assert_array_equal(x, 1.0)
    tangent = np.ones(2)
    _, moved = jvp(lambda x: x, (x,), (tangent,))
    moved += 1.0
    np.testing.assert_array_equal(tangent, 1.0)


def test_float32_and_integers_are_converted() -> None:
    slope = grad(lambda x: (x * x).sum())(np.array([1, 2], dtype=np.int32))
    assert slope.dtype == np.float64
    assert grad(lambda x: x**2)(3) == 6.0
    assert type(grad(lambda x: x**2)(np.float32(3))) is float


# ---------------------------------------------------------------- what it says


def test_independence_is_said_and_where() -> None:
    with pytest.warns(IndependenceWarning, match="argument 1") as caught:
        assert grad(lambda x, y: x * 2.0)(1.0, 5.0) == (2.0, 0.0)
    assert caught[0].filename == __file__
    with pytest.warns(IndependenceWarning, match=r"argument 0\['b'\]\[0\]") as caught:
        slopes = value_and_grad(lambda p: p["a"] * 2.0)({"a": 1.0, "b": [np.ones(2)]})[1]
    assert caught[0].filename == __file__
    np.testing.assert_array_equal(slopes["b"][0], [0.0, 0.0])


@pytest.mark.parametrize("mode", [None, "reverse", "forward"])
@pytest.mark.parametrize("size", [1, 5])
def test_independence_is_said_by_jacobians(mode: str | None, size: int) -> None:
    with pytest.warns(IndependenceWarning, match="argument 0"):
        block = jacobian(lambda x: np.ones(size), mode=mode)(X)
    np.testing.assert_array_equal(block, np.zeros((size, 3)))


@pytest.mark.parametrize("mode", [None, "reverse"])
def test_one_independent_argument_of_a_jacobian_is_said(mode: str | None) -> None:
    with pytest.warns(IndependenceWarning, match="argument 1"):
        jacobian(lambda x, y: x * np.ones(5), mode=mode)(2.0, 3.0)


def test_dependence_is_not_denied() -> None:
    """A slope that is zero is no independence: a step, a branch not taken, a square at 0."""
    for f in (adcli.floor, lambda x: adcli.where(x > 5.0, x, 1.0), lambda x: x * x, lambda x: 0.0 * x):
        assert grad(f)(0.0) == 0.0


def test_results_that_are_no_number() -> None:
    for f in (lambda x: x * X, lambda x: (x, x), lambda x: []):
        with pytest.raises(ShapeError, match="jacobian"):
            grad(f)(2.0)
    with pytest.raises(ShapeError):
        hessian(lambda x: x * X)(2.0)
    for junk in (None, "a", object()):
        with pytest.raises(TypeError):
            grad(lambda x, junk=junk: junk)(2.0)


def test_shapes_of_tangents_and_cotangents() -> None:
    with pytest.raises(ShapeError):
        jvp(lambda x: x, (X,), (np.ones(2),))
    with pytest.raises(ShapeError):
        jvp(lambda x, y: x * y, (2.0, 3.0), (1.0,))
    pull = vjp(lambda x: (x, x), X)[1]
    with pytest.raises(ShapeError):
        pull((X, 1.0))
    with pytest.raises(ShapeError):
        pull(X)
    assert jvp(lambda x, y: x * y, (2.0, 3.0), (None, 1.0)) == (6.0, 2.0)


def test_structures_of_tangents_and_cotangents() -> None:
    for f, x, tangent in (
        (lambda x: x["a"], {"a": 2.0}, {"b": 1.0}),
        (lambda x: x[0], [2.0], [[1.0]]),
        (lambda x: x, 2.0, [1.0]),
    ):
        with pytest.raises(ShapeError, match="structure"):
            jvp(f, (x,), (tangent,))
        with pytest.raises(ShapeError, match="structure"):
            hvp(f, (x,), (tangent,))
    with pytest.raises(ShapeError, match="the output"):
        vjp(lambda x: {"a": x}, 2.0)[1]({"b": 1.0})


@pytest.mark.parametrize(
    "call",
    [
        lambda: grad("x*y"),
        lambda: jacobian(adcli.parse("x*y")),
        lambda: jvp(2.0, (2.0,), (1.0,)),
        lambda: vjp(None, 2.0),
        lambda: jvp(abs, 2.0, 1.0),
        lambda: hvp(abs, X, X),
        lambda: grad(abs, "x")(2.0),
        lambda: grad(abs, 1.5)(2.0),
        lambda: jvp(abs, (2.0,), (None,)),
        lambda: adcli.check_grads(abs),
        lambda: adcli.check_grads("x", 2.0),
        lambda: adcli.program(2.0),
        lambda: adcli.program("x*y", 2.0),
        lambda: adcli.program(adcli.Value(1.0), x=2.0),
        lambda: adcli.program(lambda x: [x, x], 2.0),
        lambda: adcli.Value([[1.0], [1.0, 2.0]]),
    ],
)
def test_requests_that_cannot_be_carried_out(call: Callable[[], object]) -> None:
    with pytest.raises(RequestError):
        call()


def test_a_mode_that_is_not_there() -> None:
    with pytest.raises(RequestError, match="modes"):
        jacobian(lambda x: x, mode="sideways")


def test_an_undefined_result_has_undefined_slopes() -> None:
    value, (a, b) = value_and_grad(lambda x, y: adcli.log(x) + y.sum())(-1.0, X)
    assert math.isnan(value)
    assert math.isnan(a)
    assert np.isnan(b).all()


# ---------------------------------------------------------------- nesting


def polynomial(x: Any) -> Any:
    return x**5 + adcli.sin(x) * adcli.exp(0.5 * x)


def test_nested_to_the_fourth_order() -> None:
    x, wanted = 0.7, Lowered(adcli.parse("x**5 + sin(x)*exp(0.5*x)"))
    f: Callable[..., Any] = polynomial
    node = wanted.result
    for _ in range(4):
        f = grad(f)
        from adcli.graph.derive import gradient

        [node] = gradient(node, [adcli.graph.expr.Expr(wanted.graph, 0)])  # type: ignore[list-item]
        assert f(x) == pytest.approx(adcli.compile(str(node)).value(x=x), rel=1e-13)


def pushed(f: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x: jvp(f, (x,), (1.0,))[1]


@pytest.mark.parametrize("first", [grad, pushed, jacobian])
@pytest.mark.parametrize("second", [grad, pushed, jacobian])
@pytest.mark.parametrize("third", [grad, pushed, jacobian])
def test_modes_nest_in_each_other(first: Any, second: Any, third: Any) -> None:
    assert third(second(first(polynomial)))(0.7) == pytest.approx(grad(grad(grad(polynomial)))(0.7), rel=1e-13)


def test_vjp_of_vjp() -> None:
    def slope(x: Any) -> Any:
        return vjp(polynomial, x)[1](1.0)[0]

    assert grad(slope)(0.7) == pytest.approx(grad(grad(polynomial))(0.7), rel=1e-14)


def test_a_pull_serves_many_times_and_after_others() -> None:
    pull = vjp(lambda x, y: (x * y, x + y), 2.0, 3.0)[1]
    grad(lambda x: x * x)(1.0)
    assert pull((1.0, 0.0)) == (3.0, 2.0)
    assert pull((0.0, 1.0)) == (1.0, 1.0)
    assert pull((1.0, 0.0)) == (3.0, 2.0)


def test_an_outer_variable_inside_an_inner_derivative() -> None:
    def f(x: Any) -> Any:
        return grad(lambda y: adcli.sin(x * y) * x)(2.0)

    x = 0.3
    assert f(x) == pytest.approx(x * x * math.cos(2 * x), rel=1e-15)
    assert grad(f)(x) == pytest.approx(2 * x * math.cos(2 * x) - 2 * x * x * math.sin(2 * x), rel=1e-14)


def test_control_flow_is_pythons() -> None:
    def power(x: Any, n: int) -> Any:
        total: Any = 1.0
        while n > 0:
            total, n = total * x, n - 1
        return total if x > 0 else -total

    assert grad(power, 0)(2.0, 5) == 80.0
    assert grad(power, 0)(-2.0, 2) == 4.0


# ---------------------------------------------------------------- jacobians, hessians


@pytest.mark.parametrize("mode", [None, "reverse", "forward"])
@pytest.mark.parametrize("shape_in", [(), (2,), (2, 3), (0,), (1,)])
@pytest.mark.parametrize("shape_out", [(), (3,), (2, 2), (0,)])
def test_shapes_of_jacobians(mode: str | None, shape_in: tuple[int, ...], shape_out: tuple[int, ...]) -> None:
    random = np.random.default_rng(3)
    weights = random.standard_normal((*shape_out, *shape_in))
    x = random.standard_normal(shape_in) if shape_in else 0.5

    def f(x: Any) -> Any:
        flat = adcli.reshape(x * np.ones(shape_in), -1) if shape_in else adcli.reshape(x, 1)
        made = (
            weights.reshape(-1, max(flat.shape[0], 0)) @ flat
            if flat.shape[0]
            else 0.0 * flat.sum() * np.ones(int(np.prod(shape_out)))
        )
        return adcli.reshape(made, shape_out)

    block = jacobian(f, mode=mode)(x)
    assert np.shape(block) == (*shape_out, *shape_in)
    assert isinstance(block, float if (*shape_out, *shape_in) == () else np.ndarray)
    np.testing.assert_allclose(block, weights, rtol=1e-15)


def test_jacobians_choose_their_mode_by_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """One backward pass per number of the output, or all tangents in one pass."""
    from adcli.eager import jacobians, tracing

    passes: list[str] = []
    for module, name in ((tracing, "sweep"), (jacobians, "push_forward")):
        was = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, name=name, was=was: (passes.append(name), was(*given))[1])
    jacobian(lambda x: x @ np.ones((3, 2)))(X)
    assert passes == ["sweep", "sweep"]
    passes.clear()
    jacobian(lambda x: x @ np.ones((3, 7)))(X)
    assert passes == ["push_forward"]
    passes.clear()
    jacobian(lambda x: x @ np.ones((3, 7)), mode="reverse")(X)
    assert passes == ["sweep"] * 7


def test_jacobian_of_several_arguments() -> None:
    blocks = jacobian(lambda a, b: a * b[0] + b[1] ** 2.0)(X, [2.0, 3.0])
    by_a, (by_0, by_1) = blocks
    np.testing.assert_array_equal(by_a, 2 * np.eye(3))
    np.testing.assert_array_equal(by_0, X)
    np.testing.assert_array_equal(by_1, [6.0] * 3)


def rosenbrock(x: Any) -> Any:
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


def test_hessians_and_products() -> None:
    full = hessian(rosenbrock)(X)
    np.testing.assert_allclose(full, full.T, rtol=1e-14)
    np.testing.assert_allclose(full, [[402.0, -400, 0], [-400, 200 + 4800 - 1200 + 2, -800], [0, -800, 200]])
    v = np.array([1.0, -1.0, 0.5])
    np.testing.assert_allclose(hvp(rosenbrock, (X,), (v,)), full @ v)
    np.testing.assert_allclose(jacobian(grad(rosenbrock), mode="reverse")(X), full)
    blocks = hessian(lambda a, b: a**2 * b**3)(2.0, 3.0)
    assert blocks == ((54.0, 108.0), (108.0, 72.0))


def test_products_of_several_arguments() -> None:
    one, other = hvp(lambda a, b: (a * a).sum() * b, (X, 2.0), (np.ones(3), 1.0))
    np.testing.assert_allclose(one, 4 * np.ones(3) + 2 * X)
    assert other == 12.0


def test_a_hessian_of_a_linear_function_is_no_surprise() -> None:
    assert hessian(lambda x: 3.0 * x)(2.0) == 0.0
    np.testing.assert_array_equal(hessian(lambda x: (x * X).sum())(X), np.zeros((3, 3)))


def test_a_hessian_in_nested_structures() -> None:
    blocks = hessian(lambda p: p["a"] ** 2 * p["b"])({"a": 2.0, "b": 3.0})
    assert blocks == {"a": {"a": 6.0, "b": 4.0}, "b": {"a": 4.0, "b": 0.0}}


# ---------------------------------------------------------------- a branch not taken


@pytest.mark.parametrize("x", [-1.0, 0.0])
def test_a_branch_not_taken_contributes_nothing(x: float) -> None:
    """Though its slope is infinite or undefined: neither mode, no carrier, not at second order."""

    def f(x: Any) -> Any:
        return adcli.where(x > 0.0, adcli.sqrt(x) * adcli.log(x), 3.0 * x)

    assert grad(f)(x) == 3.0
    assert pushed(f)(x) == 3.0
    assert grad(grad(f))(x) == 0.0
    assert pushed(grad(f))(x) == 0.0
    assert grad(pushed(f))(x) == 0.0


ROWS: dict[str, Callable[[Any], Any]] = {
    "elementwise": lambda x: adcli.sqrt(x),
    "of a sum": lambda x: adcli.sqrt(x).sum(axis=1, keepdims=True) * np.ones(2),
    "of a norm": lambda x: adcli.norm(adcli.sqrt(x), axis=1, keepdims=True) * np.ones(2),
    "of a product": lambda x: adcli.prod(adcli.sqrt(x), axis=1, keepdims=True) * np.ones(2),
    "of a logsumexp": lambda x: adcli.logsumexp(adcli.log(x), axis=1, keepdims=True) * np.ones(2),
    "of a softmax": lambda x: adcli.softmax(adcli.log(x), axis=1),
    "of a log_softmax": lambda x: adcli.log_softmax(adcli.log(x), axis=-1),
    "of a matrix product": lambda x: adcli.sqrt(x) @ np.array([[1.0, 2.0], [3.0, 4.0]]),
    "of a transpose": lambda x: adcli.sqrt(x.T).T,
    "of parts": lambda x: adcli.stack([adcli.sqrt(x[0]), adcli.sqrt(x[1])]),
    "of a greatest": lambda x: adcli.sqrt(x).max(axis=1, keepdims=True) * np.ones(2),
    "of a batch of inverses": lambda x: adcli.inv(
        adcli.sqrt(x)[:, :, None] * np.eye(2) + adcli.where(x[:, :1, None] > 0.0, 0.0, 9.0) * np.eye(2)
    ).sum(axis=-1),
    "of a batch of determinants": lambda x: (
        adcli.det(adcli.sqrt(x)[:, :, None] * np.eye(2))[:, None] * np.ones(2)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_row_not_taken_contributes_nothing(name: str) -> None:
    """The second row of a matrix is at infinite slopes, and not picked."""
    f = ROWS[name]
    x = np.array([[1.0, 2.0], [0.0, 0.0]])

    def chosen(x: Any) -> Any:
        return adcli.where(np.array([[True], [False]]), f(x), 5.0 * x).sum()

    only = grad(lambda row: f(adcli.stack([row, np.array([1.0, 2.0])]))[0].sum())(x[0])
    wanted = [only, [5.0, 5.0]]
    np.testing.assert_allclose(grad(chosen)(x), wanted, rtol=1e-13, atol=1e-15)
    for place in range(4):
        move = np.zeros((2, 2))
        move.flat[place] = 1.0
        np.testing.assert_allclose(jvp(chosen, (x,), (move,))[1], np.ravel(wanted)[place], rtol=1e-13, atol=1e-15)
