"""Coming from PyTorch: eager arrays that record operations, in float64."""

from __future__ import annotations

import numpy as np

import adcli
from adcli import Value

inputs = np.array([[0.5, -1.0], [1.5, 2.0], [-0.3, 0.8]])
labels = np.array([0, 1, 1])
weights = Value([[0.1, -0.2], [0.3, 0.4]], label="weights")
offsets = Value([0.0, 0.1], label="offsets")

for _ in range(20):
    scores = inputs @ weights + offsets
    loss = -adcli.mean(adcli.log_softmax(scores, axis=1)[np.arange(3), labels])
    loss.backward()  # gradients start from zero: there is no zero_grad to forget
    weights.value -= 0.5 * weights.grad
    offsets.value -= 0.5 * offsets.grad

final, trained, shifted = loss.value, weights.value, offsets.value
print(f"{final:.6f}")
print(np.round(trained, 6))
print(np.round(shifted, 6))

# An output that is an array needs a seed. accumulate=True adds to the gradients of the leaves, as PyTorch does.
x = Value([1.0, 2.0, 3.0])
squares = x * x
squares.backward(seed=[1.0, 0.0, 10.0])
seeded = x.grad
squares.backward(seed=[1.0, 0.0, 10.0], accumulate=True)
doubled = x.grad
print(seeded, doubled)

# detach stops gradients. There is no need for no_grad, because a .value is a plain array.
stopped = x * x.detach()
stopped.backward(seed=np.ones(3))
once = x.grad
print(once)
