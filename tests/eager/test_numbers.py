"""Values and Duals as plain numbers: format, round, item; float() is refused."""

from __future__ import annotations

import cmath
import math
from typing import Any

import pytest

import adcli
from adcli import Dual, ShapeError, Value, grad, jacobian, jvp
from adcli.ops import PUBLIC

SCALARS = [Value(2.567), Dual(2.567, 1.0), Value(1.0) * 2.567, Dual(Dual(2.567, 1.0), Dual(0.0, 0.0))]
ARRAYS = [Value([1.0, 2.0]), Dual([1.0, 2.0], [0.0, 1.0]), Value([]), Value([[2.5]])]


@pytest.mark.parametrize("x", SCALARS, ids=str)
def test_a_scalar(x: Any) -> None:
    assert (f"{x:.1f}", format(x, "8.3e"), f"{x!s}") == ("2.6", "2.567e+00", str(x))
    assert (round(x), round(x, 1), x.item()) == (3, 2.6, 2.567)
    assert (type(round(x)), type(round(x, 1)), type(x.item())) == (int, float, float)
    assert f"{x}" == str(x)


@pytest.mark.parametrize("x", ARRAYS, ids=str)
def test_an_array(x: Any) -> None:
    assert f"{x}" == str(x)
    with pytest.raises(TypeError, match="array2string"):
        f"{x:.3f}"
    with pytest.raises(TypeError, match=r"adcli\.round"):
        round(x)


def test_item_of_arrays() -> None:
    assert Value([[2.5]]).item() == 2.5
    assert (Value(2.0) > 1.0).item() is True
    for x in (Value([1.0, 2.0]), Dual([1.0, 2.0], None), Value([])):
        with pytest.raises(ShapeError, match="one element"):
            x.item()


@pytest.mark.parametrize("x", [*SCALARS, Value([1.0])], ids=str)
@pytest.mark.parametrize("convert", [float, int, math.sin, math.floor, cmath.exp, complex])
def test_a_conversion_that_would_lose_the_derivative(x: Any, convert: Any) -> None:
    with pytest.raises(TypeError, match=r"\.item\(\)"):
        convert(x)


def test_inside_derivatives_of_every_mode() -> None:
    texts: list[str] = []

    def f(x: Any) -> Any:
        texts.append(f"{x:.2f} {round(x, 1)} {x.item()}")
        return x * x

    assert grad(f)(1.25) == 2.5
    assert jvp(f, (1.25,), (1.0,))[1] == 2.5
    assert grad(grad(f))(1.25) == 2.0
    assert jacobian(grad(f), mode="forward")(1.25) == 2.0
    assert set(texts) == {"1.25 1.2 1.25"}


@pytest.mark.parametrize("name", [name for name, op in PUBLIC.items() if op.is_elementwise and op.arity == 1])
def test_lists_of_unequal_rows_are_refused(name: str) -> None:
    for call in (getattr(adcli, name), grad(getattr(adcli, name))):
        with pytest.raises(adcli.RequestError, match="rows have different lengths"):
            call([[1.0], [1.0, 2.0]])
