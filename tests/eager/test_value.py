"""`Value`: what a person does with it, at its edges too."""

from __future__ import annotations

import gc
import math
import operator
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings

import adcli
from adcli import Dual, ShapeError, Value
from adcli.backends.python import interpreter
from adcli.errors import DomainError, RequestError
from adcli.formula.lowered import Lowered
from adcli.graph.tape import Tape
from adcli.ops import FUNCTIONS, PUBLIC, TABLE, Carrier, Op
from tests.contract.samplers import cases_of
from tests.contract.test_agreement import POINTS, TEXTS
from tests.sampling import examples, long

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
    "%": operator.mod, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
    "!=": operator.ne,
}  # fmt: skip
SIGNS = pytest.mark.parametrize("sign", OPERATORS)
LONG = 100_000


# ---------------------------------------------------------------- operators


@SIGNS
@pytest.mark.parametrize(
    "number", [3.0, 3, np.float64(3.0), np.float32(3.0), np.int64(3), np.array([3.0, 1.0]), [3.0, 1.0]], ids=repr
)
def test_numbers_on_either_side(sign: str, number: Any) -> None:
    """Of every kind; Value op number, number op Value, Value op Value are one thing."""
    apply = OPERATORS[sign]
    x = Value(2.0)
    plain = np.asarray(number, dtype=float)
    for made, wanted in ((apply(x, number), apply(2.0, plain)), (apply(number, x), apply(plain, 2.0))):
        assert type(made) is Value
        np.testing.assert_array_equal(made.value, wanted)
        assert x in made.prev
        assert str(made.op) in (sign, {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign))
    np.testing.assert_array_equal(apply(x, Value(number)).value, apply(2.0, plain))


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: 2.0**x, 4 * math.log(2)),
        (lambda x: 2**x, 4 * math.log(2)),
        (lambda x: x**2, 4.0),
        (lambda x: x**x, 4 * (1 + math.log(2))),
        (lambda x: np.float64(2) * x, 2.0),
        (lambda x: (np.array([1.0, 2.0]) * x).sum(), 3.0),
        (lambda x: np.array([1.0, 2.0]) @ (x * np.ones(2)), 3.0),
        (lambda x: 1 - x, -1.0),
        (lambda x: 8 / x, -2.0),
        (lambda x: 7 % x, -3.0),
        (lambda x: -x, -1.0),
        (lambda x: +x, 1.0),
        (lambda x: abs(-x), 1.0),
        (lambda x: x, 1.0),
        (lambda x: x + x + x * x, 6.0),
        (lambda x: [x, x**2][1], 4.0),
        (lambda x: x if x > 1 else -x, 1.0),
        (lambda x: (x == 2) * x, 1.0),
    ],
)
def test_slopes_of_operators(f: Callable[[Any], Any], slope: float) -> None:
    x = Value(2.0)
    f(x).backward()
    assert x.grad == pytest.approx(slope, rel=1e-15)
    assert type(x.grad) is float
    assert adcli.grad(f)(2.0) == x.grad
    assert f(Dual(2.0, 1.0)).tangent == pytest.approx(slope, rel=1e-15)


def test_a_negative_base_needs_no_logarithm() -> None:
    x = Value(-1.0)
    (x**2).backward()
    assert x.grad == -2.0
    x, y = Value(-2.0), Value(3.0)
    (x**y).backward()
    assert x.grad == 12.0
    assert math.isnan(y.grad)


def test_matrix_products_from_either_side() -> None:
    A, v = np.array([[1.0, 2.0], [3.0, 4.0]]), Value([1.0, 10.0])
    for made, wanted in ((A @ v, [21.0, 43.0]), (v @ A, [31.0, 42.0]), (v @ v, 101.0), (v @ [1.0, 2.0], 21.0)):
        np.testing.assert_array_equal(made.value, wanted)
        assert str(made.op) == "@"


# ---------------------------------------------------------------- functions and methods


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_every_word_is_a_function_and_a_method(op: Op) -> None:
    """adcli.word(x, …) and x.word(…) are the operation, on numbers and on Values. Helpers have neither, but for square.

    The methods `max`, `min` and `diagonal` have NumPy's meaning instead.
    """
    words = [word for word, meant in FUNCTIONS.items() if meant is op and word.isidentifier()]
    for word in words:
        if word in ("and", "or", "not"):
            continue
        assert hasattr(adcli, word) is (word in PUBLIC)
        function = getattr(adcli, word, op)
        assert function is op
        for case in cases_of(op)[:3]:
            wanted = case.call(op)(*case.point)
            given = iter(map(Value, case.point))
            arguments = [next(given) if isinstance(x, (float, np.ndarray)) and np.asarray(x).dtype == float else x
                         for x in case.arguments]  # fmt: skip
            np.testing.assert_array_equal(function(*arguments, **case.parameters).value, wanted)
            is_method = word in PUBLIC or word == "square"
            assert is_method or word == "diagonal" or not hasattr(Value, word)
            if is_method and isinstance(arguments[0], Value) and word not in ("max", "min"):
                made = getattr(arguments[0], word)(*arguments[1:], **case.parameters)
                np.testing.assert_array_equal(made.value, wanted)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (lambda: adcli.sin(0.0), 0.0),
        (lambda: adcli.sin(1), math.sin(1)),
        (lambda: adcli.logdet(np.eye(2)), 0.0),
        (lambda: adcli.sum([1.0, 2.0, 3.0]), 6.0),
        (lambda: adcli.mean([[1, 2], [3, 4]], axis=0), [2.0, 3.0]),
        (lambda: adcli.max([[1.0, 5.0], [2.0, 3.0]], axis=0), [2.0, 5.0]),
        (lambda: adcli.max(np.array([1.0, 5.0])), 5.0),
        (lambda: adcli.max(1.0, 5.0, 3.0), 5.0),
        (lambda: adcli.max(2.0), 2.0),
        (lambda: adcli.log(8.0, 2), 3.0),
        (lambda: adcli.heaviside(0.0), 0.5),
        (lambda: adcli.heaviside(0.0, 1.0), 1.0),
        (lambda: adcli.where(np.array([True, False]), 1.0, [2, 3]), [1.0, 3.0]),
        (lambda: adcli.solve([[2, 0], [0, 4]], [2, 4]), [1.0, 1.0]),
        (lambda: adcli.norm([3, 4]), 5.0),
        (lambda: adcli.reshape([1, 2, 3, 4], 2, -1), [[1.0, 2.0], [3.0, 4.0]]),
        (lambda: adcli.stack([1.0, 2.0]), [1.0, 2.0]),
        (lambda: adcli.diag([1, 2]), [[1.0, 0.0], [0.0, 2.0]]),
        (lambda: adcli.sqrt(np.float32(2.0)), math.sqrt(2)),
        (lambda: adcli.slogdet([[0.0, 2.0], [1.0, 0.0]])[1], math.log(2)),
    ],
)
def test_functions_of_numbers_lists_and_arrays(found: Callable[[], Any], wanted: Any) -> None:
    np.testing.assert_allclose(found(), wanted, rtol=1e-15)
    assert not isinstance(found(), Value)


V = [0.5, 1.5]
M = [[2.0, 0.5], [0.25, 1.0]]
NUMPY: list[tuple[Callable[[Any], Any], Any]] = [
    *[(getattr(np, name), V) for name in (
        "sin", "cos", "tan", "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "sinh", "cosh", "tanh",
        "arctan", "arcsinh", "abs", "absolute", "fabs", "sign", "floor", "ceil", "rint", "negative", "positive",
        "square", "sum", "mean", "prod", "max", "amax", "min", "transpose", "round", "reciprocal", "sinc", "exp2",
    )],
    (np.arcsin, [0.1, 0.2]), (np.arccos, [0.1, 0.2]), (np.arctanh, [0.1, 0.2]), (np.arccosh, [1.1, 1.2]),
    (lambda x: np.sum(x, axis=0), M), (lambda x: np.sum(x, 1, keepdims=True), M),
    (lambda x: np.mean(x, axis=-1, keepdims=True), M), (lambda x: np.prod(x, axis=(0, 1)), M),
    (lambda x: np.where(x > 1.0, x, 0.0), V), (lambda x: np.where(np.array([True, False]), x, 2.0), V),
    (lambda x: np.maximum(x, 1.0), V), (lambda x: np.minimum(1.0, x), V), (lambda x: np.clip(x, 0.6, 1.0), V),
    (lambda x: np.hypot(x, 2.0), V), (lambda x: np.arctan2(x, 2.0), V), (lambda x: np.logaddexp(x, 2.0), V),
    (lambda x: np.power(x, 2), V), (lambda x: np.float_power(2, x), V), (lambda x: np.heaviside(x, 0.5), V),
    (lambda x: np.add(x, 1), V), (lambda x: np.subtract(1, x), V), (lambda x: np.multiply(x, x), V),
    (lambda x: np.divide(1.0, x), V), (lambda x: np.remainder(x, 0.4), V), (lambda x: np.mod(x, 0.4), V),
    (lambda x: np.matmul(x, x), M), (lambda x: np.dot(x, x), M), (lambda x: np.dot(x, x), V),
    (lambda x: np.outer(x, x), V), (lambda x: np.outer(x, x), M), (lambda x: np.trace(x), M),
    (lambda x: np.diag(x), V), (lambda x: np.diag(x), M), (lambda x: np.diagonal(x), M),
    (lambda x: np.reshape(x, (4,)), M), (lambda x: np.reshape(x, -1), M), (lambda x: np.transpose(x, (1, 0)), M),
    (lambda x: np.swapaxes(x, 0, 1), M), (lambda x: np.broadcast_to(x, (3, 2)), V),
    (lambda x: np.stack([x, x], axis=1), V), (lambda x: np.concatenate([x, x]), V), (np.linalg.inv, M),
    (np.linalg.det, M), (lambda x: np.linalg.solve(x, np.ones(2)), M), (lambda x: np.linalg.norm(x), M),
    (lambda x: np.linalg.norm(x, axis=1), M), (lambda x: np.linalg.slogdet(x)[1], M),
    (lambda x: np.trace(x), [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 9.0]]]),
    (lambda x: np.diagonal(x), [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 9.0]]]),
    (lambda x: np.dot(x, x), [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 9.0]]]),
    (lambda x: getattr(np.linalg, "trace", np.trace)(x), [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 9.0]]]),
]  # fmt: skip


@pytest.mark.parametrize(("f", "point"), NUMPY, ids=lambda item: getattr(item, "__name__", ""))
def test_functions_of_numpy(f: Callable[[Any], Any], point: Any) -> None:
    """Either it is what NumPy computes, or NumPy says that there is no such function of a Value; never another one."""
    x = Value(point)
    try:
        made = f(x)
    except TypeError as error:
        assert "Value" in str(error)  # noqa: PT017
        return
    assert isinstance(made, Value)
    np.testing.assert_allclose(made.value, f(np.array(point)), rtol=1e-14)


def test_the_usual_functions_of_numpy_are_there() -> None:
    x = Value(V)
    for f in (np.sin, np.abs, np.sum, np.max, np.positive, np.sinc, np.square):
        assert isinstance(f(x), Value), f
    assert isinstance(np.linalg.slogdet(Value(M))[1], Value)


def test_an_array_is_never_filled_with_values() -> None:
    array = np.ones(2)
    with pytest.raises(TypeError):
        array += Value(1.0)
    np.testing.assert_array_equal(array, 1.0)


# ---------------------------------------------------------------- what it is


def test_attributes() -> None:
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    z = x * y
    w = z + 1.0
    z.label = "product"
    assert (w.value, w.data, w.label, z.label) == (7.0, 7.0, None, "product")
    assert w.prev == (z,)
    assert w.inputs == (z, 1.0)
    assert z.prev == (x, y)
    assert x.prev == ()
    assert x.op is None
    assert (str(z.op), str(w.op), str(adcli.sin(x).op)) == ("*", "+", "sin")
    assert z.op.forward(4.0, 5.0) == 20.0
    assert z.op.backward(1.0, 20.0, 4.0, 5.0) == (5.0, 4.0)
    assert x.grad is None
    w.backward()
    assert (w.grad, z.grad, x.grad, y.grad) == (1.0, 1.0, 3.0, 2.0)
    x.data = 5
    assert (x.value, w.forward()) == (5.0, 16.0)


DIFFERENTIABLE = [op for op in TABLE.values() if not op.is_condition]


@pytest.mark.parametrize("op", DIFFERENTIABLE, ids=lambda op: op.name)
def test_an_operation_has_forward_and_backward(op: Op) -> None:
    """On the numbers of a node they give what the node has."""
    for case in cases_of(op)[:2]:
        if not case.point:
            continue
        node = case.call(op)(*map(Value, case.point))
        assert node.op is not None
        arguments = [x.value if isinstance(x, Value) else x for x in node.inputs]
        compute = node.op if node.shape and op.is_elementwise else node.op.forward
        np.testing.assert_array_equal(compute(*arguments), node.value)
        seed = np.ones(node.shape) if node.shape else 1.0
        node.backward(seed)
        if op.shape_parameters:
            with pytest.raises(RequestError, match="no derivative by a"):
                node.op.backward(seed, node.value, *arguments)
            continue
        for x, cotangent in zip(node.inputs, node.op.backward(seed, node.value, *arguments), strict=True):
            if isinstance(x, Value):
                np.testing.assert_allclose(0.0 if cotangent is None else cotangent, x.grad, rtol=1e-14)


def test_repr() -> None:
    x = Value(2.0, label="x")
    assert repr(x) == "Value(2.0, label='x')"
    y = x * 3.0
    y.backward()
    assert repr(y) == "Value(6.0, op='*', grad=1.0)"
    assert repr(x) == "Value(2.0, label='x', grad=3.0)"
    z = Value([1.0, 2.0]).sin()
    assert "0.84" in repr(z)
    assert "op='sin'" in repr(z)
    big = Value(np.zeros((1000, 1000)))
    big.sum().backward()
    assert len(repr(big)) < 300
    assert "(1000, 1000)" in repr(big)


@pytest.mark.parametrize("given_", [2, np.int64(2), np.float32(2.0), np.array(2), True])
def test_scalars_become_floats(given_: Any) -> None:
    assert type(Value(given_).value) in (float, bool)
    assert type((Value(given_) * 3).value) is float


@pytest.mark.parametrize("kind", [np.float32, np.int32, np.uint8, np.float16, int])
def test_arrays_become_float64(kind: Any) -> None:
    assert Value(np.ones(3, dtype=kind)).value.dtype == np.float64
    assert (Value(np.ones(3)) * np.ones(3, dtype=kind)).value.dtype == np.float64
    assert adcli.sin(np.ones(3, dtype=kind)).dtype == np.float64


@pytest.mark.parametrize("junk", ["2", None, object(), 1j, np.array([1j]), np.array(["a"]), [1.0, "b"], {"a": 1.0}])
def test_what_is_no_number_is_refused(junk: Any) -> None:
    with pytest.raises(TypeError):
        Value(junk)
    with pytest.raises(TypeError):
        Value(2.0) * junk


def test_a_value_of_a_value_is_refused() -> None:
    with pytest.raises(TypeError, match=r"\.value"):
        Value(Value(2.0))
    with pytest.raises(TypeError):
        Value(2.0) * Dual(1.0, 1.0)


def test_truths_are_conditions_and_count_as_numbers() -> None:
    x = Value([1.0, -1.0, 2.0])
    positive = x > 0.0
    assert positive.value.dtype == bool
    np.testing.assert_array_equal(((x > 0.0) + (x > 1.0)).value, [1.0, 0.0, 2.0])
    np.testing.assert_array_equal((-(x > 0.0)).value, [-1.0, 0.0, -1.0])
    assert (x > 0.0).sum().value == 2.0
    np.testing.assert_array_equal(adcli.where((x > 0.0) * (x > 1.0), x, 0.0).value, [0.0, 0.0, 2.0])
    np.testing.assert_array_equal(x[positive.value].value, [1.0, 2.0])


def test_comparisons_decide_and_symbols_do_not() -> None:
    x = Value(2.0)
    assert x > 1.0
    assert x != 3.0
    assert not bool(x == 3.0)
    assert (x if x >= 2.0 else -x) is x
    assert sorted([Value(3.0), x, Value(1.0)])[0].value == 1.0
    assert max(Value(1.0), x) is x
    with pytest.raises(ValueError, match="ambiguous"):
        bool(Value([1.0, 2.0]) > 1.0)
    with pytest.raises(TypeError, match=r"where\("):
        adcli.program(lambda x: x if x > 0 else -x, 1.0)


def test_equality_is_a_condition_and_hash_is_identity() -> None:
    x, y = Value(2.0), Value(2.0)
    assert isinstance(x == y, Value)
    assert (x == y).value is True
    assert len({x, y}) == 2
    assert {x: 1}[x] == 1
    np.testing.assert_array_equal((Value([1.0, 2.0]) == [1.0, 3.0]).value, [True, False])


def test_sequences() -> None:
    x = Value([[1.0, 2.0], [3.0, 4.0]])
    rows = list(x)
    assert len(x) == len(rows) == 2
    assert (x.ndim, x.size, x.shape) == (2, 4, (2, 2))
    a, b = rows[1]
    assert (a.value, b.value) == (3.0, 4.0)
    np.testing.assert_array_equal(x.T.value, [[1.0, 3.0], [2.0, 4.0]])
    (a * b).backward()
    np.testing.assert_array_equal(x.grad, [[0.0, 0.0], [4.0, 3.0]])
    with pytest.raises(TypeError, match="no length"):
        len(Value(1.0))
    with pytest.raises(TypeError):
        iter(Value(1.0)).__next__()


# ---------------------------------------------------------------- passes


def test_backward_starts_from_zero() -> None:
    x = Value(3.0)
    z = x * x
    z.backward()
    z.backward()
    assert x.grad == 6.0
    z.backward(accumulate=True)
    assert x.grad == 12.0
    z.backward(10.0)
    assert x.grad == 60.0
    (x * 2.0).backward(accumulate=True)
    assert x.grad == 62.0
    z.zero_grad()
    assert (x.grad, z.grad) == (0.0, 0.0)
    z.backward(accumulate=True)
    assert x.grad == 6.0


def test_a_leaf_has_a_backward() -> None:
    x = Value(3.0)
    x.backward()
    assert x.grad == 1.0
    x.backward(accumulate=True)
    assert x.grad == 2.0


def test_seeds() -> None:
    x = Value([1.0, 2.0])
    z = x * x
    with pytest.raises(ShapeError, match="seed"):
        z.backward()
    with pytest.raises(ShapeError, match=r"\(3,\)"):
        z.backward([1.0, 2.0, 3.0])
    with pytest.raises(ShapeError):
        z.backward(1.0)
    with pytest.raises(ShapeError):
        z.sum().backward([1.0])
    seed = np.array([1.0, 10.0])
    z.backward(seed)
    np.testing.assert_array_equal(x.grad, [2.0, 40.0])
    np.testing.assert_array_equal(seed, [1.0, 10.0])


def test_detach_stops_the_slopes() -> None:
    x = Value(3.0, label="x")
    y = (x * x).detach()
    (y * x).backward()
    assert (x.grad, y.grad, y.op, y.prev) == (9.0, 3.0, None, ())
    a = Value([1.0, 2.0])
    b = a.detach()
    b.value[0] = 9.0
    assert a.value[0] == 1.0


def test_what_it_does_not_depend_on_gets_zero() -> None:
    x, y = Value(2.0), Value([1.0, 2.0])
    z = adcli.where(x > 0, x, y.sum())
    z.backward()
    assert x.grad == 1.0
    np.testing.assert_array_equal(y.grad, [0.0, 0.0])


def test_an_undefined_result_has_undefined_slopes() -> None:
    """The mask of the contract: all slopes of a nan are nan, also those that the rules would give a number."""
    x, y, flag = Value(-1.0), Value([2.0, 3.0]), Value(True)
    z = adcli.log(x) + y.sum() + adcli.where(flag, 0.0, 1.0)
    z.backward()
    assert math.isnan(z.value)
    assert math.isnan(x.grad)
    assert np.isnan(y.grad).all()
    lone = Value(math.nan)
    lone.backward()
    assert math.isnan(lone.grad)


def test_forward_runs_again_on_both_sides_of_kinks() -> None:
    x, y = Value(2.0), Value(1.0)
    z = adcli.where(x > y, x * 3.0, y * 5.0) + adcli.max(x, y) + adcli.relu(x) + abs(x) + adcli.clip(x, -1.0, 1.0)
    first = z.value
    x.value = -2.0
    assert z.forward() == 5.0 + 1.0 + 0.0 + 2.0 - 1.0
    z.backward()
    assert (x.grad, y.grad) == (-1.0, 6.0)
    x.value = 2
    assert z.forward() == first
    z.backward()
    assert (x.grad, y.grad) == (3.0 + 1.0 + 1.0 + 1.0, 0.0)


def test_leaves_may_be_set_to_anything_that_is_a_number() -> None:
    x = Value(2.0)
    z = x * x
    for given_ in (3, np.float64(3.0), np.int64(3), np.array(3.0)):
        x.value = given_
        assert z.forward() == 9.0
        assert type(z.value) is float
        z.backward()
        assert x.grad == 6.0
    v = Value([1.0, 2.0])
    w = (v * v).sum()
    v.value = [3, 4]
    assert w.forward() == 25.0
    w.backward()
    np.testing.assert_array_equal(v.grad, [6.0, 8.0])
    v.value -= 0.5 * v.grad
    assert w.forward() == 0.0


def test_a_leaf_that_was_set_serves_without_forward() -> None:
    x = Value([1.0, 2.0])
    x.value = [3, 4]
    z = (x * x).sum()
    z.backward()
    np.testing.assert_array_equal(x.grad, [6.0, 8.0])


# ---------------------------------------------------------------- memory


def test_arrays_of_the_user_are_copied() -> None:
    array = np.array([1.0, 2.0])
    x = Value(array)
    z = x * array
    array[:] = 100.0
    z.backward(np.ones(2))
    np.testing.assert_array_equal(x.value, [1.0, 2.0])
    np.testing.assert_array_equal(x.grad, [1.0, 2.0])
    index = np.array([0, 0])
    y = x[index]
    index[:] = 1
    y.backward(np.ones(2))
    np.testing.assert_array_equal(x.grad, [2.0, 0.0])


def test_gradients_of_leaves_share_no_memory() -> None:
    seed = np.ones((2, 2))
    x, y, w = Value(np.ones((2, 2))), Value(np.ones((2, 2))), Value(np.ones((2, 2)))
    z = x + y - w.T
    z.backward(seed)
    for one in (x, y, w):
        one.grad += 1.0  # which a read-only array refuses
    np.testing.assert_array_equal(x.grad, 2.0)
    np.testing.assert_array_equal(y.grad, 2.0)
    np.testing.assert_array_equal(w.grad, 0.0)
    np.testing.assert_array_equal(z.grad, 1.0)
    np.testing.assert_array_equal(seed, 1.0)
    z.sum().backward()
    x.grad *= 2.0
    np.testing.assert_array_equal(y.grad, 1.0)


class Counted(Value):
    """To be counted."""

    __slots__ = ()


def chain(length: int, start: Value) -> Value:
    z = start
    for _ in range(length // 2):
        z = z * 1.0 + 1e-3
    return z


def test_long_chains_need_no_recursion_and_no_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        x = Value(1.0)
        before = sum(isinstance(each, Value) for each in gc.get_objects())
        z = chain(LONG, x)
        z.backward()
        assert x.grad == 1.0
        x.value = 0.0
        assert z.forward() == pytest.approx(LONG / 2 * 1e-3)
        assert sum(isinstance(each, Value) for each in gc.get_objects()) - before >= LONG
        del z
        assert sum(isinstance(each, Value) for each in gc.get_objects()) == before
    finally:
        gc.enable()


def test_a_graph_of_arrays_is_freed_at_once() -> None:
    gc.disable()
    try:
        x = Value(np.ones(3))
        z = (adcli.softmax(x @ np.eye(3)) * x).sum()
        z.backward()
        held = weakref.ref(z.order()[1].value)
        assert held() is not None
        del z
        assert held() is None
    finally:
        gc.enable()


@long
def test_long_chains_of_arrays_and_of_transformations() -> None:
    x = Value([1.0, 2.0])
    z = chain(20_000, x).sum()
    z.backward()
    np.testing.assert_array_equal(x.grad, 1.0)
    assert adcli.grad(lambda x: chain(LONG, x))(1.0) == 1.0
    assert adcli.jvp(lambda x: chain(LONG, x), (1.0,), (1.0,))[1] == 1.0


def test_a_node_is_small() -> None:
    assert not hasattr(Value(1.0), "__dict__")
    assert not hasattr(Dual(1.0, 1.0), "__dict__")
    assert Carrier.__slots__ == ()


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize("f", [adcli.inv, adcli.logdet, lambda a: adcli.solve(a, np.ones(2))])
def test_singular_matrices_are_said(f: Callable[[Any], Any]) -> None:
    with pytest.raises(DomainError, match="singular"):
        f(Value([[1.0, 2.0], [2.0, 4.0]]))


def test_an_indefinite_matrix_is_said() -> None:
    with pytest.raises(DomainError, match="negative"):
        adcli.logdet(Value([[1.0, 0.0], [0.0, -1.0]]))


# ---------------------------------------------------------------- agreement with the expressions


def agree(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=1e-9)


@settings(max_examples=examples(400))
@given(TEXTS, POINTS)
@example("where(x > 0, sqrt(x), 0)*y", (0.0, 0.0, 1.0))
@example("max(x, y, x)*x**y", (-0.0, 0.0, 1.0))
@example("relu(x)/y + abs(z)", (0.0, 0.0, math.inf))
def test_values_agree_with_the_compiled_expression(text: str, point: tuple[float, float, float]) -> None:
    """On random expressions, at zeros, infinities, nan and kinks: the value, both modes, and a program."""
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    names = function.variables
    at = {name: point["xyz".index(name)] for name in names}
    value, slopes = function.value_and_gradient(at)
    leaves = {name: Value(at[name], label=name) for name in names}
    replayed = replay(lowered, leaves)
    if not isinstance(replayed, Value) or not names:
        return
    replayed.backward()
    assert agree(replayed.value, value)
    for name in names:
        grad = leaves[name].grad
        assert grad is None or agree(grad, slopes[name]), (name, grad, slopes[name])
    program = adcli.program(replayed)
    assert agree(program.forward(), value)
    pushed = lowered.slopes(forward=True)
    _, *wanted = interpreter(Tape(lowered.graph, [lowered.result, *pushed]))(list(at.values()))
    for name, symbolic, slope in zip(names, pushed, wanted, strict=True):
        dual = replay(lowered, {each: Dual(at[each], 1.0) if each == name else at[each] for each in names})
        if isinstance(dual, Dual) and symbolic is not None and value == value:
            assert agree(dual.tangent, slope), (name, dual, slope)


def replay(lowered: Lowered, inputs: dict[str, Any]) -> Any:
    """The graph of a function, run on carriers."""
    graph = lowered.graph
    made: dict[int, Any] = {}
    for row in graph.live([lowered.result.row]):
        op = graph.ops[row]
        if op is not None:
            made[row] = op(*[made[argument] for argument in graph.inputs[row]])
        elif row in graph.constants:
            made[row] = graph.constants[row]
        else:
            made[row] = inputs[next(name for name, place in graph.variables.items() if place == row)]
    return made[lowered.result.row]
