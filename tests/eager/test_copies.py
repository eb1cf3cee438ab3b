"""Values, Duals and Programs are copied and pickled: the copy computes the same and shares nothing."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import Dual, Value, grad

COPIES: dict[str, Callable[[Any], Any]] = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
}

parametrize = pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)


@parametrize
def test_a_result_and_its_leaf(duplicate: Callable[[Any], Any]) -> None:
    w, x = Value([1.0, 2.0], label="w"), Value(3.0)
    loss = ((w * x + np.ones(2)) ** 2).sum()
    loss.label = "loss"
    loss.backward()
    w2, loss2 = duplicate((w, loss))
    assert (loss2.value, loss2.label, str(loss2.op), w2.label) == (loss.value, "loss", "sum", "w")
    np.testing.assert_array_equal(w2.grad, w.grad)
    w2.data = [0.0, 0.0]
    assert loss2.forward() == 2.0
    loss2.backward()
    np.testing.assert_array_equal(w2.grad, [6.0, 6.0])
    np.testing.assert_array_equal(w.value, [1.0, 2.0])
    np.testing.assert_array_equal(w.grad, [24.0, 42.0])


@parametrize
def test_a_copy_is_another_variable(duplicate: Callable[[Any], Any]) -> None:
    x = Value(3.0)
    y = duplicate(x)
    (x * x * y).backward()
    assert (x.grad, y.grad) == (18.0, 9.0)


@parametrize
def test_a_long_chain(duplicate: Callable[[Any], Any]) -> None:
    y = x = Value(1.0)
    for _ in range(20_000):
        y = y + x
    z = duplicate(y)
    z.backward()
    [leaf] = [node for node in z.order() if node.op is None]
    assert (z.value, leaf.grad) == (20_001.0, 20_001.0)


@parametrize
def test_duals(duplicate: Callable[[Any], Any]) -> None:
    x = duplicate(Dual(Dual(3.0, 1.0), Dual(1.0, 0.0)))
    y = x * x * x
    assert (y.value.value, y.tangent.value, y.tangent.tangent) == (27.0, 27.0, 18.0)


def test_a_copy_inside_a_derivative_passes_the_gradient() -> None:
    assert grad(lambda x: copy.deepcopy(x) * copy.copy(x))(3.0) == 6.0
    with pytest.raises(TypeError, match="item"):
        grad(lambda x: pickle.loads(pickle.dumps(x)))(3.0)


@parametrize
@pytest.mark.parametrize("runs", [0, 1, 3])
def test_programs(duplicate: Callable[[Any], Any], runs: int) -> None:
    recorded = adcli.program(lambda x, a: (a * adcli.sin(x)).sum() + adcli.where(x > 0, x, 0.0), 0.5, np.ones(2))
    for _ in range(runs):
        recorded.forward(x=0.5)
        recorded.backward()
    again = duplicate(recorded)
    assert str(again) == str(recorded)
    assert again.value == recorded.value
    assert again.forward(x=-1.0) == recorded.forward(x=-1.0)
    for name, slope in again.backward().items():
        np.testing.assert_array_equal(slope, recorded.backward()[name])
    again.forward(x=2.0)
    assert recorded.inputs["x"] == -1.0


@parametrize
def test_a_long_program(duplicate: Callable[[Any], Any]) -> None:
    y = x = Value(1.0, label="x")
    for _ in range(2_000):
        y = y * x
    recorded = adcli.program(y)
    recorded.backward()
    assert duplicate(recorded).backward() == {"x": 2_001.0}
