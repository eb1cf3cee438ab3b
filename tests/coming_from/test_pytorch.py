"""What users of PyTorch write: leaves, backward with seeds and accumulation, detach, batches, a training loop."""

from __future__ import annotations

import numpy as np
import pytest

import adcli
from adcli import ShapeError, Value


def test_backward_of_an_array_needs_a_seed() -> None:
    x = Value([1.0, 2.0, 3.0])
    y = x**2
    with pytest.raises(ShapeError, match="seed"):
        y.backward()
    y.backward(seed=[1.0, 0.1, 0.0])
    np.testing.assert_allclose(x.grad, [2.0, 0.4, 0.0])


def test_gradients_accumulate_only_when_told() -> None:
    x = Value(3.0)
    y = x * x
    y.backward()
    y.backward()
    assert x.grad == 6.0
    y.backward(accumulate=True)
    (x * 10).backward(accumulate=True)
    assert x.grad == 22.0
    y.zero_grad()
    assert x.grad == 0.0


def test_detach_stops_gradients() -> None:
    x = Value([1.0, 2.0])
    adcli.sum(x * x.detach()).backward()
    np.testing.assert_array_equal(x.grad, [1.0, 2.0])


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


def test_integers_and_short_floats_become_float64() -> None:
    for given in (np.array([1, 2]), np.array([1.0, 2.0], dtype=np.float32), [1, 2]):
        assert Value(given).value.dtype == np.float64
