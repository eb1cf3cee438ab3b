"""Programs: recorded once from a Value, a text or a function, re-evaluated many times."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import adcli
from adcli import RequestError, ShapeError, UnknownNameError, Value, program
from tests.contract.test_agreement import POINTS, TEXTS
from tests.sampling import examples

SEVEN_LINES = "v1 = x*w; v2 = sin(v1); v3 = v1 + v2; v4 = v2**2; v5 = exp(v3); v6 = v4*w; v7 = v5 + v6"


def seven_lines(x: Any, w: Any) -> Any:
    v1 = x * w
    v2 = adcli.sin(v1)
    v3 = v1 + v2
    v4 = v2**2
    v5 = adcli.exp(v3)
    v6 = v4 * w
    return v5 + v6


def by_hand() -> list[tuple[float, float, float]]:
    """The same descent with the derivatives written out."""
    x, w, steps = 1.0, 4.0, []
    for _ in range(30):
        s, c, e = math.sin(x * w), math.cos(x * w), math.exp(x * w + math.sin(x * w))
        inner = e * (1 + c) + 2 * s * c * w
        steps.append((e + s * s * w, inner * w, inner * x + s * s))
        x, w = x - 0.01 * steps[-1][1], w - 0.01 * steps[-1][2]
    return steps


def from_text() -> adcli.Program:
    return program(SEVEN_LINES.replace("v7 = ", ""), x=1.0, w=4.0)


SOURCES: dict[str, Callable[[], adcli.Program]] = {
    "value": lambda: program(seven_lines(Value(1.0, "x"), Value(4.0, "w"))),
    "function": lambda: program(seven_lines, 1.0, 4.0),
    "text": from_text,
}


@pytest.mark.parametrize("source", SOURCES)
def test_thirty_steps_of_gradient_descent(source: str) -> None:
    recorded = SOURCES[source]()
    x, w = 1.0, 4.0
    for value, by_x, by_w in by_hand():
        assert recorded.forward(x=x, w=w) == pytest.approx(value, rel=1e-11)
        slopes = recorded.backward()
        assert slopes == {"x": pytest.approx(by_x, rel=1e-9), "w": pytest.approx(by_w, rel=1e-9)}
        x, w = x - 0.01 * slopes["x"], w - 0.01 * slopes["w"]
    assert recorded.inputs.keys() == {"x", "w"}


def test_the_same_by_values() -> None:
    x, w = Value(1.0, label="x"), Value(4.0, label="w")
    z = seven_lines(x, w)
    for value, by_x, by_w in by_hand():
        assert z.forward() == pytest.approx(value, rel=1e-11)
        z.backward()
        assert (x.grad, w.grad) == (pytest.approx(by_x, rel=1e-9), pytest.approx(by_w, rel=1e-9))
        x.value -= 0.01 * x.grad
        w.value -= 0.01 * w.grad


# ---------------------------------------------------------------- branches


def branches(x: Any) -> Any:
    return (
        adcli.where(x > 0.0, adcli.sqrt(x), x * x) + adcli.relu(x) + abs(x) + adcli.max(x, 0.5) + adcli.clip(x, -1.0, 1)
    )


@pytest.mark.parametrize("start", [-3.0, 2.0])
def test_what_is_recorded_on_one_side_of_a_kink_is_right_on_the_other(start: float) -> None:
    x = Value(start, label="x")
    z = branches(x)
    from_value, from_function = program(z), program(branches, start)
    for point in (2.0, -3.0, -0.5, 0.25, 7.0):
        wanted, slope = adcli.value_and_grad(branches)(point)
        x.value = point
        assert z.forward() == wanted
        z.backward()
        assert x.grad == slope
        for recorded in (from_value, from_function):
            assert recorded.forward(x=point) == wanted
            assert recorded.backward() == {"x": slope}


def test_arrays_cross_kinks_element_by_element() -> None:
    def f(x: Any) -> Any:
        return adcli.where(x > 0.0, adcli.log(x), -x).sum() + adcli.relu(x).max()

    recorded = program(f, np.ones(3))
    for point in ([1.0, -1.0, 2.0], [-1.0, -2.0, 0.5], [3.0, 1.0, -4.0]):
        assert recorded.forward(x=point) == f(np.array(point))
        np.testing.assert_allclose(recorded.backward()["x"], adcli.grad(f)(np.array(point)), rtol=1e-15)


# ---------------------------------------------------------------- inputs


def test_inputs_keep_their_values() -> None:
    recorded = program(lambda x, y: x * y, 2.0, 3.0)
    assert recorded.forward() == 6.0
    assert recorded.forward(x=5) == 15.0
    assert recorded.forward(y=np.float32(2.0)) == 10.0
    assert recorded.backward() == {"x": 2.0, "y": 5.0}
    assert recorded.inputs == {"x": 5.0, "y": 2.0}
    assert (recorded.value, recorded.gradient) == (10.0, {"x": 2.0, "y": 5.0})
    assert (str(recorded), "2 " in repr(recorded) or "3 " in repr(recorded)) == ("x*y", True)


def test_backward_is_at_the_inputs_as_they_are() -> None:
    recorded = program("x**2", x=3.0)
    assert recorded.backward() == {"x": 6.0}
    assert recorded.value == 9.0


def test_arrays_in_and_out() -> None:
    A = np.array([[2.0, 1.0], [0.0, 3.0]])
    x, b = Value(A, label="A"), Value([1.0, 2.0], label="b")
    recorded = program((adcli.solve(x, b) * np.array([1.0, 10.0])).sum() + adcli.logdet(x))

    def f(A: Any, b: Any) -> Any:
        return (adcli.solve(A, b) * np.array([1.0, 10.0])).sum() + adcli.logdet(A)

    for scale in (1.0, 2.0):
        value, (by_a, by_b) = adcli.value_and_grad(f)(scale * A, b.value)
        assert recorded.forward(A=scale * A) == pytest.approx(value, rel=1e-15)
        slopes = recorded.backward()
        np.testing.assert_allclose(slopes["A"], by_a, rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose(slopes["b"], by_b, rtol=1e-14)
    vector = program(lambda x: x * x, np.ones(2))
    np.testing.assert_array_equal(vector.forward(x=[2, 3]), [4.0, 9.0])
    with pytest.raises(ShapeError, match="sum"):
        vector.backward()


def test_results_share_no_memory() -> None:
    recorded = program(lambda x: (x + x).T, np.ones((2, 2)))
    one = recorded.forward()
    one += 5.0
    np.testing.assert_array_equal(recorded.forward(), 2.0)
    given_ = np.ones((2, 2))
    same = program(lambda x: x, given_)
    same.forward()[:] = 7.0
    np.testing.assert_array_equal(given_, 1.0)
    np.testing.assert_array_equal(same.forward(), 1.0)
    slopes = program(lambda x, y: (x + y).sum(), np.ones(2), np.ones(2)).backward()
    slopes["x"] += 1.0
    np.testing.assert_array_equal(slopes["y"], 1.0)


def test_leaves_without_labels() -> None:
    x, y, z = Value(1.0), Value(2.0, label="leaf1"), Value(3.0)
    recorded = program(x * y + z)
    assert recorded.inputs == {"leaf1": 2.0, "leaf2": 1.0, "leaf3": 3.0}
    assert recorded.backward() == {"leaf2": 2.0, "leaf1": 1.0, "leaf3": 1.0}


def test_labels_of_results_are_bindings() -> None:
    x = Value(2.0, label="x")
    u = x * x
    u.label = "u"
    assert str(program(u + adcli.sin(u))) == "u = x**2; u + sin(u)" or "u = " in str(program(u + adcli.sin(u)))


def test_a_program_of_one_leaf_or_of_a_constant() -> None:
    assert program(Value(2.0, label="x")).forward() == 2.0
    assert program(Value(2.0, label="x")).backward() == {"x": 1.0}
    constant = program(lambda x: 3.0, 1.0)
    assert (constant.forward(x=5.0), constant.backward()) == (3.0, {"x": 0.0})


def test_a_long_program() -> None:
    x = Value(1.0, label="x")
    z = x
    for _ in range(10_000):
        z = z * 1.0 + 1e-3
    recorded = program(z)
    assert recorded.forward(x=0.0) == pytest.approx(10.0)
    assert recorded.backward() == {"x": 1.0}


def test_undefined_results() -> None:
    recorded = program(lambda x, y: adcli.log(x) + y, 1.0, 2.0)
    assert math.isnan(recorded.forward(x=-1.0))
    assert all(math.isnan(slope) for slope in recorded.backward().values())
    recorded.forward(x=2.0)
    assert recorded.backward() == {"x": 0.5, "y": 1.0}


# ---------------------------------------------------------------- errors


def test_inputs_that_are_not_there() -> None:
    recorded = program("weight*x", x=1.0, weight=2.0)
    with pytest.raises(UnknownNameError, match="did you mean 'weight'"):
        recorded.forward(wieght=2.0)
    with pytest.raises(UnknownNameError, match="the inputs are"):
        recorded.forward(q=2.0)
    with pytest.raises(UnknownNameError):
        program("x", y=1.0)


def test_a_refused_input_changes_nothing() -> None:
    recorded = program(lambda x, y: x * y, 2.0, 3.0)
    with pytest.raises(UnknownNameError):
        recorded.forward(x=10.0, q=1.0)
    with pytest.raises(ShapeError):
        recorded.forward(x=10.0, y=[1.0, 2.0])
    assert recorded.forward() == 6.0


def test_inputs_of_another_shape() -> None:
    with pytest.raises(ShapeError, match=r"x has shape \(2,\): it was recorded with \(3,\)"):
        program(lambda x: x.sum(), np.ones(3)).forward(x=[1.0, 2.0])
    with pytest.raises(ShapeError):
        program("x*2", x=1.0).forward(x=[1.0, 2.0])


def test_inputs_that_are_no_numbers() -> None:
    with pytest.raises(TypeError):
        program("x*2", x=1.0).forward(x="1")


def test_two_leaves_of_one_label() -> None:
    with pytest.raises(RequestError, match="'x'"):
        program(Value(1.0, label="x") * Value(2.0, label="x"))


def test_examples_that_do_not_fit() -> None:
    with pytest.raises(RequestError, match="examples"):
        program(lambda x, y: x * y, 1.0)


def test_defaults_of_the_function() -> None:
    """Numbers become inputs. Flags, texts, functions and None are passed on."""

    def f(x: Any, scale: float = 3.0, double: bool = False, name: str = "a", g: Any = adcli.sin, h: Any = None) -> Any:
        return g(x) * scale * (2.0 if double else 1.0)

    recorded = program(f, 1.0)
    assert list(recorded.inputs) == ["x", "scale"]
    assert recorded.forward(scale=1.0) == adcli.sin(1.0)


def test_an_array_of_symbols_is_joined() -> None:
    assert program(lambda x: np.sin(np.array([x, 2.0 * x])), 1.0).forward().tolist() == [np.sin(1.0), np.sin(2.0)]


def test_a_function_that_branches_is_told_of_where() -> None:
    with pytest.raises(TypeError, match=r"where\("):
        program(lambda x: x if x > 0 else -x, 1.0)
    with pytest.raises(TypeError, match=r"where\("):
        program(lambda x: 1.0 if x == 0 else x, 1.0)


# ---------------------------------------------------------------- agreement


@settings(max_examples=examples(150))
@given(TEXTS, POINTS, POINTS)
def test_programs_of_texts_agree_with_compiled_ones(
    text: str, first: tuple[float, float, float], second: tuple[float, float, float]
) -> None:
    function = adcli.compile(text)
    names = function.variables
    recorded = program(text, **{name: first["xyz".index(name)] for name in names})
    for point in (first, second):
        at = {name: point["xyz".index(name)] for name in names}
        assert repr(recorded.forward(**at)) == repr(function.value(at))
        assert repr(recorded.backward()) == repr(function.gradient(at))


def test_a_text_of_arrays_is_recorded_with_their_shapes() -> None:
    recorded = adcli.program("logdet(S) + x @ solve(S, x)", S=2.0 * np.eye(2), x=[1.0, 2.0])
    slopes = adcli.grad(lambda S, x: adcli.logdet(S) + x @ adcli.solve(S, x))(2.0 * np.eye(2), np.array([1.0, 2.0]))
    for name, slope in zip("Sx", slopes, strict=True):
        np.testing.assert_allclose(recorded.backward()[name], slope, rtol=1e-14)
    with pytest.raises(adcli.ShapeError, match="x has shape"):
        recorded.forward(x=[1.0, 2.0, 3.0])
