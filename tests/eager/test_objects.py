"""Values, Duals and symbols as Python objects: comparisons, signs, indices, subclasses, unusual numbers."""

from __future__ import annotations

import weakref
from decimal import Decimal
from fractions import Fraction
from math import inf, isnan

import numpy as np
import pytest

import adcli
from adcli import Dual, RequestError, ShapeError, Value, grad

HUGE = 10**400
CARRIERS = [Value(1.5), Dual(1.5, 1.0), adcli.program("x").result]


@pytest.mark.parametrize("x", CARRIERS, ids=type)
def test_what_is_not_a_number_differs(x) -> None:
    for other in (None, "a", object(), 1j, ["a"], {}):
        assert (x == other) is False
        assert (other != x) is True
    assert x not in [None, "a"]
    assert [None, x].index(x) == 1
    assert {x: 1}[x] == 1
    with pytest.raises(TypeError, match=r"a NoneType|an array of object"):
        x + None


@pytest.mark.parametrize("make", [Value, lambda x: Dual(x, 1.0)], ids=["Value", "Dual"])
def test_whole_quotients(make) -> None:
    for x, y in ((7.5, 2.0), (-7.5, 2.0), (1.0, 0.1)):
        assert (make(x) // y).value == (x // make(y)).value == x // y
        assert [part.value for part in divmod(make(x), y)] == list(divmod(x, y))
        assert [part.value for part in divmod(x, make(y))] == list(divmod(x, y))
    assert grad(lambda x, y: x // y + 2.0 * x)(7.5, 2.0) == (2.0, 0.0)


def test_conditions_are_joined() -> None:
    x, array = Value([-1.0, 1.0, 3.0]), np.array([-1.0, 1.0, 3.0])
    for test in (
        lambda x: (x > 0) & (x < 2), lambda x: (x > 2) | (x < 0), lambda x: (x > 0) ^ (x > 2), lambda x: ~(x > 0),
        lambda x: (array > 0) & (x < 2), lambda x: (array > 0) ^ (x < 2), lambda x: (x > 0) | False,
    ):  # fmt: skip
        np.testing.assert_array_equal(test(x).value, test(array))
        np.testing.assert_array_equal(x[test(x)].value, array[test(array)])
        np.testing.assert_array_equal(
            grad(lambda z, test=test: (z[test(z)] ** 2).sum(), 0)(array), 2 * array * test(array)
        )
        recorded = adcli.program(lambda x: adcli.where(test(x), x * x, 0.0).sum(), array)  # noqa: B023
        np.testing.assert_array_equal(recorded.backward()["x"], 2 * array * test(array))
    for wrong in (lambda: x & x, lambda: (x > 0) & 1, lambda: ~x, lambda: 2 | (x > 0)):
        with pytest.raises(TypeError, match="join conditions"):
            wrong()
    with pytest.raises(ShapeError, match="use where"):
        adcli.program(lambda x: x[x > 0], array)


def test_a_subclass_mixes_with_values() -> None:
    class Weight(Value):
        """A leaf that counts its updates."""

        def __init__(self, value: float) -> None:
            super().__init__(value)
            self.updates = 0

    for start in (2.0, [2.0]):
        weight, x = Weight(start), Value(3.0)
        for result in (weight * x + weight, x * weight + weight, adcli.hypot(weight, 0.0) * (x + 1.0)):
            assert type(result) is Value
            result = adcli.sum(result)
            result.backward()
            assert (np.sum(weight.grad), x.grad, weight.updates) == (4.0, 2.0, 0)
            assert adcli.program(result).backward() == pytest.approx({"leaf1": 4.0, "leaf2": 2.0})
        weight.value = 5.0 if start == 2.0 else [5.0]
        assert result.forward() == 20.0


def test_numbers_beyond_the_range_of_ints_and_floats() -> None:
    assert Value(2**70).value == Value(Fraction(2**70)).value == Value(Decimal(2**70)).value == 2.0**70
    assert grad(lambda x: x * x)(2**70) == 2.0**71
    np.testing.assert_array_equal(Value([2**70, 1]).value, [2.0**70, 1.0])
    assert (Value(1.0) * HUGE).value == (HUGE * Value(1.0)).value == Value(HUGE).value == inf
    assert (Value(1.0) * -HUGE).value == -inf
    assert isnan(adcli.sin(HUGE))
    assert isnan(adcli.compile("sin(x)")(HUGE))
    assert adcli.atan2(Value(1.0), HUGE).value == 0.0
    assert (Dual(1.0, 1.0) * HUGE).tangent == inf


def test_masked_arrays_are_refused() -> None:
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    for use in (Value, adcli.sin, lambda x: Value([1.0, 2.0]) * x, grad(adcli.sum), adcli.compile("x + 1")):
        with pytest.raises(RequestError, match="masked cells"):
            use(masked)
    assert adcli.sum(np.ma.array([1.0, 2.0])) == 3.0


def test_weak_references() -> None:
    x, y = Value(1.0), Dual(1.0, 1.0)
    references = weakref.WeakSet([x, y])
    assert len(references) == 2
    del x, y
    assert not references


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "amax", "amin", "norm", "logsumexp", "softmax", "log_softmax"])
def test_a_number_is_reduced_along_axis_0(name: str) -> None:
    function = getattr(adcli, name)
    assert type(function(2.0)) is float
    for axis in (0, -1):
        value, slope = adcli.value_and_grad(lambda x: function(x, axis=axis))(2.0)  # noqa: B023
        vector, slopes = adcli.value_and_grad(lambda x: function(x, axis=axis).sum())(np.array([2.0]))  # noqa: B023
        assert (value, slope) == (vector, slopes[0])
        assert adcli.jvp(lambda x: function(x, axis=axis), (2.0,), (1.0,)) == (value, slope)  # noqa: B023
        assert adcli.compile(f"{name}(x, axis={axis})").value_and_gradient(x=2.0) == (value, {"x": slope})
    with pytest.raises(ShapeError, match="no axis 1"):
        function(2.0, axis=1)


def test_the_trace_of_any_matrix() -> None:
    for shape in ((2, 3), (3, 2), (2, 2, 3)):
        matrix = np.arange(np.prod(shape), dtype=float).reshape(shape)
        np.testing.assert_array_equal(adcli.trace(matrix), np.trace(matrix, axis1=-2, axis2=-1))
        slope = grad(lambda x: (adcli.trace(x) ** 2).sum())(matrix)
        np.testing.assert_array_equal(slope, 2 * adcli.trace(matrix)[..., None, None] * np.eye(*shape[-2:]))


def test_a_power_at_minus_infinity_for_all_exponents() -> None:
    for tenths in range(1, 30):
        exponent = tenths / 10
        function = adcli.compile("x**n")
        slope = 0.0 if exponent < 1.0 else 1.0 if exponent == 1.0 else -inf if exponent == 2.0 else inf
        assert function.gradient(x=-inf, n=exponent)["x"] == slope, exponent
        assert grad(lambda x: x**exponent)(-inf) == slope, exponent  # noqa: B023
