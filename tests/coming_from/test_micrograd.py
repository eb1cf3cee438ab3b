"""What users of micrograd write: scalar values, relu, a neuron, a network of lists of values."""

from __future__ import annotations

import random
from typing import Any

import pytest

from adcli import Value


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


def test_a_value_that_is_used_often() -> None:
    a = Value(3.0)
    b = a + a
    b.backward()
    assert a.grad == 2.0
    b.backward()
    assert a.grad == 2.0
    c = a * a * a
    c.backward()
    assert a.grad == 27.0


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize(
    ("operator", "value", "slope"),
    [
        (lambda x, y: x + y, 5.0, (1.0, 1.0)),
        (lambda x, y: x - y, -1.0, (1.0, -1.0)),
        (lambda x, y: x * y, 6.0, (3.0, 2.0)),
        (lambda x, y: x / y, 2 / 3, (1 / 3, -2 / 9)),
        (lambda x, y: x**y, 8.0, (12.0, 5.545177444479562)),
    ],
)
def test_numbers_stand_on_either_side(operator: Any, value: float, slope: tuple[float, float], swap: bool) -> None:
    node = Value(3.0 if swap else 2.0)
    result = operator(2, node) if swap else operator(node, 3)
    result.backward()
    assert result.value == pytest.approx(value, rel=1e-15)
    assert node.grad == pytest.approx(slope[swap], rel=1e-15)


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
