"""Linear regression by gradient descent, against the closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

import adcli


def loss(weights: Any, offset: Any, inputs: Any, targets: Any) -> Any:
    """Compute half the mean squared error of inputs @ weights + offset."""
    return 0.5 * adcli.mean((inputs @ weights + offset - targets) ** 2)


def main() -> None:
    """Descend, print some of the steps, and compare with the least-squares solution."""
    random = np.random.default_rng(0)
    inputs = random.normal(size=(200, 3))
    targets = inputs @ [1.5, -2.0, 0.5] + 0.7 + 0.1 * random.normal(size=200)

    weights, offset = np.zeros(3), 0.0
    slopes = adcli.value_and_grad(loss, argnums=(0, 1))
    print("step      loss")
    for step in range(101):
        value, (by_weights, by_offset) = slopes(weights, offset, inputs, targets)
        if step in (0, 2, 5, 10, 20, 50, 100):
            print(f"{step:4}  {value:.6f}")
        weights = weights - 0.3 * by_weights
        offset = offset - 0.3 * by_offset

    exact = np.linalg.lstsq(np.column_stack([inputs, np.ones(200)]), targets, rcond=None)[0]
    found = np.append(weights, offset)
    print(f"gradient descent {np.array2string(found, precision=6)}")
    print(f"closed form      {np.array2string(exact, precision=6)}")
    print(f"they agree to 10 digits: {np.allclose(found, exact, rtol=1e-10)}")


if __name__ == "__main__":
    main()
